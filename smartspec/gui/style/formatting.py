"""How the window writes moments, durations, sizes and numbers."""

from __future__ import annotations

from datetime import datetime

from smartspec.formatting import format_age, format_due, format_duration, format_moment, format_size
from smartspec.formatting import format_count as count
from smartspec.formatting import format_number as number
from smartspec.messages import tr, translate

__all__ = ["ago", "count", "due", "duration", "exact", "number", "size", "spoken", "usual_end"]


def duration(ms: int | None) -> str:
    """12 ms, 1.5 s, 3 m 20 s, 2 h 5 m."""
    return translate(format_duration(ms))


def ago(moment: datetime | None, now: datetime) -> str:
    """A moment of the past as a person says it."""
    return translate(format_age(moment, now))


def due(moment: datetime, now: datetime) -> str:
    """When something is to begin: now, where that is past."""
    return tr("now") if moment <= now else translate(format_due(moment, now))


def exact(moment: datetime | None) -> str:
    """To the second, local."""
    return translate(format_moment(moment))


def spoken(text: str) -> str:
    """What is read out of a cell: an empty one would be passed over in silence."""
    return text or tr("Nothing")


def size(value: int | None) -> str:
    """12 B, 1.5 KiB."""
    return translate(format_size(value))


def usual_end(values: tuple[int | None, int | None]) -> str:
    """The tooltip of a duration."""
    median, p95 = values
    if median is None:
        return ""
    return tr("usually {usual}, 95 % within {most}", usual=duration(median), most=duration(p95))
