"""Alerts of every kind and state, put into the ledger as a runner would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from smartspec.commands import alerts as verbs
from smartspec.domain import times
from smartspec.domain.alert.alert import Alert, AlertKind
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.workflow import Workflow
from smartspec.store import alerts, database

K = AlertKind
_HOUR_MS, _MINUTE_MS = 3_600_000, 60_000


def raise_alert(kind: AlertKind, subject: str, evidence: Evidence, workflow: Workflow | None = None) -> Alert:
    with database.transaction():
        of = workflow.pk if workflow else None
        pk = alerts.add(Breach(kind=kind, subject=subject, workflow=of, evidence=evidence), times.now())
        assert pk is not None, "one of that kind and subject is open"
    return alerts.get(pk)


def runs_long(workflow: Workflow, execution_id: str, name: str = "corpus", number: int = 97) -> Alert:
    """For 1 h 42 m, of 26 m that are usual."""
    evidence = Evidence(
        value=0, limit=82 * _MINUTE_MS, since=times.now() - timedelta(hours=1, minutes=42), name=name, number=number,
        workflow_id=workflow.id, execution_id=execution_id, usual_ms=26 * _MINUTE_MS, p95_ms=41 * _MINUTE_MS,
        completed=200,
    )  # fmt: skip
    return raise_alert(K.LONG_RUNNING, f"execution:{number}", evidence, workflow)


def fails_often(workflow: Workflow, name: str = "invoices", key: int = 1) -> Alert:
    evidence = Evidence(value=29, limit=20, since=times.now(), name=name, workflow_id=workflow.id, failed=9, total=31)
    return raise_alert(K.HIGH_FAILURE, f"workflow:{key}", evidence, workflow)


def was_missed(workflow: Workflow, name: str = "photos") -> Alert:
    now = times.now()
    evidence = Evidence(
        value=0, limit=26 * _HOUR_MS, since=now - timedelta(hours=36), name=name, workflow_id=workflow.id,
        due=now - timedelta(hours=10), last_success=now - timedelta(hours=36), expected="schedule",
        schedule_name="every night",
    )  # fmt: skip
    return raise_alert(K.MISSED, "workflow:2", evidence, workflow)


def disk_is_low(folder: str = "/mnt") -> Alert:
    evidence = Evidence(value=1_600_000_000, limit=2_000_000_000, since=times.now(), name=folder, size=500_000_000_000)
    return raise_alert(K.DISK_LOW, "folder:/mnt", evidence)


def backup_is_old() -> Alert:
    since = times.now() - timedelta(days=7, hours=2)
    return raise_alert(
        K.BACKUP_OLD, "database:", Evidence(value=0, limit=168 * _HOUR_MS, since=since, last_success=since)
    )


def close(alert: Alert, reason: str) -> None:
    with database.transaction():
        alerts.close(alert, reason, times.now())


def of_every_state(workflow: Workflow, execution_id: str, named: Callable[[str], str] = str) -> Alert:
    """The answer is one that is raised, of an execution that runs long. `named` is given every name and note."""
    close(backup_is_old(), "backed_up")
    trains = runs_long(workflow, execution_id, named("model"), 3)
    verbs.acknowledge_alert(trains.id, named("as it should while it trains"))
    verbs.snooze_alert(fails_often(workflow, named("papers"), 3).id)
    was_missed(workflow, named("photos"))
    fails_often(workflow, named("invoices"))
    disk_is_low(named("/mnt"))
    return runs_long(workflow, execution_id, named("corpus"))
