"""Keys that mean something inside one part of the window, and nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def add_local_key(
    widget: QWidget, keys: str | QKeySequence.StandardKey, do: Callable[[], object], *, with_children: bool = False
) -> None:
    """While the widget has the keyboard, or what stands in it `with_children`.

    The context is set afterwards: PySide passes over one that is handed over beside a callable, and then the same keys
    of two fields are ambiguous, and do nothing.
    """
    made = QShortcut(QKeySequence(keys), widget, do)
    context = Qt.ShortcutContext
    made.setContext(context.WidgetWithChildrenShortcut if with_children else context.WidgetShortcut)
