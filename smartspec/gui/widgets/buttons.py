"""Buttons with and without words, and the switch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QPushButton,
    QSizePolicy,
    QToolButton,
)

from smartspec.gui.style import icons, theme


class _Button(QPushButton):
    """A double click on it is one click: nothing is started, or deleted, twice."""

    # Qt

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


def button(text: str, kind: str = "", icon: str = "", then: Callable[[], object] | None = None) -> QPushButton:
    """`kind` is primary, ghost, link or nothing."""
    made = _Button(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if kind == "primary" else "text2"))
        made.setIconSize(QSize(19, 16) if text else QSize(16, 16))
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if then is not None:
        made.clicked.connect(lambda: then())
    return made


def follow(made: QAbstractButton, action: QAction) -> None:
    """It can be pressed while the action can be done."""
    _Follower(made, action)


class _Follower(QObject):
    """Goes with its button, which the action may outlive."""

    def __init__(self, made: QAbstractButton, action: QAction) -> None:
        super().__init__(made)
        self._made, self._action = made, action
        action.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._made.setEnabled(self._action.isEnabled())


def fold(made: QPushButton, folded: bool) -> None:
    """Only the icon of a button, its words in the tooltip; and the words again."""
    words = made.text() or made.toolTip()
    made.setText("" if folded else words)
    made.setToolTip(words if folded else "")
    made.setAccessibleName(words)
    made.setIconSize(QSize(16, 16) if folded else QSize(19, 16))


def icon_button(
    icon: str, name: str, then: Callable[[], object] | None = None, *, checkable: bool = False
) -> QToolButton:
    """A button without words; its name is its tooltip and what a screen reader says."""
    made = QToolButton()
    made.setProperty("kind", "icon")
    made.setIcon(icons.icon(icon))
    made.setIconSize(QSize(16, 16))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCheckable(checkable)
    if then is not None:
        made.clicked.connect(lambda: then())
    return made


class Switch(QAbstractButton):
    """On or off, with its word beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(36, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        track = QRectF(2, 3, 32, 16)
        painter.setPen(QPen(theme.colour("accent" if on else "outline"), 1.2))
        painter.setBrush(theme.colour("accent" if on else "surface"))
        painter.drawRoundedRect(track, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_accent" if on else "outline"))
        painter.drawEllipse(QPointF(26 if on else 10, 11), 5.5, 5.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(1, 1, 34, 20), 10, 10)
        painter.end()
