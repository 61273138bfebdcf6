"""What is worth knowing of a simulation: each sentence names the thing, its day, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Overlap, Plan
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.simulate import NightlySleep, SimulatedSchedule, simulate
from smartspec.domain.schedule.simulated_findings import Finding, FindingKind, findings, some_of
from smartspec.messages import translate

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
START = datetime(2027, 3, 25, 13, 32, tzinfo=UTC)
HOUR = 3_600_000
K = FindingKind


def of(
    expression: str, usual_ms: int | None = 1_000, workflow: int = 1, overlap: str = "skip", zone: ZoneInfo = BERLIN
) -> SimulatedSchedule:
    plan = Plan(rule=parse_rule("cron", expression), zone=zone, overlap=Overlap(overlap))
    return SimulatedSchedule(workflow, plan, usual_ms)


def found(
    *schedules: SimulatedSchedule, days: int = 30, places: int = 4, sleep: NightlySleep | None = None,
    start: datetime = START,
) -> list[Finding]:  # fmt: skip
    lived = simulate(schedules, start, days, BERLIN, places, sleep)
    names = [(f"S{number}", f"W{each.workflow}") for number, each in enumerate(schedules)]
    return list(findings(lived, schedules, names, BERLIN))


def said(one: Finding) -> tuple[str, str]:
    return translate(one.headline), translate(one.detail)


def test_the_hour_that_is_left_out() -> None:
    (change,) = found(of("0 2 * * *"), of("*/30 * * * *", workflow=2), of("0 12 * * *", workflow=3))
    assert (change.kind, change.day) == (K.CLOCK, date(2027, 3, 28))
    assert said(change) == (
        "Sun 28 Mar has no 02:00–03:00", "S0: 02:00 does not exist; it runs at 03:00. 1 more is due then.",
    )  # fmt: skip


def test_the_hour_that_comes_twice() -> None:
    (change,) = found(of("*/30 * * * *"), start=datetime(2026, 10, 20, tzinfo=UTC))
    assert said(change) == ("Sun 25 Oct has 02:00–03:00 twice", "S0: 2 times come twice and run twice.")


def test_a_change_that_touches_nothing_is_told_and_one_in_sleep_says_so() -> None:
    (change,) = found(of("0 12 * * *"), sleep=NightlySleep(clock(23), clock(7)))
    assert said(change)[1] == "No schedule is due then. The machine sleeps then."


def test_changes_of_other_zones_are_told_too() -> None:
    told = found(of("30 2 * * *", zone=NEW_YORK), start=datetime(2027, 3, 10, tzinfo=UTC))
    assert [said(each) for each in told if each.kind is K.CLOCK] == [
        ("Sun 28 Mar has no 02:00–03:00", "No schedule is due then."),
        ("Sun 14 Mar has no 02:00–03:00", "S0: 02:30 does not exist; it runs at 03:00."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("overlap", "what", "decision"),
    [
        ("skip", "they are skipped", Decision.SKIPPED_OVERLAP),
        ("queue", "they wait until it has ended", Decision.QUEUED),
        ("replace", "they end it and take its place", Decision.REPLACED),
    ],
)
def test_an_overlap_says_when_and_what_becomes_of_it(overlap: str, what: str, decision: Decision) -> None:
    told = found(of("0 8 * * *", usual_ms=2 * HOUR), of("0 9 * * 5", overlap=overlap), days=28)
    (one,) = (each for each in told if each.kind is K.OVERLAP)
    assert said(one) == (
        "4 overlaps: W1 is still active", f"S1: on 4 days, each a Fri; {what}.",
    )  # fmt: skip
    assert (one.schedule, one.day, one.decision) == (1, date(2027, 3, 26), decision)


def test_of_one_day_the_time_is_said_and_of_several_the_first() -> None:
    once = found(of("0 8 * * *", usual_ms=2 * HOUR), of("0 9 1 4 *"))
    assert "S1: on Thu 1 Apr, first at 09:00; they are skipped." in [said(each)[1] for each in once]
    often = found(of("0 */2 * * *", usual_ms=3 * HOUR), days=3)
    assert "S0: on 3 days, the first Thu 25 Mar; they are skipped." in [said(each)[1] for each in often]


def test_more_at_once_than_there_are_places() -> None:
    told = found(*(of("0 8 * * *", usual_ms=60_000, workflow=number) for number in range(5)), places=2, days=2)
    (one,) = (each for each in told if each.kind is K.CROWD)
    assert said(one) == ("Fri 26 Mar 08:00: 5 at once, 2 places", "In all 3 starts wait for a place, at most 2 m.")
    assert not [each for each in found(of("0 8 * * *"), places=1) if each.kind is K.CROWD]


def test_what_is_estimated_names_the_workflows() -> None:
    told = found(*(of("0 8 * * *", None, number, "allow") for number in range(5)), days=2)
    (one,) = (each for each in told if each.kind is K.ESTIMATED)
    assert said(one) == (
        "5 workflows have never completed", "A minute is taken for each execution of W0, W1, W2 and 2 more.",
    )  # fmt: skip


def test_what_is_left_out_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.domain.schedule.simulate.MOST_STARTS", 60)
    first = found(of("* * * * *"))[0]
    assert first.kind is K.LEFT_OUT and first.day == date(2027, 3, 25)
    assert said(first)[0] == "It is too much to look at: all after Thu 25 Mar 15:32 is left out"


def test_names_that_fit_are_all_said() -> None:
    assert translate(some_of(["a"])) == "a"
    assert translate(some_of(["a", "b", "c"])) == "a, b, c"
    assert translate(some_of(["a", "b", "c", "d"])) == "a, b, c and 1 more"
