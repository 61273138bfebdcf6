"""One of several, chosen from a list that opens."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QLabel, QStyle, QStyleOptionComboBox

from smartspec.gui.style import icons
from smartspec.gui.widgets.labels import plain_tip


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
