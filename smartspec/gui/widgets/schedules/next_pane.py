"""Beside the ledger: when the chosen schedule is due next, the changes of the clock among that, and what it does."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from smartspec.commands.schedule_conditions import ConditionCheck
from smartspec.domain import times
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.upcoming import Upcoming
from smartspec.gui.widgets.dialogs import breakable, wrapped
from smartspec.gui.widgets.labels import Elided, label, plain_tip
from smartspec.gui.widgets.layout import clear_layout, column, row
from smartspec.gui.widgets.schedules.due_lines import change_card, time_line, warning_card
from smartspec.gui.widgets.schedules.words import MISFIRES, OVERLAPS, check_text, conditions_text
from smartspec.messages import Message, tr, translate, trn

WIDTH = 288


class NextPane(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._shown = self._checked = ""
        self.conditions: QLabel | None = None
        self.check: QLabel | None = None
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
        """What it does; its times come later, by `show_times`, and whether its conditions hold, by `show_check`.
        `version` is the pinned one, else empty; `unseen` is why it does not see what it waits for.
        """
        clear_layout(self._unseen)
        if unseen is not None:
            self._unseen.addWidget(warning_card(translate(unseen), tr("Until it is seen, nothing starts for it.")))
        self._zone.setText(schedule.timezone or tr("as this machine"))
        clear_layout(self._facts)
        self.conditions = self.check = None
        facts = [
            (tr("Version"), version or tr("always the current one")),
            (tr("If missed"), translate(MISFIRES[schedule.misfire])),
            (tr("If still running"), translate(OVERLAPS[schedule.overlap])),
        ]
        if schedule.events_per_hour is not None:
            facts.append((tr("At most"), trn("{n} an hour", "{n} an hour", schedule.events_per_hour)))
        for name, value in facts:
            said = Elided("strong")
            said.setText(value)
            self._add_fact(name, said)
        if only := conditions_text(schedule):
            known = self._checked if schedule.id == self._shown else ""
            self.conditions, self.check = wrapped(only, "strong"), wrapped(known, "strong")
            self._add_fact(tr("Only when"), self.conditions)
            self._add_fact(tr("Now"), self.check)
        self._shown = schedule.id

    def _add_fact(self, name: str, value: QWidget) -> None:
        number, top = self._facts.count() // 2, Qt.AlignmentFlag.AlignTop
        self._facts.addWidget(label(name, "secondary"), number, 0, top)
        self._facts.addWidget(value, number, 1)

    def show_check(self, schedule: Schedule, found: ConditionCheck | None) -> None:
        """Whether what has to hold does, now."""
        if found is not None and schedule.id == self._shown and self.check is not None:
            self._checked = check_text(found, schedule)
            self.check.setText(breakable(self._checked))
            self.check.setToolTip(plain_tip(translate(found.untold)))

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
