"""Segments: one of a few values, all of them in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from smartspec.gui.style import painting, theme

_PADDING = 12
_HEIGHT = 28


class Segments(QWidget):
    """`chosen` carries the value that a person took; arrows move, one Tab goes past all of them.

    `outlined`: as a field among fields, with an edge; else sunken into the ground, as above a table.
    """

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[str, object]], *, outlined: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.outlined = outlined
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.segments = [Segment(self, word, value) for word, value in choices]
        for each in self.segments:
            layout.addWidget(each)
            each.clicked.connect(lambda *_, value=each.value: self.chosen.emit(value))
        if self.segments:
            self.setFocusProxy(self.segments[0])

    @property
    def value(self) -> object:
        """That of the chosen segment, None where there is none."""
        return next((each.value for each in self.segments if each.isChecked()), None)

    def choose(self, value: object) -> None:
        """Without a signal; a value that no segment has leaves none chosen."""
        for each in self.segments:
            each.setAutoExclusive(False)
            each.setChecked(type(each.value) is type(value) and each.value == value)
        for each in self.segments:
            each.setAutoExclusive(True)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(theme.colour("line_strong")) if self.outlined or theme.tokens().strong else Qt.PenStyle.NoPen
        )
        painter.setBrush(theme.colour("surface" if self.outlined else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(theme.colour("line_strong"))
        for one, other in zip(self.segments, self.segments[1:], strict=False):
            if self.outlined and not (one.isChecked() or other.isChecked()):
                painter.drawLine(QPoint(other.x(), 1), QPoint(other.x(), self.height() - 2))
        painter.end()


class Segment(QRadioButton):
    """One value of Segments; to a screen reader a radio button."""

    def __init__(self, segments: Segments, word: str, value: object) -> None:
        super().__init__(segments)
        self._segments = segments
        self.value = value
        self.setText(word.replace("&", "&&"))
        self._word = word
        self.setAccessibleName(word)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.toggled.connect(self._on_segment_toggled)

    def _on_segment_toggled(self, checked: bool) -> None:
        if checked:
            self._segments.setFocusProxy(self)
        self._segments.update()

    def _font(self) -> QFont:
        return theme.font("small", 600 if self.isChecked() else 500)

    # Qt

    def sizeHint(self) -> QSize:
        """As wide as when it is chosen, so that nothing moves."""
        metrics = QFontMetrics(theme.font("small", 600))
        return QSize(max(36, metrics.horizontalAdvance(self._word) + 2 * _PADDING), max(_HEIGHT, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outlined, inset = self._segments.outlined, 0.5 if self._segments.outlined else 2.5
        rect = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        if self.isChecked():
            painter.setBrush(theme.colour("accent_soft" if outlined else "surface"))
            painter.setPen(QPen(theme.colour("accent" if outlined else "line_strong")))
            painter.drawRoundedRect(rect, 6 if outlined else 5, 6 if outlined else 5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        colour = "text3" if not self.isEnabled() else "text" if self.isChecked() or outlined else "text2"
        painting.text(painter, QRectF(self.rect()), self._word, colour, self._font(), Qt.AlignmentFlag.AlignHCenter)
        painter.end()
