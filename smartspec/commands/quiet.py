"""For a while nobody is told of anything: what there is to tell then waits for the end of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from smartspec.commands.registry import command
from smartspec.domain import times
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.store import settings

_KEY = "notifications.quiet_until"
_LONGEST = timedelta(days=366)
MORNING = time(8)


@command
def quiet_until(until: datetime | None) -> datetime | None:
    """Tell nobody of anything until then; None: tell again. Raises Invalid for what is past, or over a year away."""
    now = times.now()
    if until is not None and not now < until <= now + _LONGEST:
        raise Invalid(_("It can be quiet until a moment to come, of a year at most."))
    settings.set_(_KEY, None if until is None else times.to_ms(until))
    return until


def quiet_now() -> datetime | None:
    """Until when it is quiet because somebody wanted that; None: it is not."""
    kept = settings.get(_KEY)
    if not isinstance(kept, int):
        return None
    until = times.from_ms(kept)
    return until if until > times.now() else None


def tomorrow_morning(now: datetime) -> datetime:
    """8:00 of the next day, by the clock on the wall."""
    day = now.astimezone().date() + timedelta(days=1)
    return datetime.combine(day, MORNING).astimezone()
