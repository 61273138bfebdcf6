"""What a schedule does about missed times, about one that still runs, and when it keeps still."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import takewhile

from smartspec.domain.schedule.blackouts import Blackout
from smartspec.domain.schedule.due import due_times
from smartspec.domain.schedule.rule import Rule
from smartspec.domain.times import to_ms
from smartspec.value import frozen

_MILLISECOND = timedelta(milliseconds=1)
CATCH_UP_CAP = 24


class Misfire(StrEnum):
    """What is made up for of the times that came while nobody looked: none, the newest, all up to the cap."""

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"


class Overlap(StrEnum):
    """What a due time does while an execution of the workflow is active."""

    SKIP = "skip"
    QUEUE = "queue"
    ALLOW = "allow"
    REPLACE = "replace"


@frozen(kw_only=True)
class Plan:
    """Everything that the due times of a schedule and what becomes of them depend on.

    `key` tells schedules apart (its id): with it the jitter differs from one to the next. `start_at` and `end_at` may
    both be due.
    """

    rule: Rule
    zone: tzinfo
    key: str = ""
    misfire: Misfire = Misfire.ONCE
    catch_up_cap: int = CATCH_UP_CAP
    overlap: Overlap = Overlap.SKIP
    jitter_ms: int = 0
    start_at: datetime | None = None
    end_at: datetime | None = None
    blackouts: tuple[Blackout, ...] = ()

    @property
    def most_made_up_for(self) -> int:
        """Of due times that were missed, and of those that a condition held up."""
        return {Misfire.SKIP: 0, Misfire.ONCE: 1, Misfire.ALL: self.catch_up_cap}[self.misfire]

    def next_due(self, after: datetime) -> datetime | None:
        """The first due time later than `after` within start and end, in UTC; None: there is none any more."""
        return next(self.due_times(after), None)

    def due_times(self, after: datetime) -> Iterator[datetime]:
        """All that are later than `after`, within start and end."""
        if self.start_at is not None:
            after = max(after, self.start_at - _MILLISECOND)
        end_at = self.end_at
        dues = due_times(self.rule, self.zone, after)
        return dues if end_at is None else takewhile(lambda due: due <= end_at, dues)

    def may_start(self, moment: datetime) -> bool:
        """Whether it is within start and end."""
        return (self.start_at is None or moment >= self.start_at) and (self.end_at is None or moment <= self.end_at)

    def jitter(self, due: datetime) -> timedelta:
        """How long after its due time it starts: by chance, but always the same for this schedule and time."""
        if not self.jitter_ms:
            return timedelta()
        digest = hashlib.blake2b(f"{self.key}:{to_ms(due)}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) % (self.jitter_ms + 1) * _MILLISECOND
