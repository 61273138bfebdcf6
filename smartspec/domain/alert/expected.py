"""When something should have succeeded: from its due time, or its rhythm, and the time that it may take."""

from __future__ import annotations

from datetime import datetime, timedelta

from smartspec.domain.alert.rhythm import Rhythm
from smartspec.value import frozen


@frozen
class Expectation:
    """There is to be a success by `deadline`, which is later than `due` and `allowed` where the machine was away.

    `since` is the last success; where there was none yet, from when on it was waited for.
    """

    due: datetime
    since: datetime
    allowed: timedelta
    deadline: datetime

    @property
    def limit(self) -> timedelta:
        """The longest without a success."""
        return self.due + self.allowed - self.since


def of_due_time(
    due: datetime, looked_at: datetime | None, last_success: datetime | None, allowed: timedelta
) -> Expectation:  # fmt: skip
    """`due` is the first due time after the last success; `looked_at` when it was decided about, or from when on
    somebody has looked: from there on there is time, as for what is caught up. `allowed` is how long it may take, and
    grace.
    """
    begin = due if looked_at is None else max(due, looked_at)
    return Expectation(due, last_success or due, allowed, begin + allowed)


def of_rhythm(rhythm: Rhythm, last: datetime, looked_since: datetime | None, allowed: timedelta) -> Expectation:
    """`last` is when the last success began, or since when it is waited for; `looked_since` from when on somebody has
    looked: what others start has no chance while the machine is away.
    """
    due = last + timedelta(milliseconds=rhythm.longest_ms)
    begin = due if looked_since is None else max(due, looked_since)
    return Expectation(due, last, allowed, begin + allowed)
