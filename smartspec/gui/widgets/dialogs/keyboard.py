"""What is typed while a sheet closes reaches the window below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_LONGEST_MS = 1000  # a window manager that gives it to nobody


def hand_keyboard_to(window: QWidget) -> None:
    """Under X11 nobody has the keyboard between the end of one window and the moment when the window manager gives it
    to another: keys of that moment are lost. So `window` holds it until it is the active one."""
    if QGuiApplication.platformName() == "xcb" and not window.isActiveWindow():
        _Handover(window)


class _Handover(QObject):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._hold(True)
        window.installEventFilter(self)
        QTimer.singleShot(_LONGEST_MS, self, self._end)

    def _hold(self, held: bool) -> None:
        if (handle := self._window.windowHandle()) is not None:
            handle.setKeyboardGrabEnabled(held)

    def _end(self) -> None:
        self._hold(False)
        self.deleteLater()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowActivate:
            self._end()
        return super().eventFilter(watched, event)
