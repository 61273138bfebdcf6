"""What this ledger knows of a schedule that is being written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from smartspec.commands import files, schedules, settings, workflows
from smartspec.commands.schedule_insights import ScheduleInsights, schedule_insights
from smartspec.commands.schedule_plan import plan_of
from smartspec.domain import times
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.schedule import Schedule
from smartspec.store import database, firings

Store = Callable[..., files.Imported]


@pytest.fixture
def job(store: Store) -> str:
    store({"name": "job", "tasks": {"a": {"run": "true"}}})
    return workflows.get_workflow("job").id


def made(job: str, rule: str, name: str) -> Schedule:
    return schedules.create_schedule(job, rule, name=name, timezone="UTC")


def known(schedule: Schedule, job: str, *, mains: bool = False) -> ScheduleInsights:
    plan = plan_of(schedule)
    due = plan.next_due(times.now())
    assert due is not None
    return schedule_insights(plan, due, schedule, job, asks_for_mains=mains)


def test_those_that_start_in_the_same_minute_and_a_minute_without(job: str) -> None:
    mine = made(job, "30 7 * * *", "mine")
    for rule, name in (("30 7 * * *", "also"), ("35 7 * * *", "soon"), ("0 9 * * *", "later")):
        made(job, rule, name)
    schedules.pause_schedule(made(job, "30 7 * * *", "paused").id)
    found = known(mine, job)
    assert (found.beside, found.free, found.schedules) == (("also",), 7 * 60 + 40, 3)
    assert (found.own[7], found.others[7], found.others[9]) == (1, 2, 1)
    assert found.places == settings.get_setting("runner.at_once")


def test_alone_it_needs_no_other_minute(job: str) -> None:
    found = known(made(job, "*/20 * * * *", "mine"), job)
    assert (found.beside, found.free, found.gap_ms) == ((), None, 1_200_000)
    assert (found.usual_ms, found.most_ms) == (None, None)
    assert sum(found.own) == 72 and not any(found.others)


def test_what_was_changed_is_counted_anew(job: str) -> None:
    mine, other = made(job, "30 7 * * *", "mine"), made(job, "30 7 * * *", "other")
    assert known(mine, job).beside == ("other",)
    schedules.update_schedule(other.id, "45 7 * * *")
    assert known(mine, job).beside == ()


def test_how_often_the_battery_was_in_the_way_is_said_where_that_is_asked_for(job: str) -> None:
    mine = made(job, "30 7 * * *", "mine")
    now = times.now()
    with database.transaction():
        for days, (decision, reason) in enumerate(
            ((Decision.RAN, ""), (Decision.SKIPPED_CONDITION, "battery: 40"), (Decision.SKIPPED_CONDITION, "metered"))
        ):
            firings.add(
                mine, Firing(scheduled_for=now - timedelta(days=days + 1), decision=decision, reason=reason), now
            )
    found = known(mine, job, mains=True)
    assert (found.on_battery, found.looked_at) == (1, 3)
    assert known(mine, job).on_battery == 0
