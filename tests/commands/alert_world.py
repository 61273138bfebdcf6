"""A ledger whose date, disk and due times a test moves, and a look at its limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from smartspec.commands import alert_breaches, alert_look, alerts, schedules, workflows
from smartspec.domain import times
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Kind, Trigger
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.schedule import Schedule
from smartspec.store import database as stored
from smartspec.store import executions as rows
from smartspec.store import firings
from smartspec.store import schedules as schedule_rows

D = Decision
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class World:
    """The date of the whole program, and the disk of the ledger."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.free = NOW, 500 << 30
        monkeypatch.setattr(times, "now", lambda: self.now)
        disk = SimpleNamespace(disk_usage=lambda _folder: SimpleNamespace(free=self.free, total=1 << 40))
        monkeypatch.setattr(alert_breaches, "shutil", disk)

    def looks(self, since: datetime | None = None) -> set[tuple[AlertKind, str]]:
        """What is open then."""
        alert_look.look(self.now, since)
        return {(each.kind, each.subject) for each in alerts.list_alerts()}

    def looks_again(self) -> set[tuple[AlertKind, str]]:
        """The same after a commit."""
        alert_look.look_again(self.now)
        return {(each.kind, each.subject) for each in alerts.list_alerts()}

    def goes_on(self, much: timedelta) -> None:
        self.now += much


def hourly(world: World) -> Schedule:
    made = schedules.create_schedule("job", "0 * * * *", name="hourly", timezone="UTC")
    assert made.next_run_at is not None
    return made


def decided(
    schedule: Schedule, due: datetime, decision: Decision = D.RAN, at: datetime | None = None,
    status: ExecutionStatus | None = None, took: timedelta = SECOND,
) -> None:  # fmt: skip
    """A row of the ledger, with what ran for it."""
    at = at or due
    execution = None if status is None else _ran_for(schedule, at, status, took)
    with stored.transaction():
        firings.add(schedule, Firing(scheduled_for=due, decision=decision, execution=execution), at)
        current = schedule_rows.get(schedule.pk)
        if current.next_run_at is not None and current.next_run_at <= due:
            schedule_rows.move(current, due + HOUR)


def _ran_for(schedule: Schedule, at: datetime, status: ExecutionStatus, took: timedelta) -> ExecutionPk:
    workflow = workflows.get_workflow("job")
    return rows.add({
        "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": "job", "kind": Kind.WORKFLOW,
        "trigger": Trigger.CRON, "schedule": schedule.pk, "status": status, "created_at": at, "started_at": at,
        "completed_at": at + took, "duration_ms": times.elapsed_ms(at, at + took),
    }).pk  # fmt: skip
