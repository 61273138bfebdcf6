"""The ledger with its head: of which schedule it is, and how many due times came to what."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from smartspec.commands import schedule_summaries
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.schedule import Schedule
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, frame, line, row
from smartspec.gui.widgets.schedules.ledger import LedgerView
from smartspec.gui.widgets.schedules.words import decision_style
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr


class LedgerPane(QWidget):
    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._schedule: Schedule | None = None
        self.view = LedgerView(context)
        self.view.ledger.settled.connect(self._show_page)
        self.view.ledger.failed.connect(self._on_failed)
        self.states = ContentStates(self.view)
        self._of, self._counts = Elided("caption"), QHBoxLayout()
        self._counts.setSpacing(14)
        head = frame("surface")
        title = row(label(tr("Ledger"), "name"), self._of, spacing=8)
        title.setStretch(1, 1)
        whole = row(title, self._counts, margins=(20, 10, 14, 10), spacing=16)
        whole.setStretch(0, 1)
        head.setLayout(whole)
        self.setLayout(column(line(), head, line(), self.states, spacing=0, fill=self.states))

    def show_schedule(self, schedule: Schedule) -> None:
        """Read what was decided about its due times."""
        before, self._schedule = self._schedule, schedule
        if before is None or before.pk != schedule.pk:
            self.states.show_loading()
        self._of.setText(tr("every due time of {name} and what was decided", name=schedule.name))
        self.view.ledger.show(schedule.id)
        if before != schedule:  # with each decision its next time or its counts have moved on
            read = partial(schedule_summaries.firing_counts, schedule.id, self._context.workspace)
            self._context.run(self, read, partial(self._show_counts, schedule), lambda _: None, worker="slow")

    def _show_counts(self, schedule: Schedule, counts: dict[Decision, int]) -> None:
        if self._schedule is None or schedule.pk != self._schedule.pk:
            return  # another one is shown by now
        clear_layout(self._counts)
        words: dict[str, int] = {}
        for decision, found in counts.items():
            word = decision_style(decision).word
            words[word] = words.get(word, 0) + found
        for word, found in words.items():
            self._counts.addWidget(label(f"{word} {number(found)}", "secondary"))

    def _show_page(self) -> None:
        if self.view.ledger.rows:
            self.states.show_content()
        else:
            self.states.show_empty(
                "calendar-blank", tr("No due time yet"), tr("Each will have its line here, run or not.")
            )

    def _on_failed(self, error: SmartSpecError) -> None:
        schedule = self._schedule
        self.states.show_error(error, partial(self.show_schedule, schedule) if schedule else None)
