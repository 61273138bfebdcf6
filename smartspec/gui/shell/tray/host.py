"""Whether the desktop has a place for an icon: asked for now and then, for desktops begin and end it when they like.

Specification: freedesktop.org/wiki/Specifications/StatusNotifierItem. Without a host a watcher shows nothing.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from smartspec.gui.core.context import AppContext

_SELDOM_MS, _OFTEN_MS = 10_000, 2_000
_NAME, _PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
_SECONDS = 2.0


class TrayHost(QObject):
    """`changed`: there is one now, or none any more."""

    changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_there = False
        self._was_on_bus = False  # of it Qt says to the end of the process that it is there
        self._context: AppContext | None = None
        self._timer = QTimer(self, interval=_SELDOM_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def use(self, context: AppContext | None) -> None:
        """Its threads, from now on; None: nobody wants to know."""
        self._context = context

    def look_often(self, often: bool) -> None:
        """A window that is hidden has no other way back."""
        wanted = _OFTEN_MS if often else _SELDOM_MS
        if self._timer.interval() != wanted:
            self._timer.start(wanted)

    def look(self) -> None:
        if self._context is None:
            return
        if sys.platform != "linux":
            self._take(QSystemTrayIcon.isSystemTrayAvailable())
            return
        self._context.run(self, _is_on_bus, self._on_asked, worker="slow")

    def _on_asked(self, on_bus: bool) -> None:
        """Qt is asked only where it may have one: that holds the window up."""
        self._was_on_bus = self._was_on_bus or on_bus
        may_be_of_x11 = QGuiApplication.platformName() == "xcb" and not self._was_on_bus
        self._take((on_bus or may_be_of_x11) and QSystemTrayIcon.isSystemTrayAvailable())

    def _take(self, is_there: bool) -> None:
        if is_there != self.is_there:
            self.is_there = is_there
            self.changed.emit(is_there)


# On a thread of the commands


def _is_on_bus() -> bool:
    from jeepney import DBusAddress, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    from smartspec.runner.delivery.desktop import session_bus

    watcher = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
    try:
        with open_dbus_connection(session_bus()) as connection:
            asked = Properties(watcher).get("IsStatusNotifierHostRegistered")
            answer = connection.send_and_get_reply(asked, timeout=_SECONDS)
    except (OSError, KeyError, ValueError):  # no bus, or one that does not answer
        return False
    return answer.header.message_type is MessageType.method_return and bool(answer.body[0][1])
