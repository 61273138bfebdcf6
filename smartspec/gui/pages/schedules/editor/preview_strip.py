"""In a narrow window: what the draft comes to on one line, and the button that unfolds the rest."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from smartspec.gui.pages.schedules.editor.reading import DraftPreview
from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.labels import Elided
from smartspec.gui.widgets.layout import column, line, row
from smartspec.gui.widgets.schedules.words import until
from smartspec.messages import tr


class PreviewStrip(QFrame):
    """`swapped`: it was unfolded, or folded."""

    swapped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "paneStrip")
        self._words, self._next = Elided("name", takes_its_width=True), Elided("small")
        self.button = icon_button("caret-down", tr("Preview"), self._swap, checkable=True)
        bar = row(self._words, self._next, self.button, margins=(20, 4, 14, 4))
        bar.setStretch(1, 1)
        self.setLayout(column(bar, line(), spacing=0))

    @property
    def is_open(self) -> bool:
        return self.button.isChecked()

    def _swap(self) -> None:
        self.button.setIcon(icons.icon("caret-up" if self.is_open else "caret-down"))
        self.swapped.emit()

    def show_text(self, words: str, found: DraftPreview) -> None:
        times = found.upcoming.times
        self._words.setText(words)
        self._next.setText(tr("next {when}", when=until(times[0], found.now)) if times else "")
