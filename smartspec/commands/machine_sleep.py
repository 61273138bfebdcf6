"""When this machine usually sleeps, as runners noted it, or as a person states it."""

from __future__ import annotations

from datetime import time, timedelta

from smartspec.commands.machine_zone import machine_zone
from smartspec.domain import times
from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.domain.schedule.usual_sleep import DAYS, usual_sleep
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.store import clock_events

USUAL = "usual"


def learned_sleep() -> NightlySleep | None:
    """When this machine usually sleeps, of the sleep that runners noted in the last four weeks."""
    now = times.now()
    return usual_sleep(clock_events.sleeps(now - timedelta(days=DAYS)), now, machine_zone())


def read_sleep(text: str) -> NightlySleep:
    """Two times of day, 23:00-07:00, or `usual`. Raises Invalid, also where no usual sleep is known."""
    if text == USUAL:
        if (found := learned_sleep()) is None:
            raise Invalid(_(
                "It is not known when this machine usually sleeps: no runner saw it sleep at the same time on five days"
                " of the last four weeks. Write the times: 23:00-07:00."
            ))  # fmt: skip
        return found
    begin, dash, end = (part.strip() for part in text.partition("-"))
    try:
        if not dash or begin == end:
            raise ValueError
        return NightlySleep(time.fromisoformat(begin), time.fromisoformat(end))
    except ValueError:
        raise Invalid(_("“{text}” are no two times of day: write them as 23:00-07:00.", text=text[:40])) from None
