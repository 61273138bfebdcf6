"""The keyboard goes from one pane of the window to the next, and round."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def step_pane(panes: Sequence[QWidget], by: int) -> None:
    """From the one that has it; a pane that takes none gives it to the first of its parts that does."""
    focused = QApplication.focusWidget()
    at = next((n for n, pane in enumerate(panes) if pane is focused or (focused and pane.isAncestorOf(focused))), -1)
    pane = panes[(at + by) % len(panes)]
    parts = (each for each in pane.findChildren(QWidget) if each.focusPolicy() and each.isVisible())
    target = pane if pane.focusPolicy() else next(parts, pane)
    target.setFocus(Qt.FocusReason.TabFocusReason)
