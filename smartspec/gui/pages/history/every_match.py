"""Everything that fits a filter as a selection: not only the rows that are loaded."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from smartspec.commands import execution_trash
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext


class EveryMatch(QObject):
    """`ids` are those that fitted when it was asked for, None while nothing of the kind is selected.

    What comes later is not among them: the number that is shown is the number that an action takes.
    """

    changed = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = 0  # an answer to an older question is dropped
        self.is_looking = False
        self.ids: list[str] | None = None

    @property
    def is_cut(self) -> bool:
        """Whether more may fit than are selected: the newest 100,000."""
        return self.ids is not None and len(self.ids) >= execution_trash.MOST_MATCHING

    def select(self, wanted: ExecutionFilter) -> None:
        self._asked += 1
        self.is_looking = True
        read = partial(execution_trash.matching_ids, wanted, workspace=self._context.workspace)
        self._context.run(self, read, partial(self._on_found, self._asked), self._on_failed, worker="slow")
        self.changed.emit()

    def forget(self) -> None:
        self._asked += 1
        if self.ids is not None or self.is_looking:
            self.ids, self.is_looking = None, False
            self.changed.emit()

    def _on_found(self, asked: int, ids: list[str]) -> None:
        if asked == self._asked:
            self.ids, self.is_looking = ids, False
            self.changed.emit()

    def _on_failed(self, error: SmartSpecError) -> None:
        self.forget()
        self._context.notifications.notify_error(error)
