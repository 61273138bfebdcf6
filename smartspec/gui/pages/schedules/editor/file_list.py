"""Of a draft that waits for files: those that fit and lie there already, by when they were written."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from smartspec.commands.file_sight import FilePreview
from smartspec.formatting import format_day, format_month
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, row
from smartspec.gui.widgets.schedules.due_lines import warning_card
from smartspec.messages import tr, translate, trn


class FileList(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._count = label("", "small")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        head = row(label(tr("Files that fit"), "heading"), None, self._count)
        self.setLayout(column(head, self._lines, spacing=8, margins=(8, 0, 8, 0)))
        self.hide()

    def show_files(self, found: FilePreview | None) -> None:
        """None: it waits for no files."""
        self.setVisible(found is not None)
        clear_layout(self._lines)
        if found is None:
            return
        self._count.setText(trn("{n} lies there", "{n} lie there", found.count) if found.count else "")
        if found.problem is not None:
            self._lines.addWidget(warning_card(translate(found.problem), ""))
        for name, written in found.files:
            local = written.astimezone()
            day = tr("{day} {month}", day=translate(format_day(local)), month=translate(format_month(local)))
            self._lines.addWidget(_line(day, f"{local:%H:%M}", name))
        rest = found.count - len(found.files)
        if rest:
            self._lines.addWidget(label(trn("{n} more", "{n} more", rest), "small"))
        if found.count:
            self._lines.addWidget(wrapped(tr("They lie there already: only what comes after saving counts."), "small"))
        elif found.problem is None:
            self._lines.addWidget(wrapped(tr("None lies there now."), "small"))


def _line(day: str, clock: str, name: str) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setColumnMinimumWidth(0, 92)
    grid.setColumnStretch(2, 1)
    said = Elided("small")
    said.setProperty("verbatim", True)
    said.setText(name)
    grid.addWidget(label(day), 0, 0)
    grid.addWidget(label(clock, "name"), 0, 1)
    grid.addWidget(said, 0, 2, Qt.AlignmentFlag.AlignVCenter)
    return made
