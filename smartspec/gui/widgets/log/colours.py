"""The colours of a log: tokens, what programs ask for made readable, and one for each task."""

from __future__ import annotations

import zlib
from functools import lru_cache

from PySide6.QtGui import QColor

from smartspec.gui.style import theme
from smartspec.gui.style.tokens import Tokens, contrast

_LEAST = 4.5  # of text on its ground (WCAG 2.x)
_HUES = (205, 265, 175, 310, 232, 285, 190, 330)  # of tasks: none that stands for an outcome
_STEPS = 20


def colour(name: str) -> QColor:
    """A token, or #rrggbb as near to it as can be read on this theme's ground."""
    return QColor(_readable(name, theme.tokens())) if name.startswith("#") else theme.colour(name)


def of_task(task: str) -> QColor:
    """The same for the same task each time; it says nothing of how that ended."""
    hue = _HUES[zlib.crc32(task.partition("[")[0].encode()) % len(_HUES)]
    return colour(QColor.fromHsl(hue, 140, 110).name())


@lru_cache(maxsize=4096)
def _readable(wanted: str, tokens: Tokens) -> str:
    made, target = QColor(wanted), QColor(tokens.text)
    for step in range(_STEPS + 1):
        mixed = _mixed(made, target, step / _STEPS)
        if all(contrast(mixed, ground) >= _LEAST for ground in (tokens.surface, tokens.accent_soft)):
            return mixed
    return tokens.text


def _mixed(one: QColor, other: QColor, part: float) -> str:
    channels = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(own + (to - own) * part) for own, to in channels)).name()
