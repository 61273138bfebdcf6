"""What a widget of our own is to a screen reader: a list, and what stands in it."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_ROLE = "spokenRole"


def speak_as(widget: QWidget, role: QAccessible.Role) -> None:
    """Of a plain QWidget Qt tells only that it is there."""
    _install()
    widget.setProperty(_ROLE, role.value)


@cache
def _install() -> None:
    QAccessible.installFactory(_interface)


def _interface(_class: str, object_: QObject) -> QAccessibleInterface | None:
    """Qt asks for each object that a screen reader comes to, until one answers."""
    if not isinstance(object_, QWidget) or (role := object_.property(_ROLE)) is None:
        return None
    return QAccessibleWidget(object_, QAccessible.Role(role))
