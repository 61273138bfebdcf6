"""The days of a search, and those before and after them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from smartspec.domain.search import periods
from smartspec.domain.search.periods import Period

NOW = datetime(2026, 11, 26, 15, 30).astimezone()  # a Thursday


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("after:mon", "2026-11-23", "2026-11-30"),  # the whole week, though it has not ended
        ("after:Monday", "2026-11-23", "2026-11-30"),
        ("after:today", "2026-11-26", "2026-11-27"),
        ("since:yesterday", "2026-11-25", "2026-11-27"),
        ("after:7d", "2026-11-20", "2026-11-27"),
        ("after:30d status:failed", "2026-10-28", "2026-11-27"),
        ("on:2026-11-01", "2026-11-01", "2026-11-02"),
        ("after:2026-11-02 before:2026-11-09", "2026-11-02", "2026-11-09"),
        ("after:2026-11-02 before:2026-11-08T12:00", "2026-11-02", "2026-11-09"),
    ],
)
def test_the_days_that_are_asked_for(text: str, first: str, end: str) -> None:
    assert periods.period(text, NOW) == Period(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    "text", ["", "status:failed", "before:today", "after:nonsense", "after:today before:2020-01-01"]
)
def test_without_a_first_day_there_is_none(text: str) -> None:
    assert periods.period(text, NOW) is None


def test_the_week_before_and_back() -> None:
    week = periods.period("after:mon status:failed", NOW)
    assert week is not None
    before = periods.with_period("after:mon status:failed", week.moved(-1))
    assert before == "status:failed after:2026-11-16 before:2026-11-23"
    again = periods.period(before, NOW)
    assert again is not None and again.moved(1) == week


def test_beyond_the_calendar_there_is_nothing() -> None:
    with pytest.raises(OverflowError):
        Period(date(1, 1, 2), date(1, 1, 9)).moved(-1)
