"""The tasks that wait for each other."""

from __future__ import annotations

from collections.abc import Sequence

from smartspec.domain.definition.graph import Edges
from smartspec.messages import N_, Message, _, join

_CYCLE = N_("These wait for each other: {path}.")


def cycle_sentence(path: Sequence[str]) -> Message:
    """What is said of a path of `find_cycles`."""
    return _(_CYCLE, path=join(" → ", path))


def first_need_in(sentence: str) -> tuple[str, str] | None:
    """The first task of the path that a `cycle_sentence` tells, and what it needs; None of other sentences."""
    path = cycle_in(sentence)
    return (path[0], path[1]) if path else None


def cycle_in(sentence: str) -> tuple[str, ...]:
    """The path that a `cycle_sentence` tells, the first task at both ends; empty of other sentences."""
    if not isinstance(sentence, Message) or sentence.template != _CYCLE:
        return ()
    path = sentence.values["path"]
    assert isinstance(path, Message)
    return tuple(path.values[f"part{number}"] for number in range(len(path.values) - 1))


def find_cycles(edges: Edges) -> list[list[str]]:
    """One path per set of tasks that wait for each other: a, what it waits for, …, a. In the order of the file."""
    order = {name: place for place, name in enumerate(edges)}
    paths = []
    for component in _strongly_connected(edges):
        first = min(component, key=order.__getitem__)
        paths.append(_shortest_cycle(edges, first, component))
    return sorted(paths, key=lambda path: order[path[0]])


def _shortest_cycle(edges: Edges, start: str, component: set[str]) -> list[str]:
    """The shortest path from a task back to itself inside its component."""
    came: dict[str, str] = {}
    waiting = [start]
    for name in waiting:
        for each in edges[name]:
            if each == start:
                path = [start, name]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return path[::-1] if name != start else [start, start]
            if each in component and each not in came:
                came[each] = name
                waiting.append(each)
    raise AssertionError(start)


def _strongly_connected(edges: Edges) -> list[set[str]]:
    """Strongly connected components of more than one task, or of one that waits for itself (Tarjan, iterative)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_path: set[str] = set()
    path: list[str] = []
    found: list[set[str]] = []
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while work:
            name, rest = work[-1]
            for each in rest:
                if each not in index:
                    index[each] = low[each] = len(index)
                    path.append(each)
                    on_path.add(each)
                    work.append((each, iter(edges[each])))
                    break
                if each in on_path:
                    low[name] = min(low[name], index[each])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    component = set(path[path.index(name) :])
                    del path[path.index(name) :]
                    on_path -= component
                    if len(component) > 1 or name in edges[name]:
                        found.append(component)
    return found
