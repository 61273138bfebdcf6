"""What is said to a screen reader at once, whatever has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


class Announcer(QObject):
    """Speaks for a widget while that is to be seen; `said` carries what was told."""

    said = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget

    def say(self, text: str) -> None:
        """After what is being said: it interrupts nobody."""
        if self._widget.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, text))
            self.said.emit(text)
