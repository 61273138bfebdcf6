"""Whether a replay came to the same as its original: beside its title, and where it did not, in a strip."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from smartspec.commands import comparing
from smartspec.domain.compare.verdict import ReplayVerdict, Verdict
from smartspec.domain.engine.states import FINAL
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr, translate


class VerdictStrip(QWidget):
    """`asked` carries the id of the original, to be compared with. `chip` stands beside the title."""

    asked = Signal(str)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._of = ("", "")  # whose verdict is shown or looked for: its id and status
        self._original = ""
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        restyle(self, level="warning")
        self.chip = Chip("", "", checkable=False)
        self.chip.clicked.connect(self._ask)
        icon = Icon("warning", "retrying", 16)
        self.told = Elided("heading")
        layout = row(icon, self.told, button(tr("Compare"), "link", then=self._ask), margins=(20, 5, 20, 5), spacing=12)
        layout.setStretchFactor(self.told, 1)
        self.setLayout(layout)
        self.forget()

    def forget(self) -> None:
        """Of another execution nothing is known yet."""
        self._of = ("", "")
        self.chip.hide()
        self.hide()

    def show_detail(self, detail: Detail) -> None:
        execution, original = detail.execution, detail.original
        if original is None:
            self.forget()
            return
        self._original = original.id
        wanted = (execution.id, execution.status.value)
        if wanted == self._of:
            return
        self._of = wanted
        self.hide()
        self._show_chip(tr("Replay of #{number}", number=number(original.number)), "clock-counter-clockwise", "text2")
        if execution.status in FINAL:
            read = partial(comparing.replay_verdict, execution.id, self._context.workspace)
            self._context.run(
                self, read, partial(self._on_verdict, wanted, original.number), self._on_none, worker="slow"
            )

    def _on_none(self, error: SmartSpecError) -> None:
        """Its original is gone meanwhile: what is said of it stays."""

    def _on_verdict(self, of: tuple[str, str], original: int, found: ReplayVerdict) -> None:
        if of != self._of:
            return
        name = number(original)
        if found.agreement is Verdict.IDENTICAL:
            self._show_chip(tr("Identical to #{number}", number=name), "check-circle-fill", "completed")
        elif found.agreement is Verdict.DIFFERENT:
            self._show_chip(tr("Different from #{number}", number=name), "warning-fill", "retrying")
            self.told.setText(translate(found.sentence))
            self.show()
        else:
            self._show_chip(tr("Replay of #{number}: no verdict", number=name), "clock-counter-clockwise", "text2")
        around = [translate(each) for each in found.environment]
        self.chip.set_tip("\n".join([translate(found.sentence), *around]))

    def _show_chip(self, word: str, icon: str, colour: str) -> None:
        self.chip.set_icon(icon, colour)
        self.chip.set_word(word)
        self.chip.set_tip("")
        self.chip.show()

    def _ask(self) -> None:
        if self._original:
            self.asked.emit(self._original)
