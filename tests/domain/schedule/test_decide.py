"""What is decided about due times, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.catch_up import catch_up_at, next_start, waiting
from smartspec.domain.schedule.decide import Decided, decide
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Misfire, Overlap, Plan
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.situation import Absence, AbsenceKind, ActiveExecution, Pause, Situation

UTC_ZONE = ZoneInfo("UTC")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def cron(expression: str, misfire: str = "once", overlap: str = "skip", cap: int = 24) -> Plan:
    rule = parse_rule("cron", expression)
    return Plan(rule=rule, zone=UTC_ZONE, misfire=Misfire(misfire), overlap=Overlap(overlap), catch_up_cap=cap)


def awake(now: str, **given: object) -> Situation:
    return Situation(now=at(now), serving_since=LONG_AGO, **given)  # type: ignore[arg-type]


def back(start: str, end: str, now: str = "", kind: AbsenceKind = AbsenceKind.ASLEEP) -> Situation:
    absence = Absence(at(start), at(end), kind)
    return Situation(now=at(now or end), serving_since=at(end), absences=(absence,))


def rows(decided: Decided) -> list[tuple[str, str, int]]:
    return [(f"{each.scheduled_for:%d %H:%M}", each.decision.value, each.count) for each in decided.firings]


HOURLY_OFF = ("22T10:30:00", "25T10:30:00")  # three days: 72 due times


@pytest.mark.parametrize(("misfire", "caught_up", "skipped"), [("skip", 0, 72), ("once", 1, 71), ("all", 24, 48)])
def test_three_days_off(misfire: str, caught_up: int, skipped: int) -> None:
    situation = back(*HOURLY_OFF, now="25T10:30:30", kind=AbsenceKind.OFF)
    decided = decide(cron("0 * * * *", misfire), at("22T11:00:00"), situation)
    missed, *made_up = decided.firings if misfire != "skip" else (*decided.firings,)
    assert (missed.decision, missed.count) == (Decision.SKIPPED_MISSED, skipped)
    assert [each.decision for each in made_up] == [Decision.CAUGHT_UP] * caught_up
    assert decided.next_run_at == at("25T11:00:00")
    if made_up:
        assert made_up[-1].scheduled_for == at("25T10:00:00")


def test_what_is_due_runs_and_the_next_one_follows() -> None:
    decided = decide(cron("0 9 * * *"), at("24T09:00:00"), awake("24T09:00:01"))
    assert rows(decided) == [("24 09:00", "ran", 1)]
    assert decided.next_run_at == at("25T09:00:00")


def test_nothing_is_early() -> None:
    decided = decide(cron("0 9 * * *"), at("24T09:00:00"), awake("24T01:24:00"))
    assert decided == Decided((), at("24T09:00:00"), at("24T09:00:00"))


@pytest.mark.parametrize(
    ("overlap", "active", "decision"),
    [("skip", [ActiveExecution(ExecutionPk(7), 308)], "skipped_overlap"), ("queue", [ActiveExecution(ExecutionPk(7), 308)], "queued"),
     ("allow", [ActiveExecution(ExecutionPk(7), 308)], "ran"), ("replace", [ActiveExecution(ExecutionPk(7), 308)], "skipped_overlap"),
     ("replace", [ActiveExecution(ExecutionPk(7), 308, by_schedule=True)], "replaced"),
     ("skip", [ActiveExecution(ExecutionPk(7), 308, by_schedule=True, is_catch_up=True)], "queued")],
)  # fmt: skip
def test_overlap(overlap: str, active: list[ActiveExecution], decision: str) -> None:
    decided = decide(cron("0 9 * * *", overlap=overlap), at("24T09:00:00"), awake("24T09:00:01", active=tuple(active)))
    assert rows(decided) == [("24 09:00", decision, 1)]
    assert decided.ends == ((7,) if decision == "replaced" else ())


def test_a_pause_is_one_row_and_not_made_up_for() -> None:
    pause = Pause(at("24T10:00:00"), at("24T10:05:00"), "mira")
    decided = decide(cron("* * * * *", "all"), at("24T10:01:00"), awake("24T10:05:00", pauses=(pause,)))
    assert rows(decided) == [("24 10:01", "skipped_paused", 5)]
    assert decided.next_run_at == at("24T10:06:00")
    assert waiting(cron("* * * * *", "all"), decided.firings, at("24T12:30:00")) == []


def test_an_unmet_condition_waits_for_five_minutes_and_is_made_up_for() -> None:
    plan = cron("0 * * * *")
    first = decide(plan, at("24T12:00:00"), awake("24T12:00:01", unmet="battery: 34"))
    assert first == Decided((), at("24T12:00:00"), at("24T12:05:00"))
    assert rows(decide(plan, at("24T12:00:00"), awake("24T12:04:10"))) == [("24 12:00", "ran", 1)]
    decided = decide(plan, at("24T12:00:00"), awake("24T12:05:00", unmet="battery: 34"))
    assert rows(decided) == [("24 12:00", "skipped_condition", 1)]
    owed = waiting(plan, decided.firings, at("24T12:30:00"))
    assert next_start(plan, owed, awake("24T12:30:00", unmet="battery: 33")) is None
    assert next_start(plan, owed, awake("24T12:40:00")) == decided.firings[0]
    assert waiting(cron("0 * * * *", "skip"), decided.firings, at("24T12:30:00")) == []


def test_a_catch_up_waits_for_the_resume_delay_and_for_the_one_before() -> None:
    plan, situation = cron("30 20 * * *"), back("23T19:00:00", "24T09:00:00")
    assert decide(plan, at("23T20:30:00"), situation) == Decided((), at("23T20:30:00"), at("24T09:00:30"))
    later = back("23T19:00:00", "24T09:00:00", "24T09:00:30")
    decided = decide(plan, at("23T20:30:00"), later)
    assert rows(decided) == [("23 20:30", "caught_up", 1)]
    assert decided.next_run_at == at("24T20:30:00")
    owed = waiting(plan, decided.firings, at("24T12:30:00"))
    assert next_start(plan, owed, situation) is None
    assert catch_up_at(plan, situation) == at("24T09:00:30")
    assert next_start(plan, owed, later) == decided.firings[0]


def test_an_interval_over_a_clock_set_forward_fires_once() -> None:
    start = at("24T10:00:00")
    plan = Plan(rule=parse_rule("interval", "5 s", start), zone=UTC_ZONE)
    moved = back("24T10:00:02", "24T11:00:02", "24T11:00:02", AbsenceKind.CLOCK)
    decided = decide(plan, start + timedelta(seconds=5), moved)
    assert [(each.decision, each.count) for each in decided.firings] == [
        (Decision.SKIPPED_MISSED, 719),
        (Decision.RAN, 1),
    ]
