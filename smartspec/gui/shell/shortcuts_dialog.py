"""The keyboard shortcuts, by menu."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QGridLayout, QWidget

from smartspec.gui.core.actions import MENUS, Actions, plain_text, without_mnemonic
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.labels import key_cap, label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, translate

Line = tuple[str, tuple[str, ...]]  # what is done, and by which keys
Group = tuple[str, list[Line]]


def shortcut_sheet(actions: Actions, parent: QWidget) -> Dialog:
    """Every action with its keys, by menu."""
    made = Dialog(parent, tr("Keyboard shortcuts"), width=820, height=620)
    groups = [*_of_menus(actions), (tr("Everywhere"), _everywhere())]
    sides: tuple[list[Group], list[Group]] = ([], [])
    for each in groups:  # into the column that is the shorter
        min(sides, key=lambda side: sum(len(lines) + 2 for _name, lines in side)).append(each)
    columns = [column(*map(_group, side), None, spacing=14) for side in sides]
    made.body.addLayout(row(*columns, spacing=36))
    made.add_button(tr("Close"), then=made.reject)
    return made


def _of_menus(actions: Actions) -> Iterator[Group]:
    for menu in MENUS:
        lines = [(plain_text(actions[spec.name]), spec.keys) for spec in actions.specs if spec.menu == menu]
        if lines := [each for each in lines if each[1]]:
            yield without_mnemonic(translate(menu)), lines


def _everywhere() -> list[Line]:
    return [
        (tr("tab of the page"), ("Alt+1", "Alt+9")), (tr("move"), ("Up", "Down")), (tr("open"), ("Return",)),
        (tr("toggle a chip"), ("Space",)), (tr("next, previous match in a log"), ("F3", "Shift+F3")),
        (tr("first error of a log"), ("Ctrl+Shift+E",)), (tr("apply the fix of a problem"), ("Alt+Return",)),
        (tr("close what is on top"), ("Esc",)),
    ]  # fmt: skip


def _group(group: Group) -> QGridLayout:
    name, lines = group
    grid = QGridLayout()
    grid.setColumnStretch(0, 1)
    grid.setVerticalSpacing(5)
    grid.addWidget(label(name, "section"), 0, 0)
    for at, (what, keys) in enumerate(lines, start=1):
        grid.addWidget(label(what), at, 0)
        grid.addLayout(row(None, *map(key_cap, keys), spacing=6), at, 1)
    return grid
