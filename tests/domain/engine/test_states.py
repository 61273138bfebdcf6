"""Which status may follow which: every pair."""

import itertools

import pytest

from smartspec.domain.engine import states
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.engine.states import TaskStatus as T
from smartspec.domain.engine.states import WorkflowStatus as W
from smartspec.errors import Invalid, InvalidTransition

EXECUTION = {
    "pending": "running paused cancelled failed",
    "running": "completed failed cancelled timeout paused interrupted",
    "paused": "pending cancelled",
    "interrupted": "pending failed cancelled",
    "failed": "pending",
    "timeout": "pending",
    "cancelled": "pending",
    "completed": "pending",  # only by a re-run from a task
}
TASK = {
    "pending": "running skipped cancelled failed completed",
    "running": "completed failed timeout cancelled interrupted",
}
WORKFLOW = {"draft": "active", "active": "inactive archived", "inactive": "active archived", "archived": "inactive"}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(E, E)))
def test_an_execution_changes_only_as_the_table_says(before: E, after: E) -> None:
    if after in EXECUTION[before].split():
        states.check_execution_transition(before, after)
    else:
        with pytest.raises(InvalidTransition, match=f"{before}.*{after}"):
            states.check_execution_transition(before, after)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(T, T)))
def test_a_task_changes_only_as_the_table_says(before: T, after: T) -> None:
    if after in TASK.get(before, "").split():
        states.check_task_transition(before, after)
    else:
        with pytest.raises(InvalidTransition):
            states.check_task_transition(before, after)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(W, W)))
def test_a_workflow_changes_only_as_the_table_says(before: W, after: W) -> None:
    if after in WORKFLOW[before].split():
        states.check_workflow_transition(before, after)
    else:
        with pytest.raises(InvalidTransition):
            states.check_workflow_transition(before, after)


@pytest.mark.parametrize(
    ("word", "status"),
    [("stopped", E.CANCELLED), ("canceled", E.CANCELLED), ("timed_out", E.TIMEOUT), ("succeeded", E.COMPLETED),
     ("abandoned", E.FAILED), ("Running", E.RUNNING), ("partially_succeeded", E.COMPLETED)],
)  # fmt: skip
def test_words_of_other_systems_are_understood(word: str, status: E) -> None:
    assert states.execution_status(word) is status


def test_an_unknown_status_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid, match=r"no status “exploded”.*pending, running"):
        states.execution_status("exploded")
