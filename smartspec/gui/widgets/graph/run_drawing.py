"""The drawing of a workflow's tasks, and of what became of them in an execution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from smartspec.domain.definition import cycles, graph
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.task import Task
from smartspec.domain.execution import TaskExecution
from smartspec.domain.reasons import reason_in_text
from smartspec.domain.task_path import TaskPath, find_path
from smartspec.domain.task_run import TaskRun
from smartspec.domain.task_status import word_of
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.style.status import status_style
from smartspec.gui.style.task_kind import STYLES, task_icon
from smartspec.gui.widgets.graph.drawing import (
    FAILURE,
    GAP_X,
    GAP_Y,
    NEEDS,
    PLAIN,
    SIDE,
    WITH_FOOT,
    Drawing,
    Edge,
    Node,
    NodeSize,
)
from smartspec.gui.widgets.graph.layout import Places, places
from smartspec.messages import tr, translate, trn

_MOST_PIECES = 60  # of a foot; over that shares are told
_ORDER = ("completed", "failed", "timeout", "interrupted", "cancelled", "running", "retrying", "pending", "skipped")


def draw(
    definition: Definition, runs: Sequence[TaskRun] = (), rows: Sequence[TaskExecution] = (), *,
    has_ended: bool = False, has_feet: bool = False,
) -> Drawing:  # fmt: skip
    """With `runs` that of an execution, `rows` being the attempts that were read of it."""
    edges = graph.nearest_dependencies(definition)
    if cycles.find_cycles(edges):
        edges = dict.fromkeys(edges, ())
    return _Drawer(definition, edges, runs, rows, has_ended, WITH_FOOT if has_feet else PLAIN).drawing()


class _Drawer:
    def __init__(
        self, definition: Definition, edges: graph.Edges, runs: Sequence[TaskRun], rows: Sequence[TaskExecution],
        has_ended: bool, size: NodeSize,
    ) -> None:  # fmt: skip
        self._definition, self._edges, self._size, self._has_ended = definition, edges, size, has_ended
        self._runs = {run.task: run for run in runs}
        self._rows: dict[str, list[TaskExecution]] = {}
        for row in rows if size is WITH_FOOT else ():
            self._rows.setdefault(row.task, []).append(row)
        self._took = {
            run.task: run.duration_ms(run.ended_at) or 0 for run in runs if run.ended_at is not None and not run.is_open
        }
        self._longest = max(self._took.values(), default=0) or 1
        self._path = find_path(edges, self._runs, has_ended=has_ended) if runs else TaskPath()
        self._failed = self._path.tasks[-1] if self._path.is_failure else ""

    def drawing(self) -> Drawing:
        handlers = [f"handlers.{name}" for name in self._definition.handlers]
        under = [each for each in handlers if self._failed and each in self._runs]
        at = places(self._edges, self._size, {self._failed: under} if under else {})
        at |= self._row_below(at, [each for each in handlers if each not in under])
        tasks = {**self._definition.tasks, **{task.name: task for task in self._definition.handlers.values()}}
        nodes = {name: self._node(tasks[name], *at[name]) for name in at}
        width = max((node.x for node in nodes.values()), default=0) + self._size.width
        height = max((node.y for node in nodes.values()), default=0) + self._size.height
        edges = (*self._needs(), *(Edge(self._failed, each, FAILURE, is_below=True) for each in under))
        pairs = zip(self._path.tasks, self._path.tasks[1:], strict=False)
        return Drawing(
            nodes, edges, self._size, width, height + self._room_below(nodes.values(), height),
            self._descriptions(nodes),
            tuple(name for name, before in self._edges.items() if not before),
            frozenset(self._path.tasks) | frozenset(self._path.prevented if self._failed else ()) | frozenset(under),
            frozenset(pairs) | frozenset((each.start, each.end) for each in edges if self._is_lost(each)),
            self._path.is_failure,
        )  # fmt: skip

    def _is_lost(self, edge: Edge) -> bool:
        return edge.kind == FAILURE and bool(self._failed) and edge.start in (self._failed, *self._path.prevented)

    def _row_below(self, at: Places, handlers: Iterable[str]) -> Places:
        """The handlers that did not run, or for which nothing failed."""
        bottom = max((y for _, y in at.values()), default=0) + self._size.height + GAP_Y
        step = self._size.width + GAP_X
        return {name: (place * step, bottom) for place, name in enumerate(handlers)} if at else {}

    def _room_below(self, nodes: Iterable[Node], height: float) -> float:
        """For the captions of the lowest."""
        return 18 if any(each.caption and each.y + self._size.height >= height for each in nodes) else 0

    def _needs(self) -> Iterable[Edge]:
        for name, before in self._edges.items():
            task = self._definition.tasks[name]
            asks = isinstance(task.condition_to_run, str) and "failure()" in task.condition_to_run
            for each in before:
                side = task.branch is not None and task.branch.condition == each
                lost = self._path.prevented.get(name) is not None and each in (self._failed, *self._path.prevented)
                yield Edge(each, name, FAILURE if asks or lost else SIDE if side else NEEDS)

    # A card

    def _node(self, task: Task, x: float, y: float) -> Node:
        run = self._runs.get(task.name)
        status = run.status if run is not None else None
        caption, is_loud = self._caption(task.name, run)
        runs_now = run is not None and run.is_open and run.attempts == 1 and not run.has_items
        return Node(
            task.name, task_icon(task.kind, task.name, has_items=task.has_items), self._second(task, run), status,
            task.has_items, x, y, run.started_at if run is not None and runs_now else None,
            self._pieces(run) if run is not None else (), caption, is_loud, run is not None and run.is_kept,
            self._share(task.name),
        )  # fmt: skip

    def _share(self, name: str) -> float:
        return self._took.get(name, 0) / self._longest

    def _second(self, task: Task, run: TaskRun | None) -> str:
        kind = translate(STYLES[task.kind].word)
        if task.name.startswith("handlers."):
            kind = tr("on {state}", state=task.name.partition(".")[2])
        if run is None or run.status is None:
            is_over = bool(self._runs) and self._has_ended
            return tr("not reached") if is_over and not task.name.startswith("handlers.") else _first_of(kind, task)
        if run.status == "skipped":
            return tr("not reached") if task.name in self._path.prevented else tr("skipped")
        took = "" if run.is_open or run.ended_at is None else duration(run.duration_ms(run.ended_at))
        if run.has_items:
            again = run.attempts - run.items
            told = tr("{ok}/{all} ok", ok=number(run.ok), all=number(run.items))
            return " · ".join(filter(None, (told, trn("{n} retry", "{n} retries", again) if again > 0 else took)))
        if run.attempts > 1:
            kind = trn("{n} attempt", "{n} attempts", run.attempts)
        return " · ".join(filter(None, (kind, took)))

    def _caption(self, name: str, run: TaskRun | None) -> tuple[str, bool]:
        """Why it did not run, or that it did not run again."""
        if name in self._path.prevented:
            return tr("needs {task}", task=self._path.prevented[name]), True
        if run is not None and run.is_kept:
            return tr("kept from attempt {number}", number=run.round), False
        if run is not None and run.status == "skipped" and run.latest is not None and run.latest.status_reason:
            return translate(reason_in_text(run.latest.status_reason)), False
        return "", False

    def _pieces(self, run: TaskRun) -> tuple[tuple[str, float], ...]:
        """One for each attempt or item; of very many how they are shared."""
        if self._size is PLAIN or (run.attempts < 2 and not run.has_items):
            return ()
        rows = self._rows.get(run.task, [])
        if run.has_items and run.items <= _MOST_PIECES and len(rows) >= run.attempts:
            latest = {row.item_index: word_of(row) for row in rows}
            return tuple((latest[index], 1.0) for index in sorted(latest))
        if not run.has_items and run.attempts <= _MOST_PIECES and len(rows) >= run.attempts:
            return tuple((word_of(row), 1.0) for row in rows)
        counts = run.counts if run.has_items else {}
        return tuple((word, float(counts[word])) for word in _ORDER if counts.get(word))

    def _descriptions(self, nodes: Mapping[str, Node]) -> dict[str, str]:
        """Each in a line of words."""
        told = {}
        for node in nodes.values():
            before = ", ".join(self._edges.get(node.name, ()))
            status = status_style(node.status).word if node.status else tr("not run")
            after = tr("after {tasks}", tasks=before) if before else ""
            parts = (node.second, status, node.caption, after)
            told[node.name] = f"{node.title}: " + ", ".join(filter(None, parts))
        return told


def _first_of(kind: str, task: Task) -> str:
    return tr("with items") if task.has_items else kind
