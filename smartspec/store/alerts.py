"""The alerts that are stored: one is open for each kind and subject, and that is a fact of the table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.alert.alert import Alert, AlertKind
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence, to_json
from smartspec.domain.event import EventType, Level
from smartspec.domain.ids import AlertPk, new_id
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.page import Page
from smartspec.errors import AlertNotFound, Conflict
from smartspec.messages import _
from smartspec.store import database, events, paging
from smartspec.store.models.alerts import AlertRow
from smartspec.store.models.fields import find

_RAISE = (
    "INSERT INTO alerts (id, kind, subject, workflow, execution, schedule, evidence, raised_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING RETURNING pk"
)
_CLOSE = "UPDATE alerts SET closed_at = ?, closed_reason = ? WHERE pk = ? AND closed_at IS NULL"
_OPEN = "closed_at IS NULL"
_UNTOLD = f"{_OPEN} AND told_at IS NULL AND acknowledged_at IS NULL AND snoozed_at IS NULL ORDER BY pk LIMIT ?"


def open_alerts(kinds: Sequence[AlertKind] = tuple(AlertKind)) -> tuple[Alert, ...]:
    """Those that are not closed, the newest first."""
    words = dump([each.value for each in kinds])
    where = f"{_OPEN} AND kind IN (SELECT value FROM json_each(?)) ORDER BY raised_at DESC, pk DESC"  # noqa: S608
    return tuple(find(Alert, AlertRow, where, (words,)))


def open_kinds() -> frozenset[AlertKind]:
    """Of which kinds any is open. (A hot path.)"""
    return frozenset(AlertKind(kind) for (kind,) in database.rows(f"SELECT DISTINCT kind FROM alerts WHERE {_OPEN}"))  # noqa: S608


def closed_page(kinds: Sequence[AlertKind], after: str | None, limit: int) -> Page[Alert]:
    """Those that are closed, the last to be closed first."""
    where, values = "closed_at IS NOT NULL AND kind IN (SELECT value FROM json_each(?))", list[object]()
    values.append(dump([each.value for each in kinds]))
    if after is not None:
        where, values = f"{where} AND (closed_at, pk) < (?, ?)", [*values, *map(int, paging.cursor(after, 2))]
    found = tuple(find(Alert, AlertRow, f"{where} ORDER BY closed_at DESC, pk DESC LIMIT ?", [*values, limit + 1]))
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    assert last.closed_at is not None
    return Page(found[:limit], paging.next_key(times.to_ms(last.closed_at), last.pk))


def get(pk: AlertPk) -> Alert:
    """Raises AlertNotFound."""
    for each in find(Alert, AlertRow, "pk = ?", (pk,)):
        return each
    raise AlertNotFound(_("There is no such alert any more."))


def by_prefix(prefix: str) -> tuple[Alert, ...]:
    """Up to two whose id begins so."""
    return tuple(find(Alert, AlertRow, "id >= ? AND id < ? LIMIT 2", (prefix, prefix + "g")))


def untold(limit: int) -> tuple[Alert, ...]:
    """Those that are raised and that nobody was told of, the oldest first."""
    return tuple(find(Alert, AlertRow, _UNTOLD, (limit,)))


# What becomes of one, each inside a transaction


def add(breach: Breach, now: datetime) -> AlertPk | None:
    """Raise it; None where one of its kind and subject is open."""
    evidence = dump(to_json(breach.evidence))
    of = (breach.workflow, breach.execution, breach.schedule)
    values = (new_id(), breach.kind.value, breach.subject, *of, evidence, times.to_ms(now))
    pk = database.scalar(_RAISE, values)
    if pk is None:
        return None
    told = {"kind": breach.kind.value, "value": breach.evidence.value, "limit": breach.evidence.limit}
    tell(get(AlertPk(pk)), EventType.ALERT_RAISED, now, level=Level.WARN, data=told)
    return AlertPk(pk)


def close(alert: Alert, reason: str, now: datetime) -> None:
    """`reason` is a code, then a colon and details."""
    if database.execute(_CLOSE, (times.to_ms(now), reason, alert.pk)).rowcount:
        tell(alert, EventType.ALERT_CLOSED, now, message=reason)


def note_told(alert: Alert, now: datetime) -> None:
    """It was handed to the channels."""
    database.execute("UPDATE alerts SET told_at = ? WHERE pk = ?", (times.to_ms(now), alert.pk))
    tell(alert, EventType.ALERT_TOLD, now)


def write_evidence(alert: Alert, evidence: Evidence) -> None:
    """Its figures as they are now; that is no event."""
    sql = "UPDATE alerts SET evidence = ? WHERE pk = ? AND closed_at IS NULL"
    database.execute(sql, (dump(to_json(evidence)), alert.pk))
    database.record_change(Topic.ALERTS, alert.pk)


def change(
    alert: Alert, event: EventType, now: datetime, *, by: str | None = None, message: str | None = None,
    data: Json = None, **values: object,
) -> Alert:  # fmt: skip
    """Write some columns, if nobody has done anything with it since it was looked at. Raises Conflict."""
    is_as_seen = (AlertRow.acknowledged_at == alert.acknowledged_at) & (AlertRow.snoozed_at == alert.snoozed_at)
    fits = (AlertRow.pk == alert.pk) & AlertRow.closed_at.is_null() & is_as_seen
    if not AlertRow.update(**values).where(fits).execute():
        raise Conflict(_("The alert has changed meanwhile; look at it again, then repeat this."))
    tell(alert, event, now, by=by, message=message, data=data)
    return get(alert.pk)


def tell(
    alert: Alert, type_: EventType, now: datetime, *, by: str | None = None, message: str | None = None,
    data: Json = None, level: Level = Level.INFO,
) -> None:  # fmt: skip
    """Its event. What it is about is found by the alert: it stands among no workflow's own changes."""
    events.add(
        type_, alert=alert.pk, schedule=alert.schedule, execution=alert.execution, level=level, message=message,
        data=data, actor=by, at_ms=times.to_ms(now),
    )  # fmt: skip
    database.record_change(Topic.ALERTS, alert.pk)
