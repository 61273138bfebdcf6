"""A sentence about what does not fit, and the guess at what was meant, to be taken with a click."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

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
