"""The chosen schedule: its ledger, beside it when it is due next, what it does, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from smartspec.commands import schedule_conditions, schedule_summaries
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.summary import ScheduleSummary
from smartspec.domain.schedule.upcoming import Upcoming
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import scrolled
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.schedules.actions import ScheduleActions
from smartspec.gui.widgets.schedules.by_hand import run_word
from smartspec.gui.widgets.schedules.ledger_pane import LedgerPane
from smartspec.gui.widgets.schedules.next_pane import WIDTH, NextPane
from smartspec.messages import tr, translate


class ScheduleDetail(QWidget):
    def __init__(self, context: AppContext, actions: ScheduleActions) -> None:
        super().__init__()
        self._context, self._actions = context, actions
        self.summary: ScheduleSummary | None = None
        self.ledger, self.next = LedgerPane(context), NextPane()
        self.run_button = button(tr("Run now"), "", "play", self.run)
        self.edit_button = button(tr("Edit…"), "", "pencil-simple", self.edit)
        self._beside, self._side = line(vertical=True), self._make_side()
        whole = row(self.ledger, self._beside, self._side, spacing=0)
        whole.setStretchFactor(self.ledger, 1)
        self.setLayout(whole)

    def _make_side(self) -> QWidget:
        made = frame("pane")
        made.setFixedWidth(WIDTH)
        times_and_facts = scrolled(self.next)
        times_and_facts.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        times_and_facts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        actions = row(self.run_button, self.edit_button, None, margins=(16, 8, 16, 12))
        made.setLayout(column(times_and_facts, actions, spacing=0, fill=times_and_facts))
        return made

    def show_narrow(self, narrow: bool) -> None:
        """The ledger alone, where there is little room."""
        self._side.setVisible(not narrow)
        self._beside.setVisible(not narrow)

    def parts(self) -> list[QWidget]:
        """What Tab goes through."""
        return [self.ledger.view, self.run_button, self.edit_button]

    def show_schedule(self, summary: ScheduleSummary) -> None:
        """Read what was decided about it, and when it is due next."""
        self.summary, schedule = summary, summary.schedule
        self.run_button.setText(run_word(schedule))
        self.ledger.show_schedule(schedule)
        self.next.show_schedule(schedule, summary.version, summary.unseen)
        if schedule.conditions:
            self._check(schedule)
        self._context.run(
            self, partial(schedule_summaries.upcoming_times, schedule), partial(self._show_times, summary),
            lambda error: self.next.show_problem(translate(error.sentence)), worker="slow",
        )  # fmt: skip

    def _check(self, schedule: Schedule) -> None:
        """Its command is not run for that."""
        ask = partial(schedule_conditions.check_conditions, schedule.id, with_command=False)
        self._context.run(self, ask, partial(self.next.show_check, schedule), lambda _: None, worker="health")

    def _show_times(self, summary: ScheduleSummary, found: Upcoming) -> None:
        if self.summary is summary:
            self.next.show_times(summary.schedule, found)

    def edit(self) -> None:
        if self.summary is not None:
            self._actions.edit(self.summary)

    def run(self) -> None:
        if self.summary is not None:
            self._actions.run(self.summary.schedule)
