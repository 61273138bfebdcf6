"""Buttons and chips that give up their words, one after another, where a bar has no room for them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QPushButton, QWidget

from smartspec.gui.widgets.buttons import fold
from smartspec.gui.widgets.chip import Chip

Folding = QPushButton | Chip


def fold_in_turn(inside: QWidget, *groups: Iterable[Folding]) -> bool:
    """As many of the groups, from the first, as it takes for the widget to have room for what stands in it.

    The answer is whether it has.
    """
    parts = [[*group] for group in groups]
    for group in parts:
        _fold(group, False)
    for group in parts:
        if has_room(inside):
            return True
        _fold(group, True)
    return has_room(inside)


def has_room(inside: QWidget) -> bool:
    layout = inside.layout()
    if layout is None:
        return True
    layout.activate()  # what is kept of the rows in it is forgotten: only so it knows of other words at once
    return layout.minimumSize().width() <= inside.width()


def _fold(parts: Iterable[Folding], folded: bool) -> None:
    for each in parts:
        if isinstance(each, Chip):
            each.fold(folded)
        else:
            fold(each, folded)
