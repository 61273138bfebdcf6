"""How many executions fit a search, and how many there are."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QObject, Signal

from smartspec.commands import executions
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import count, number

_EVERY_S = 2.0


class MatchCounts(QObject):
    """`total` fit and `everything` is there, both as they are shown; `counted` when they are others."""

    counted = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._text = ""
        self._counted_at = 0.0
        self.total = ""
        self.everything = ""

    def is_due(self) -> bool:
        """Whether the last time is long enough ago: with many it takes a while."""
        return time.monotonic() - self._counted_at >= _EVERY_S

    def count(self, text: str) -> None:
        """As far as is counted at once; of everything then exactly, by counting on in the background."""
        self._text, self._counted_at = text, time.monotonic()
        workspace = self._context.workspace

        def read() -> tuple[str, int]:
            wanted = executions.read_query(text, workspace)
            whole = executions.count_executions(workspace=workspace)
            is_wanted = self._text == text  # else something else is searched for by now
            fitting = executions.count_executions(wanted, workspace=workspace) if is_wanted else 0
            return count(fitting, executions.counted_exactly(wanted)), whole

        self._context.run(self, read, partial(self._on_counted, text), lambda _: None, worker="slow")

    def _on_counted(self, text: str, counts: tuple[str, int]) -> None:
        if text != self._text:
            return
        self.total, everything = counts
        self.everything = count(everything)
        if everything > executions.counted_exactly() and not text:
            read = partial(executions.count_executions, exact=True, workspace=self._context.workspace)
            self._context.run(self, read, self._on_exact, worker="slow")
        self.counted.emit()

    def _on_exact(self, everything: int) -> None:
        if not self._text:
            self.total = self.everything = number(everything)
            self.counted.emit()
