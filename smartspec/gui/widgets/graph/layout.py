"""Where each task of a graph stands: layers from left to right, and in each by what it comes after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smartspec.domain.definition import graph
from smartspec.gui.widgets.graph.drawing import GAP_X, GAP_Y, NodeSize

Places = dict[str, tuple[float, float]]


def places(edges: graph.Edges, size: NodeSize, below: Mapping[str, Sequence[str]]) -> Places:
    """By the longest way to each. `below` names what stands under a task, of the same layer and in no line of needs."""
    columns = _ordered(edges, graph.layers(edges))
    whole = [[each for name in column for each in (name, *below.get(name, ()))] for column in columns]
    under = {each: name for name, others in below.items() for each in others}
    return _placed(whole, edges, size, under)


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


def _placed(columns: list[list[str]], edges: graph.Edges, size: NodeSize, under: Mapping[str, str]) -> Places:
    """Each beside the middle of what it comes after, as far as those above it leave room."""
    step = size.height + GAP_Y
    tallest = max((len(column) for column in columns), default=0) * step
    found: Places = {}
    for place, column in enumerate(columns):
        free = (tallest - len(column) * step) / 2
        wanted: dict[str, float] = {}
        for row, name in enumerate(column):
            before = edges.get(name, ())
            if name in under:
                wanted[name] = wanted[under[name]] + step
            elif before:
                wanted[name] = sum(found[each][1] for each in before) / len(before)
            else:
                wanted[name] = free + row * step
        ys = _apart([*wanted.values()], step)
        found |= {name: (place * (size.width + GAP_X), y) for name, y in zip(column, ys, strict=True)}
    top = min((y for _, y in found.values()), default=0)
    return {name: (x, y - top) for name, (x, y) in found.items()}


def _apart(wanted: list[float], step: float) -> list[float]:
    """Near the wanted places, in order, and never closer than a step."""
    ys: list[float] = []
    for y in wanted:
        ys.append(max(y, ys[-1] + step) if ys else y)
    over = sum(got - want for got, want in zip(ys, wanted, strict=True)) / len(ys) if ys else 0
    lift = min(over, ys[0]) if ys and ys[0] > 0 else 0
    return [y - lift for y in ys]
