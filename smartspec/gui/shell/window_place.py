"""Where the window stood last: by the corner of its frame and the size of what is in it.

Qt's own form of it holds the frame's width as known when it is read, before the window manager has drawn one: with it
the window moves by that at each start.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

_HEAD = QSize(120, 24)  # so much of it must be on a screen, to be dragged by
_S = Qt.WindowState


def place_of(window: QMainWindow) -> list[int]:
    """As it is to be kept: corner, size, and whether it fills the screen."""
    size, corner = window.size(), window.pos()
    state = window.windowState()
    if state & (_S.WindowMaximized | _S.WindowFullScreen):
        inner = window.normalGeometry()
        size, corner = inner.size(), inner.topLeft()
    whole = 2 if state & _S.WindowFullScreen else 1 if state & _S.WindowMaximized else 0
    return [corner.x(), corner.y(), size.width(), size.height(), whole]


def put(window: QMainWindow, place: object) -> bool:
    """Whether what was kept was a place; one that no screen shows any more is none."""
    if not isinstance(place, list) or len(place) != 5 or not all(type(each) is int for each in place):
        return False
    x, y, width, height, whole = place
    head = QRect(QPoint(x, y), QSize(max(width, 1), _HEAD.height()))
    shown = [each.availableGeometry().intersected(head) for each in QGuiApplication.screens()]
    if not any(each.width() >= _HEAD.width() and each.height() >= _HEAD.height() // 2 for each in shown):
        return False
    window.resize(width, height)
    window.move(x, y)
    if whole:
        window.setWindowState(_S.WindowFullScreen if whole == 2 else _S.WindowMaximized)
    return True
