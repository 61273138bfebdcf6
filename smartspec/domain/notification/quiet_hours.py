"""The hours of a day in which nobody is told anything: what there is waits for their end."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from smartspec.errors import Invalid
from smartspec.messages import _, listed
from smartspec.value import frozen

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
_WRITTEN = re.compile(
    r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)(?:\s+([a-z]{3}(?:\s*[-–,]\s*[a-z]{3})*))?\s*",
    re.IGNORECASE,
)


@frozen
class QuietHours:
    """From the one to the other, over midnight where that is earlier; of the clock on the wall. They begin on `days`,
    of which 0 is Monday.
    """

    begin: time
    end: time
    days: frozenset[int] = EVERY_DAY

    def until(self, now: datetime) -> datetime | None:
        """When they end, if they hold at `now`, which is of the clock on the wall."""
        for began in (now.date() - timedelta(days=1), now.date()):
            if began.weekday() in self.days:
                begin = datetime.combine(began, self.begin, now.tzinfo)
                over = began + timedelta(days=self.end <= self.begin)
                end = datetime.combine(over, self.end, now.tzinfo)
                if begin <= now < end:
                    return end
        return None

    @property
    def written(self) -> str:
        """As `parse` reads it."""
        hours = f"{self.begin:%H:%M}-{self.end:%H:%M}"
        return hours if self.days == EVERY_DAY else f"{hours} {','.join(DAYS[each] for each in sorted(self.days))}"


def parse(text: str) -> QuietHours | None:
    """`22:00-07:00`, and the days on which they begin: `22:00-07:00 mon-fri`; an empty text is none. Raises Invalid."""
    if not text.strip():
        return None
    found = _WRITTEN.fullmatch(text)
    if found is None:
        example = "22:00-07:00 mon-fri"
        raise Invalid(_("“{text}” are no quiet hours; write them like {example}.", text=text, example=example))
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begin == end:
        raise Invalid(_("“{text}” begin when they end; leave them empty for none.", text=text))
    return QuietHours(begin, end, _days(found[5]) if found[5] else EVERY_DAY)


def _days(text: str) -> frozenset[int]:
    """`mon-fri`, `sat,sun`, `fri-mon`. Raises Invalid."""
    days: set[int] = set()
    for part in re.split(r"\s*,\s*", text.lower()):
        names = re.split(r"\s*[-–]\s*", part)
        for name in names:
            if name not in DAYS:
                raise Invalid(_("“{word}” is no day; they are {days}.", word=name, days=listed(DAYS)))
        if len(names) > 2:
            raise Invalid(_("“{text}” are no days; write them like {example}.", text=part, example="mon-fri"))
        first, last = DAYS.index(names[0]), DAYS.index(names[-1])
        days |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return frozenset(days)
