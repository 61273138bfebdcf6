"""Whether a task runs: one rule over the marks of its needs, its branch and its `if`."""

from collections.abc import Callable
from enum import Enum
from typing import Literal

from smartspec.domain.engine.states import TaskStatus
from smartspec.value import mutable

# A skip that says: something before it is broken.
BROKEN_SKIPS = frozenset({"needs_failed", "fail_fast"})


class NeedState(Enum):
    """What an ended need counts as."""

    DONE = "✓"
    TOLERATED = "~"
    BROKEN = "✗"
    PASSED = "–"


def need_state(status: TaskStatus, reason: str | None, tolerant: bool) -> NeedState:
    """`tolerant`: the task has continue_on_error. `reason` is a status reason, a code and details."""
    if status is TaskStatus.COMPLETED:
        return NeedState.DONE
    if status is TaskStatus.SKIPPED:
        return NeedState.BROKEN if (reason or "").partition(":")[0] in BROKEN_SKIPS else NeedState.PASSED
    if tolerant and status in (TaskStatus.FAILED, TaskStatus.TIMEOUT):
        return NeedState.TOLERATED
    return NeedState.BROKEN


@mutable
class NeedCounts:
    """The marks of a task's needs so far."""

    total: int
    ended: int = 0
    done: int = 0
    tolerated: int = 0
    broken: int = 0

    def count(self, what: NeedState) -> None:
        self.ended += 1
        self.done += what is NeedState.DONE
        self.tolerated += what is NeedState.TOLERATED
        self.broken += what is NeedState.BROKEN

    @property
    def all_ended(self) -> bool:
        return self.ended == self.total


class BranchState(Enum):
    """How a task stands to the condition that names it."""

    NONE = "no condition names it"
    OPEN = "the condition has not ended"
    TAKEN = "the condition took its branch"
    NOT_TAKEN = "the condition took the other branch"
    PASSED = "the condition was skipped, or its failure is tolerated: neither branch was taken"
    BROKEN = "the condition failed, or its needs did"


Decision = Literal[
    "run", "if", "not_taken", "needs_failed", "needs_skipped", "fail_fast"
]  # else: the reason of the skip


def decide(
    counts: NeedCounts,
    join: str | int,
    branch: BranchState,
    *,
    inside_group: bool,
    instead_of_join: bool,
    ask: Callable[[bool, bool], bool],
) -> Decision | None:
    """What becomes of a task, or None while that is open.

    `inside_group`: its group has started, which counts as a ✓. `instead_of_join`: its `if` calls failure() or
    always(). `ask` evaluates the `if` (true when there is none), given what success() and failure() say. A condition
    that took the task's branch opens the door and has no further part in it: the join counts the own needs alone.
    """
    if branch is BranchState.OPEN:
        return None
    if branch is BranchState.NOT_TAKEN:
        return "not_taken"
    if branch is BranchState.PASSED:
        return "needs_skipped"
    broken = bool(counts.broken) or branch is BranchState.BROKEN
    satisfied = branch is not BranchState.BROKEN and _satisfied(counts, join, inside_group)
    if not counts.all_ended and (instead_of_join or not satisfied):
        return None
    if not satisfied and not instead_of_join:
        return "needs_failed" if broken or counts.tolerated else "needs_skipped"
    return "run" if ask(satisfied, broken) else "if"


def _satisfied(counts: NeedCounts, join: str | int, inside_group: bool) -> bool:
    if join == "all":
        worked = counts.done or counts.tolerated or inside_group or not counts.total
        return counts.all_ended and not counts.broken and bool(worked)
    return counts.done >= (1 if join == "any" else int(join))


def status_of_items(statuses: list[TaskStatus]) -> tuple[TaskStatus, str | None]:
    """Status and reason of a task from those of its items."""
    if all(status is TaskStatus.COMPLETED for status in statuses):
        return TaskStatus.COMPLETED, None if statuses else "no_items"
    if TaskStatus.CANCELLED in statuses:
        return TaskStatus.CANCELLED, None
    return TaskStatus.FAILED, "items"
