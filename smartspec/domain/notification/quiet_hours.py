"""The hours of a day in which nobody is told anything: what there is waits for their end."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import frozen

_WRITTEN = re.compile(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)\s*")


@frozen
class QuietHours:
    """From the one to the other, over midnight where that is earlier; of the clock on the wall."""

    begin: time
    end: time

    def until(self, now: datetime) -> datetime | None:
        """When they end, if they hold at `now`, which is of the clock on the wall."""
        ends = [datetime.combine(now.date() + timedelta(days=days), self.end, now.tzinfo) for days in (0, 1)]
        clock = now.time()
        if self.begin <= self.end:
            return ends[0] if self.begin <= clock < self.end else None
        if clock < self.end:
            return ends[0]
        return ends[1] if clock >= self.begin else None


def parse(text: str) -> QuietHours | None:
    """`22:00-07:00`; an empty text is none. Raises Invalid."""
    if not text.strip():
        return None
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise Invalid(_("“{text}” are no quiet hours; write them like {example}.", text=text, example="22:00-07:00"))
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begin == end:
        raise Invalid(_("“{text}” begin when they end; leave them empty for none.", text=text))
    return QuietHours(begin, end)
