"""Choices, tabs and lines to search with."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
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

    _label: QLabel | None = None

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.currentTextChanged.connect(lambda text: self.setToolTip(plain_tip(text)))

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        if self._label is not None:
            self._label.setText(name)

    def _name_for_readers(self) -> None:
        """On Linux the name of a choice is what is chosen; what it is about is its label, and one that has none to be
        seen gets one that is only read out.
        """
        told = QAccessible.queryAccessibleInterface(self)
        if self._label is None and told is not None and not told.relations(QAccessible.RelationFlag.Label):
            self._label = QLabel(self.accessibleName(), self)
            self._label.hide()
            self._label.setBuddy(self)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._name_for_readers()

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
    name_buttons(field)


def name_buttons(field: QLineEdit) -> None:
    """Those that stand in a line to search with."""
    for each in field.findChildren(QToolButton):
        action = each.defaultAction()  # Qt names that of the button which clears, and not the button
        clears = action is not None and action.objectName() == "_q_qlineeditclearaction"
        each.setAccessibleName(tr("Clear") if clears else tr("Search"))
