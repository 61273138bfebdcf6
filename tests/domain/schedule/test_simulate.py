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
    simulate,
)  # fmt: skip
from smartspec.domain.schedule.simulated_load import by_day, by_hour, most_at_once, sums
from smartspec.errors import Stopped

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
    assert len(days) == 30 and list(days)[::29] == ["2027-03-25", "2027-04-23"]
    assert len(found.starts) == 29 + 29 * 48 - 2 + 18, "from 14:32 of the first day to the end of the thirtieth"
    assert sums(found).run_time == timedelta(seconds=len(found.starts))
    assert most_at_once(found)[0] == 2


def test_what_takes_longer_than_its_time_is_in_its_own_way() -> None:
    found = thirty_days(of("0 */2 * * *", usual_ms=3 * HOUR))
    assert (len(found.starts), sums(found).overlaps) == (176, 175)
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
    assert most_at_once(found) == (5, first[0].at)
    assert [round(each.waiting, 2) for each in by_hour(found, BERLIN)][7:10] == [0, 2.9, 0]


def test_what_is_slept_over_is_caught_up_with() -> None:
    night = NightlySleep(clock(23, 10), clock(7, 14))
    found = thirty_days(of("0 2 * * *"), of("0 * * * *", workflow=2), sleep=night)
    caught_up = [each for each in found.starts if each.is_catch_up]
    assert len(caught_up) == 58
    assert (sums(found).caught_up, sums(found).slept_over) == (58, 29 + 29 * 8 - 1)
    assert {each.begins.astimezone(BERLIN).strftime("%H:%M:%S") for each in caught_up} == {"07:14:30", "07:14:31"}
    assert not any(sleep.start < each.begins < sleep.end for sleep in found.sleeps for each in found.starts)
    assert all(before.end < after.start for before, after in pairwise(found.sleeps))


def test_too_many_starts_end_it_early_and_it_says_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.domain.schedule.simulate.MOST_STARTS", 500)
    found = simulate([of("* * * * *", workflow=1), of("* * * * *", workflow=2)], START, 30, BERLIN, 4)
    assert len(found.starts) == 500
    assert START < found.until < found.asked_until
    assert not any(each.is_whole for each in by_day(found, BERLIN))


def test_what_only_passes_over_ends_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.domain.schedule.simulate.MOST_LOOKS", 200)
    found = thirty_days(of("* * * * *", usual_ms=100 * 24 * HOUR))
    assert len(found.starts) == 1 and found.until < START + timedelta(hours=4)


def test_it_is_given_up_when_nobody_wants_it_any_more() -> None:
    told: list[float] = []

    def tell(share: float) -> bool:
        told.append(share)
        return len(told) < 3

    with pytest.raises(Stopped):
        simulate([of("* * * * *")], START, 30, BERLIN, 4, on_progress=tell)
    assert told == sorted(told) and 0 <= told[0] < told[-1] < 1


def test_what_runs_stands_still_while_the_machine_sleeps() -> None:
    night = NightlySleep(clock(23), clock(7))
    found = thirty_days(of("0 22 * * *", usual_ms=3 * HOUR), sleep=night)
    first = found.starts[0]
    assert [f"{each.astimezone(BERLIN):%d %H:%M}" for each in (first.begins, first.ends)] == ["25 22:00", "26 09:00"]
    assert found.awake(first.begins, first.ends) == timedelta(hours=3)
    assert sums(found).run_time == timedelta(hours=3) * len(found.starts)


def test_what_waits_for_a_place_does_not_begin_in_sleep() -> None:
    night = NightlySleep(clock(23), clock(7))
    one_after_another = [of("50 22 * * *", usual_ms=HOUR // 2, workflow=number) for number in range(2)]
    found = thirty_days(*one_after_another, places=1, sleep=night)
    assert not any(each.start <= start.begins < each.end for each in found.sleeps for start in found.starts)


def test_a_workflow_that_has_never_run_is_estimated() -> None:
    assert {each.ends - each.begins for each in thirty_days(of("0 8 * * *", usual_ms=None)).starts} == {
        timedelta(minutes=1)
    }


def test_without_schedules_nothing_happens() -> None:
    assert thirty_days().starts == ()
    assert most_at_once(thirty_days())[0] == 0


def test_what_is_made_up_for_after_a_night_comes_one_after_another() -> None:
    night = NightlySleep(clock(23), clock(7))
    found = thirty_days(*(of("0 3 * * *", usual_ms=HOUR // 2, workflow=number) for number in range(3)), sleep=night)
    made_up = sorted((each for each in found.starts if each.is_catch_up), key=lambda each: each.at)
    assert len(made_up) == 87
    assert all(before.ends <= after.at for before, after in pairwise(made_up))
    long = thirty_days(*(of("0 3 * * *", usual_ms=3 * HOUR, workflow=number) for number in range(3)), sleep=night)
    first = sorted(each.at for each in long.starts if each.is_catch_up)[:3]
    assert [after - before for before, after in pairwise(first)] == [timedelta(hours=1)] * 2
