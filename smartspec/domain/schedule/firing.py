"""What was decided about a due time, or about several in a row."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from smartspec.domain.ids import ExecutionPk
from smartspec.value import frozen

CLOCK = "clock"  # the cause of a due time that a wrong clock had passed over


class Decision(StrEnum):
    RAN = "ran"
    CAUGHT_UP = "caught_up"
    QUEUED = "queued"
    REPLACED = "replaced"
    SKIPPED_OVERLAP = "skipped_overlap"
    SKIPPED_MISSED = "skipped_missed"
    SKIPPED_ASLEEP = "skipped_asleep"
    SKIPPED_PAUSED = "skipped_paused"
    SKIPPED_CONDITION = "skipped_condition"
    SKIPPED_BLACKOUT = "skipped_blackout"
    COULD_NOT_START = "could_not_start"

    @property
    def starts(self) -> bool:
        """An execution comes of it, now or later."""
        return self.starts_at_once or self.starts_later

    @property
    def starts_at_once(self) -> bool:
        """The execution is made with the row."""
        return self is Decision.RAN

    @property
    def starts_later(self) -> bool:
        """The row waits for its execution; `catch_up.next_start` says when it comes."""
        return self in (Decision.CAUGHT_UP, Decision.QUEUED, Decision.REPLACED)


@frozen(kw_only=True)
class Firing:
    """`until` is the last of `count` consecutive due times with one reason, None of a single one. `cause` is the key of
    the event, empty for a time. `reason` is a code, then a colon and details.
    `execution` is what ran for it, None while there is none.
    """

    scheduled_for: datetime
    decision: Decision
    until: datetime | None = None
    count: int = 1
    reason: str = ""
    cause: str = ""
    execution: ExecutionPk | None = None

    @property
    def last(self) -> datetime:
        return self.until or self.scheduled_for
