"""What is in the trash, read a page at a time as one scrolls."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from smartspec.commands import trash
from smartspec.commands.trash import TrashPage
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import ago, exact
from smartspec.gui.style.status import execution_style
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.rows import RowDelegate
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
Deleted = Workflow | Execution
_ROOT = QModelIndex()
_WHAT = int(Qt.ItemDataRole.UserRole) + 1
NAME, KIND, WHEN = range(3)


class TrashModel(QAbstractTableModel):
    """`read`: a page is there; `failed` carries why none could be."""

    read = Signal()
    failed = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.rows: list[Deleted] = []
        self._text, self._next = "", ""  # where the page that follows begins; none at the end
        self._round = 0

    def show(self, text: str) -> None:
        """What fits, from its beginning."""
        self._text = text
        self._round += 1
        self._ask(None)

    def _ask(self, after: str | None) -> None:
        command = partial(trash.read_trash, self._text, after, self._context.workspace)
        take = partial(self._take, self._round, after)
        self._context.run(self, command, take, self._on_failed, worker="slow")

    def _on_failed(self, error: SmartSpecError) -> None:
        self.failed.emit(error)

    def _take(self, round_: int, after: str | None, page: TrashPage) -> None:
        if round_ != self._round:
            return  # of another search
        self._next = page.next or ""
        found: list[Deleted] = [*page.workflows, *page.executions]
        if after is None:
            self.beginResetModel()
            self.rows = found
            self.endResetModel()
        elif found:
            self.beginInsertRows(_ROOT, len(self.rows), len(self.rows) + len(found) - 1)
            self.rows += found
            self.endInsertRows()
        self.read.emit()

    # Qt

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 3

    def canFetchMore(self, parent: Index) -> bool:
        return bool(self._next) and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        after, self._next = self._next, ""  # asked for once
        self._ask(after)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is Qt.Orientation.Horizontal and role == int(Qt.ItemDataRole.DisplayRole):
            return (tr("Name"), tr("What it is"), tr("Deleted"))[section]
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        each = self.rows[index.row()]
        if role == _WHAT:
            return each
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return plain_tip(each.ref if isinstance(each, Workflow) else each.label) if index.column() == NAME else (
                exact(each.deleted_at) if index.column() == WHEN else None
            )  # fmt: skip
        if role != int(Qt.ItemDataRole.DisplayRole):
            return None
        if index.column() == NAME:
            return each.name if isinstance(each, Workflow) else each.label
        if index.column() == KIND:
            return tr("Workflow") if isinstance(each, Workflow) else execution_style(each).word
        return ago(each.deleted_at, times.now())


class TrashDelegate(RowDelegate):
    """A workflow has its icon, an execution that of its status."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        if index.column() != NAME:
            super().paint_cell(painter, rect, index)
            return
        each: Deleted = index.data(_WHAT)
        box = QRectF(rect.left() + 8, rect.center().y() - 7, 14, 14)
        if isinstance(each, Workflow):
            icons.paint(painter, box, "tree-structure", "text2")
        else:
            shown = execution_style(each)
            painting.status_icon(painter, box, shown.icon, shown.colour)
        painting.text(painter, rect.adjusted(30, 0, -8, 0), str(index.data()), "text", theme.font())
