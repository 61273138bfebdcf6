"""What starts on a day, by hour and minute."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.schedule.blackouts import parse_blackout
from smartspec.domain.schedule.cron import parse_cron
from smartspec.domain.schedule.day_starts import free_minute, starts_of_day
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import parse_rule

BERLIN = ZoneInfo("Europe/Berlin")


def plan(expression: str, **more: object) -> Plan:
    return Plan(rule=parse_cron(expression), zone=BERLIN, **more)  # type: ignore[arg-type]


def test_hours_and_minutes_of_a_day() -> None:
    found = starts_of_day(plan("*/30 7-8 * * *"), date(2026, 11, 26), BERLIN)
    assert found.minutes == {420, 450, 480, 510}
    assert (sum(found.hours), found.hours[7], found.hours[8]) == (4, 2, 2)


def test_by_the_clock_of_another_zone() -> None:
    found = starts_of_day(plan("0 0 * * *"), date(2026, 11, 25), ZoneInfo("America/New_York"))
    assert found.minutes == {18 * 60}


@pytest.mark.parametrize(("day", "starts"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_of_a_change_of_the_clock_has_its_own_length(day: date, starts: int) -> None:
    assert sum(starts_of_day(plan("0 * * * *"), day, BERLIN).hours) == starts


def test_days_that_are_left_out_and_the_time_after_the_end_have_none() -> None:
    out = plan("0 * * * *", blackouts=(parse_blackout("2026-12-24"),))
    assert not any(starts_of_day(out, date(2026, 12, 24), BERLIN).hours)
    ended = plan("0 * * * *", end_at=datetime(2026, 11, 26, 11, tzinfo=UTC))
    assert sum(starts_of_day(ended, date(2026, 11, 26), BERLIN).hours) == 13
    assert not any(starts_of_day(ended, date(2026, 11, 27), BERLIN).hours)


def test_one_each_second_is_counted_and_ends() -> None:
    often = Plan(rule=parse_rule("interval", "1s"), zone=UTC)
    assert sum(starts_of_day(often, date(2026, 11, 26), UTC).hours) == 86_400


@pytest.mark.parametrize(
    ("taken", "after", "free"),
    [({450}, 450, 455), ({450, 455, 460}, 450, 465), ({450}, 447, 455), ({0}, 1439, None), (set(range(1440)), 5, None)],
)
def test_a_free_minute_is_near_and_on_the_same_day(taken: set[int], after: int, free: int | None) -> None:
    assert free_minute(taken, after) == free
