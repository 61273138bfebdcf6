"""Where it runs, and which variables are kept for it beside PATH and the language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFileDialog, QLineEdit, QWidget

from smartspec.gui.pages.schedules.editor.form_row import FormRow
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chips_edit import ChipsEdit
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr


class SurroundingsSection(QWidget):
    """`edited` after each change by a person."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.folder = QLineEdit()
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.setPlaceholderText(tr("where the workflow does"))
        self._browse = button(tr("Browse…"), then=self._choose_folder)
        self._browse.setAccessibleName(tr("Browse for {name}", name=tr("Folder")))
        self.variables = ChipsEdit(tr("Variables"), tr("name of a variable that its programs need"))
        self._told = wrapped("", "caption")
        self.rows = {
            "folder": FormRow(tr("Runs in"), row(self.folder, self._browse), self.folder),
            "variables": FormRow(tr("Variables"), column(self.variables, self._told, spacing=3), self.variables),
        }
        self.setLayout(column(*self.rows.values(), spacing=8))
        self.folder.textEdited.connect(lambda _text: self.edited.emit())
        self.variables.edited.connect(self.edited)

    def offer(self, names: Sequence[str]) -> None:
        """What this window could keep; what looks like a secret is not among it."""
        completer = QCompleter([*names], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.variables.line.setCompleter(completer)

    def show_source(self, *, is_new: bool, is_changed: bool) -> None:
        """Whose values are kept."""
        if is_new:
            told = tr("PATH and the language of this window are kept with it, and what is named here.")
        elif is_changed:
            told = tr("Saving takes PATH, the language and what is new here from this window.")
        else:
            told = tr("PATH, the language and these are kept as they were when it was made or last told.")
        self._told.setText(told)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), tr("Choose a folder"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self.edited.emit()
