"""Whether a task runs: one rule over the marks of its needs, its branch and its `if`."""

from collections.abc import Callable
from enum import Enum
from typing import Literal

from smartspec.domain.engine.states import TaskStatus
from smartspec.value import mutable

# A skip that says: something before it is broken.
BROKEN_SKIPS = frozenset({"needs_failed", "fail_fast"})


class Mark(Enum):
    """What an ended need counts as."""

    DONE = "✓"
    TOLERATED = "~"
    BROKEN = "✗"
    PASSED = "–"


def mark(status: TaskStatus, reason: str | None, tolerant: bool) -> Mark:
    """`tolerant`: the task has continue_on_error. `reason` is a status reason, a code and details."""
    if status is TaskStatus.COMPLETED:
        return Mark.DONE
    if status is TaskStatus.SKIPPED:
        return Mark.BROKEN if (reason or "").partition(":")[0] in BROKEN_SKIPS else Mark.PASSED
    if tolerant and status in (TaskStatus.FAILED, TaskStatus.TIMEOUT):
        return Mark.TOLERATED
    return Mark.BROKEN


@mutable
class Tally:
    """The marks of a task's needs so far."""

    total: int
    ended: int = 0
    done: int = 0
    tolerated: int = 0
    broken: int = 0

    def count(self, what: Mark) -> None:
        self.ended += 1
        self.done += what is Mark.DONE
        self.tolerated += what is Mark.TOLERATED
        self.broken += what is Mark.BROKEN

    @property
    def all_ended(self) -> bool:
        return self.ended == self.total


class Side(Enum):
    """How a task stands to the condition that names it."""

    NONE = "no condition names it"
    OPEN = "the condition has not ended"
    TAKEN = "the condition took its side"
    NOT_TAKEN = "the condition took the other side"
    PASSED = "the condition was skipped, or its failure is tolerated: neither side was taken"
    BROKEN = "the condition failed, or its needs did"


Decision = Literal[
    "run", "if", "not_taken", "needs_failed", "needs_skipped", "fail_fast"
]  # else: the reason of the skip


def fate(
    tally: Tally,
    join: str | int,
    side: Side,
    *,
    inside_group: bool,
    instead_of_join: bool,
    ask: Callable[[bool, bool], bool],
) -> Decision | None:
    """What becomes of a task, or None while that is open.

    `inside_group`: its group has started, which counts as a ✓. `instead_of_join`: its `if` calls failure() or
    always(). `ask` evaluates the `if` (true when there is none), given what success() and failure() say. A condition
    that took the task's side opens the door and has no further part in it: the join counts the own needs alone.
    """
    if side is Side.OPEN:
        return None
    if side is Side.NOT_TAKEN:
        return "not_taken"
    if side is Side.PASSED:
        return "needs_skipped"
    broken = bool(tally.broken) or side is Side.BROKEN
    satisfied = side is not Side.BROKEN and _satisfied(tally, join, inside_group)
    if not tally.all_ended and (instead_of_join or not satisfied):
        return None
    if not satisfied and not instead_of_join:
        return "needs_failed" if broken or tally.tolerated else "needs_skipped"
    return "run" if ask(satisfied, broken) else "if"


def _satisfied(tally: Tally, join: str | int, inside_group: bool) -> bool:
    if join == "all":
        worked = tally.done or tally.tolerated or inside_group or not tally.total
        return tally.all_ended and not tally.broken and bool(worked)
    return tally.done >= (1 if join == "any" else int(join))


def of_items(statuses: list[TaskStatus]) -> tuple[TaskStatus, str | None]:
    """Status and reason of a task from those of its items."""
    if all(status is TaskStatus.COMPLETED for status in statuses):
        return TaskStatus.COMPLETED, None if statuses else "no_items"
    if TaskStatus.CANCELLED in statuses:
        return TaskStatus.CANCELLED, None
    return TaskStatus.FAILED, "items"
