"""The keyboard shortcuts, by menu."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from smartspec.gui.core.actions import MENUS, Actions, plain_text, without_mnemonic
from smartspec.gui.widgets.dialogs import close_buttons, plain_dialog, scrolled
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column
from smartspec.messages import tr, translate


def shortcut_sheet(actions: Actions, parent: QWidget) -> QDialog:
    """Every action with its keys, by menu."""
    made = plain_dialog(tr("Keyboard shortcuts"), parent)
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    at = {0: 0, 1: 0}
    for number, menu in enumerate(MENUS):
        side = number % 2
        specs = [spec for spec in actions.specs if spec.menu == menu and spec.keys]
        if not specs:
            continue
        grid.addWidget(label(without_mnemonic(translate(menu)), "section"), at[side], side * 2)
        at[side] += 1
        for spec in specs:
            keys = "   ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys)
            grid.addWidget(label(plain_text(actions[spec.name])), at[side], side * 2)
            grid.addWidget(label(keys, "secondary"), at[side], side * 2 + 1)
            at[side] += 1
    rest = (
        ("Alt+1 … Alt+6", tr("tab of the page")), ("↑ ↓, Enter", tr("move, open")), ("Space", tr("toggle a chip")),
        ("F3, Shift+F3", tr("next, previous match in a log")), ("Ctrl+Shift+E", tr("first error of a log")),
        ("Alt+Enter", tr("apply the fix of a problem")), ("Esc", tr("close what is on top")),
    )  # fmt: skip
    top = max(at.values())
    grid.addWidget(label(tr("Everywhere"), "section"), top, 0)
    for number, (keys, word) in enumerate(rest):
        grid.addWidget(label(word), top + 1 + number // 2, number % 2 * 2)
        grid.addWidget(label(keys, "secondary"), top + 1 + number // 2, number % 2 * 2 + 1)
    inner = QWidget()
    inner.setLayout(column(grid, None, margins=(8, 8, 16, 8)))
    layout = QVBoxLayout(made)
    layout.addWidget(scrolled(inner))
    layout.addWidget(close_buttons(made))
    made.resize(760, 560)
    return made
