"""Of an event of files: what happens to them, where, which, and how long it has to have been quiet since."""

from __future__ import annotations

import shlex

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from smartspec.domain.quantities import Kind, parse_quantity, quantity
from smartspec.domain.schedule.events import QUIET_MS, FileChange, FileEvent, event_expression
from smartspec.errors import Invalid
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, translate

_BARE = 1_000
_PATTERN_EXAMPLE, _PATH_EXAMPLE = "*.pdf", "~/papers"


class FileFields(QWidget):
    """`edited` after each change by a person."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.change = Choice(tr("What happens"))
        for change, word in (
            (FileChange.APPEARED, tr("appears")), (FileChange.CHANGED, tr("changes, or is new")),
            (FileChange.QUIET, tr("all have been quiet")),
        ):  # fmt: skip
            self.change.addItem(word, change.value)
        self.path, self.pattern, self.quiet = (QLineEdit() for _each in range(3))
        self.path.setAccessibleName(tr("File or folder"))
        for line in (self.path, self.pattern):
            line.setProperty("verbatim", True)
        self.path.setPlaceholderText(_PATH_EXAMPLE)
        self.pattern.setAccessibleName(tr("Pattern of names"))
        self.pattern.setPlaceholderText(_PATTERN_EXAMPLE)
        self.pattern.setFixedWidth(110)
        self.quiet.setAccessibleName(tr("Quiet for"))
        self.quiet.setFixedWidth(104)
        self.quiet.setText(_in_words(QUIET_MS))
        self.recursive = QCheckBox(tr("in folders of it too"))
        self._browse = button(tr("Browse…"), then=self._choose_path)
        self._browse.setAccessibleName(tr("Browse for {name}", name=tr("File or folder")))
        first = row(self.change, self.path, self._browse)
        first.setStretch(1, 1)
        second = Flow(spacing=8)
        for each in (label(tr("named"), "secondary"), self.pattern, label(tr("quiet for"), "secondary"), self.quiet,
                     self.recursive):  # fmt: skip
            second.addWidget(each)
        self.setLayout(column(first, second, spacing=8))
        self.change.activated.connect(lambda _index: self.edited.emit())
        self.recursive.clicked.connect(lambda _on: self.edited.emit())
        for line in (self.path, self.pattern, self.quiet):
            line.textEdited.connect(lambda _text: self.edited.emit())

    @property
    def expression(self) -> str:
        """What cannot be read as a duration stands in it as it is typed: the rule says what is wrong with it."""
        quiet = self.quiet.text().strip()
        change = FileChange(str(self.change.currentData()))
        try:
            ms = parse_quantity(quiet, Kind.DURATION, _BARE) if quiet else 0
        except Invalid:
            word = "for" if change is FileChange.QUIET else "quiet"
            return shlex.join(["file", change, self.path.text().strip(), word, quiet])
        path, pattern = self.path.text().strip(), self.pattern.text().strip()
        return event_expression(FileEvent(change, path, pattern, ms, self.recursive.isChecked()))

    def show_event(self, event: FileEvent) -> None:
        self.change.setCurrentIndex(self.change.findData(event.change.value))
        self.path.setText(event.path)
        self.pattern.setText(event.pattern)
        self.quiet.setText(_in_words(event.quiet_ms))
        self.recursive.setChecked(event.recursive)

    def _choose_path(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), tr("Choose a folder"), self.path.text())
        if chosen:
            self.path.setText(chosen)
            self.edited.emit()


def _in_words(ms: int) -> str:
    return translate(quantity(ms, Kind.DURATION).words)
