"""How the kinds of tasks are shown: icon and word."""

from __future__ import annotations

from smartspec.domain.definition.task import TaskKind
from smartspec.messages import Message, _p
from smartspec.value import frozen


@frozen
class TaskKindStyle:
    icon: str
    word: str


STYLES = {
    TaskKind.RUN: TaskKindStyle("terminal-window", _p("a kind of task", "shell")),
    TaskKind.COMMAND: TaskKindStyle("terminal-window", _p("a kind of task", "command")),
    TaskKind.PYTHON: TaskKindStyle("code", Message("Python")),
    TaskKind.HTTP: TaskKindStyle("globe", Message("HTTP")),
    TaskKind.TOOL: TaskKindStyle("wrench", _p("a kind of task", "tool")),
    TaskKind.WORKFLOW: TaskKindStyle("tree-structure", _p("a kind of task", "workflow")),
    TaskKind.CONDITION: TaskKindStyle("arrows-split", _p("a kind of task", "condition")),
    TaskKind.PARALLEL: TaskKindStyle("rows", _p("a kind of task", "parallel")),
    TaskKind.SEQUENTIAL: TaskKindStyle("list-bullets", _p("a kind of task", "sequential")),
    TaskKind.WAIT: TaskKindStyle("hourglass", _p("a kind of task", "wait")),
    TaskKind.MANUAL: TaskKindStyle("hand-palm", _p("a kind of task", "manual")),
}


def kind_icon(kind: str) -> str:
    """Of the key that says what a task does: run, command…; an empty one where none is written yet."""
    return STYLES[TaskKind(kind)].icon if kind else "circle-dashed"
