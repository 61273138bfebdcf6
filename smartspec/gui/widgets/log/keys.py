"""Which line of a log a key leads to."""

from __future__ import annotations

from PySide6.QtCore import Qt

Key = Qt.Key


def line_for(key: Key, current: int, top: int, page: int, count: int) -> int | None:
    """None for a key that leads nowhere. `current` is -1 while there is none: then it begins with what is seen."""
    begin = current if current >= 0 else top
    return {
        Key.Key_Up: current - 1 if current >= 0 else top + page - 1,
        Key.Key_Down: current + 1 if current >= 0 else top,
        Key.Key_PageUp: begin - page, Key.Key_PageDown: begin + page, Key.Key_Home: 0, Key.Key_End: count - 1,
    }.get(key)  # fmt: skip
