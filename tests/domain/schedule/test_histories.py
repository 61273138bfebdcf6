"""Whole histories of a machine: the twelve situations that a scheduler must get right, and random ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartspec.domain.schedule.backfill import backfill
from smartspec.domain.schedule.due import due_between
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Misfire, Overlap, Plan
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.situation import GRACE, LONGEST_UNMET, RESUME_DELAY, AbsenceKind
from smartspec.errors import Invalid
from tests.domain.schedule.machine import Machine

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[2] / "data" / "schedule_cases.json").read_text("utf-8"))
}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def cron(expression: str, zone: str = "UTC", misfire: str = "once", overlap: str = "skip", **given: object) -> Plan:
    rule = parse_rule("cron", expression)
    return Plan(rule=rule, zone=ZoneInfo(zone), misfire=Misfire(misfire), overlap=Overlap(overlap), **given)  # type: ignore[arg-type]


def rows(machine: Machine) -> list[tuple[str, str, int]]:
    return [(f"{each.scheduled_for:%d %H:%M}", each.decision.value, each.count) for each in machine.firings]


def starts(machine: Machine) -> list[str]:
    return [f"{each.at:%d %H:%M:%S}" for each in machine.started]


def test_all_twelve_are_here() -> None:
    tests = {name.removeprefix("test_case_").replace("_", "-") for name in globals() if name.startswith("test_case_")}
    assert tests == set(CASES)


def test_case_wake_gap() -> None:
    machine = Machine(cron("30 20 * * *"), at("2026-11-23 12:00"))
    machine.awake(at("2026-11-23 19:00"), MINUTE)
    machine.away(at("2026-11-24 09:00"))
    machine.awake(at("2026-11-24 12:00"))
    assert rows(machine) == [("23 20:30", "caught_up", 1)]
    assert starts(machine) == ["24 09:00:30"]
    assert machine.next_run_at == at("2026-11-24 20:30")


def test_case_catch_up_does_not_eat_today() -> None:
    machine = Machine(cron("0 18 * * *"), at("2026-11-23 12:00"), takes=timedelta(hours=9))
    machine.away(at("2026-11-24 09:46"), AbsenceKind.OFF)
    machine.awake(at("2026-11-24 23:00"), MINUTE)
    assert rows(machine) == [("23 18:00", "caught_up", 1), ("24 18:00", "queued", 1)]
    assert starts(machine) == ["24 09:47:00", "24 18:47:00"]
    assert [each.due for each in machine.started] == [at("2026-11-23 18:00"), at("2026-11-24 18:00")]


def test_case_no_early_fire_on_restart() -> None:
    machine = Machine(cron("0 9 * * *", "Asia/Shanghai"), at("2026-11-23 08:59", "Asia/Shanghai"))
    machine.awake(at("2026-11-23 09:01", "Asia/Shanghai"))
    machine.away(at("2026-11-24 01:24", "Asia/Shanghai"), AbsenceKind.OFF)
    machine.awake(at("2026-11-24 08:59:50", "Asia/Shanghai"), MINUTE)
    assert rows(machine) == [("23 01:00", "ran", 1)]
    assert machine.next_run_at == at("2026-11-24 09:00", "Asia/Shanghai")


def test_case_re_enable_skip() -> None:
    machine = Machine(cron("* * * * *", misfire="skip"), at("2026-11-23 10:00"))
    machine.pause()
    machine.now = at("2026-11-23 10:05")
    machine.resume()
    assert rows(machine) == [("23 10:01", "skipped_paused", 5)]
    assert machine.next_run_at == at("2026-11-23 10:06")
    assert starts(machine) == []


def test_case_clock_forward_hour() -> None:
    start = at("2026-11-23 10:00")
    plan = Plan(rule=parse_rule("interval", "5 s", start), zone=UTC)
    machine = Machine(plan, start + SECOND)
    machine.away(start + timedelta(hours=1, seconds=2), AbsenceKind.CLOCK)
    assert starts(machine) == ["23 11:00:02"]
    assert sum(each.count for each in machine.firings) == 720
    machine.awake(start + timedelta(hours=1, seconds=12), SECOND)
    assert starts(machine) == ["23 11:00:02", "23 11:00:05", "23 11:00:10"]


def test_case_machine_zone_changes() -> None:
    machine = Machine(cron("0 9 * * *", "Europe/Berlin"), at("2026-11-23 12:00"))
    machine.change(cron("0 9 * * *", "America/New_York"))
    assert machine.next_run_at == at("2026-11-23 09:00", "America/New_York")
    machine.awake(at("2026-11-23 14:01"), MINUTE)
    assert starts(machine) == ["23 14:00:00"]


def test_case_resume_before_network() -> None:
    machine = Machine(cron("0 * * * *", misfire="all", catch_up_cap=3), at("2026-11-23 00:30"), takes=50 * SECOND)
    machine.away(at("2026-11-23 08:30"))
    machine.awake(at("2026-11-23 08:40"))
    assert rows(machine) == [
        ("23 01:00", "skipped_asleep", 5),
        ("23 06:00", "caught_up", 1),
        ("23 07:00", "caught_up", 1),
        ("23 08:00", "caught_up", 1),
    ]
    assert starts(machine) == ["23 08:30:30", "23 08:31:20", "23 08:32:10"]


def test_case_fold_duplicates() -> None:
    """The runner is stopped and begins again between the two 01:30."""
    machine = Machine(cron("30 1 * * *", "America/New_York"), at("2026-11-01 00:00", "America/New_York"))
    machine.awake(at("2026-11-01 05:31"), MINUTE)
    machine.away(at("2026-11-01 06:15"), AbsenceKind.OFF)
    machine.awake(at("2026-11-01 12:00"), MINUTE)
    assert starts(machine) == ["01 05:30:00"]
    assert machine.next_run_at == at("2026-11-02 01:30", "America/New_York")


def test_case_same_expression_twice() -> None:
    one, other = (Machine(cron("0 9 * * *", key=key, overlap="allow"), at("2026-11-23 08:00")) for key in ("a", "b"))
    for machine in (one, other):
        machine.awake(at("2026-11-23 09:01"), MINUTE)
        assert starts(machine) == ["23 09:00:00"]


def test_case_backfill_with_zone() -> None:
    plan = cron("0 9 1 * *", "Europe/Berlin")
    first, end = at("2019-01-01 00:00", "Europe/Berlin"), at("2019-03-31 23:59", "Europe/Berlin")
    firings = backfill(plan, first, end, cause="by-hand-1", by="mira")
    assert [each.scheduled_for.astimezone(plan.zone).isoformat() for each in firings] == [
        "2019-01-01T09:00:00+01:00", "2019-02-01T09:00:00+01:00", "2019-03-01T09:00:00+01:00",
    ]  # fmt: skip
    assert {each.decision for each in firings} == {Decision.CAUGHT_UP}
    with pytest.raises(Invalid, match="more than 1,000"):
        backfill(cron("* * * * *"), first, end, cause="by-hand-2", by="mira")


def test_case_notify_once() -> None:
    """What was missed forty times is one row with a count: one notification."""
    machine = Machine(cron("*/15 * * * *", misfire="skip"), at("2026-11-23 00:00"))
    machine.away(at("2026-11-23 10:05"), AbsenceKind.OFF)
    assert rows(machine) == [("23 00:15", "skipped_missed", 40)]


def test_case_impossible() -> None:
    with pytest.raises(Invalid, match="never comes"):
        parse_rule("cron", "0 0 30 2 *")


# Random ones

START = at("2026-03-28 12:00")
spells = st.lists(
    st.tuples(st.sampled_from(["awake", "awake", "asleep", "off", "busy", "pause", "resume"]), st.integers(1, 400)),
    max_size=14,
)
expressions = st.sampled_from(
    ["*/10 * * * *", "0 * * * *", "30 2 * * *", "*/7 1-5 * * *", "0,1,2 */2 * * *", "5 3,9,15 * * *"]
)


def lived(machine: Machine, history: list[tuple[str, int]]) -> None:
    """Spells of so many units of 20 seconds."""
    for what, units in history:
        until = machine.now + units * 20 * SECOND
        if what == "pause":
            if not any(pause.end is None for pause in machine.pauses):
                machine.pause()
        elif what == "resume":
            if any(pause.end is None for pause in machine.pauses):
                machine.resume()
        elif what == "awake":
            machine.awake(until, 20 * SECOND)
        elif what == "busy":  # it serves, and does not come to look
            machine.tick(until)
        else:
            machine.away(until, AbsenceKind(what))
    if any(pause.end is None for pause in machine.pauses):
        machine.resume()
    machine.awake(machine.now + 10 * MINUTE, 20 * SECOND)


@settings(max_examples=60, deadline=None)
@given(
    expressions,
    st.sampled_from(list(Misfire)),
    st.sampled_from(list(Overlap)),
    st.integers(1, 4),
    st.integers(0, 30),
    spells,
)
def test_every_due_time_is_explained_once_and_nothing_is_early_or_twice(
    expression: str, misfire: Misfire, overlap: Overlap, cap: int, minutes: int, history: list[tuple[str, int]]
) -> None:
    plan = cron(expression, "Europe/Berlin", misfire, overlap, catch_up_cap=cap)
    machine = Machine(plan, START, takes=minutes * MINUTE)
    lived(machine, history)
    explained = [due for due, _firing in machine.by_due_time()]
    assert explained == list(due_between(plan.rule, plan.zone, START, machine.now))
    dues = [each.due for each in machine.started if each.due is not None]
    assert len(dues) == len(set(dues))
    assert all(each.at >= each.due for each in machine.started if each.due is not None)
    if overlap is not Overlap.ALLOW:
        ends = sorted(machine.started, key=lambda each: each.at)
        assert all(before.until <= after.at for before, after in pairwise(ends))


@settings(max_examples=60, deadline=None)
@given(expressions, st.sampled_from(list(Misfire)), st.integers(1, 4), spells)
def test_decisions_are_those_of_a_model_that_looks_at_each_due_time(
    expression: str, misfire: Misfire, cap: int, history: list[tuple[str, int]]
) -> None:
    plan = cron(expression, "Europe/Berlin", misfire, catch_up_cap=cap)
    machine = Machine(plan, START)
    lived(machine, history)
    assert {due: firing.decision for due, firing in machine.by_due_time()} == predicted(machine, misfire, cap)


def predicted(machine: Machine, misfire: Misfire, cap: int) -> dict[datetime, Decision]:
    """Each look of the machine again, by hand: what is ripe, which of it is fresh, and what is owed for the rest."""
    found: dict[datetime, Decision] = {}
    owed: list[datetime] = []
    dues = list(due_between(machine.plan.rule, machine.plan.zone, START, machine.now))
    for look, since, pauses in machine.looks:
        ripe = [due for due in dues if due <= look and due not in found and due not in owed]
        fresh = [due for due in ripe if due >= since - GRACE and not machine_paused(machine, due, pauses)]
        for due in ripe:
            if machine_paused(machine, due, pauses):
                found[due] = Decision.SKIPPED_PAUSED
            elif due != max(fresh, default=None) or due != ripe[-1]:
                owed.append(due)
            else:
                found[due] = Decision.RAN
        if owed and (
            look >= since + RESUME_DELAY
            or misfire is Misfire.SKIP
            or any(found.get(due) is Decision.RAN for due in ripe)
        ):
            late = [due for due in owed if absence_of(machine, due) is None]
            real = (
                [due for due in owed if due not in late]
                if misfire is Misfire.ONCE and ripe and found.get(ripe[-1]) is Decision.RAN
                else owed
            )
            made_up = {Misfire.SKIP: [], Misfire.ONCE: real[-1:], Misfire.ALL: owed[-cap:]}[misfire]
            for due in owed:
                kind = absence_of(machine, due)
                skipped = Decision.SKIPPED_ASLEEP if kind is AbsenceKind.ASLEEP else Decision.SKIPPED_MISSED
                found[due] = Decision.CAUGHT_UP if due in made_up else skipped
            owed = []
    return found


def machine_paused(machine: Machine, due: datetime, so_far: int) -> bool:
    return any(pause.holds(due) for pause in machine.pauses[:so_far])


def absence_of(machine: Machine, due: datetime) -> AbsenceKind | None:
    return next((each.kind for each in machine.absences if each.start <= due <= each.end), None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=5, max_size=60), st.sampled_from([Misfire.SKIP, Misfire.ONCE, Misfire.ALL]))
def test_a_condition_holds_up_and_is_made_up_for(holds: list[bool], misfire: Misfire) -> None:
    """`holds` is of each two minutes, an hourly schedule's."""
    machine = Machine(cron("*/20 * * * *", misfire=misfire), START)
    for met in [*holds, True, True, True, True]:
        machine.unmet = "" if met else "battery: 34"
        machine.awake(machine.now + 2 * MINUTE, 20 * SECOND)
        assert met or not machine.started or machine.started[-1].at < machine.now - 2 * MINUTE + 20 * SECOND
    for due, firing in machine.by_due_time():
        waited = [each.at - due for each in machine.started if each.due == due]
        if firing.decision is Decision.RAN:
            assert waited[0] <= LONGEST_UNMET
        if firing.decision is Decision.SKIPPED_CONDITION and misfire is not Misfire.ALL:
            assert misfire is Misfire.ONCE or not waited
    if misfire is Misfire.ALL:
        assert all(each.execution for each in machine.firings)
