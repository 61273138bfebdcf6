"""A line for a moment, with chips for some that are near."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QWidget

from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.moment_edit import MomentEdit


def moment_with_chips(edit: MomentEdit, near: Sequence[tuple[str, datetime]]) -> QWidget:
    """They break into several lines where there is no room."""
    made = QWidget()
    layout = Flow(made)
    layout.addWidget(edit)
    for word, moment in near:
        chip = Chip(word, checkable=False)
        chip.clicked.connect(lambda *_, moment=moment: edit.set_value(moment.isoformat()))
        layout.addWidget(chip)
    return made
