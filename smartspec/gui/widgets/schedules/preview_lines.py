"""What a rule comes to while it is written: in words, the next times, changes of the clock, what may not be meant."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.commands.schedule_previews import RulePreview
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.layout import clear_layout
from smartspec.gui.widgets.schedules.due_lines import change_card, time_line, warning_card
from smartspec.messages import translate


class PreviewLines(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)

    def clear(self) -> None:
        clear_layout(self._lines)

    def show_preview(self, found: RulePreview, now: datetime) -> None:
        self.clear()
        when = translate(found.when)
        self._lines.addWidget(wrapped(when[:1].upper() + when[1:], "strong"))
        for each in found.warnings:
            self._lines.addWidget(warning_card(translate(each.sentence), ""))
        lines: list[tuple[datetime, QWidget]] = [(at, time_line(at, now)) for at in found.upcoming.times]
        lines += [(each.change.at, change_card(each)) for each in found.upcoming.changes]
        for _at, widget in sorted(lines, key=lambda line: line[0]):
            self._lines.addWidget(widget)
