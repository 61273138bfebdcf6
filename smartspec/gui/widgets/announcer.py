"""What is said to a screen reader at once, whatever has the keyboard.

Qt's part for that is imported when there is something to say: its words take 1.5 ms.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
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
            from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, text))
            self.said.emit(text)


def alert(widget: QWidget) -> None:
    """What it is called is urgent."""
    from PySide6.QtGui import QAccessible, QAccessibleEvent

    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
