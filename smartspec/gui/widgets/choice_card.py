"""A choice card: one way of several, with what it means below its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from smartspec.gui.style import painting, theme

_INSET, _RADIO, _GAP = 14, 16, 10


class ChoiceCard(QRadioButton):
    """A radio button as a card; those below one parent exclude each other, and arrows move between them.

    `tag` stands at the right of the name, as "Default" does.
    """

    def __init__(self, name: str, meaning: str = "", tag: str = "") -> None:
        super().__init__()
        self._name, self._meaning, self._tag = name, meaning, tag
        self.setText(name.replace("&", "&&"))
        self.setAccessibleName(f"{name}, {tag}" if tag else name)
        self.setAccessibleDescription(meaning)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def _left(self) -> int:
        return _INSET + _RADIO + _GAP

    def _name_height(self) -> int:
        return max(20, QFontMetrics(theme.font("body", 600)).height())

    def _room_of_meaning(self, width: int) -> QRect:
        metrics = QFontMetrics(theme.font("small"))
        room = QRect(self._left, _INSET + self._name_height() + 2, max(60, width - self._left - _INSET), 10_000)
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._meaning) if self._meaning else QRect()

    # Qt

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        below = self._room_of_meaning(width).height() + 4 if self._meaning else 0
        return 2 * _INSET + self._name_height() + below

    def sizeHint(self) -> QSize:
        width = max(240, self._across())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(320, self._across()), self.heightForWidth(320))

    def _across(self) -> int:
        """What its first line needs; letters end between two pixels."""
        name = QFontMetrics(theme.font("body", 600)).horizontalAdvance(self._name) + 2
        return self._left + name + _INSET + self._tag_width()

    def _tag_width(self) -> int:
        return QFontMetrics(theme.font("caption", 600)).horizontalAdvance(self._tag) + 24 if self._tag else 0

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_card(painter)
        self._paint_radio(painter)
        name = QRectF(self._left, _INSET, self.width() - self._left - _INSET - self._tag_width(), self._name_height())
        colour = "text" if self.isEnabled() else "text3"
        painting.text(painter, name, self._name, colour, theme.font("body", 600))
        if self._tag:
            self._paint_tag(painter)
        if self._meaning:
            room = QRectF(self._room_of_meaning(self.width()))
            room.setWidth(self.width() - self._left - _INSET)
            painting.paragraph(painter, room, self._meaning, "text2" if self.isEnabled() else "text3",
                               theme.font("small"))  # fmt: skip
        painter.end()

    def _paint_card(self, painter: QPainter) -> None:
        chosen = self.isChecked()
        ground = "accent_soft" if chosen else "hover" if self.underMouse() and self.isEnabled() else "surface"
        wide = chosen or self.hasFocus()
        edge = "focus" if self.hasFocus() else "accent" if chosen else "line_strong"
        painter.setPen(QPen(theme.colour(edge), 2 if wide else 1))
        painter.setBrush(theme.colour(ground))
        inset = 1 if wide else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)

    def _paint_radio(self, painter: QPainter) -> None:
        box = QRectF(_INSET, _INSET + (self._name_height() - _RADIO) / 2, _RADIO, _RADIO)
        chosen = self.isChecked()
        painter.setPen(QPen(theme.colour("accent" if chosen else "outline"), 1.2))
        painter.setBrush(theme.colour("accent" if chosen else "surface"))
        painter.drawEllipse(box.adjusted(0.6, 0.6, -0.6, -0.6))
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("on_accent"))
            painter.drawEllipse(box.adjusted(5, 5, -5, -5))

    def _paint_tag(self, painter: QPainter) -> None:
        width = self._tag_width() - 12
        box = QRectF(self.width() - _INSET - width, _INSET + (self._name_height() - 20) / 2, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface" if self.isChecked() else "sunken"))
        painter.drawRoundedRect(box, 4, 4)
        painting.text(painter, box, self._tag, "text2", theme.font("caption", 600), Qt.AlignmentFlag.AlignHCenter)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()


def choice_cards(name: str, cards: Sequence[ChoiceCard]) -> QWidget:
    """Cards side by side."""
    made = QWidget()
    made.setAccessibleName(name)
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(12)
    for each in cards:
        layout.addWidget(each)
    return made
