"""The graph of a definition: what depends on what, cycles, ancestors, layers for drawing."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.task import Task, TaskKind

Edges = Mapping[str, tuple[str, ...]]


def dependencies(definition: Definition) -> dict[str, tuple[str, ...]]:
    """What must have been decided before a task: needs, its branch, its group's start, the steps before it.

    To need a group is to need its members too; a member needs its group only to have started.
    """
    tasks = definition.tasks
    edges: dict[str, tuple[str, ...]] = {}
    for task in tasks.values():
        before = [name for need in task.needs if need in tasks for name in with_members(definition, need)]
        if task.branch:
            before.append(task.branch.condition)
        if task.group is not None:
            before.append(task.group)
            before += [name for step in earlier_steps(definition, task) for name in with_members(definition, step)]
        edges[task.name] = tuple(dict.fromkeys(before))
    return edges


def nearest_dependencies(definition: Definition) -> dict[str, tuple[str, ...]]:
    """As dependencies, but of the steps before only the last one: the paths are the same, with far fewer edges."""
    tasks = definition.tasks
    step_before: dict[str, str] = {}
    for group in tasks.values():
        if group.kind is TaskKind.SEQUENTIAL:
            step_before.update(zip(group.members[1:], group.members, strict=False))
    edges: dict[str, tuple[str, ...]] = {}
    for task in tasks.values():
        before: list[str] = []
        for need in task.needs:
            if need in tasks:
                before += with_members(definition, need) if tasks[need].members else (need,)
        if task.branch:
            before.append(task.branch.condition)
        if task.group is not None:
            before.append(task.group)
        if task.name in step_before:
            before += with_members(definition, step_before[task.name])
        edges[task.name] = tuple(dict.fromkeys(before))
    return edges


def edges_through_groups(definition: Definition) -> int:
    """How many edges it takes that tasks need whole groups."""
    sizes: dict[str, int] = {}
    for name in reversed(definition.tasks):  # members follow their group
        sizes[name] = 1 + sum(sizes.get(member, 1) for member in definition.tasks[name].members)
    return sum(sizes[need] - 1 for task in definition.tasks.values() for need in task.needs if need in sizes)


def with_members(definition: Definition, name: str) -> list[str]:
    """A task and, when it is a group, everything in it."""
    return [name, *(inner for member in definition.tasks[name].members for inner in with_members(definition, member))]


def groups_around(definition: Definition, name: str) -> list[str]:
    """The groups that a task is in, the innermost first."""
    around = []
    group = definition.tasks[name].group
    while group is not None:
        around.append(group)
        group = definition.tasks[group].group
    return around


def earlier_steps(definition: Definition, task: Task) -> tuple[str, ...]:
    """The members before it in a sequential group."""
    group = definition.tasks[task.group] if task.group is not None else None
    if group is None or group.kind is not TaskKind.SEQUENTIAL:
        return ()
    return group.members[: group.members.index(task.name)]


def dependents(edges: Edges) -> dict[str, list[str]]:
    """The edges turned round."""
    turned: dict[str, list[str]] = {name: [] for name in edges}
    for name, before in edges.items():
        for each in before:
            turned[each].append(name)
    return turned


def downstream(edges: Edges, starts: Iterable[str]) -> set[str]:
    """Everything that depends on one of these, and these."""
    turned = dependents(edges)
    return _reach(starts, lambda name: turned[name])


def ancestors(edges: Edges) -> Callable[[str], set[str]]:
    """A function that gives all that comes before a task."""

    @cache
    def of(name: str) -> set[str]:
        return _reach(edges[name], lambda each: edges[each])

    return of


def precedence(edges: Edges) -> Callable[[str, str], bool]:
    """A function that says whether the first task comes before the second.

    Made once for all questions: on a long chain everything is before everything, and sets of names would be millions.
    Of tasks in a cycle or behind one it cannot be said; for those it is taken to be so.
    """
    places = {name: place for place, name in enumerate(edges)}
    known: list[dict[str, int]] = []

    def is_before(name: str, task: str) -> bool:
        if name in edges[task]:
            return True
        if not known:
            known.append(_ancestor_bits(edges, places))
        bits = known[0].get(task)
        return bits is None or bool(bits >> places[name] & 1)

    return is_before


def _ancestor_bits(edges: Edges, places: Mapping[str, int]) -> dict[str, int]:
    """Of each task that no cycle holds up, what comes before it: a bit for each place."""
    turned = dependents(edges)
    open_ = {name: len(before) for name, before in edges.items()}
    ready = [name for name, count in open_.items() if not count]
    found: dict[str, int] = {}
    for name in ready:
        bits = 0
        for each in edges[name]:
            bits |= found[each] | 1 << places[each]
        found[name] = bits
        for each in turned[name]:
            open_[each] -= 1
            if not open_[each]:
                ready.append(each)
    return found


def _reach(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for each in following(waiting.pop()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen


def layers(edges: Edges) -> dict[str, int]:
    """For drawing: the length of the longest path to each task. The edges must have no cycle."""
    depth: dict[str, int] = {}
    for root in edges:
        work = [root]
        while work:
            name = work[-1]
            missing = [each for each in edges[name] if each not in depth]
            if missing:
                work += missing
                continue
            work.pop()
            depth[name] = 1 + max((depth[each] for each in edges[name]), default=-1)
    return depth
