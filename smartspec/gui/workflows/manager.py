"""The workflow manager: what there is, by pack, and how it went lately."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from smartspec.changes import Topic
from smartspec.commands import workflows
from smartspec.commands.workflows import WorkflowSummary
from smartspec.domain.engine.states import PROBLEM, WorkflowStatus
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.gui import icons, theme
from smartspec.gui.desk import AppContext
from smartspec.gui.pane import Pane
from smartspec.gui.widgets import painting
from smartspec.gui.widgets.controls import button, frame, icon_button, label, line, plain_tip, row, search_field
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.words import number, status_style, tr

Index = QModelIndex | QPersistentModelIndex
SUMMARY = int(Qt.ItemDataRole.UserRole) + 1
PACK = SUMMARY + 1
WIDTH, ROW, HEAD = 252, 30, 28
W = WorkflowStatus
_STATES = {W.DRAFT: "Draft", W.INACTIVE: "Inactive", W.ARCHIVED: "Archived"}


class Manager(Pane):
    """`chosen` is the workflow that was selected; `attention`: one's last execution did not end well; `listed`: it was
    read anew.
    """

    topics = frozenset({Topic.WORKFLOWS, Topic.EXECUTIONS, Topic.VERSIONS})
    chosen = Signal(object)
    listed = Signal()
    trash_asked = Signal()
    attention = Signal(bool)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wanted, self._looks = "", 0
        self._summaries: tuple[WorkflowSummary, ...] = ()
        self._show_archived = False
        self.is_loaded = False
        self.is_drawer = False  # hidden until it is wanted, and what is selected in it is shown all the same
        self.search = search_field(tr("Filter by name, tag, ref…"), tr("Filter workflows"))
        self._typing = QTimer(self, singleShot=True, interval=60)
        self._typing.timeout.connect(self.invalidate)
        self.search.textChanged.connect(lambda: self._typing.start())
        actions = context.actions
        self.import_button = icon_button("download-simple", tr("Import workflow files"), actions["import"].trigger)
        self.new_button = button(tr("New"), "", "plus", actions["new"].trigger)
        self.archived_button = icon_button("archive", tr("Show archived workflows too"), checkable=True)
        self.archived_button.toggled.connect(self._on_archived)
        self.model = QStandardItemModel(self)
        self.view = _WorkflowTree()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_WorkflowDelegate(self.view))
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self.states = ContentStates(self.view)
        self.trash = button(tr("Trash"), "ghost", "trash", self.trash_asked.emit)
        self._counts = label("", "caption")
        body = frame("pane")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row(self._title(), None, self.import_button, self.new_button, margins=(14, 10, 10, 0)))
        layout.addLayout(row(self.search, self.archived_button, spacing=4, margins=(10, 0, 10, 0)))
        layout.addWidget(self.states, 1)
        layout.addWidget(line())
        layout.addLayout(row(self.trash, None, self._counts, margins=(8, 0, 14, 8)))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(body)
        self._turning = QTimer(self, interval=100)
        self._turning.timeout.connect(self.view.viewport().update)

    def _title(self) -> QWidget:
        """The default workspace goes without saying."""
        words = tr("Workflows")
        if self.context.workspace == "default":
            return label(words, "heading")
        made = label(f"{words} · {self.context.workspace}", "heading")
        made.setToolTip(
            plain_tip(tr("The workspace {0}; File, Workspace shows another").format(self.context.workspace))
        )
        return made

    def is_needed(self) -> bool:
        page = self.parentWidget()
        return super().is_needed() or (self.is_drawer and page is not None and page.isVisible())

    # Reading

    def reload(self) -> None:
        if not self.is_loaded:
            self.states.show_loading()
        wanted = WorkflowFilter(name=self.search.text().strip() or None, or_tag=True)
        workspace = self.context.workspace
        self.context.run(
            self, partial(workflows.summarize_workflows, wanted, workspace=workspace), self._show_list,
            lambda error: self.states.show_error(error, self.invalidate),
        )  # fmt: skip

    def _show_list(self, summaries: tuple[WorkflowSummary, ...]) -> None:
        self.is_loaded = True
        archived = [each for each in summaries if each.workflow.status is W.ARCHIVED]
        shown = summaries if self._show_archived else tuple(each for each in summaries if each not in archived)
        active = sum(each.workflow.status is W.ACTIVE for each in summaries)
        rest = len(summaries) - active
        self._counts.setText(tr("{0} active · {1} other").format(number(active), number(rest)) if summaries else "")
        if shown != self._summaries or not self.model.rowCount():
            self._summaries = shown
            self._fill_tree()
        self._looks -= 1
        if self._looks <= 0:
            self._wanted = ""
        elif self._wanted:
            self.reload_soon()
        newest = [each.outcomes[0][0] for each in shown if each.outcomes]
        self.listed.emit()
        self.attention.emit(any(status in {each.value for each in PROBLEM} for status in newest))
        if any(status == "running" for status in newest):
            self._turning.start()
        else:
            self._turning.stop()
        if shown:
            self.states.show_content()
        elif self.search.text().strip():
            self.states.show_empty(
                "magnifying-glass", tr("Nothing fits “{0}”").format(self.search.text().strip()), "",
                (tr("Clear the filter"), self.search.clear),
            )  # fmt: skip
        else:
            self.states.show_empty("tree-structure", tr("No workflows yet"), tr("They appear here, grouped by pack."))

    def _fill_tree(self) -> None:
        current, folded = self._wanted or self.current_id, self._folded()
        kept = {each.id for each in self.selected()}
        self.view.selectionModel().blockSignals(True)
        self.model.clear()
        packs: dict[str, QStandardItem] = {}
        found: QStandardItem | None = None
        selected: list[QStandardItem] = []
        for summary in self._summaries:
            pack = summary.workflow.pack
            if pack not in packs:
                packs[pack] = QStandardItem(pack)
                packs[pack].setData(pack, PACK)
                packs[pack].setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.model.appendRow(packs[pack])
            item = QStandardItem(summary.workflow.name)
            item.setData(summary, SUMMARY)
            item.setEditable(False)
            item.setToolTip(f"{summary.workflow.ref}")
            item.setData(_spoken(summary), int(Qt.ItemDataRole.AccessibleTextRole))
            packs[pack].appendRow(item)
            if summary.workflow.id == current:
                found = item
            if summary.workflow.id in kept:
                selected.append(item)
        for item in packs.values():
            self.view.setExpanded(item.index(), item.text() not in folded)
        self.view.selectionModel().blockSignals(False)
        if found is not None:
            self._wanted = ""
            self.view.setCurrentIndex(found.index())
            if len(selected) > 1:
                for item in selected:
                    self.view.selectionModel().select(item.index(), QItemSelectionModel.SelectionFlag.Select)

    def _folded(self) -> set[str]:
        tops = [self.model.item(number) for number in range(self.model.rowCount())]
        return {top.text() for top in tops if top is not None and not self.view.isExpanded(top.index())}

    # Selection

    @property
    def summaries(self) -> Sequence[WorkflowSummary]:
        return self._summaries

    @property
    def is_waiting(self) -> bool:
        """Whether one is to be selected that is not listed yet."""
        return bool(self._wanted)

    @property
    def current_id(self) -> str:
        summary = self.view.currentIndex().data(SUMMARY)
        return summary.workflow.id if summary is not None else ""

    def select(self, id_: str) -> None:
        """Now, or as soon as it is listed; one that is not there after two looks is not waited for."""
        self._wanted, self._looks = id_, 2
        for top in range(self.model.rowCount()):
            pack = self.model.item(top)
            for number_ in range(pack.rowCount()):
                item = pack.child(number_)
                if item.data(SUMMARY).workflow.id == id_:
                    self._wanted = ""
                    self.view.setCurrentIndex(item.index())
                    return

    def selected(self) -> list[Workflow]:
        found = [index.data(SUMMARY) for index in self.view.selectionModel().selectedIndexes()]
        return [each.workflow for each in found if each is not None]

    def _on_current(self, current: QModelIndex) -> None:
        summary = current.data(SUMMARY)
        if summary is not None:
            self.chosen.emit(summary.workflow)

    def _on_archived(self, shown: bool) -> None:
        self._show_archived = shown
        self.invalidate()

    def _on_menu(self, position: QPoint) -> None:
        menu, actions = QMenu(self), self.context.actions
        for name in (
            "run",
            "run_with",
            "record",
            "",
            "rename",
            "duplicate",
            "activate",
            "archive",
            "",
            "export",
            "delete",
        ):
            if name:
                menu.addAction(actions[name])
            else:
                menu.addSeparator()
        menu.popup(self.view.viewport().mapToGlobal(position))


def _spoken(summary: WorkflowSummary) -> str:
    """What a screen reader says."""
    state = _STATES.get(summary.workflow.status)
    last = status_style(summary.outcomes[0][0]).word if summary.outcomes else tr("has not run yet")
    return ", ".join(filter(None, (summary.workflow.name, tr(state) if state else "", last)))


def _plain(index: Index) -> QModelIndex:
    """Qt hands out both kinds."""
    return index if isinstance(index, QModelIndex) else index.model().index(index.row(), index.column(), index.parent())


class _WorkflowTree(QTreeView):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("manager")
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(tr("Workflows"))
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.data(PACK):
            self.setExpanded(index, not self.isExpanded(index))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.data(PACK) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.setExpanded(index, not self.isExpanded(index))
            return
        super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.Leave):
            self.viewport().update()
        return super().viewportEvent(event)


class _WorkflowDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        least = HEAD if index.data(PACK) else ROW
        return QSize(WIDTH, max(least, QFontMetrics(theme.font()).height() + 12))

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
        word = tr(_STATES.get(workflow.status, ""))
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
