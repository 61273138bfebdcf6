"""An alert in words: what it is about, why it was raised, by which rule, and why it was closed."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain.alert.alert import Alert, AlertKind
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.late import LEAST_COMPLETED
from smartspec.domain.reasons import reason_in_text
from smartspec.formatting import format_duration, format_number, format_size
from smartspec.messages import Message, _, _n
from smartspec.vocabulary import status_in_text

K = AlertKind
_MINUTE_MS = 60_000


def headline(alert: Alert) -> Message:
    """Alone: backup #42 runs long."""
    name = alert.evidence.label
    match alert.kind:
        case K.MISSED:
            return _("{name} should have run by now", name=name)
        case K.HIGH_FAILURE:
            return _("{name} fails often", name=name)
        case K.LONG_RUNNING:
            return _("{name} runs long", name=name)
        case K.DISK_LOW:
            return _("Little room in {folder}", folder=name)
        case K.BACKUP_OLD:
            return _("The ledger has no recent backup")


def reason(alert: Alert, now: datetime) -> Message:
    """Behind the name: running for 1 h 42 m, usually 26 m."""
    found, value = alert.evidence, alert.value_at(now)
    match alert.kind:
        case K.MISSED:
            return _("no success for {time}, limit {limit}", time=_lasted(value), limit=_lasted(found.limit))
        case K.HIGH_FAILURE:
            return _n(
                "{failed} of {n} failed in 24 h, limit {limit} %", "{failed} of {n} failed in 24 h, limit {limit} %",
                found.total or 0, failed=format_number(found.failed or 0), limit=found.limit,
            )  # fmt: skip
        case K.LONG_RUNNING:
            return _running(alert, found, value)
        case K.DISK_LOW:
            return _("{free} of {size} free, limit {limit}", free=format_size(value), size=format_size(found.size),
                     limit=format_size(found.limit))  # fmt: skip
        case K.BACKUP_OLD:
            if found.last_success is None:
                return _("none was made for {time}, limit {limit}", time=_lasted(value), limit=_lasted(found.limit))
            return _("the last one is {time} old, limit {limit}", time=_lasted(value), limit=_lasted(found.limit))


def sentence(alert: Alert, now: datetime) -> Message:
    """The reason alone, as a message has it below its headline."""
    found, value = alert.evidence, alert.value_at(now)
    match alert.kind:
        case K.MISSED:
            return _("No success for {time}; the longest is {limit}.", time=_lasted(value), limit=_lasted(found.limit))
        case K.HIGH_FAILURE:
            return _n(
                "{failed} of {n} failed in 24 hours; the limit is {limit} %.",
                "{failed} of {n} failed in 24 hours; the limit is {limit} %.",
                found.total or 0, failed=format_number(found.failed or 0), limit=found.limit,
            )  # fmt: skip
        case K.LONG_RUNNING:
            return _("It has run for {time} and is not over.", time=_lasted(value))
        case K.DISK_LOW:
            return _("{free} of {size} are free; the limit is {limit}.", free=format_size(value),
                     size=format_size(found.size), limit=format_size(found.limit))  # fmt: skip
        case K.BACKUP_OLD:
            if found.last_success is None:
                return _("None was made for {time}; the limit is {limit}.", time=_lasted(value),
                         limit=_lasted(found.limit))  # fmt: skip
            return _("The last one is {time} old; the limit is {limit}.", time=_lasted(value),
                     limit=_lasted(found.limit))  # fmt: skip


def _running(alert: Alert, found: Evidence, value: int) -> Message:
    said = {"time": _lasted(value), "usual": _lasted(found.usual_ms or 0), "limit": _lasted(found.limit)}
    is_usual = found.completed >= LEAST_COMPLETED
    if alert.closed_at is not None:
        return (
            _("ran for {time}, usually {usual}", time=said["time"], usual=said["usual"])
            if is_usual
            else _("ran for {time}, limit {limit}", time=said["time"], limit=said["limit"])
        )
    if is_usual:
        return _("running for {time}, usually {usual}", time=said["time"], usual=said["usual"])
    return _("running for {time}, limit {limit}", time=said["time"], limit=said["limit"])


def figure(alert: Alert, now: datetime) -> Message:
    """How far it is beyond, short enough for a column: 29 %, 3.9 ×, +10 h."""
    found, value = alert.evidence, alert.value_at(now)
    match alert.kind:
        case K.MISSED:
            return _("+{time}", time=_lasted(max(0, value - found.limit)))
        case K.HIGH_FAILURE:
            return _("{number} %", number=value)
        case K.LONG_RUNNING:
            if found.usual_ms and found.completed >= LEAST_COMPLETED:
                return _("{number} ×", number=f"{value / found.usual_ms:.1f}")
            return _lasted(value)
        case K.DISK_LOW:
            return _("{number} %", number=f"{100 * value / found.size:.1f}") if found.size else format_size(value)
        case K.BACKUP_OLD:
            return _lasted(value)


def rule(alert: Alert) -> Message:
    """By what it was raised, and what closes it."""
    found = alert.evidence
    match alert.kind:
        case K.MISSED:
            return _missed_rule(found)
        case K.HIGH_FAILURE:
            return _("More than {limit} % of the executions of 24 hours failed or timed out. It closes when that is"
                     " over.", limit=found.limit)  # fmt: skip
        case K.LONG_RUNNING:
            if found.completed < LEAST_COMPLETED:
                return _("Fewer than {least} executions have completed, so the limit is {limit}. It closes when the"
                         " execution ends.", least=LEAST_COMPLETED, limit=_lasted(found.limit))  # fmt: skip
            return _("Twice the 95 % mark of the last completed executions ({p95}), and 5 minutes beyond it at least."
                     " It closes when the execution ends.", p95=_lasted(found.p95_ms or 0))  # fmt: skip
        case K.DISK_LOW:
            return _("Less than {limit} is free on the disk of the ledger. It closes when a tenth more is.",
                     limit=format_size(found.limit))  # fmt: skip
        case K.BACKUP_OLD:
            return _("The ledger was written to, and its last sound backup is older than {limit}. It closes when one is"
                     " made.", limit=_lasted(found.limit))  # fmt: skip


def _missed_rule(found: Evidence) -> Message:
    every = _lasted(found.every_ms or 0)
    match found.expected:
        case "stated":
            return _("It was said to succeed every {time}. It closes with the next success.", time=every)
        case "learned":
            return _("It used to succeed every {time}. It closes with the next success.", time=every)
        case _:
            return _("Its schedule “{name}” was due, and nothing has succeeded since, though there was time for it. It"
                     " closes with the next success.", name=found.schedule_name)  # fmt: skip


def closed(alert: Alert) -> Message | str:
    """Why it was closed, within a line; empty while it is open."""
    return closing(alert.closed_reason or "")


def closing(reason: str) -> Message | str:
    """The same of a reason as it is stored."""
    code, __, detail = (part.strip() for part in reason.partition(":"))
    match code:
        case "":
            return ""
        case "is":
            return _("it is {status}", status=status_in_text(detail))
        case "ended":
            return _("it ended: {status}", status=status_in_text(detail))
        case "succeeded":
            return _("{execution} succeeded", execution=detail) if detail else _("it succeeded")
        case "gone":
            return _("what it was about is there no more")
        case "resting":
            return _("nothing is expected of it any more")
        case "backed_up":
            return _("a backup was made")
        case "over":
            return _("the limit is not passed any more")
        case _:
            return reason_in_text(reason)


def _lasted(ms: int) -> Message:
    """Without seconds, from an hour on."""
    return format_duration(ms // _MINUTE_MS * _MINUTE_MS if ms >= _MINUTE_MS else ms)
