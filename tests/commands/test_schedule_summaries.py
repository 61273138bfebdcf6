"""What the list of schedules shows: how the last executions went, what was decided, what comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from smartspec.commands import schedule_lookup, schedule_summaries, schedules
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.messages import translate
from smartspec.store import database, executions, firings, workflows
from smartspec.value import replace

Store = Callable[..., object]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock stands: no hour ends between two looks at it."""
    now = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
    monkeypatch.setattr(times, "now", lambda: now)
    return now


@pytest.fixture
def hourly(store: Store) -> Schedule:
    store({"name": "w", "tasks": {"a": {"run": "true"}}})
    return schedules.create_schedule("w", "0 * * * *", name="Hourly", timezone="UTC")


def ago(hours: int) -> datetime:
    return times.now().replace(minute=0, second=0, microsecond=0) - hours * HOUR


def fired(schedule: Schedule, at: datetime, status: ExecutionStatus, ms: int) -> Execution:
    workflow = workflows.get(schedule.workflow)
    with database.transaction():
        made = executions.add({
            "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": workflow.name, "kind": "workflow",
            "status": status, "trigger": "cron", "schedule": schedule.pk, "scheduled_for": at, "created_at": at,
            "started_at": at, "completed_at": at + timedelta(milliseconds=ms), "duration_ms": ms,
        })  # fmt: skip
        firings.add(schedule, Firing(scheduled_for=at, decision=Decision.RAN, execution=made.pk), times.now())
    return made


def passed_over(schedule: Schedule, at: datetime, reason: str, until: datetime | None = None, count: int = 1) -> None:
    firing = Firing(
        scheduled_for=at, until=until, count=count, decision=Decision.SKIPPED_MISSED, reason=reason
    )  # fmt: skip
    with database.transaction():
        firings.add(schedule, firing, times.now())


def test_a_summary_has_the_rule_in_words_and_the_last_executions_oldest_first(hourly: Schedule) -> None:
    fired(hourly, ago(3), ExecutionStatus.COMPLETED, 1_000)
    fired(hourly, ago(2), ExecutionStatus.FAILED, 2_000)
    passed_over(hourly, ago(1), "late; skip")
    (found,) = schedule_summaries.list_schedule_summaries()
    assert (found.schedule.pk, found.workflow_name, translate(found.when)) == (hourly.pk, "w", "every hour")
    assert found.last == (("completed", 1_000), ("failed", 2_000)) and found.version == ""


def test_of_very_many_the_newest_fourteen_count(hourly: Schedule) -> None:
    for hours in range(20, 0, -1):
        fired(hourly, ago(hours), ExecutionStatus.COMPLETED, hours)
    (found,) = schedule_summaries.list_schedule_summaries()
    assert [ms for _status, ms in found.last] == [*range(14, 0, -1)]


def test_marks_are_what_was_decided_since_then_and_what_is_due_until_then(hourly: Schedule, now: datetime) -> None:
    fired(hourly, ago(9), ExecutionStatus.COMPLETED, 1)
    passed_over(hourly, ago(8), "late; skip", ago(4), 5)
    fired(hourly, ago(1), ExecutionStatus.FAILED, 1)
    (marks,) = schedule_summaries.schedule_marks([hourly], ago(5), now + 3 * HOUR)
    past = [(mark.decision, mark.status, mark.until) for mark in marks if mark.decision]
    assert past == [(Decision.RAN, "failed", None), (Decision.SKIPPED_MISSED, "", ago(4))]
    to_come = [mark.at for mark in marks if mark.decision is None]
    assert to_come == [ago(-1), ago(-2), ago(-3)] and all(at > now for at in to_come)


def test_the_ledger_names_what_ran_and_counts_due_times(hourly: Schedule) -> None:
    ran = fired(hourly, ago(9), ExecutionStatus.COMPLETED, 1)
    passed_over(hourly, ago(8), "late; skip", ago(4), 5)
    first, second = schedule_summaries.list_firing_entries("Hourly").rows
    assert first.execution is None and first.firing.count == 5
    assert second.execution is not None and second.execution.pk == ran.pk
    assert schedule_summaries.firing_counts("Hourly") == {Decision.RAN: 1, Decision.SKIPPED_MISSED: 5}


def test_what_comes_keeps_to_start_and_end_and_is_told_by_the_zone(hourly: Schedule) -> None:
    first = datetime(2026, 11, 27, 12, tzinfo=UTC)
    changed = schedules.update_schedule(
        "Hourly", timezone="Asia/Tokyo", start_at=first, end_at=first + 2 * HOUR
    )  # fmt: skip
    found = schedule_summaries.upcoming_times(changed).times
    assert [each.astimezone(UTC) for each in found] == [first, first + HOUR, first + 2 * HOUR]
    assert [each.hour for each in found] == [21, 22, 23]
    assert schedule_summaries.upcoming_times(schedules.pause_schedule("Hourly")).times == ()


def test_what_nobody_decided_about_for_years_is_not_counted_through(hourly: Schedule) -> None:
    left = replace(hourly, next_run_at=datetime(1990, 1, 1, tzinfo=UTC))
    ((first, *_rest),) = schedule_summaries.schedule_marks([left], times.now(), times.now() + 2 * HOUR)
    assert first.at == ago(-1)


def test_the_first_to_be_due_is_one_that_fires(hourly: Schedule) -> None:
    for rule, name in (("30 0 1 1 *", "yearly"), ("* * * * *", "often")):
        schedules.create_schedule("w", rule, name=name)
    schedules.create_schedule("w", "", trigger_type=TriggerType.MANUAL, name="by hand")
    schedules.pause_schedule("often")
    found = schedule_lookup.next_due()
    assert found is not None and found.name == "Hourly" and not schedule_lookup.any_in_error()
