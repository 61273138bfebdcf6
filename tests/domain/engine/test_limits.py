"""Who may start beside whom, and who would wait for ever."""

from __future__ import annotations

import itertools
import random

from smartspec.domain.engine import limits
from smartspec.domain.engine.limits import Claimant
from smartspec.domain.ids import ExecutionPk, WorkflowPk


def one(
    pk: int, *uses: str, parent: int | None = None, workflow: int | None = None, most: int | None = None
) -> Claimant:
    above = None if parent is None else ExecutionPk(parent)
    of = workflow or pk
    return Claimant(ExecutionPk(pk), 1, WorkflowPk(of), f"w{of}", above, frozenset(uses), most)


def words(claimant: Claimant, *running: Claimant) -> list[str]:
    return [each.words for each in limits.obstacles(claimant, running)]


def test_a_lock_is_held_by_one_and_its_children() -> None:
    assert words(one(2, "nas"), one(1, "nas", "disk")) == ["w1 uses nas"]
    assert words(one(2, "nas"), one(1, "disk")) == []
    parent = one(1, "nas")
    assert words(one(2, "nas", parent=1), parent) == []
    assert words(one(3, "nas", parent=2), parent, one(2, parent=1)) == []
    assert words(one(3, "nas", parent=2), one(1, "nas"), one(2)) == ["w1 uses nas"]


def test_so_many_of_a_workflow_run() -> None:
    running = [one(1, workflow=9), one(2, workflow=9)]
    assert words(one(3, workflow=9, most=2), *running) == ["w9 runs already (max_running 2)"]
    assert words(one(3, workflow=9, most=3), *running) == []
    assert words(one(3, workflow=9), *running) == []
    assert words(one(3, workflow=9, parent=1, most=1), one(1, workflow=9)) == []  # inside its own


def test_sub_workflows_count_in_no_limit_of_all() -> None:
    running = [one(1), one(2, parent=1)]
    assert limits.all_at_once(running, 1) and limits.all_at_once(running, 2) is None


def test_two_that_cross_give_way_to_the_older() -> None:
    running = [one(1, "x"), one(2, "y")]
    older, younger = one(3, "y", parent=1), one(4, "x", parent=2)
    waiting = [older, younger]
    assert limits.deadlock(older, running, waiting) is None
    told = limits.deadlock(younger, running, waiting)
    assert told == "w4 #1 in w2 #1 waits, because w1 uses x; w3 #1 in w1 #1 waits, because w2 uses y"


def test_who_only_waits_for_a_knot_stays() -> None:
    running = [one(1, "x"), one(2, "y"), one(5)]
    waiting = [one(3, "y", parent=1), one(4, "x", parent=2), one(6, "x", parent=5)]
    assert limits.deadlock(waiting[2], running, waiting) is None
    assert limits.deadlock(waiting[1], running, waiting)


def test_no_knot_where_somebody_can_end() -> None:
    running = [one(1, "x"), one(2, "y")]
    assert limits.deadlock(one(3, "y", parent=1), running, [one(3, "y", parent=1)]) is None
    several = [one(1, workflow=9), one(2, workflow=9), one(5)]
    waiting = [one(3, "z", parent=1), one(6, parent=5, workflow=9, most=2)]
    assert limits.deadlock(waiting[1], [*several, one(7, "z")], waiting) is None  # the second 9 has no child


def test_a_limit_of_a_workflow_is_a_lock_too() -> None:
    running = [one(1, "x"), one(2, workflow=9)]
    waiting = [one(3, parent=1, workflow=9, most=1), one(4, "x", parent=2)]
    assert limits.deadlock(waiting[1], running, waiting)


def test_chains_of_any_length() -> None:
    for length in (2, 3, 7):
        running = [one(pk, f"l{pk}") for pk in range(length)]
        waiting = [one(100 + pk, f"l{(pk + 1) % length}", parent=pk) for pk in range(length)]
        given_way = [each for each in waiting if limits.deadlock(each, running, waiting)]
        assert given_way == [waiting[-1]]
        assert not any(limits.deadlock(each, running, waiting[:-1]) for each in waiting[:-1])


def test_whoever_gives_way_frees_the_others() -> None:
    """Random waits, played on: what can end ends, what may begin begins. Nobody is left over, nobody fails in vain."""
    chance = random.Random(20261126)
    for _ in range(300):
        locks = "abcd"
        running = [one(pk, *chance.sample(locks, 1)) for pk in range(1, 4)]
        held = [lock for each in running for lock in each.uses]
        if len(set(held)) != len(held):
            continue
        waiting = [one(10 + pk, *chance.sample(locks, chance.randint(1, 2)), parent=pk) for pk in range(1, 4)]
        for _ in itertools.count():
            begun = [each for each in waiting if not limits.obstacles(each, running)]
            failed = [each for each in waiting if limits.deadlock(each, running, waiting)]
            assert not set(failed) & set(begun)
            gone = (begun or failed)[:1]
            if not gone:
                break
            waiting = [each for each in waiting if each not in gone]
            parents = {each.parent for each in waiting}
            running = [each for each in running if each.pk in parents]
        assert waiting == []
