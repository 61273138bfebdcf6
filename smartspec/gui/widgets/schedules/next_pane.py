"""Beside the ledger: when the chosen schedule is due next, the changes of the clock among that, and what it does."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.upcoming import Upcoming
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, row
from smartspec.gui.widgets.schedules.due_lines import change_card, time_line, warning_card
from smartspec.gui.widgets.schedules.words import MISFIRES, OVERLAPS
from smartspec.messages import Message, tr, translate, trn

WIDTH = 288


class NextPane(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._zone = label("", "caption")
        self._times = QVBoxLayout()
        self._times.setSpacing(4)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        head = row(label(tr("Next due"), "strong"), None, self._zone, margins=(16, 12, 16, 6))
        self._unseen = QVBoxLayout()
        parts = (self._inset(self._times), 6, self._inset(self._unseen), self._inset(self._facts))
        self.setLayout(column(head, *parts, None, spacing=0))

    def _inset(self, inner: QVBoxLayout | QGridLayout) -> QWidget:
        made = QWidget()
        inner.setContentsMargins(16, 2, 16, 2)
        made.setLayout(inner)
        return made

    def show_schedule(self, schedule: Schedule, version: str, unseen: Message | None = None) -> None:
        """What it does; its times come later, by `show_times`. `version` is the pinned one, else empty; `unseen` is why
        it does not see what it waits for."""
        clear_layout(self._unseen)
        if unseen is not None:
            self._unseen.addWidget(warning_card(translate(unseen), tr("Until it is seen, nothing starts for it.")))
        self._zone.setText(schedule.timezone or tr("as this machine"))
        clear_layout(self._facts)
        facts = [
            (tr("Version"), version or tr("always the current one")),
            (tr("If missed"), translate(MISFIRES[schedule.misfire])),
            (tr("If still running"), translate(OVERLAPS[schedule.overlap])),
        ]
        if schedule.events_per_hour is not None:
            facts.append((tr("At most"), trn("{n} an hour", "{n} an hour", schedule.events_per_hour)))
        for number, (name, value) in enumerate(facts):
            said = Elided("strong")
            said.setText(value)
            self._facts.addWidget(label(name, "secondary"), number, 0)
            self._facts.addWidget(said, number, 1)

    def show_times(self, schedule: Schedule, found: Upcoming) -> None:
        clear_layout(self._times)
        now = times.now()
        lines: list[tuple[datetime, QWidget]] = [(at, time_line(at, now)) for at in found.times]
        lines += [(each.change.at, change_card(each)) for each in found.changes]
        for _at, widget in sorted(lines, key=lambda line: line[0]):
            self._times.addWidget(widget)
        if not lines:
            self._times.addWidget(wrapped(_why_none(schedule), "secondary"))

    def show_problem(self, sentence: str) -> None:
        clear_layout(self._times)
        self._times.addWidget(wrapped(sentence, "secondary"))


def _why_none(schedule: Schedule) -> str:
    if schedule.status is ScheduleStatus.PAUSED:
        return tr("It is paused: nothing is due.")
    if schedule.status is ScheduleStatus.ERROR:
        return schedule.error or tr("It cannot fire.")
    if schedule.trigger_type == "event":
        return tr("It has no times of its own: it starts when that happens.")
    if schedule.trigger_type == "manual":
        return tr("It has no times of its own.")
    return tr("It will not be due any more.")
