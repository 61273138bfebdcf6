"""What is in the trash, read a page at a time as one scrolls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from smartspec.commands import trash
from smartspec.commands.trash import Deleted
from smartspec.domain import times
from smartspec.domain.page import Page
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import ago, exact
from smartspec.gui.style.status import execution_style
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.paged_model import Index, PagedModel
from smartspec.gui.widgets.table.rows import RowDelegate
from smartspec.messages import _, tr

_WHAT = int(Qt.ItemDataRole.UserRole) + 1
NAME, KIND, WHEN = range(3)


class TrashModel(PagedModel[Deleted]):
    headings = (_("Name"), _("What it is"), _("Deleted"))

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._text = ""

    def show(self, text: str) -> None:
        """What fits, from its beginning."""
        self._text = text
        self.read_from_top()

    def page_after(self, cursor: str | None) -> Callable[[], Page[Deleted]]:
        return partial(trash.read_trash, self._text, cursor, self._context.workspace)

    # Qt

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
