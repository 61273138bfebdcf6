"""Days to come: what would run, what would be in its way, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Overlap, Plan
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.simulate import (
    NightlySleep,
    SimulatedSchedule,
    Simulation,
    by_day,
    most_at_once,
    overlap_count,
    run_time,
    simulate,
)  # fmt: skip

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 3, 25, 13, 32, tzinfo=UTC)
HOUR = 3_600_000


def of(expression: str, usual_ms: int | None = 1_000, workflow: int = 1, overlap: str = "skip") -> SimulatedSchedule:
    plan = Plan(rule=parse_rule("cron", expression), zone=BERLIN, overlap=Overlap(overlap))
    return SimulatedSchedule(workflow, plan, usual_ms)


def thirty_days(*schedules: SimulatedSchedule, places: int = 4, sleep: NightlySleep | None = None) -> Simulation:
    return simulate(schedules, START, 30, BERLIN, places, sleep)


def test_what_would_run_and_how_long_a_day_is() -> None:
    found = thirty_days(of("0 2 * * *"), of("*/30 * * * *", workflow=2))
    days = {each.day.isoformat(): each for each in by_day(found, BERLIN)}
    assert (days["2027-03-27"].starts, days["2027-03-28"].starts) == (49, 47)
    assert (days["2027-03-27"].length, days["2027-03-28"].length) == (timedelta(hours=24), timedelta(hours=23))
    assert days["2027-03-28"].hours[:5] == (2, 2, 0, 3, 2)
    assert len(found.starts) == 30 + 30 * 48
    assert run_time(found) == timedelta(seconds=len(found.starts))
    assert most_at_once(found) == 2


def test_what_takes_longer_than_its_time_is_in_its_own_way() -> None:
    found = thirty_days(of("0 */2 * * *", usual_ms=3 * HOUR))
    assert (len(found.starts), overlap_count(found)) == (180, 179)
    assert {each.decision for each in found.firings[0]} == {Decision.RAN, Decision.SKIPPED_OVERLAP}
    queued = thirty_days(of("0 8 * * *", usual_ms=3 * HOUR), of("0 9 * * *", usual_ms=HOUR, overlap="queue"))
    after = [each for each in queued.starts if each.schedule == 1]
    assert {each.begins - each.due for each in after} == {timedelta(hours=2)}
    replaced = thirty_days(of("0 8 * * *", usual_ms=3 * HOUR), of("0 9 * * *", usual_ms=HOUR, overlap="replace"))
    assert {each.ends - each.begins for each in replaced.starts} == {timedelta(hours=1)}


def test_what_comes_at_once_waits_for_a_place() -> None:
    found = thirty_days(*(of("0 8 * * *", usual_ms=60_000, workflow=number) for number in range(5)), places=2)
    first = found.starts[:5]
    assert [each.begins - each.at for each in first] == [timedelta(minutes=each) for each in (0, 0, 1, 1, 2)]
    assert most_at_once(found) == 5


def test_what_is_slept_over_is_caught_up_with() -> None:
    night = NightlySleep(clock(23, 10), clock(7, 14))
    found = thirty_days(of("0 2 * * *"), of("0 * * * *", workflow=2), sleep=night)
    caught_up = [each for each in found.starts if each.is_catch_up]
    assert len(caught_up) == 60
    assert {each.begins.astimezone(BERLIN).strftime("%H:%M:%S") for each in caught_up} == {"07:14:30", "07:14:31"}
    assert not any(sleep.start < each.begins < sleep.end for sleep in found.sleeps for each in found.starts)
    assert all(before.end < after.start for before, after in pairwise(found.sleeps))


def test_too_many_starts_end_it_early_and_it_says_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.domain.schedule.simulate.MOST_STARTS", 500)
    found = simulate([of("* * * * *", workflow=1), of("* * * * *", workflow=2)], START, 30, BERLIN, 4)
    assert len(found.starts) == 500
    assert START < found.until < START + timedelta(days=30)


def test_a_workflow_that_has_never_run_is_estimated() -> None:
    assert {each.ends - each.begins for each in thirty_days(of("0 8 * * *", usual_ms=None)).starts} == {
        timedelta(minutes=1)
    }


def test_without_schedules_nothing_happens() -> None:
    assert thirty_days().starts == ()
    assert most_at_once(thirty_days()) == 0


def test_what_is_made_up_for_after_a_night_comes_one_after_another() -> None:
    night = NightlySleep(clock(23), clock(7))
    found = thirty_days(*(of("0 3 * * *", usual_ms=HOUR // 2, workflow=number) for number in range(3)), sleep=night)
    made_up = sorted((each for each in found.starts if each.is_catch_up), key=lambda each: each.at)
    assert len(made_up) == 90
    assert all(before.ends <= after.at for before, after in pairwise(made_up))
    long = thirty_days(*(of("0 3 * * *", usual_ms=3 * HOUR, workflow=number) for number in range(3)), sleep=night)
    first = sorted(each.at for each in long.starts if each.is_catch_up)[:3]
    assert [after - before for before, after in pairwise(first)] == [timedelta(hours=1)] * 2
