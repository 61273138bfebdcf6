"""What nobody expected: one report is written and told of, and the application goes on."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections import deque
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from smartspec.logs import write_report

_BUG = 70  # the exit code of an error in the program itself, as in the terminal
_KEPT = 20  # of what Qt complained of
QUIET_SECONDS = 10.0  # between two dialogs: one error often comes a hundred times
logger = logging.getLogger(__name__)


class CrashReporter(QObject):
    """Takes every exception that nobody caught, on any thread, and what Qt complains of.

    `reported` carries the text of a report and its file, at most every ten seconds.
    """

    reported = Signal(str, object)
    _caught = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._of_qt: deque[str] = deque(maxlen=_KEPT)
        self._last = -QUIET_SECONDS
        self.reports: list[Path] = []
        self.dialogs = 0
        self._caught.connect(self._on_caught)

    def install(self) -> None:
        sys.excepthook = self.take
        threading.excepthook = lambda caught: self.take(caught.exc_type, caught.exc_value, caught.exc_traceback)
        qInstallMessageHandler(self._on_qt)

    def uninstall(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def take(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """From any thread: the report is written here, shown on the GUI thread."""
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        self._caught.emit("".join(traceback.format_exception(kind, error, trace)))

    def take_error(self, error: BaseException) -> None:
        self.take(type(error), error, error.__traceback__)

    def _on_qt(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        logger.warning("Qt: %s", message)
        self._of_qt.append(message)
        if kind == QtMsgType.QtFatalMsg:  # Qt aborts after this: what was saved is safe, and a report tells of it
            write_report(self.folder, "\n".join(("Qt gave up:", *self._of_qt)))
            os._exit(_BUG)

    def _on_caught(self, text: str) -> None:
        logger.error("not caught: %s", text)
        if time.monotonic() - self._last < QUIET_SECONDS:
            return
        self._last = time.monotonic()
        file = write_report(self.folder, text)
        if file is not None:
            self.reports.append(file)
        self.dialogs += 1
        self.reported.emit(text, file)
