"""The truth table of a task's decision: every row of it."""

from __future__ import annotations

import itertools

import pytest

from smartspec.domain.engine.states import TaskStatus as T
from smartspec.domain.engine.trigger_rule import BranchState, NeedCounts, NeedState, decide, need_state, status_of_items

MARKS = {"✓": NeedState.DONE, "~": NeedState.TOLERATED, "✗": NeedState.BROKEN, "–": NeedState.PASSED}


def decided(
    needs: str,
    join: str | int = "all",
    *,
    condition: str | None = None,
    side: BranchState = BranchState.NONE,
    inside: bool = False,
) -> str | None:
    """The decision for needs written as marks (`.`: not ended), with an `if` of plain true/false, failure() or always()."""
    tally = NeedCounts(len(needs))
    for each in needs:
        if each != ".":
            tally.count(MARKS[each])
    answers = {
        None: lambda success, failure: True, "true": lambda success, failure: True,
        "false": lambda success, failure: False, "success()": lambda success, failure: success,
        "failure()": lambda success, failure: failure, "always()": lambda success, failure: True,
        "success() or failure()": lambda success, failure: success or failure,
        "not failure()": lambda success, failure: not failure,
    }  # fmt: skip
    instead = condition is not None and ("failure()" in condition or "always()" in condition)
    return decide(tally, join, side, inside_group=inside, instead_of_join=instead, ask=answers[condition])


@pytest.mark.parametrize(
    ("status", "reason", "tolerant", "expected"),
    [(T.COMPLETED, None, False, "✓"), (T.COMPLETED, "no_items", False, "✓"),
     (T.FAILED, "exit 1", True, "~"), (T.TIMEOUT, None, True, "~"), (T.FAILED, "template: env", True, "~"),
     (T.FAILED, "exit 1", False, "✗"), (T.TIMEOUT, None, False, "✗"), (T.CANCELLED, "user", True, "✗"),
     (T.SKIPPED, "needs_failed", True, "✗"), (T.SKIPPED, "fail_fast", False, "✗"), (T.INTERRUPTED, None, True, "✗"),
     (T.SKIPPED, "if", False, "–"), (T.SKIPPED, "not_taken", False, "–"), (T.SKIPPED, "needs_skipped", False, "–")],
)  # fmt: skip
def test_what_an_ended_need_counts_as(status: T, reason: str | None, tolerant: bool, expected: str) -> None:
    assert need_state(status, reason, tolerant) is MARKS[expected]


@pytest.mark.parametrize(
    ("needs", "join", "plain", "failure", "always"),
    [
        ("", "all", "run", "if", "run"),
        ("✓", "all", "run", "if", "run"),
        ("✓–", "all", "run", "if", "run"),
        ("~", "all", "run", "if", "run"),
        ("~–", "all", "run", "if", "run"),
        ("✓✗", "all", "needs_failed", "run", "run"),
        ("✗", "all", "needs_failed", "run", "run"),
        ("–✗", "all", "needs_failed", "run", "run"),
        ("–", "all", "needs_skipped", "if", "run"),
        ("––", "all", "needs_skipped", "if", "run"),
        ("✓✗", "any", "run", "run", "run"),
        ("✓–", "any", "run", "if", "run"),
        ("✗", "any", "needs_failed", "run", "run"),
        ("~", "any", "needs_failed", "if", "run"),
        ("–", "any", "needs_skipped", "if", "run"),
        ("✓✓✗", 2, "run", "run", "run"),
        ("✓~✓", 3, "needs_failed", "if", "run"),
        ("✓–", 2, "needs_skipped", "if", "run"),
        ("✓✗", 2, "needs_failed", "run", "run"),
    ],
)
def test_the_table_of_needs_and_if(needs: str, join: str | int, plain: str, failure: str, always: str) -> None:
    assert decided(needs, join) == plain
    assert decided(needs, join, condition="true") == plain
    assert decided(needs, join, condition="false") == ("if" if plain == "run" else plain)
    assert decided(needs, join, condition="success()") == plain  # it says that the join is satisfied
    assert decided(needs, join, condition="failure()") == failure
    assert decided(needs, join, condition="always()") == always
    assert decided(needs, join, condition="success() or failure()") == ("run" if "run" in (plain, failure) else "if")
    assert decided(needs, join, condition="not failure()") == ("if" if failure == "run" else "run")


@pytest.mark.parametrize(
    ("needs", "join", "expected"),
    [
        ("✓.", "all", None),
        ("✗.", "all", None),
        ("✓.", "any", "run"),
        ("✗.", "any", None),
        ("✓.", 2, None),
        ("✓✓.", 2, "run"),
    ],
)
def test_it_is_open_until_the_needs_say_enough(needs: str, join: str | int, expected: str | None) -> None:
    assert decided(needs, join) == expected
    assert decided(needs, join, condition="always()") is None


@pytest.mark.parametrize(
    ("side", "plain", "failure", "always"),
    [(BranchState.TAKEN, "run", "if", "run"), (BranchState.NOT_TAKEN, "not_taken", "not_taken", "not_taken"),
     (BranchState.PASSED, "needs_skipped", "needs_skipped", "needs_skipped"), (BranchState.BROKEN, "needs_failed", "run", "run"),
     (BranchState.OPEN, None, None, None)],
)  # fmt: skip
def test_the_table_of_branches(side: BranchState, plain: str | None, failure: str | None, always: str | None) -> None:
    for needs in ("", "✓"):
        assert decided(needs, side=side) == plain
        assert decided(needs, side=side, condition="failure()") == failure
        assert decided(needs, side=side, condition="always()") == always


def test_a_taken_side_leaves_the_decision_to_the_own_needs() -> None:
    assert decided("–", side=BranchState.TAKEN) == "needs_skipped"
    assert decided("✗", side=BranchState.TAKEN) == "needs_failed"
    assert decided("✓", "any", side=BranchState.BROKEN) == "needs_failed"


def test_the_start_of_a_group_counts_as_one_that_worked() -> None:
    assert decided("", inside=True) == "run"
    assert decided("–", inside=True) == "run"
    assert decided("✗", inside=True) == "needs_failed"


@pytest.mark.parametrize(
    "marks", ["".join(each) for size in range(4) for each in itertools.product("✓~✗–", repeat=size)]
)
def test_a_decision_depends_on_the_marks_and_not_on_their_order(marks: str) -> None:
    joins: tuple[str | int, ...] = ("all", "any", 2)
    for join, condition in itertools.product(joins, (None, "true", "failure()", "always()")):
        fates = {decided("".join(order), join, condition=condition) for order in itertools.permutations(marks)}
        assert len(fates) == 1 and None not in fates


@pytest.mark.parametrize(
    ("statuses", "status", "reason"),
    [([], T.COMPLETED, "no_items"), ([T.COMPLETED], T.COMPLETED, None), ([T.COMPLETED, T.FAILED], T.FAILED, "items"),
     ([T.TIMEOUT], T.FAILED, "items"), ([T.FAILED, T.CANCELLED], T.CANCELLED, None), ([T.SKIPPED, T.FAILED], T.FAILED, "items")],
)  # fmt: skip
def test_what_items_come_to_together(statuses: list[T], status: T, reason: str | None) -> None:
    assert status_of_items(statuses) == (status, reason)
