"""Text that is shown as it stands: labels, lines that give way, tooltips."""

from __future__ import annotations

import re
from unicodedata import bidirectional

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QWidget,
)

from smartspec.domain.invisible import escape_directions, escape_invisible


def label(text: str = "", role: str = "", parent: QWidget | None = None, *, selectable: bool = False) -> QLabel:
    """Plain text, whatever it holds; what would turn it around is written out."""
    made = _Plain(parent)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


_LEFT_TO_RIGHT = "\u200e"
_LEAST = 48  # pixels of a text that gives way


class _Plain(QLabel):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        super().setText(_from_the_left(escape_directions(text)))


def _from_the_left(text: str) -> str:
    """A first letter of Hebrew or Arabic would turn around all of it, the words of the window and file names too."""
    directions = (bidirectional(each) for each in text)
    first = next((each for each in directions if each in ("L", "R", "AL")), "L")
    return text if first == "L" else f"{_LEFT_TO_RIGHT}{text}"


def key_cap(keys: str) -> QLabel:
    """Keys, as the system writes them."""
    written = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    made = label(re.sub(r"\+(?=.)", " ", written), "key")
    made.setProperty("verbatim", True)
    return made


class Elided(QLabel):
    """A line of text that gives way: cut with … where there is no room, whole in its tooltip.

    `takes_its_width`: it is as wide as its text where there is room for that, so that something may follow it.
    """

    def __init__(self, role: str = "", parent: QWidget | None = None, *, takes_its_width: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        across = QSizePolicy.Policy.Maximum if takes_its_width else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        self._full = self._tip = ""

    def set_tip(self, tip: str) -> None:
        """What the tooltip says besides the whole text."""
        self._tip = tip
        self._elide()

    def setText(self, text: str) -> None:
        self._full = escape_invisible(text)
        self.setAccessibleName(self._full)
        self.updateGeometry()
        self._elide()

    @property
    def full_text(self) -> str:
        return self._full

    def _elide(self) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, max(0, self.width()))
        super().setText(_from_the_left(shown))
        cut = self._full if shown != self._full else ""
        self.setToolTip(plain_tip("\n".join(filter(None, (cut, self._tip)))))

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._full) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        self._elide()


def plain_tip(text: str) -> str:
    """A text that a tooltip shows as it stands."""
    if "<" not in text:
        return text
    from html import escape  # it knows 2,000 names of letters

    return escape(text, quote=False).replace("\n", "<br>")
