"""One day of a simulation: its line of hours, what runs and what is passed over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.schedule.day_scale import day_scale
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.simulate import NightlySleep, SimulatedSchedule, simulate
from smartspec.domain.schedule.simulated_day import DayLane, day_lanes

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 3, 25, 13, 32, tzinfo=UTC)
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


def lane(expression: str, day: date, sleep: NightlySleep | None = None, usual_ms: int = 1_000) -> DayLane:
    plan = Plan(rule=parse_rule("cron", expression), zone=BERLIN)
    schedules = [SimulatedSchedule(1, plan, usual_ms)]
    scale = day_scale(day, BERLIN)
    return day_lanes(simulate(schedules, START, 30, BERLIN, 4, sleep), schedules, scale.begin, scale.end)[0]


def clocks(moments: list[datetime]) -> list[str]:
    return [f"{each.astimezone(BERLIN):%H:%M}" for each in moments]


def test_an_ordinary_day_is_even() -> None:
    scale = day_scale(date(2027, 3, 26), BERLIN)
    assert [(each.hour, each.again) for each in scale.hours()] == [(hour, False) for hour in range(25)]
    assert [round(each.place * 24, 6) for each in scale.hours()] == list(range(25))
    assert scale.changes == ()


def test_the_hour_that_is_left_out_keeps_its_place() -> None:
    scale = day_scale(SPRING, BERLIN)
    assert (scale.end - scale.begin, scale.span) == (timedelta(hours=23), timedelta(hours=24))
    assert [each.hour for each in scale.hours()] == [0, 1, *range(3, 25)]
    assert all(round(each.place * 24, 6) == each.hour for each in scale.hours())
    (change,) = scale.changes
    assert [round(each * 24, 6) for each in scale.stretch(change)] == [2, 3]


def test_the_hour_that_comes_twice_is_drawn_twice() -> None:
    scale = day_scale(AUTUMN, BERLIN)
    assert scale.span == timedelta(hours=25)
    hours = [(each.hour, each.again) for each in scale.hours()]
    assert hours[:5] == [(0, False), (1, False), (2, False), (2, True), (3, False)] and len(hours) == 26
    (change,) = scale.changes
    assert [round(each * 25, 6) for each in scale.stretch(change)] == [3, 4]


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
def test_any_zone_has_its_midnights(zone: str) -> None:
    for day in (date(2027, 4, 4), date(2026, 10, 4), date(2027, 1, 1)):
        places = [each.place for each in day_scale(day, ZoneInfo(zone)).hours()]
        assert places[0] == 0 and places[-1] == 1 and places == sorted(places)


def test_what_sleep_took_is_there_time_by_time() -> None:
    found = lane("0 * * * *", date(2027, 3, 27), NightlySleep(clock(23, 10), clock(7, 14)))
    asleep = [due for due, decision in found.passed if decision in (Decision.SKIPPED_ASLEEP, Decision.CAUGHT_UP)]
    assert clocks(asleep) == [f"{hour:02d}:00" for hour in range(8)]
    assert [each.is_catch_up for each in found.starts].count(True) == 1
    assert clocks([each.begins for each in found.starts])[:2] == ["07:14", "08:00"]


def test_what_runs_over_midnight_is_in_both_days() -> None:
    evening = [lane("0 23 * * *", date(2027, 3, day), usual_ms=7_200_000) for day in (26, 27)]
    assert [len(each.starts) for each in evening] == [2, 2]
    assert lane("0 23 * * *", date(2027, 3, 26)).starts[0].begins.astimezone(BERLIN).hour == 23


def test_what_overlaps_is_passed_over() -> None:
    found = lane("0 * * * *", date(2027, 3, 26), usual_ms=5_400_000)
    assert {decision for _due, decision in found.passed} == {Decision.SKIPPED_OVERLAP}
    assert len(found.passed) == 12


def test_a_day_without_anything_is_empty() -> None:
    assert lane("0 8 * * 1-5", SPRING).is_empty
