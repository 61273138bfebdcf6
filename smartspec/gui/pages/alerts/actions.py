"""What can be done about an alert: say that somebody knows, put it off, raise it again, go to what it is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from smartspec.commands import alerts
from smartspec.domain import times
from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.widgets.dialogs import Question, ask_text
from smartspec.gui.widgets.menus import popup_menu
from smartspec.messages import tr
from smartspec.value import frozen

K = AlertKind
_MORNING = 8  # o'clock
_THRESHOLDS = {
    K.LONG_RUNNING: "alerts.long_running_ms", K.HIGH_FAILURE: "alerts.failure_rate_percent",
    K.MISSED: "alerts.missed_grace_ms", K.DISK_LOW: "alerts.disk_free_bytes", K.BACKUP_OLD: "alerts.backup_age_ms",
}  # fmt: skip


@frozen
class WayOut:
    """The button that leads to what an alert is about: a location, or an action of the window."""

    word: str
    location: Location | None = None
    action: str = ""


def way_out(alert: Alert) -> WayOut | None:
    """None where nothing can be gone to."""
    found = alert.evidence
    match alert.kind:
        case K.LONG_RUNNING if found.execution_id:
            return WayOut(tr("Open execution"), Location("execution", found.execution_id))
        case K.MISSED if found.schedule_id:
            return WayOut(tr("Open schedule"), Location("schedules", found.schedule_id))
        case K.DISK_LOW:
            return WayOut(tr("Open the data folder"), action="open_folder")
        case K.BACKUP_OLD:
            return WayOut(tr("Back up now"), action="back_up")
    return WayOut(tr("Open workflow"), Location("workflows", found.workflow_id)) if found.workflow_id else None


def threshold_location(alert: Alert) -> Location:
    """The setting that the limit is of."""
    return Location("settings", _THRESHOLDS[alert.kind])


class AlertActions(QObject):
    """Each tells by a toast what it did; Undo raises it again."""

    def __init__(self, context: AppContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._owner = context, owner

    def open(self, alert: Alert) -> None:
        way = way_out(alert)
        if way is None:
            return
        if way.location is not None:
            self._context.navigator.go(way.location)
        else:
            self._context.actions.do(way.action)

    def acknowledge(self, alert: Alert) -> None:
        """With a note, which may be left out."""
        if alert.state_at(times.now()) not in (AlertState.RAISED, AlertState.SNOOZED):
            return
        ask_text(
            self._owner, tr("Acknowledge: {alert}", alert=words.headline(alert)), tr("Note"), tr("Acknowledge"),
            text="", several_lines=True, hint=tr("Why it may be so, for whoever looks next (optional)"),
            caption=tr("It is told no more, and stays in the list until it closes by itself."),
            then=partial(self._acknowledge, alert),
        )  # fmt: skip

    def _acknowledge(self, alert: Alert, text: str, question: Question) -> None:
        command = partial(alerts.acknowledge_alert, alert.id, text.strip() or None)
        question.run(self._context, command, lambda done: self._tell(done, tr("Acknowledged"), "check"))

    def snooze(self, alert: Alert, until: datetime | None) -> None:
        command = partial(alerts.snooze_alert, alert.id, until)
        self._context.run(self, command, lambda done: self._tell(done, tr("Snoozed"), "bell-z"))

    def reopen(self, alert: Alert) -> None:
        command = partial(alerts.reopen_alert, alert.id)
        told = tr("Raised again: {alert}", alert=words.headline(alert))
        self._context.run(self, command, lambda _: self._context.notifications.toast(told, None, "warning"))

    def _tell(self, alert: Alert, what: str, icon: str) -> None:
        def undo() -> None:
            self._context.run(self._context.notifications, partial(alerts.reopen_alert, alert.id))

        told = tr("{what}: {alert}", what=what, alert=words.headline(alert))
        self._context.notifications.toast(told, undo, icon)

    def snooze_menu(self, alert: Alert, parent: QWidget) -> QMenu:
        """An hour, until what it is about succeeds or ends, tomorrow at eight."""
        menu, now = popup_menu(parent), times.now()
        menu.addAction(tr("For an hour"), lambda: self.snooze(alert, times.now() + timedelta(hours=1)))
        if alert.kind is not K.DISK_LOW:
            word = tr("Until it ends") if alert.kind is K.LONG_RUNNING else tr("Until it succeeds")
            menu.addAction(word, lambda: self.snooze(alert, None))
        morning = tomorrow_morning(now)
        menu.addAction(tr("Until tomorrow, {clock}", clock=f"{_MORNING:02}:00"), lambda: self.snooze(alert, morning))
        return menu


def tomorrow_morning(now: datetime) -> datetime:
    """Of the machine's clock."""
    local = now.astimezone() + timedelta(days=1)
    return local.replace(hour=_MORNING, minute=0, second=0, microsecond=0, tzinfo=None).astimezone()
