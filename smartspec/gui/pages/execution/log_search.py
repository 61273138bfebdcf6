"""Finds a text in a log, and goes from match to match."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from smartspec.gui.pages.execution.log_bar import LogBar
from smartspec.gui.pages.execution.log_reading import LogReading
from smartspec.gui.widgets.log.errors_only import nearest
from smartspec.gui.widgets.log.index import MOST_MATCHES
from smartspec.gui.widgets.log.source import LogSource
from smartspec.gui.widgets.log.view import LogView


class LogSearch(QObject):
    def __init__(self, reading: LogReading, view: LogView, bar: LogBar) -> None:
        super().__init__(bar)
        self._reading, self._view, self._bar = reading, view, bar
        self._matches: list[int] = []
        self._at: int | None = None  # among the matches
        bar.searched.connect(self.look)
        bar.stepped.connect(self.step)

    def forget(self) -> None:
        self._matches, self._at = [], None
        self._view.show_matches([], "")

    def look(self, text: str) -> None:
        shown = self._reading.shown
        if shown is None or not text:
            self._on_found(shown, text, [])
        else:
            self._reading.ask(partial(shown.search, text), partial(self._on_found, shown, text))

    def _on_found(self, shown: LogSource | None, text: str, lines: list[int]) -> None:
        if text != self._bar.search.text() or shown is not self._reading.shown:
            return
        is_anew = lines[: len(self._matches)] != self._matches or not self._matches
        self._matches = lines
        self._view.show_matches(lines, text)
        if is_anew:
            self._at = None
        if lines and is_anew:
            self.step()
        else:
            self._tell_found()

    def step(self, by: int = 1) -> None:
        """From the line that is current, else from the first."""
        if self._matches:
            self._at = nearest(self._matches, self._view.current if self._at is not None else -1, by)
            self._view.go_to(self._matches[self._at])
            self._tell_found()

    def _tell_found(self) -> None:
        self._bar.show_found(self._at, len(self._matches), is_all=len(self._matches) < MOST_MATCHES)
