"""The words, the icon and the countdown of a toast, painted on its inverse ground."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.tokens import SCHEMES
from smartspec.gui.widgets.labels import plain_tip

_DIM = 0.72


def inverse(colour: str) -> str:
    """A status on the ground of a toast, which is dark where all else is light: #RRGGBB."""
    tokens = theme.tokens()
    if not colour:
        return tokens.on_toast
    found: str = getattr(SCHEMES["light" if tokens.name == "dark" else "dark", tokens.strong], colour)
    return found


class Icon(QWidget):
    """That of a status; that of what runs turns."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._colour = "check", ""
        self.setFixedSize(16, 16)

    @property
    def turns(self) -> bool:
        return self._icon == "play-circle"

    def show_icon(self, icon: str, colour: str) -> None:
        self._icon, self._colour = icon, colour
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.turns:
            painting.arc(painter, QRectF(self.rect()), QColor(inverse("line_strong")), QColor(inverse(self._colour)))
        else:
            icons.paint(painter, QRectF(self.rect()), self._icon, inverse(self._colour))
        painter.end()


class Words(QWidget):
    """What was done, the name in it in bold; below it what that means, smaller."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._subject, self._note, self.meaning = "", "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_words(self, text: str, subject: str, note: str, meaning: str) -> None:
        self._text, self._subject, self._note, self.meaning = text, subject, note, meaning
        self.setToolTip(plain_tip("\n".join(filter(None, (f"{text} {note}".strip(), meaning)))))
        self.update()

    @property
    def wanted_width(self) -> int:
        """What was done can be read whole in it."""
        before, found, after = self._parts
        plain = theme.font("body", 500)
        sides = _width(before, plain) + _width(after, plain) + _width(self._shown_note, theme.font("small"))
        return ceil(sides + _width(found, theme.font("body", 700)))

    @property
    def _parts(self) -> tuple[str, str, str]:
        """What stands before the name, the name, and what stands behind it."""
        return self._text.partition(self._subject) if self._subject else (self._text, "", "")

    @property
    def _shown_note(self) -> str:
        return f"  {self._note}" if self._note else ""

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(200, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rest = QRectF(self.rect())
        if self.meaning:
            rest.setHeight(rest.height() / 2)
            painter.setOpacity(_DIM + 0.1)
            below = rest.translated(0, rest.height() - 3)
            painting.text(painter, below, self.meaning, "on_toast", theme.font("small"))
            painter.setOpacity(1)
            rest.translate(0, 3)
        self._paint_line(painter, rest)
        painter.end()

    def _paint_line(self, painter: QPainter, rest: QRectF) -> None:
        """The name gives way first: what happened to it can always be read."""
        before, found, after = self._parts
        plain, bold, small = theme.font("body", 500), theme.font("body", 700), theme.font("small")
        note = self._shown_note
        room = rest.width() - _width(before, plain) - _width(after, plain) - _width(note, small)
        for words, font in ((before, plain), (found, bold), (after, plain)):
            wide = min(_width(words, font), max(40.0, room)) if font is bold else _width(words, font)
            painting.text(painter, _left(rest, wide), words, "on_toast", font)
            rest.setLeft(rest.left() + min(wide, rest.width()))
        painter.setOpacity(_DIM)
        painting.text(painter, rest, note, "on_toast", small)


def _width(words: str, font: QFont) -> float:
    return float(QFontMetrics(font).horizontalAdvance(words)) + (1 if words else 0)


def _left(rest: QRectF, wide: float) -> QRectF:
    return QRectF(rest.left(), rest.top(), min(wide, rest.width()), rest.height())


class Ring(QWidget):
    """How long it is still to be seen."""

    def __init__(self) -> None:
        super().__init__()
        self._part = 1.0
        self.setFixedSize(18, 18)

    def show_part(self, part: float) -> None:
        self._part = part
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("on_toast"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(QRectF(2, 2, 14, 14), 90 * 16, round(self._part * 360 * 16))
        painter.end()
