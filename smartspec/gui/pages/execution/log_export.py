"""What is taken along of a log: lines in the clipboard, a file, a copy in an editor."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from smartspec.commands import execution_logs
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution import log_files
from smartspec.gui.pages.execution.log_reading import LogReading
from smartspec.gui.widgets.log.view import LogView
from smartspec.messages import tr, trn


class LogExport(QObject):
    def __init__(self, context: AppContext, parent: QWidget, reading: LogReading, view: LogView) -> None:
        super().__init__(parent)
        self._context, self._parent, self._reading, self._view = context, parent, reading, view
        self._execution: Execution | None = None
        self._row: TaskExecution | None = None

    def of(self, execution: Execution | None, row: TaskExecution | None) -> None:
        """Whose log it is; None for all tasks of the execution."""
        self._execution, self._row = execution, row

    def copy(self) -> None:
        """The chosen lines, or all."""
        shown, chosen = self._reading.shown, self._view.selection
        if shown is not None:
            lines = chosen if len(chosen) else range(shown.count)
            self._reading.ask(partial(log_files.text_of, shown, lines), partial(self._on_text, len(lines)))

    def _on_text(self, count: int, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        copied = min(count, log_files.MOST_COPIED)
        told = trn("Copied {n} line", "Copied {n} lines", copied)
        if count > copied:
            told = trn("Copied the first {n} line; “Save the log…” takes all",
                       "Copied the first {n} lines; “Save the log…” takes all", copied)  # fmt: skip
        self._context.notifications.toast(told, None, "copy")

    def save(self) -> None:
        if self._reading.source is None or self._execution is None:
            return
        name = log_files.file_name(self._execution, self._row)
        path, _ = QFileDialog.getSaveFileName(self._parent, tr("Save the log"), name)
        if path:
            told = tr("Wrote {path}", path=path)
            command = partial(log_files.save, self._reading.source, self._row, Path(path))
            self._reading.ask(command, lambda _: self._context.notifications.toast(told, None, "export"))

    def open(self) -> None:
        """A copy of it, in whatever the system opens texts with."""
        if self._reading.source is None or self._execution is None:
            return
        name = log_files.file_name(self._execution, self._row)
        self._reading.ask(partial(log_files.copy_for_editor, self._reading.source, self._row, name), self._on_copy)

    def _on_copy(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            QGuiApplication.clipboard().setText(str(path))
            told = tr("Nothing opens texts here; the copy is {path}, and that is in the clipboard", path=path)
            self._context.notifications.toast(told, None, "info")

    def show_file(self) -> None:
        if self._row is not None:
            self._context.run(self, partial(execution_logs.log_path, self._row), self._on_path)

    def _on_path(self, path: Path | None) -> None:
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
        else:
            self._context.notifications.toast(
                tr("A short log is kept in the database; “Save the log…” makes a file"), None, "info"
            )
