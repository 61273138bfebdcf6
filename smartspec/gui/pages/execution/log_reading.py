"""Reads a log in the background: what there is, what follows, where it speaks of errors, where a text stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.log.errors_only import ErrorsOnly
from smartspec.gui.widgets.log.index import LogIndex
from smartspec.gui.widgets.log.merged import MergedLog
from smartspec.gui.widgets.log.source import LogSource
from smartspec.value import frozen


@frozen
class ReadingProgress:
    """What is known by now: lines to show, of the whole log and its bytes, bytes left out, errors.

    `more` is there to be read at once; `is_looked`: all that is known was looked at for errors.
    """

    shown: int
    count: int
    size: int
    left_out: int
    errors: int
    more: bool
    is_looked: bool


class LogReading(QObject):
    """On the thread for logs, so that a large one keeps nobody waiting."""

    advanced = Signal(object)
    lines_came = Signal(int, list)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = False
        self._fetching = False
        self._wanted: tuple[int, int] | None = None  # asked for while others were fetched: only the last counts
        self.source: LogSource | None = None  # all of it
        self.shown: LogSource | None = None  # that, or its errors only

    def open(self, source: LogSource) -> None:
        """With all of its lines."""
        self.source = source
        self.show_errors_only(False)

    def show_errors_only(self, errors_only: bool) -> None:
        if self.source is not None:
            self.shown = ErrorsOnly(self.source) if errors_only else self.source
            self._reading, self._fetching, self._wanted = False, False, None
            self.read_on()

    def read_on(self) -> None:
        if self.shown is None or self._reading:
            return
        self._reading = True
        shown = self.shown
        self._context.run(self, partial(_advance, shown), partial(self._on_advanced, shown), worker="logs")

    def _on_advanced(self, shown: LogSource, progress: ReadingProgress) -> None:
        if shown is not self.shown:
            return
        self._reading = False
        self.advanced.emit(progress)
        if progress.more or not progress.is_looked:
            self.read_on()

    def want(self, first: int, count: int) -> None:
        """Lines to be shown, one request after another: who scrolls fast wants only where he stops."""
        shown = self.shown
        if self._fetching:
            self._wanted = first, count
        elif shown is not None:
            self._fetching = True
            self.ask(partial(shown.read, first, count), partial(self._on_lines, shown, first))

    def _on_lines(self, shown: LogSource, first: int, lines: list[object]) -> None:
        if shown is not self.shown:
            return
        self._fetching = False
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            self.lines_came.emit(first, lines)
        else:
            self.want(*wanted)

    def ask(self, question: Callable[[], object], then: Callable[..., object]) -> None:
        """In its turn, after what is being read."""
        self._context.run(self, question, then, worker="logs")


def _advance(shown: LogSource) -> ReadingProgress:
    whole = shown.source if isinstance(shown, ErrorsOnly) else shown
    more = shown.read_on()
    is_looked = not more and not shown.look_on()
    logs = whole.logs if isinstance(whole, MergedLog) else [whole]
    left_out = sum(log.left_out for log in logs if isinstance(log, LogIndex))
    return ReadingProgress(shown.count, whole.count, whole.size, left_out, len(whole.errors), more, is_looked)
