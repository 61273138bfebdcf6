"""Alerts as a person works through them: seen, acknowledged, put off, raised again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.domain import ids, times
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.domain.event import Event, EventType
from smartspec.domain.page import Page
from smartspec.domain.text import check_display_text
from smartspec.errors import AlertNotFound, Conflict, Invalid
from smartspec.messages import _, listed
from smartspec.store import alerts, database, events
from smartspec.value import frozen

_SHORTEST_PREFIX = 4
_LONGEST_NOTE = 10_000
_LONGEST_SNOOZE = timedelta(days=3_650)


@frozen
class AlertDetail:
    """`history` is what became of it, the oldest first."""

    alert: Alert
    history: tuple[Event, ...]


@command
def list_alerts(kinds: Sequence[str] = ()) -> tuple[Alert, ...]:
    """Those of all workspaces that are open, acknowledged and snoozed ones too; the last to be raised first. Without
    `kinds` it is all of them. Raises Invalid.
    """
    return alerts.open_alerts(_kinds(kinds))


@command
def list_closed_alerts(kinds: Sequence[str] = (), *, after: str | None = None, limit: int = 50) -> Page[Alert]:
    """Those that are closed, the last to be closed first. Raises Invalid for a limit out of 1 to 10,000."""
    if not 1 <= limit <= 10_000:
        raise Invalid(_("A page holds 1 to 10,000 lines."))
    return alerts.closed_page(_kinds(kinds), after, limit)


def count_raised(now: datetime) -> int:
    """How many want somebody's attention: neither acknowledged nor snoozed."""
    return sum(each.state_at(now) is AlertState.RAISED for each in alerts.open_alerts())


@command
def get_alert(which: str) -> AlertDetail:
    """By its id, or an unambiguous beginning of it. Raises AlertNotFound, Conflict."""
    found = _found(which)
    return AlertDetail(found, events.of_alert(found.pk))


@command
def acknowledge_alert(which: str, note: str | None = None) -> Alert:
    """Somebody knows: it is not told any more while it lasts. Raises AlertNotFound, Conflict for one that is closed or
    acknowledged, Invalid for a note that cannot be kept.
    """
    said = _note(note)
    alert, now = _open(which), times.now()
    if alert.acknowledged_at is not None:
        raise Conflict(
            _("It was acknowledged already, by {name}; `{command}` raises it again.", name=alert.acknowledged_by,
              command=f"smartspec alerts reopen {alert.id[:18]}")
        )  # fmt: skip
    with database.transaction():
        return alerts.change(
            alert, EventType.ALERT_ACKNOWLEDGED, now, by=user(), message=said, acknowledged_at=now,
            acknowledged_by=user(), note=said, snoozed_at=None, snoozed_by=None, snoozed_until=None,
        )  # fmt: skip


@command
def snooze_alert(which: str, until: datetime | None = None) -> Alert:
    """Put it off to a time; without one until what it is about succeeds or ends. If it still holds then, it is told
    again. Raises AlertNotFound, Conflict for one that is closed, Invalid for a time that is past, or where nothing can
    succeed.
    """
    alert, now = _open(which), times.now()
    _check_until(alert, until, now)
    with database.transaction():
        return alerts.change(
            alert, EventType.ALERT_SNOOZED, now, by=user(),
            data={"until": None if until is None else times.to_ms(until)}, snoozed_at=now, snoozed_by=user(),
            snoozed_until=until, acknowledged_at=None, acknowledged_by=None, note=None,
        )  # fmt: skip


@command
def reopen_alert(which: str) -> Alert:
    """One that is acknowledged or snoozed is raised as before; it is not told again. Raises AlertNotFound, Conflict for
    one that is closed, or raised.
    """
    alert, now = _open(which), times.now()
    if alert.acknowledged_at is None and alert.snoozed_at is None:
        raise Conflict(_("It is raised."))
    with database.transaction():
        return alerts.change(alert, EventType.ALERT_REOPENED, now, by=user(), **AWAKE)


AWAKE: dict[str, None] = dict.fromkeys(
    ("acknowledged_at", "acknowledged_by", "note", "snoozed_at", "snoozed_by", "snoozed_until")
)


def _check_until(alert: Alert, until: datetime | None, now: datetime) -> None:
    if until is None:
        if alert.kind is AlertKind.DISK_LOW:
            raise Invalid(_("A disk has nothing that succeeds; say for how long, or until when."))
        return
    if until <= now:
        raise Invalid(_("A snooze ends later than now."))
    if until - now > _LONGEST_SNOOZE:
        raise Invalid(_("A snooze lasts ten years at most."))


def _note(text: str | None) -> str | None:
    """Nothing where it says nothing."""
    if text is None or not text.strip():
        return None
    return check_display_text(text.strip(), _("A note"), _LONGEST_NOTE)


def _open(which: str) -> Alert:
    alert = _found(which)
    if alert.closed_at is not None:
        raise Conflict(_("It is closed."))
    return alert


def _found(which: str) -> Alert:
    is_prefix = len(which) >= _SHORTEST_PREFIX and all(each in "0123456789abcdef-" for each in which)
    found = alerts.by_prefix(which) if is_prefix else ()
    if len(found) > 1 and not ids.is_id(which):
        choices = listed(each.id[:18] for each in found)
        raise Conflict(_("“{which}” could be any of {choices}; write the id.", which=which, choices=choices))
    if not found:
        raise AlertNotFound(
            _(
                "There is no alert “{which}”; `{command}` lists them.",
                which=which[:60],
                command="smartspec alerts --all",
            )
        )
    return found[0]


def _kinds(words: Sequence[str]) -> tuple[AlertKind, ...]:
    for each in words:
        if each not in [*AlertKind]:
            known = listed(AlertKind)
            raise Invalid(_("There is no kind of alert “{word}”: the kinds are {known}.", word=each, known=known))
    return tuple(map(AlertKind, words)) or tuple(AlertKind)
