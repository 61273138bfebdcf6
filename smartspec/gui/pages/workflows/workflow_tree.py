"""The tree of workflows by pack: how its rows are painted and folded."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from smartspec.commands.workflow_summaries import WorkflowSummary
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.gui.pages.workflows.workflow_model import PACK, STATES, SUMMARY, WorkflowModel
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.status import status_style
from smartspec.messages import tr, translate

Index = QModelIndex | QPersistentModelIndex
W = WorkflowStatus
WIDTH, ROW = 252, 30


def _plain(index: Index) -> QModelIndex:
    """Qt hands out both kinds."""
    return index if isinstance(index, QModelIndex) else index.model().index(index.row(), index.column(), index.parent())


class WorkflowTree(QTreeView):
    """Packs are folded by a click on their head; which are folded stays as it is, whatever is listed.

    `menu_asked` carries where in it.
    """

    menu_asked = Signal(QPoint)

    def __init__(self, model: WorkflowModel) -> None:
        super().__init__()
        self._folded: set[str] = set()
        self.setModel(model)
        model.rowsInserted.connect(lambda parent: None if parent.isValid() else self.unfold())
        self.collapsed.connect(lambda index: self._folded.add(index.data(PACK)))
        self.expanded.connect(lambda index: self._folded.discard(index.data(PACK)))
        self.setUniformRowHeights(True)
        self.setItemDelegate(WorkflowDelegate(self))
        self.setObjectName("workflowTree")
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Workflows"))
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.data(PACK):
            self.setExpanded(index, not self.isExpanded(index))

    def unfold(self) -> None:
        """Packs that nobody folded are open."""
        folded = self.folded
        self.expandAll()
        self.fold(folded)

    @property
    def folded(self) -> frozenset[str]:
        """The names of the packs that are."""
        return frozenset(self._folded)

    def fold(self, packs: frozenset[str]) -> None:
        for row in range(self.model().rowCount()):
            if (index := self.model().index(row, 0)).data(PACK) in packs:
                self.collapse(index)

    def fold_all(self, folded: bool) -> None:
        if folded:
            self.collapseAll()
            self._folded = {self.model().index(row, 0).data(PACK) for row in range(self.model().rowCount())}
        else:
            self.expandAll()
            self._folded.clear()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.data(PACK) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.setExpanded(index, not self.isExpanded(index))
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the keyboard it is asked of what is current, wherever the mouse is."""
        by_keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        self.menu_asked.emit(self.visualRect(self.currentIndex()).center() if by_keys else event.pos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.Leave):
            self.viewport().update()
        return super().viewportEvent(event)


class WorkflowDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All are of one height: of thousands none is asked for its own."""
        return QSize(WIDTH, max(ROW, QFontMetrics(theme.font()).height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if index.data(PACK):
            self._pack(painter, rect, option, index)
        else:
            self._workflow(painter, rect, option, index)
        painter.restore()

    def _pack(self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem, index: Index) -> None:
        tree = option.widget
        assert isinstance(tree, QTreeView)
        caret = "caret-down" if tree.isExpanded(_plain(index)) else "caret-right"
        icons.paint(painter, QRectF(rect.left() + 12, rect.center().y() - 5, 10, 10), caret, "text3")
        painting.text(painter, rect.adjusted(28, 0, -40, 0), str(index.data()), "text2", theme.font("small", 600))
        count = str(index.model().rowCount(_plain(index)))
        painting.text(
            painter, rect.adjusted(0, 0, -14, 0), count, "text3", theme.font("small"), Qt.AlignmentFlag.AlignRight
        )
        if option.state & QStyle.StateFlag.State_HasFocus:
            painting.selection(painter, rect, selected=False, hovered=False, bar=False, focused=True)

    def _workflow(self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem, index: Index) -> None:
        summary: WorkflowSummary = index.data(SUMMARY)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        box = rect.adjusted(6, 1, -6, -1)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(box, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        workflow = summary.workflow
        shown = status_style(summary.outcomes[0][0]) if summary.outcomes else status_style("pending")
        idle = workflow.status is not W.ACTIVE
        icon = ("circle-dashed", "text3") if idle else (shown.icon, shown.colour)
        painting.status_icon(painter, QRectF(rect.left() + 29, rect.center().y() - 7, 14, 14), *icon)
        right = rect.right() - 14
        word = translate(STATES.get(workflow.status, ""))
        if summary.outcomes or not word:
            painting.sparkline(
                painter, QRectF(right - 42, rect.center().y() - 7, 42, 14), [*reversed(summary.outcomes)]
            )
            right -= 42 + 8
        if word:
            caption = theme.font("caption")
            beside = QRectF(rect.left(), rect.top(), right - rect.left(), rect.height())
            painting.text(painter, beside, word, "text3", caption, Qt.AlignmentFlag.AlignRight)
            right -= QFontMetrics(caption).horizontalAdvance(word) + 8
        name = QRectF(rect.left() + 50, rect.top(), right - rect.left() - 50, rect.height())
        font = theme.font("body", 600 if selected else 400)
        painting.text(painter, name, workflow.name, "text3" if idle else "text", font)
