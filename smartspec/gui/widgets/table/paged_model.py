"""Rows of a table that loads pages as they are scrolled to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from smartspec.domain.page import Page
from smartspec.errors import SmartSpecError
from smartspec.gui.core.background import Worker
from smartspec.gui.core.context import AppContext
from smartspec.messages import translate

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Row = TypeVar("Row")


class PagedModel(QAbstractTableModel, Generic[Row]):
    """`settled` comes after each answer, `failed` with what went wrong; an answer to an older question is dropped."""

    settled = Signal()
    failed = Signal(object)
    headings: ClassVar[tuple[str, ...]]  # one for each column, untranslated
    worker: ClassVar[Worker] = "slow"

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.rows: list[Row] = []
        self.is_loading = False
        self._next: str | None = None  # where the page that follows begins
        self._asked = 0

    def page_after(self, cursor: str | None) -> Callable[[], Page[Row]]:
        """What reads a page, on the thread of the commands: from the top, or from where the last one ended."""
        raise NotImplementedError

    def read_from_top(self) -> None:
        """Ask for the first page; what is there stays until it comes."""
        self._ask(None)

    def _ask(self, after: str | None) -> None:
        self._asked += 1
        self.is_loading = True
        taken, failed = partial(self._on_page, self._asked, after), partial(self._on_failed, self._asked)
        self._context.run(self, self.page_after(after), taken, failed, worker=self.worker)

    def _on_page(self, asked: int, after: str | None, page: Page[Row]) -> None:
        if asked != self._asked:
            return
        self.is_loading, self._next = False, page.next
        if after is None:
            self._put_first(page)
        elif page.rows:
            self.beginInsertRows(ROOT, len(self.rows), len(self.rows) + len(page.rows) - 1)
            self.rows += page.rows
            self.endInsertRows()
        if not self.rows and page.next is not None:
            self._ask(page.next)  # a page may be of other workspaces only
        else:
            self.settled.emit()

    def _put_first(self, page: Page[Row]) -> None:
        """The page at the top, instead of what is there."""
        self.beginResetModel()
        self.rows = [*page.rows]
        self.endResetModel()

    def _on_failed(self, asked: int, error: SmartSpecError) -> None:
        if asked == self._asked:
            self.is_loading = False
            self.failed.emit(error)

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return translate(self.headings[section])
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self.is_loading

    def fetchMore(self, parent: Index) -> None:
        if self._next is not None:
            self._ask(self._next)
