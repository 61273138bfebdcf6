"""A limit that is passed at this moment."""

from __future__ import annotations

from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.ids import ExecutionPk, SchedulePk, WorkflowPk
from smartspec.value import frozen


@frozen(kw_only=True)
class Breach:
    """`subject` is what it is about as kind:key: workflow:3, schedule:7, execution:12, folder:/home/ada, database:."""

    kind: AlertKind
    subject: str
    evidence: Evidence
    workflow: WorkflowPk | None = None
    execution: ExecutionPk | None = None
    schedule: SchedulePk | None = None

    @property
    def key(self) -> tuple[AlertKind, str]:
        return self.kind, self.subject
