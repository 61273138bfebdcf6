"""A past period of a schedule, run by hand: from when to when, and how many times that is before any of them runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from smartspec.commands import schedule_runs
from smartspec.domain import times
from smartspec.domain.schedule.schedule import Schedule
from smartspec.errors import Invalid, SmartSpecError
from smartspec.formatting import format_due
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.dialogs import Dialog, wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.gui.widgets.moment_edit import MomentEdit
from smartspec.messages import tr, translate, trn

_LOOK_AFTER_MS = 150
_AT_FIRST = timedelta(days=1)


class PastPeriodDialog(Dialog):
    def __init__(self, context: AppContext, schedule: Schedule, parent: QWidget) -> None:
        title = tr("Run a past period of “{name}”", name=schedule.name)
        super().__init__(parent, title, tr("Every due time of it runs, whether or not something ran for it then."))
        self._context, self._schedule = context, schedule
        self._asked = 0
        self.first, self.last = MomentEdit(tr("From"), "date-time"), MomentEdit(tr("To"), "date-time")
        now = times.now().astimezone().replace(second=0, microsecond=0)
        for field, at in ((self.first, now - _AT_FIRST), (self.last, now)):
            field.setText(f"{at:%Y-%m-%d %H:%M}")
            field.textChanged.connect(lambda _text: self._on_typed())
        self.told = wrapped("", "secondary")
        said = (label(tr("From"), "secondary"), label(tr("To, both ends among them"), "secondary"))
        for word, field in zip(said, (self.first, self.last), strict=True):
            word.setBuddy(field)
        fields = (column(word, field, spacing=4) for word, field in zip(said, (self.first, self.last), strict=True))
        self.body.addLayout(row(*fields, None, spacing=16))
        self.body.addWidget(self.told)
        meant = tr("They run one after another, as catch-ups that say who asked. Times are by this computer’s clock.")
        self.body.addWidget(wrapped(meant, "caption"))
        self.add_button(tr("Cancel"), then=self.reject)
        self.run_button = self.add_button(tr("Run them"), "primary", self._run)
        self._later = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._later.timeout.connect(self._count)
        self._counted = 0
        self._count()

    # How many that is

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and self._counted > 0

    def _on_typed(self) -> None:
        """What was counted is of another period."""
        self._asked += 1
        self._show_count(0)
        self._later.start()

    def _period(self) -> tuple[datetime, datetime] | None:
        """What is wrong with it is said."""
        try:
            first, last = self.first.moment, self.last.moment
        except Invalid as error:
            self.show_problem(translate(error.sentence))
            return None
        if first is None or last is None:
            self.show_problem(tr("Write both, from when and to when."))
            return None
        if first > last:
            self.show_problem(tr("It would end before it begins."))
            return None
        return first, last

    def _count(self) -> None:
        self._later.stop()
        if (period := self._period()) is None:
            return
        asked = self._asked
        count = partial(schedule_runs.backfill_times, self._schedule.id, *period, self._context.workspace)

        def when_asked(show: Callable[..., None]) -> Callable[..., None]:
            return lambda answer: show(answer) if asked == self._asked else None

        self._context.run(self, count, when_asked(self._on_counted), when_asked(self._on_refused))

    def _on_counted(self, due: tuple[datetime, ...]) -> None:
        self.show_problem("")
        self._show_count(len(due))
        now = times.now()
        self.told.setText(trn(
            "{n} due time: {first}.", "{n} due times, from {first} to {last}.", len(due), n=number(len(due)),
            first=translate(format_due(due[0], now)), last=translate(format_due(due[-1], now)),
        ))  # fmt: skip

    def _show_count(self, count: int) -> None:
        self._counted = count
        self.told.setText("")
        self.run_button.setText(
            trn("Run {n} time", "Run {n} times", count, n=number(count)) if count else tr("Run them")
        )
        self._enable_primary()

    def _on_refused(self, error: SmartSpecError) -> None:
        self.show_problem(translate(error.sentence))

    # Running

    def _run(self) -> None:
        if (period := self._period()) is None:
            return
        self.set_busy(True)
        command = partial(schedule_runs.backfill_schedule, self._schedule.id, *period, self._context.workspace)
        self._context.start(self, command, self._on_started, self.refuse)

    def _on_started(self, count: int) -> None:
        self.accept()
        told = trn(
            "“{name}” makes up for {n} due time", "“{name}” makes up for {n} due times", count, n=number(count),
            name=self._schedule.name,
        )  # fmt: skip
        self._context.notifications.toast(told, None, "clock-counter-clockwise")
