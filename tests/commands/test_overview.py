"""What an icon says of a real ledger: the same as the lists do; and what pauses everything, and lets exactly that go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from smartspec.commands import (
    executions,
    files,
    overview,
    pause_everything,
    quiet,
    schedule_lookup,
    schedules,
    starting,
)
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.schedule.rule import TriggerType
from smartspec.errors import Invalid
from tests.conftest import Ran

Store = Callable[..., files.Imported]
JOB = {"name": "job", "tasks": {"a": {"run": "true"}}}


def test_the_number_of_problems_is_that_of_the_list_it_leads_to(db: Path, run: Callable[..., Ran]) -> None:
    assert overview.show_overview().problems == 0
    failed = [run({"tasks": {"a": {"run": "exit 3"}}}).execution for _ in range(2)]
    run({"tasks": {"a": {"run": "true"}}})
    found = overview.show_overview()
    assert found.problems == len(executions.search_executions(overview.PROBLEMS).rows) == 2
    assert found.newest_problem == max(each.completed_at for each in failed if each.completed_at)
    assert [each.name for each in found.recent] == ["test"]


def test_what_is_on_and_due_is_said_and_that_nobody_serves_it(store: Store) -> None:
    store(JOB)
    made = schedules.create_schedule("job", "0 3 * * *", name="night")
    schedules.create_schedule("job", name="by hand", trigger_type=TriggerType.MANUAL)
    found = overview.show_overview()
    assert (found.active, found.is_unserved) == (1, True), "what is started by hand waits for nobody"
    assert found.next_due is not None and (found.next_due.name, found.next_due.at) == ("night", made.next_run_at)


def test_everything_pauses_and_exactly_that_goes_on_again(store: Store) -> None:
    store(JOB)
    for name in ("on", "off"):
        schedules.create_schedule("job", "0 3 * * *", name=name)
    schedules.pause_schedule("off")
    waits = starting.start_execution("job")
    assert pause_everything.pause_everything() == pause_everything.Changed(executions=1, schedules=1)
    found = overview.show_overview()
    assert found.paused is not None and found.paused.by and found.can_resume and not found.can_pause
    assert executions.get_execution(waits.id).status is ExecutionStatus.PAUSED
    schedules.resume_schedule("off")
    found = overview.show_overview()
    assert (found.paused, found.can_resume) == (None, True), "not everything is paused any more"
    schedules.pause_schedule("off")
    assert pause_everything.resume_everything() == pause_everything.Changed(executions=1, schedules=1)
    assert [schedule_lookup.get_schedule(name).status for name in ("on", "off")] == ["active", "paused"]
    assert executions.get_execution(waits.id).status is ExecutionStatus.PENDING
    assert pause_everything.resume_everything() == pause_everything.Changed(0, 0)
    assert not overview.show_overview().can_resume


def test_what_was_resumed_or_removed_meanwhile_is_left_as_it_is(store: Store) -> None:
    store(JOB)
    schedules.create_schedule("job", "0 3 * * *", name="one")
    schedules.create_schedule("job", "0 3 * * *", name="two")
    pause_everything.pause_everything()
    schedules.resume_schedule("one")
    schedules.delete_schedule("two")
    assert not overview.show_overview().can_resume
    assert pause_everything.resume_everything() == pause_everything.Changed(0, 0)


def test_it_is_quiet_until_a_moment_to_come_and_no_longer(db: Path) -> None:
    until = times.now() + timedelta(hours=1)
    assert quiet.quiet_until(until) == quiet.quiet_now() == overview.show_overview().quiet_until == until
    quiet.quiet_until(None)
    assert quiet.quiet_now() is None
    for wrong in (times.now(), times.now() + timedelta(days=400)):
        with pytest.raises(Invalid, match="It can be quiet until a moment to come"):
            quiet.quiet_until(wrong)
    morning = quiet.tomorrow_morning(times.now()).astimezone()
    assert (morning.hour, morning.date()) == (8, (times.now().astimezone() + timedelta(days=1)).date())
