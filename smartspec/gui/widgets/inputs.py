"""Choices, tabs and lines to search with."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
)

from smartspec.gui.style import icons
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr


class Choice(QComboBox):
    """One of several, with a caret of our own."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.currentTextChanged.connect(lambda text: self.setToolTip(plain_tip(text)))

    # Qt

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(28, 0)  # the caret

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Where there is no room for the words, which stand in the tooltip too, they end in … before the caret."""
        super().initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        gone = 0 if option.currentIcon.isNull() else option.iconSize.width() + 4
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - gone
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, QRectF(self.width() - 21, self.height() / 2 - 5, 10, 10), "caret-down", "text2")
        painter.end()


class Tabs(QTabBar):
    """The tabs of a page. The selected one is bold and so wider: there is room for that.

    Where there is not, they are cut with …, and stand whole in their tooltips.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)

    # Qt

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(16, 0)

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self.setTabToolTip(index, plain_tip(self.tabText(index).replace("&&", "&")))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(160, self.sizeHint().width()), self.sizeHint().height())


def search_field(hint: str, name: str) -> QLineEdit:
    """A line to search with."""
    made = QLineEdit()
    made.setPlaceholderText(hint)
    made.setToolTip(hint)
    made.setAccessibleName(name)
    make_searching(made)
    return made


def make_searching(field: QLineEdit) -> None:
    """Give a line the look of a search, and a button that clears it."""
    field.setProperty("kind", "search")
    field.setClearButtonEnabled(True)
    field.addAction(icons.icon("magnifying-glass", "text3"), QLineEdit.ActionPosition.LeadingPosition)
    for each in field.findChildren(QToolButton):
        each.setAccessibleName(tr("Clear") if each.objectName() == "_q_qlineeditclearbutton" else tr("Search"))
