"""The strip above the tabs of an execution that failed: what, why, and what it likely comes from."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.commands import comparing
from smartspec.domain.compare.comparison import Comparison
from smartspec.domain.engine.states import PROBLEM, TASK_PROBLEM, ExecutionStatus
from smartspec.domain.reasons import error_in_text, headline
from smartspec.domain.text import one_line
from smartspec.errors import Conflict, SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr, translate, trn
from smartspec.vocabulary import LIKELIHOOD_WORDS

E = ExecutionStatus
_INSET = 5


class Cause(QWidget):
    """The red strip: what failed first, and the likely reason. `asked` for what changed since it last worked."""

    asked = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._likely_of = ""  # whose likely cause is shown or looked for
        self._never_worked = False
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = Icon(size=16)
        self.what = Elided("heading")
        self.likely = Elided("small")
        self._is_narrow = False
        self._ask = button(tr("What changed since it last worked?"), "link", then=self.asked.emit)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.what)
        words.addWidget(self.likely)
        layout = row(self._icon, margins=(20, _INSET, 20, _INSET), spacing=12)
        layout.addLayout(words, 1)
        layout.addWidget(self._ask)
        self.setLayout(layout)
        self.hide()

    def show_detail(self, detail: Detail) -> None:
        execution = detail.execution
        if execution.status not in PROBLEM:
            self.forget()
            return
        self._show_cause(_what_failed(detail), execution.status.value)
        if execution.status is not E.INTERRUPTED:
            self._look_for_likely(execution.id)

    def forget(self) -> None:
        """Of another execution nothing is known yet."""
        self._likely_of = ""
        self._never_worked = False
        self._tell_likely("")
        self.hide()

    def _look_for_likely(self, id_: str) -> None:
        if self._likely_of != id_:
            self._likely_of = id_
            self._never_worked = False
            self._tell_likely("")
            command = partial(comparing.compare_with_last_good, id_, self._context.workspace)
            self._context.run(self, command, partial(self._on_likely, id_), partial(self._on_alone, id_), worker="slow")

    def _on_alone(self, id_: str, error: SmartSpecError) -> None:
        """It never worked: nothing can have changed since."""
        if isinstance(error, Conflict) and id_ == self._likely_of:
            self._never_worked = True
            self._ask.hide()

    def _on_likely(self, id_: str, found: Comparison) -> None:
        if found.findings and id_ == self._likely_of:
            first = found.findings[0]
            likelihood = LIKELIHOOD_WORDS[first.likelihood]
            told = tr("{likelihood}: {sentence}; {why}.", likelihood=likelihood, sentence=first.sentence, why=first.why)
            self._tell_likely(told)

    def _tell_likely(self, told: str) -> None:
        """It has its room before it is known: nothing moves when it comes."""
        self.likely.setText(told)
        self.likely.setVisible(bool(told) and not self._is_narrow)
        lines = (self.what,) if self._is_narrow else (self.what, self.likely)
        self.setMinimumHeight(sum(each.sizeHint().height() for each in lines) + 2 * _INSET + 1)

    def _show_cause(self, what: str, status: str) -> None:
        self.what.setText(what)
        restyle(self, level="warning" if status == "interrupted" else "error")
        shown = status_style(status)
        self._icon.show_icon(shown.icon, shown.colour)
        self._ask.setVisible(status != "interrupted" and not self._never_worked)
        self.setAccessibleName(what)
        self.show()

    def show_narrow(self, narrow: bool) -> None:
        self._is_narrow = narrow
        self._tell_likely(self.likely.full_text)


def _what_failed(detail: Detail) -> str:
    execution, first = detail.execution, detail.telling
    failed = [row for row in detail.rows if first is not None and row.task == first.task and row.status == first.status]
    times = sum(first is not None and row.item_index == first.item_index for row in failed)
    what = tr("It failed")
    if first is not None and first.status in TASK_PROBLEM:
        what = trn("{task} failed", "{task} failed {n} times", times, task=first.task)
    if execution.status is E.INTERRUPTED:
        what = tr("Its runner ended before it did")
    error = first.error if first is not None and first.error else execution.error
    why = translate(error_in_text(error) if error else headline(execution))
    return f"{what}: {one_line(why, 300)}" if why else what
