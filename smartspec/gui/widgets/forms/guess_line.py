"""A sentence about what does not fit, and the guess at what was meant, to be taken with a click."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr


class GuessLine(QWidget):
    """`guess_taken`: the link was pressed; Alt+Enter in the field does the same."""

    guess_taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wrong = IconLine("error")
        self.link = button("", "link", then=self.guess_taken.emit)
        restyle(self.link, part="inline")
        self.link.setToolTip(tr("Alt+Enter"))
        self.link.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout = row(self._wrong, self.link, spacing=6)
        self.setLayout(self._layout)
        self.show_problem("")

    @property
    def text(self) -> str:
        return self._wrong.text

    def show_problem(self, sentence: str, guess: str = "", shown: str = "") -> None:
        """With a guess, `shown` is the part of the sentence that does not tell it."""
        self._wrong.show_text(shown if guess else sentence, "x-circle-fill", "failed")
        self._wrong.set_wraps(not guess)
        self._layout.setStretch(0, 0 if guess else 1)
        self.link.setText(tr("Did you mean {guess}?", guess=guess))
        self.link.setVisible(bool(guess))
        self.setVisible(bool(sentence))
        self._fit_direction()

    def _fit_direction(self) -> None:
        """The guess below what is wrong, where both have no room on one line."""
        needed = self._wrong.sizeHint().width() + self._layout.spacing() + self.link.sizeHint().width()
        is_narrow = not self.link.isHidden() and needed > self.width()
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        if self._layout.direction() != way:
            self._layout.setDirection(way)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_direction()
