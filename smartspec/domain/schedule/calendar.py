"""A calendar file whose events are days without, as it was read last."""

from __future__ import annotations

from datetime import datetime, timedelta

from smartspec.domain.jsontext import Json, as_list
from smartspec.domain.schedule.blackouts import Blackout
from smartspec.value import frozen

HORIZON = timedelta(days=730)  # so far ahead its events are kept
RENEWED = timedelta(days=365)  # a calendar that reaches no farther is read again


@frozen
class Calendar:
    """`stretches` are lists of beginning, end and name; times without an offset are those of each schedule's zone.

    `seen` tells the states of the file apart; `until` is how far it was read; `problem` is why it cannot be read now.
    """

    path: str
    stretches: Json
    seen: str
    read_at: datetime
    until: datetime
    problem: str | None

    @property
    def blackouts(self) -> tuple[Blackout, ...]:
        found = (as_list(each) for each in as_list(self.stretches))
        return tuple(
            Blackout(datetime.fromisoformat(str(first)), datetime.fromisoformat(str(end)), str(name))
            for first, end, name in found
        )
