"""What an alert was raised by: its figures, and what they are of."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain import times
from smartspec.domain.jsontext import JsonObject
from smartspec.value import field_names, frozen

_MOMENTS = frozenset({"since", "due", "last_success"})


@frozen(kw_only=True)
class Evidence:
    """`value` has passed `limit`: milliseconds that run from `since` on (long_running, missed, backup_old), percent
    (high_failure), bytes that are free (disk_low).

    `name` is that of the workflow, or the folder; `number` and the ids are of the execution, workflow and schedule.
    `usual_ms` is the median and `p95_ms` the 95 % mark of `completed` executions. Of what was missed `due` is the time,
    `expected` by what it was: schedule, stated, learned; `decision` and `reason` are those of its firing. `size` is
    that of the disk in bytes.
    """

    value: int
    limit: int
    since: datetime
    name: str = ""
    number: int | None = None
    workflow_id: str = ""
    execution_id: str = ""
    schedule_id: str = ""
    schedule_name: str = ""
    usual_ms: int | None = None
    p95_ms: int | None = None
    completed: int = 0
    failed: int | None = None
    total: int | None = None
    expected: str = ""
    every_ms: int | None = None
    due: datetime | None = None
    last_success: datetime | None = None
    decision: str = ""
    reason: str = ""
    size: int | None = None

    @property
    def label(self) -> str:
        """What it is about, as a person says it: backup #42, nightly, /home/ada."""
        return self.name if self.number is None else f"{self.name} #{self.number}"


def to_json(evidence: Evidence) -> JsonObject:
    """As it is stored: what is not known is left out."""
    found = {name: getattr(evidence, name) for name in field_names(Evidence)}
    return {
        name: times.to_ms(value) if isinstance(value, datetime) else value
        for name, value in found.items()
        if value not in (None, "")
    }


def from_json(found: JsonObject) -> Evidence:
    """Raises TypeError, ValueError for what is none; what a later program added is passed over."""
    known = {name: value for name, value in found.items() if name in field_names(Evidence)}
    moments = {name: times.from_ms(int(str(known[name]))) for name in _MOMENTS & known.keys()}
    return Evidence(**{**known, **moments})  # type: ignore[arg-type]
