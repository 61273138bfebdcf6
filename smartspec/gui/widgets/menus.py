"""Menus that are made when they are asked for, and gone once they are closed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from smartspec.gui.core.actions import Actions


def popup_menu(parent: QWidget) -> QMenu:
    """An empty one, to be filled and shown; its parent would otherwise keep every one that was ever opened."""
    made = QMenu(parent)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return made


def action_menu(parent: QWidget, actions: Actions, names: Sequence[str]) -> QMenu:
    """Of the window's actions with these names; an empty name is a line between them."""
    made = popup_menu(parent)
    for name in names:
        if name:
            made.addAction(actions[name])
        else:
            made.addSeparator()
    return made


def show_below(menu: QMenu, widget: QWidget) -> None:
    menu.popup(widget.mapToGlobal(widget.rect().bottomLeft()))
