"""What says how long ago something was stays true while nobody touches the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from smartspec.gui.core.pane import Pane

_EVERY_MS = 20_000  # a third of the least that an age tells


class Ages(QObject):
    """Has them said anew, whether they are labels of a pane or painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.tell)
        self._timer.start()

    def tell(self) -> None:
        if self._window.isMinimized():
            return
        for each in self._window.findChildren(Pane):
            if each.isVisible():
                each.show_ages()
        self._window.update()
