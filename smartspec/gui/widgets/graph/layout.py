"""The drawing of a workflow's tasks: where each stands, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from smartspec.domain.definition import cycles, graph
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.task import Task
from smartspec.domain.execution import TaskExecution
from smartspec.domain.task_status import status_of
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.style.status import status_style, task_status
from smartspec.gui.style.task_kind import STYLES
from smartspec.messages import tr, translate, trn
from smartspec.value import field, frozen

WIDTH, HEIGHT, GAP_X, GAP_Y = 160, 44, 30, 26


@frozen
class Node:
    """A task as a card: logical pixels, the column counted from the left. `status` is None where it has none yet."""

    name: str
    icon: str
    second: str
    status: str | None
    has_items: bool
    x: float
    y: float


@frozen
class Edge:
    """`kind` is needs, side (of a condition) or failure."""

    start: str
    end: str
    kind: str = "needs"


@frozen
class Drawing:
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    width: float = 0
    height: float = 0
    lines: tuple[str, ...] = field(default=())  # the same in words, for who cannot see it


def draw(definition: Definition, rows: Sequence[TaskExecution] = ()) -> Drawing:
    """Layers from left to right by the longest way; in each, by the middle of what a task comes after."""
    edges = graph.dependencies(definition)
    if cycles.find_cycles(edges):
        edges = dict.fromkeys(edges, ())
    layers = graph.layers(edges)
    order = _ordered(edges, layers)
    places = _placed(order, edges)
    latest = _latest(rows)
    nodes = {
        name: _node(definition.tasks[name], latest.get(name, ()), *places[name], bool(rows))
        for name in definition.tasks
    }
    bottom = max((node.y for node in nodes.values()), default=0) + HEIGHT + GAP_Y
    found = [*_edges(definition, edges)]
    for place, (name, task) in enumerate(definition.handlers.items()):
        full = f"handlers.{name}"
        if nodes:
            nodes[full] = _node(task, latest.get(full, ()), place * (WIDTH + GAP_X), bottom, bool(rows))
    width = max((node.x for node in nodes.values()), default=0) + WIDTH
    height = max((node.y for node in nodes.values()), default=0) + HEIGHT
    return Drawing(nodes, tuple(found), width, height, tuple(_told(nodes.values(), edges)))


def _ordered(edges: graph.Edges, layers: Mapping[str, int]) -> list[list[str]]:
    """The tasks of each layer; those that come after the same stand together (two sweeps of the median)."""
    columns: list[list[str]] = [[] for _ in range(max(layers.values(), default=-1) + 1)]
    for name in edges:
        columns[layers[name]].append(name)
    after = graph.dependents(edges)
    rank = {name: number for column in columns for number, name in enumerate(column)}
    for near, ordered in ((edges, columns), (after, columns[::-1])) * 2:
        for column in ordered:
            middle = {name: _middle([rank[each] for each in near[name]], rank[name]) for name in column}
            column.sort(key=middle.__getitem__)
            rank |= {name: number for number, name in enumerate(column)}
    return columns


def _middle(ranks: list[int], otherwise: int) -> float:
    return sum(ranks) / len(ranks) if ranks else otherwise


def _placed(columns: list[list[str]], edges: graph.Edges) -> dict[str, tuple[float, float]]:
    """Each beside the middle of what it comes after, as far as those above it leave room."""
    step = HEIGHT + GAP_Y
    tallest = max((len(column) for column in columns), default=0) * step
    places: dict[str, tuple[float, float]] = {}
    for place, column in enumerate(columns):
        x = place * (WIDTH + GAP_X)
        free = (tallest - len(column) * step) / 2
        wanted = [
            sum(places[each][1] for each in edges[name]) / len(edges[name]) if edges[name] else free + row * step
            for row, name in enumerate(column)
        ]
        ys = _apart(wanted, step, tallest)
        for name, y in zip(column, ys, strict=True):
            places[name] = (x, y)
    top = min((y for _, y in places.values()), default=0)
    return {name: (x, y - top) for name, (x, y) in places.items()}


def _apart(wanted: list[float], step: float, tallest: float) -> list[float]:
    """Near the wanted places, in order, and never closer than a step."""
    ys: list[float] = []
    for y in wanted:
        ys.append(max(y, ys[-1] + step) if ys else y)
    over = sum(got - want for got, want in zip(ys, wanted, strict=True)) / len(ys) if ys else 0
    lift = min(over, ys[0]) if ys and ys[0] > 0 else 0
    return [y - lift for y in ys]


def _latest(rows: Sequence[TaskExecution]) -> dict[str, list[TaskExecution]]:
    """The last attempts of each task's items."""
    found: dict[str, dict[int, TaskExecution]] = {}
    for row in rows:
        found.setdefault(row.task, {})[row.item_index] = row
    return {task: [*items.values()] for task, items in found.items()}


def _node(task: Task, rows: Sequence[TaskExecution], x: float, y: float, has_run: bool) -> Node:
    kind = translate(STYLES[task.kind].word)
    status = status_of([task_status(row) for row in rows])
    if task.has_items:
        ok = sum(row.status == "completed" for row in rows)
        second = tr("with items · {ok}/{all} ok", ok=number(ok), all=number(len(rows))) if rows else tr("with items")
    elif rows and rows[-1].attempt > 1:
        took = duration(rows[-1].duration_ms)
        second = trn("{n} attempt · {duration}", "{n} attempts · {duration}", rows[-1].attempt, duration=took)
    elif rows and status == "skipped":
        second = tr("skipped")
    elif rows:
        second = f"{kind} · {duration(rows[-1].duration_ms)}" if rows[-1].duration_ms is not None else kind
    else:
        second = tr("not reached") if has_run else kind
    name = task.name
    return Node(name, STYLES[task.kind].icon, second, status, task.has_items, x, y)


def _edges(definition: Definition, edges: graph.Edges) -> list[Edge]:
    found = []
    for name, before in edges.items():
        task = definition.tasks[name]
        failure = isinstance(task.condition_to_run, str) and "failure()" in task.condition_to_run
        for each in before:
            side = task.branch is not None and task.branch.condition == each
            found.append(Edge(each, name, "failure" if failure else "side" if side else "needs"))
    return found


def _told(nodes: Iterable[Node], edges: graph.Edges) -> list[str]:
    lines = []
    for node in nodes:
        before = ", ".join(edges.get(node.name, ()))
        status = status_style(node.status).word if node.status else tr("not run")
        after = tr("after {tasks}", tasks=before) if before else ""
        lines.append(f"{node.name}: " + ", ".join(filter(None, (node.second, status, after))))
    return lines
