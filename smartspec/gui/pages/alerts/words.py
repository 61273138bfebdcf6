"""An alert as the page says it: the second line of its row, its figures, and by whom it was put aside."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.event import Event, EventType
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.late import LEAST_COMPLETED
from smartspec.domain.times import from_ms
from smartspec.formatting import format_due
from smartspec.gui.style.formatting import ago, duration, number, size
from smartspec.messages import Message, _, tr, translate
from smartspec.vocabulary import EVENT_WORDS

K, S = AlertKind, AlertState
KIND_STYLES = {
    K.MISSED: ("calendar-x", "failed"), K.HIGH_FAILURE: ("trend-up", "failed"),
    K.LONG_RUNNING: ("hourglass-medium", "retrying"), K.DISK_LOW: ("hard-drives", "retrying"),
    K.BACKUP_OLD: ("archive", "retrying"),
}  # fmt: skip
STATE_ICONS = {S.RAISED: "warning", S.ACKNOWLEDGED: "check", S.SNOOZED: "bell-z", S.CLOSED: "check-circle-fill"}
HEADS: dict[AlertState, Message] = {
    S.RAISED: _("Raised"), S.ACKNOWLEDGED: _("Acknowledged"), S.SNOOZED: _("Snoozed"),
    S.CLOSED: _("Closed by themselves"),
}  # fmt: skip


def second_line(alert: Alert, state: AlertState, now: datetime) -> str:
    """Of what is raised what else is known; else by whom and until when it is put aside, or why it is over."""
    match state:
        case S.CLOSED:
            at = translate(format_due(alert.closed_at, now)) if alert.closed_at else ""
            return tr("closed {moment}: {reason}", moment=at, reason=words.closed(alert))
        case S.ACKNOWLEDGED:
            return _acknowledged(alert, now)
        case S.SNOOZED:
            return tr("by {name}, {until}", name=alert.snoozed_by or "", until=until(alert, now))
    return _known(alert.kind, alert.evidence, now)


def _acknowledged(alert: Alert, now: datetime) -> str:
    at = translate(format_due(alert.acknowledged_at, now)) if alert.acknowledged_at else ""
    said = tr("by {name}, {moment}", name=alert.acknowledged_by or "", moment=at)
    return tr("{said}: “{note}”", said=said, note=alert.note) if alert.note else said


def until(alert: Alert, now: datetime) -> str:
    """Of one that is snoozed."""
    if alert.snoozed_until is not None:
        return tr("until {moment}", moment=translate(format_due(alert.snoozed_until, now)))
    return tr("until it ends") if alert.kind is K.LONG_RUNNING else tr("until it succeeds")


def _known(kind: AlertKind, found: Evidence, now: datetime) -> str:
    match kind:
        case K.MISSED:
            last = _last_success(found, now)
            if found.due is None:
                return last
            return tr("{last}; due {moment}", last=last, moment=translate(format_due(found.due, now)))
        case K.HIGH_FAILURE:
            return tr("failed or timed out, within 24 hours")
        case K.LONG_RUNNING:
            if found.completed < LEAST_COMPLETED:
                return tr("too few have completed to know what is usual")
            return tr("95 % of {n} took {p95} at most", n=number(found.completed), p95=duration(found.p95_ms))
        case K.DISK_LOW:
            return tr("the disk that the ledger is on")
        case K.BACKUP_OLD:
            return _last_success(found, now) if found.last_success else tr("there is no backup that is sound")


def _last_success(found: Evidence, now: datetime) -> str:
    if found.last_success is None:
        return tr("it has not succeeded yet")
    return tr("last success {age}", age=ago(found.last_success, now))


def explained(alert: Alert, now: datetime) -> str:
    """Why it was raised, in sentences."""
    found, value = alert.evidence, alert.value_at(now)
    limit = duration(found.limit)
    match alert.kind:
        case K.LONG_RUNNING:
            return _explained_run(alert, duration(value), limit)
        case K.HIGH_FAILURE:
            return tr("Of {total} executions that ended within 24 hours {failed} failed or timed out: {percent} %. The"
                      " limit is {limit} %.", total=number(found.total or 0), failed=number(found.failed or 0),
                      percent=value, limit=found.limit)  # fmt: skip
        case K.MISSED:
            return tr("Nothing of it has succeeded for {time}; it was expected within {limit}.", time=duration(value),
                      limit=limit)  # fmt: skip
        case K.DISK_LOW:
            return tr("The disk of {folder} has {free} left; the limit is {limit}.", folder=found.name,
                      free=size(value), limit=size(found.limit))  # fmt: skip
        case K.BACKUP_OLD:
            if found.last_success is None:
                return tr("The ledger has been written to for {time} without a backup that is sound.",
                          time=duration(value))  # fmt: skip
            return tr("The last backup that is sound is {time} old; the limit is {limit}.", time=duration(value),
                      limit=limit)  # fmt: skip


def _explained_run(alert: Alert, time: str, limit: str) -> str:
    found = alert.evidence
    if alert.closed_at is not None:
        lasted = tr("It ran for {time}.", time=time)
    else:
        lasted = tr("It has run for {time} and is not over.", time=time)
    if found.completed < LEAST_COMPLETED:
        usual = tr("What is usual is not known yet; the limit is {limit}.", limit=limit)
    else:
        usual = tr("Of the last {n} that completed half took {usual} at most, and 95 % took {p95} at most; the limit is"
                   " {limit}.", n=number(found.completed), usual=duration(found.usual_ms), p95=duration(found.p95_ms),
                   limit=limit)  # fmt: skip
    return f"{lasted} {usual}"


def facts(alert: Alert, now: datetime) -> list[tuple[str, str]]:
    """Its figures, each with what it is called; what is not known is left out."""
    found, value = alert.evidence, alert.value_at(now)
    time = duration if alert.kind in (K.MISSED, K.LONG_RUNNING, K.BACKUP_OLD) else str
    known: dict[AlertKind, list[tuple[str, str | None]]] = {
        K.LONG_RUNNING: [
            (tr("Runs for") if alert.closed_at is None else tr("Ran for"), time(value)),
            (tr("Usually"), _if_known(found.usual_ms)), (tr("95 % within"), _if_known(found.p95_ms)),
        ],
        K.HIGH_FAILURE: [
            (tr("Failed"), tr("{failed} of {total} in 24 h", failed=number(found.failed or 0),
                              total=number(found.total or 0))),
            (tr("That is"), f"{value} %"),
        ],
        K.MISSED: [
            (tr("Due"), translate(format_due(found.due, now)) if found.due else None),
            (tr("Without success"), time(value)), (tr("Schedule"), found.schedule_name or None),
            (tr("Last success"), ago(found.last_success, now) if found.last_success else tr("never")),
        ],
        K.DISK_LOW: [(tr("Free"), size(value)), (tr("Size of the disk"), size(found.size) if found.size else None)],
        K.BACKUP_OLD: [
            (tr("Last sound backup"), ago(found.last_success, now) if found.last_success else tr("never")),
        ],
    }  # fmt: skip
    limits = {K.HIGH_FAILURE: f"{found.limit} %", K.DISK_LOW: size(found.limit)}
    rows = [*known[alert.kind], (tr("Limit"), limits.get(alert.kind, duration(found.limit)))]
    return [(word, text) for word, text in rows if text is not None]


def _if_known(ms: int | None) -> str | None:
    return None if ms is None else duration(ms)


def history_line(event: Event, now: datetime) -> tuple[str, str]:
    """When, and what."""
    word = translate(EVENT_WORDS[event.type])
    by = tr("{what} by {name}", what=word, name=event.actor) if event.actor else word
    said = _said(event, now)
    return translate(format_due(event.at, now)), tr("{what}: {more}", what=by, more=said) if said else by


def _said(event: Event, now: datetime) -> str:
    ends = as_mapping(event.data).get("until")
    if ends is not None:
        return tr("until {moment}", moment=translate(format_due(from_ms(int(str(ends))), now)))
    if event.type is EventType.ALERT_CLOSED:
        return ""  # its reason stands above
    return event.message or ""
