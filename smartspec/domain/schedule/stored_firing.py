"""A decision about a due time, as it is stored."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain.ids import ExecutionPk, FiringPk, SchedulePk
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.value import frozen


@frozen
class StoredFiring:
    """A `Firing` with its keys; `fired_at` is when it was decided."""

    pk: FiringPk
    schedule: SchedulePk
    scheduled_for: datetime
    cause: str
    until: datetime | None
    count: int
    decision: Decision
    reason: str | None
    fired_at: datetime
    execution: ExecutionPk | None

    @property
    def firing(self) -> Firing:
        return Firing(
            scheduled_for=self.scheduled_for, decision=self.decision, until=self.until, count=self.count,
            reason=self.reason or "", cause=self.cause, execution=self.execution,
        )  # fmt: skip
