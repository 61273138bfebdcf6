"""The bar at the bottom: the database, the runner, how much there is, how much room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.text import one_line
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.shell.job_item import JobItem
from smartspec.gui.shell.status_item import HEIGHT, StatusItem
from smartspec.gui.style.formatting import ago, count, due, size
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen

if TYPE_CHECKING:
    from smartspec.commands.database import Health
    from smartspec.domain.activity import Now
    from smartspec.domain.schedule.schedule import Schedule

_HEALTH_EVERY_MS = 10 * 60_000
_LOOK_EVERY_MS = 24 * 3_600_000  # at every page
_LOOKED_AT = "health.looked_at"
_E = ExecutionStatus


@frozen
class _Numbers:
    """Executions are counted to 10,001; `raised` are the alerts of all workspaces that nobody put aside."""

    workflows: int
    executions: int
    running: int
    next_due: Schedule | None
    is_unserved: bool
    raised: int


@frozen
class _Condition:
    """`looked_at` is when every page was looked at last."""

    health: Health
    backed_up: datetime | None
    looked_at: datetime


class StatusBar(Pane):
    topics = frozenset({Topic.WORKFLOWS, Topic.EXECUTIONS, Topic.SCHEDULES, Topic.DATABASE, Topic.ALERTS})

    def __init__(self, context: AppContext, search: Callable[[str], object], parent: QWidget | None = None) -> None:
        """`search` shows the executions that fit a text."""
        super().__init__(context, parent)
        self.setObjectName("statusbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(HEIGHT)
        self.database = StatusItem(tr("Database"), context.actions["check"].trigger)
        self.runner = StatusItem(tr("Runner"))
        self.next_due = StatusItem(tr("Schedules"), context.actions["page_schedules"].trigger, "calendar-blank")
        self.next_due.hide()
        self.alerts = StatusItem(tr("Alerts"), context.actions["page_alerts"].trigger)
        self.alerts.hide()
        self.counts = StatusItem(tr("Counts"), partial(search, ""), "list-bullets")
        self.room = StatusItem(tr("Disk"), context.actions["open_folder"].trigger, "hard-drives")
        self.job = JobItem(context.background)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(4)
        layout.addWidget(self.database)
        layout.addWidget(self.runner)
        layout.addWidget(self.alerts)
        layout.addWidget(self.next_due)
        layout.addWidget(self.job)
        layout.addStretch(1)
        layout.addWidget(self.counts)
        layout.addWidget(self.room)
        self._narrow = self._is_lost = self._is_looked_at = False
        self.running = 0  # executions, as far as known
        self._condition: _Condition | None = None
        self.database.show_text(tr("Database"), dot="pending")
        self._turning = QTimer(self, interval=100)
        self._turning.timeout.connect(self.runner.update)
        self._every = QTimer(self, interval=_HEALTH_EVERY_MS)
        self._every.timeout.connect(self.check_health)
        self._every.start()
        context.change_listener.changed.connect(self._on_ledger_changed)

    def _on_ledger_changed(self, change_set: ChangeSet) -> None:
        """A backup was made, or it was repaired: by whomever."""
        if Topic.DATABASE in change_set.topics:
            self.check_health()

    def show_ages(self) -> None:
        self._show_condition()
        if not self.next_due.isHidden():
            self.reload()  # what was next may be due by now, and its runner gone

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.room.setVisible(not narrow and bool(self.room.text() or not self._is_lost))
        self.next_due.setVisible(not narrow and bool(self.next_due.text()))
        self._show_condition()

    def show_lost(self, word: str) -> None:
        """Nothing is known of the ledger any more: nothing is claimed."""
        self._is_lost = True
        self._turning.stop()
        self._condition = None
        self.database.show_text(word, dot="failed", tip=tr("What can be done stands above the page"))
        self.runner.show_text(tr("Runner: not known"), dot="pending")
        for each in (self.counts, self.room, self.next_due, self.alerts):
            each.setText("")
            each.hide()

    def show_to_look(self) -> None:
        """Nothing runs in a ledger that is only looked at, whatever its rows say."""
        self._is_looked_at = True
        self._turning.stop()
        self.runner.show_text(tr("Runner: none, only looked at"), dot="pending")

    def show_room(self, text: str) -> None:
        """What is free on the disk, where nothing else is known."""
        self.room.show_text(text)
        self.room.setVisible(not self._narrow)

    def show_found(self) -> None:
        """It can be read again."""
        self._is_lost = False
        self.database.show_text(tr("Database"), dot="pending")
        self.counts.show()
        self.show_narrow(self._narrow)
        self.invalidate()
        self.check_health()

    def reload(self) -> None:
        if self._is_lost:
            return
        self.context.run(self, partial(_read_numbers, self.context.workspace), self._show_numbers)

    def check_health(self) -> None:
        """On a thread of its own. Every page is read once a day, and as long as something is wrong with one."""
        if self._is_lost:
            return
        looked_at = self.context.ui_state.get(_LOOKED_AT, 0)
        known = times.from_ms(looked_at) if looked_at > times.to_ms(times.now()) - _LOOK_EVERY_MS else None
        self.context.run(self, partial(_check_health, known), self._on_condition, worker="health")

    def check_every_page(self) -> None:
        """Now, whenever that was done last: somebody has just looked, and the bar says the same."""
        self.context.ui_state.keep(_LOOKED_AT, 0)
        self.check_health()

    def _show_numbers(self, numbers: _Numbers) -> None:
        if self._is_lost:
            return
        self.running = 0 if self._is_looked_at else numbers.running
        counted = count(numbers.executions)
        told = (
            trn("{n} workflow", "{n} workflows", numbers.workflows),
            trn("{count} execution", "{count} executions", numbers.executions, count=counted),
        )
        self.counts.show_text(" · ".join(told))
        self._show_next(numbers)
        self._show_raised(numbers.raised)

    def _show_raised(self, raised: int) -> None:
        self.alerts.setVisible(bool(raised))
        told = trn("{n} alert", "{n} alerts", raised)
        self.alerts.show_text(told, dot="failed", tip=tr("Click to see what needs attention"))

    def _show_next(self, numbers: _Numbers) -> None:
        """The time by the clock: an age would have to tick."""
        schedule = numbers.next_due
        if schedule is None or schedule.next_run_at is None or self._is_looked_at:
            self.next_due.setText("")
            self.next_due.hide()
            return
        if numbers.is_unserved:
            tip = tr("Schedules are on, and no runner is there to start what is due")
            self.next_due.show_text(tr("Schedules: no runner"), dot="retrying", tip=tip)
        else:
            at = due(schedule.next_run_at, times.now())
            self.next_due.show_text(tr("Next: {name}, {at}", name=one_line(schedule.name, 40), at=at), dot="")
        self.next_due.setVisible(not self._narrow)

    def show_now(self, now: Now) -> None:
        """Of all workspaces: a runner works for each."""
        if self._is_lost or self._is_looked_at:
            return
        from smartspec.domain.activity import State

        runs, needs_somebody = now.counts.get(State.RUNNING, 0), now.counts.get(State.ASKED, 0)
        is_stuck = bool(now.counts.get(State.WAITING, 0)) and not now.serving
        dot = "running" if runs else "retrying" if needs_somebody or is_stuck else "pending"
        self.runner.show_text(translate(now.headline), dot=dot, tip=tr("Click to see what runs and what waits"))
        if runs:
            self._turning.start()
        else:
            self._turning.stop()

    def _on_condition(self, condition: _Condition) -> None:
        if self._is_lost:
            return
        self._condition = condition
        sound = condition.health.status != "red"
        self.context.ui_state.keep(_LOOKED_AT, times.to_ms(condition.looked_at) if sound else 0)
        self._show_condition()
        health = condition.health
        total = health.database_bytes + health.journal_bytes
        self.room.show_text(tr("{size} · {free} free", size=size(total), free=size(health.free_disk_bytes)))

    def _show_condition(self) -> None:
        if self._condition is None:
            return
        health, moment = self._condition.health, self._condition.backed_up
        lately = times.now() - self._condition.looked_at < timedelta(milliseconds=_HEALTH_EVERY_MS)
        checked = tr("Database checked {age}", age=ago(self._condition.looked_at, times.now()))
        green = tr("Database healthy") if lately else checked
        word = {"green": green, "amber": tr("Database: needs attention"), "red": tr("Database damaged")}
        backed = tr("backup verified {age}", age=ago(moment, times.now())) if moment else tr("no backup yet")
        text = word[health.status] if self._narrow else f"{word[health.status]} · {backed}"
        dot = {"green": "completed", "amber": "retrying", "red": "failed"}[health.status]
        self.database.show_text(
            text, dot=dot, tip="\n".join(map(translate, health.findings)) or tr("Click to check every page")
        )


# On the threads of the commands: the bar is there before they are


def _read_numbers(workspace: str) -> _Numbers:
    from smartspec.commands import alerts, executions, schedule_lookup, workflows
    from smartspec.domain.search.filters import ExecutionFilter

    def how_many(*statuses: ExecutionStatus) -> int:
        return executions.count_executions(ExecutionFilter(status=frozenset(statuses)), workspace=workspace)

    next_due = schedule_lookup.next_due(workspace=workspace)
    is_unserved = next_due is not None and schedule_lookup.is_unserved()
    counts = workflows.count_workflows(workspace=workspace), how_many(), how_many(_E.RUNNING)
    return _Numbers(*counts, next_due, is_unserved, alerts.count_raised(times.now()))


def _check_health(known: datetime | None) -> _Condition:
    """With `known`, when every page was looked at last, they are not looked at again."""
    from smartspec.commands import database

    newest = next(iter(database.list_backups()), None)
    health = database.database_health(pages=known is None)
    return _Condition(health, datetime.fromisoformat(newest.made_at) if newest else None, known or times.now())
