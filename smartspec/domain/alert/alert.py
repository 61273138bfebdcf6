"""An alert as it is stored, and in which state it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from smartspec.domain import times
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.ids import AlertPk, ExecutionPk, SchedulePk, WorkflowPk
from smartspec.value import frozen


class AlertKind(StrEnum):
    """In the order in which a person looks at them."""

    MISSED = "missed"
    HIGH_FAILURE = "high_failure"
    LONG_RUNNING = "long_running"
    DISK_LOW = "disk_low"
    BACKUP_OLD = "backup_old"


RUNNING_KINDS = frozenset({AlertKind.MISSED, AlertKind.LONG_RUNNING, AlertKind.BACKUP_OLD})  # their value grows


class AlertState(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@frozen
class Alert:
    """`subject` is what it is about as kind:key; with its kind it names the one alert of it that is open.

    It is snoozed from `snoozed_at` to `snoozed_until`; without that one, until what it is about succeeds or ends.
    `closed_reason` is a code, then a colon and details.
    """

    pk: AlertPk
    id: str
    kind: AlertKind
    subject: str
    workflow: WorkflowPk | None
    execution: ExecutionPk | None
    schedule: SchedulePk | None
    evidence: Evidence
    raised_at: datetime
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    note: str | None = None
    snoozed_at: datetime | None = None
    snoozed_by: str | None = None
    snoozed_until: datetime | None = None
    closed_at: datetime | None = None
    closed_reason: str | None = None

    def state_at(self, now: datetime) -> AlertState:
        """A snooze is over at its time, whether a runner has looked since or not."""
        if self.closed_at is not None:
            return AlertState.CLOSED
        if self.acknowledged_at is not None:
            return AlertState.ACKNOWLEDGED
        if self.snoozed_at is not None and (self.snoozed_until is None or self.snoozed_until > now):
            return AlertState.SNOOZED
        return AlertState.RAISED

    def value_at(self, now: datetime) -> int:
        """The figure that passed its limit: one that runs, as it is now, or was when the alert was closed."""
        if self.kind not in RUNNING_KINDS:
            return self.evidence.value
        return times.elapsed_ms(self.evidence.since, self.closed_at or now)
