"""A folder or a file: typed or chosen, with whether it is there."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from smartspec.commands.path_states import PathState, path_state
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.forms.field import Schema
from smartspec.gui.widgets.forms.text_field import TextField
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

FORMATS = ("folder", "file", "path")
_LOOKS_AFTER_MS = 200


class PathField(TextField):
    """`format` is one of FORMATS; a relative path counts from `folder`, where the workflow runs."""

    def __init__(self, name: str, schema: Schema, context: AppContext | None, folder: str) -> None:
        self.browse = button(tr("Browse…"), then=self._browse)
        self.browse.setAccessibleName(tr("Browse for {name}", name=name))
        super().__init__(name, schema)
        self._context, self._folder = context, folder
        self._looks = QTimer(self, singleShot=True, interval=_LOOKS_AFTER_MS)
        self._looks.timeout.connect(self._check_path)
        self.line.textChanged.connect(self._on_path)

    def lay_out(self) -> None:
        self.setLayout(row(self.line, self.browse))

    def _on_path(self) -> None:
        self.say("")
        if self.line.text():
            self._looks.start()

    def _check_path(self) -> None:
        """Off the thread of the window: a folder may be on a network that does not answer."""
        path = self.line.text()
        if path and self._context is not None:
            look = partial(path_state, path, self._folder)
            self._context.run(self, look, partial(self._on_seen, path), worker="slow")

    def _on_seen(self, path: str, state: PathState) -> None:
        if path == self.line.text():
            text, is_good = _in_words(state, self.schema["format"])
            self.say(text, *(("check", "completed") if is_good else ("warning", "retrying")))

    def _browse(self) -> None:
        start = self.line.text() or self._folder
        if self.schema["format"] == "folder":
            chosen = QFileDialog.getExistingDirectory(self.window(), tr("Choose a folder"), start)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self.window(), tr("Choose a file"), start)
        if chosen:
            self.line.setText(chosen)
            self.line.setFocus()


def _in_words(state: PathState, wanted: str) -> tuple[str, bool]:
    """What is said of a path, and whether it is well."""
    if state is PathState.MISSING:
        return tr("is not there"), False
    if state is PathState.UNREADABLE:
        return tr("is there, and cannot be read"), False
    if wanted == "folder" and state is PathState.FILE:
        return tr("is a file, not a folder"), False
    if wanted == "file" and state is PathState.FOLDER:
        return tr("is a folder, not a file"), False
    return tr("is there, can be read"), True
