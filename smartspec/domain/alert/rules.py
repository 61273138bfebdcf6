"""What a limit is: of the ledger, and of a workflow that has one of its own."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain import times
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.jsontext import Json, JsonObject, as_mapping, texts
from smartspec.domain.late import late_after_ms
from smartspec.value import frozen

SWITCHED = (AlertKind.MISSED, AlertKind.HIGH_FAILURE, AlertKind.LONG_RUNNING)  # what a workflow may do without


@frozen
class Limits:
    """As the settings have them. `grace_ms` is added to what an execution may take, before it counts as missed."""

    without_usual_ms: int
    failure_percent: int
    failure_least: int
    grace_ms: int
    disk_free_bytes: int
    backup_age_ms: int


@frozen
class WorkflowRules:
    """A workflow's own. `every_ms`: so often it is said to succeed, since `stated_at`; `off`: no alert of these."""

    every_ms: int | None = None
    stated_at: datetime | None = None
    long_running_ms: int | None = None
    failure_percent: int | None = None
    off: tuple[AlertKind, ...] = ()

    def wants(self, kind: AlertKind) -> bool:
        return kind not in self.off


@frozen
class Usual:
    """Of the last 200 executions that `completed`: median and 95 % mark in milliseconds, None of none."""

    median_ms: int | None
    p95_ms: int | None
    completed: int


def may_take_ms(usual: Usual, rules: WorkflowRules, limits: Limits) -> int:
    """How long an execution may run before it is late, in milliseconds: as the workflow says, else as is usual."""
    if rules.long_running_ms is not None:
        return rules.long_running_ms
    return late_after_ms(usual.p95_ms, usual.completed, limits.without_usual_ms)


def to_json(rules: WorkflowRules) -> JsonObject:
    """As it is stored with the workflow: what it does not say is left out."""
    found: dict[str, Json] = {
        "every_ms": rules.every_ms, "stated_at": times.to_ms(rules.stated_at) if rules.stated_at else None,
        "long_running_ms": rules.long_running_ms, "failure_percent": rules.failure_percent,
        "off": [each.value for each in rules.off] or None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def from_json(stored: Json) -> WorkflowRules:
    """What a later program added is passed over."""
    found = as_mapping(stored)
    stated_at = _number(found.get("stated_at"))
    return WorkflowRules(
        _number(found.get("every_ms")), None if stated_at is None else times.from_ms(stated_at),
        _number(found.get("long_running_ms")), _number(found.get("failure_percent")),
        tuple(AlertKind(each) for each in texts(found.get("off")) if each in [*AlertKind]),
    )  # fmt: skip


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
