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


_BY_NAME = (
    (("upload", "cloud", "share", "publish"), "share-network"),
    (("sync", "mirror", "refresh", "update"), "arrows-clockwise"),
    (("dump", "database", "sql", "table", "catalog"), "database"), (("pack", "zip", "compress", "archive"), "archive"),
    (("tell", "notify", "alert", "mail", "message"), "bell"), (("verify", "test", "check", "validate"), "check"),
    (("disk", "mount", "drive", "volume"), "hard-drives"), (("clean", "delete", "remove", "prune"), "trash"),
    (("download", "fetch", "pull"), "download-simple"), (("find", "search", "scan", "look"), "magnifying-glass"),
    (("report", "write", "note"), "note-pencil"), (("build", "compile", "install"), "wrench"),
)  # fmt: skip


def task_icon(kind: TaskKind, name: str, *, has_items: bool) -> str:
    """A picture of its own, where a shell command says by its name what it does."""
    if has_items:
        return "stack"
    if kind in (TaskKind.RUN, TaskKind.COMMAND):
        words = name.lower().replace("-", "_").split("_")
        found = (icon for word in words for known, icon in _BY_NAME if word.startswith(known))
        return next(found, STYLES[kind].icon)
    return STYLES[kind].icon


def kind_icon(kind: str) -> str:
    """Of the key that says what a task does: run, command…; an empty one where none is written yet."""
    return STYLES[TaskKind(kind)].icon if kind else "circle-dashed"
