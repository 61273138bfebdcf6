"""Workflows that could wait for each other for ever: each holds a lock that a sub-workflow of the other wants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from smartspec.domain.definition.model import DEEPEST_WORKFLOWS, Definition
from smartspec.domain.definition.nodes import PathProblem
from smartspec.messages import Message, _, clauses
from smartspec.value import frozen

LONGEST_CYCLE = 4  # waits in a cycle: longer ones are seen when they happen
MANY_WAITS = 500  # paths on which locks are wanted: then only pairs are looked for

Lookup = Callable[[str], Definition | None]


@frozen
class _Wait:
    """On a path from a workflow to one that it reaches, a lock is wanted while others are held."""

    path: tuple[str, ...]
    locks: tuple[frozenset[str], ...]  # of each on the path but the last
    wanted: str

    @property
    def held(self) -> frozenset[str]:
        return frozenset[str]().union(*self.locks)

    @property
    def core(self) -> tuple[str, ...]:
        """The path from where the first lock is held."""
        return self.path[next(place for place, locks in enumerate(self.locks) if locks) :]

    def words(self, lock: str) -> Message:
        path = " → ".join(self.path)
        return _("{path} waits for {wanted} while it holds {held}", path=path, wanted=self.wanted, held=lock)


def locks_of(definition: Definition) -> frozenset[str]:
    """Names of locks, and its own turn where only one of it may run; in words."""
    turn = {_("its turn ({ref})", ref=definition.ref)} if definition.max_running == 1 else set[str]()
    return frozenset({f"“{name}”" for name in definition.uses} | turn)


def has_locks(definition: Definition, lookup: Lookup) -> bool:
    """Whether it, or what it reaches, holds any."""
    return any(locks_of(each) for each in _reached(definition, lookup))


def _reached(definition: Definition, lookup: Lookup) -> Iterator[Definition]:
    """Each once, the nearest first: there may be millions of paths to it."""
    seen = nearest = {definition.ref: definition}
    yield definition
    for _depth in range(DEEPEST_WORKFLOWS):
        found = [lookup(ref) for each in nearest.values() for ref in each.children()]
        nearest = {each.ref: each for each in found if each is not None and each.ref not in seen}
        seen = seen | nearest
        yield from nearest.values()


def find_cycles(definition: Definition, others: Iterable[Definition], lookup: Lookup) -> Iterator[PathProblem]:
    """The cycles that a definition is part of, each once. `lookup` finds it, too, as it is to be."""
    roots = {each.ref: each for each in (*others, definition)}
    waits = [wait for root in roots.values() for wait in _waits(root, lookup, (), ())]
    told: set[frozenset[tuple[str, ...]]] = set()
    for cycle in _cycles(waits):
        core = frozenset(wait.core for wait, _held in cycle)
        if core not in told and any(definition.ref in wait.path for wait, _held in cycle):
            told.add(core)
            yield _place(definition, cycle), _sentence(cycle), "warning"


def _waits(
    current: Definition, lookup: Lookup, path: tuple[str, ...], locks: tuple[frozenset[str], ...]
) -> Iterator[_Wait]:
    """Those of a tree of workflows: its root is started by hand."""
    held = frozenset[str]().union(*locks)
    yield from (_Wait((*path, current.ref), locks, wanted) for wanted in sorted(locks_of(current) - held) if held)
    if len(path) >= DEEPEST_WORKFLOWS:
        return
    for ref in current.children():
        child = lookup(ref)
        if child is not None and child.ref not in (*path, current.ref):
            yield from _waits(child, lookup, (*path, current.ref), (*locks, locks_of(current)))


def _cycles(waits: list[_Wait]) -> Iterator[list[tuple[_Wait, str]]]:
    """Cycles of waits, each with the lock that it holds and the one before it wants; the shortest first."""
    holding: dict[str, list[_Wait]] = defaultdict(list)
    for wait in waits:
        for lock in wait.held:
            holding[lock].append(wait)
    for length in range(2, LONGEST_CYCLE + 1 if len(waits) <= MANY_WAITS else 3):
        for first in waits:
            yield from _closed_chains([(first, "")], holding, length)


def _closed_chains(
    chain: list[tuple[_Wait, str]], holding: Mapping[str, list[_Wait]], length: int
) -> Iterator[list[tuple[_Wait, str]]]:
    wanted = chain[-1][0].wanted
    if len(chain) == length:
        first = chain[0][0]
        if wanted in first.held:
            yield [(first, wanted), *chain[1:]]
        return
    for wait in holding.get(wanted, ()):
        if all(_can_be_at_once(wait, each) for each, _held in chain):
            yield from _closed_chains([*chain, (wait, wanted)], holding, length)


def _can_be_at_once(one: _Wait, other: _Wait) -> bool:
    """Not where both hold the same lock, unless they are parts of one execution and hold it in common."""
    common = 0
    for mine, theirs in zip(one.path[:-1], other.path[:-1], strict=False):
        if mine != theirs:
            break
        common += 1
    apart = [frozenset[str]().union(*wait.locks[common:]) for wait in (one, other)]
    return all(a.isdisjoint(b) for a, b in combinations(apart, 2)) and (common > 0 or one.held.isdisjoint(other.held))


def _sentence(cycle: list[tuple[_Wait, str]]) -> Message:
    waits = clauses(wait.words(lock) for wait, lock in cycle)
    return _(
        "These can wait for each other: {waits}. When they do, the younger sub-workflow fails (start: deadlock).",
        waits=waits,
    )


def _place(definition: Definition, cycle: list[tuple[_Wait, str]]) -> tuple[str | int, ...]:
    """The task that starts the next one on the path, else the locks themselves."""
    for wait, _held in cycle:
        if definition.ref in wait.path[:-1]:
            following = wait.path[wait.path.index(definition.ref) + 1]
            for ref, tasks in definition.children().items():
                if following in (ref, f"{definition.pack}.{ref}", f"default.{ref}"):
                    return (*tasks[0].path, "workflow")
    return ("uses",) if definition.uses else ("max_running",)
