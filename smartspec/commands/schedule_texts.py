"""Moments and durations of a schedule as a form writes and reads them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from smartspec.commands.schedule_plan import zone_of
from smartspec.domain import quantities
from smartspec.domain.quantities import Kind, quantity
from smartspec.errors import Invalid


def written_moment(moment: datetime | None, timezone: str | None) -> str:
    """By the clocks of the zone; by UTC where there is no such zone."""
    if moment is None:
        return ""
    try:
        zone: tzinfo = zone_of(timezone)
    except Invalid:
        zone = UTC
    local = moment.astimezone(zone).replace(tzinfo=None)
    return local.isoformat(" ", "minutes" if not (local.second or local.microsecond) else "auto")


def written_duration(ms: int) -> str:
    """Empty for none."""
    return str(quantity(ms, Kind.DURATION).words) if ms else ""


def read_duration(text: str) -> int:
    """In milliseconds; a bare number is seconds. Raises Invalid."""
    return quantities.parse_quantity(text, Kind.DURATION, 1_000) if text.strip() else 0
