"""A look at all limits: alerts are raised and closed. A runner does that, and `smartspec alerts` where none is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from smartspec.commands import alert_breaches
from smartspec.commands.alert_breaches import Look
from smartspec.commands.alerts import AWAKE
from smartspec.domain.alert.alert import Alert, AlertKind
from smartspec.domain.alert.reconcile import Changes, reconcile
from smartspec.domain.engine.states import FINAL, WorkflowStatus
from smartspec.domain.event import EventType
from smartspec.domain.ids import AlertPk
from smartspec.domain.schedule.schedule import ScheduleStatus
from smartspec.errors import ExecutionNotFound, ScheduleNotFound, WorkflowNotFound
from smartspec.store import alert_facts, alerts, database, executions, schedules, workflows

K = AlertKind


def look(now: datetime, looked_since: datetime | None = None) -> Changes:
    """At all limits; the answer is what it came to. `looked_since` is from when on a runner has looked without a gap.

    Of two that look at once one writes; where nothing is to be written, nobody waits. Raises StorageError.
    """
    return _looked(now, looked_since, tuple(AlertKind), is_whole=True)


def look_again(now: datetime, looked_since: datetime | None = None) -> Changes:
    """After a commit: at what may be over by it, and what runs. Raises StorageError."""
    return _looked(now, looked_since, {*alerts.open_kinds(), K.LONG_RUNNING}, is_whole=False)


def _looked(now: datetime, looked_since: datetime | None, kinds: Collection[AlertKind], *, is_whole: bool) -> Changes:
    if not _reconciled(now, looked_since, kinds, is_whole=is_whole).are_any:
        return Changes()
    with database.transaction():
        changes = _reconciled(now, looked_since, kinds, is_whole=is_whole)  # as it is while nobody else writes
        _write(changes, now)
    return changes


def _reconciled(
    now: datetime, looked_since: datetime | None, kinds: Collection[AlertKind], *, is_whole: bool = True
) -> Changes:  # fmt: skip
    found = alerts.open_alerts()
    held = frozenset((each.kind, each.subject) for each in found)
    seen = Look(now, alert_breaches.limits(), looked_since, held, is_whole)
    passed, looked_at = [], []
    for kind in kinds:
        try:
            passed += alert_breaches.breaches(seen, (kind,))
            looked_at.append(kind)
        except OSError:  # the disk does not answer: what was known of it stays
            continue
    return reconcile(found, passed, looked_at, now, _succeeded(found))


def _succeeded(found: Iterable[Alert]) -> frozenset[AlertPk]:
    """Those that are snoozed until something succeeds, and of which something has."""
    return frozenset(
        each.pk
        for each in found
        if each.snoozed_at is not None and each.snoozed_until is None and each.workflow is not None
        and alert_facts.succeeded_since(each.workflow, each.schedule, each.snoozed_at)
    )  # fmt: skip


def _write(changes: Changes, now: datetime) -> None:
    for breach in changes.raised:
        alerts.add(breach, now)
    for alert in changes.closed:
        alerts.close(alert, _why_closed(alert), now)
    for alert in changes.awake:
        alerts.change(alert, EventType.ALERT_REOPENED, now, told_at=None, **AWAKE)
    for alert, evidence in changes.changed:
        alerts.write_evidence(alert, evidence)


def _why_closed(alert: Alert) -> str:
    """A code, then a colon and details."""
    try:
        return _CLOSED[alert.kind](alert)
    except (ExecutionNotFound, ScheduleNotFound, WorkflowNotFound):
        return "gone"


def _long_running(alert: Alert) -> str:
    execution = executions.get(alert.execution) if alert.execution is not None else None
    if execution is None:
        return "gone"
    if execution.status in FINAL:
        return f"ended: {execution.status}"
    return "over" if execution.status == "running" else f"is: {execution.status}"


def _of_workflow(alert: Alert) -> str:
    workflow = workflows.get(alert.workflow) if alert.workflow is not None else None
    if workflow is None or workflow.deleted_at is not None:
        return "gone"
    return "resting" if workflow.status is WorkflowStatus.ARCHIVED else "over"


def _missed(alert: Alert) -> str:
    since = alert.evidence.since
    found = None if alert.workflow is None else alert_facts.last_success(alert.workflow, alert.schedule)
    if found is not None and found[0] > since:
        return f"succeeded: {found[1]}"
    schedule = schedules.get(alert.schedule) if alert.schedule is not None else None
    if schedule is not None and schedule.deleted_at is not None:
        return "gone"
    if schedule is not None and schedule.status is not ScheduleStatus.ACTIVE:
        return "resting"
    of_workflow = _of_workflow(alert)
    return of_workflow if of_workflow != "over" else "resting"


def _backup_old(alert: Alert) -> str:
    from smartspec.store.backup import backups

    made = (datetime.fromisoformat(each.made_at) for each in backups.list_backups(database.path()) if not each.flawed)
    return "backed_up" if any(each > alert.evidence.since for each in made) else "over"


_CLOSED = {
    K.MISSED: _missed, K.HIGH_FAILURE: _of_workflow, K.LONG_RUNNING: _long_running,
    K.DISK_LOW: lambda _alert: "over", K.BACKUP_OLD: _backup_old,
}  # fmt: skip
