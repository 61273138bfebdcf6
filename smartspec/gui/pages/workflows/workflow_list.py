"""The list of workflows: what there is, by pack, and how it went lately."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.changes import Topic
from smartspec.commands import workflows
from smartspec.commands.workflows import WorkflowSummary
from smartspec.domain.engine.states import PROBLEM, WorkflowStatus
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.workflows.list_filter import WorkflowListFilter
from smartspec.gui.pages.workflows.workflow_tree import PACK, STATES, SUMMARY, WorkflowDelegate, WorkflowTree
from smartspec.gui.style.formatting import number
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.inputs import search_field
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.menus import action_menu
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate

W = WorkflowStatus
_MENU = (
    "run", "run_with", "record", "", "rename", "duplicate", "activate", "archive", "", "export", "delete",
)  # fmt: skip


class WorkflowList(Pane):
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
        self.is_loaded = False
        self.is_drawer = False  # hidden until it is wanted, and what is selected in it is shown all the same
        self.search = search_field(tr("Filter by name, tag, ref…"), tr("Filter workflows"))
        self._typing = QTimer(self, singleShot=True, interval=60)
        self._typing.timeout.connect(self.invalidate)
        self.search.textChanged.connect(lambda: self._typing.start())
        actions = context.actions
        self.import_button = icon_button("download-simple", tr("Import workflow files"), actions["import"].trigger)
        self.new_button = button(tr("New"), "", "plus", actions["new"].trigger)
        self.filter = WorkflowListFilter(context, self)
        self.filter.changed.connect(self.invalidate)
        self.model = QStandardItemModel(self)
        self.view = WorkflowTree()
        self.view.setModel(self.model)
        self.view.setItemDelegate(WorkflowDelegate(self.view))
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
        layout.addLayout(row(self.search, self.filter.button, spacing=4, margins=(10, 0, 10, 0)))
        layout.addWidget(self.states, 1)
        layout.addWidget(line())
        layout.addLayout(row(self.trash, None, self._counts, margins=(8, 0, 14, 8)))
        self.setLayout(column(body))
        self._turning = QTimer(self, interval=100)
        self._turning.timeout.connect(self.view.viewport().update)

    def _title(self) -> QWidget:
        """The default workspace goes without saying."""
        words = tr("Workflows")
        if self.context.workspace == "default":
            return label(words, "heading")
        made = label(f"{words} · {self.context.workspace}", "heading")
        made.setToolTip(
            plain_tip(tr("The workspace {workspace}; File, Workspace shows another", workspace=self.context.workspace))
        )
        return made

    def is_needed(self) -> bool:
        page = self.parentWidget()
        return super().is_needed() or (self.is_drawer and page is not None and page.isVisible())

    # Reading

    def reload(self) -> None:
        if not self.is_loaded:
            self.states.show_loading()
        self.filter.read_makers()
        wanted = WorkflowFilter(name=self.search.text().strip() or None, or_tag=True, created_by=self.filter.created_by)
        workspace = self.context.workspace
        self.context.run(
            self, partial(workflows.summarize_workflows, wanted, workspace=workspace), self._show_list,
            lambda error: self.states.show_error(error, self.invalidate),
        )  # fmt: skip

    def _show_list(self, summaries: tuple[WorkflowSummary, ...]) -> None:
        self.is_loaded = True
        archived = [each for each in summaries if each.workflow.status is W.ARCHIVED]
        shown = summaries if self.filter.with_archived else tuple(each for each in summaries if each not in archived)
        active = sum(each.workflow.status is W.ACTIVE for each in summaries)
        rest = len(summaries) - active
        self._counts.setText(
            tr("{active} active · {rest} other", active=number(active), rest=number(rest)) if summaries else ""
        )
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
        elif asked := ", ".join(filter(None, (self.search.text().strip(), self.filter.told))):
            self.states.show_empty(
                "magnifying-glass", tr("Nothing fits “{text}”", text=asked), "",
                (tr("Clear the filter"), self._clear_filter),
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

    def _clear_filter(self) -> None:
        self.search.clear()
        self.filter.clear()

    def _on_menu(self, position: QPoint) -> None:
        menu = action_menu(self, self.context.actions, _MENU)
        menu.popup(self.view.viewport().mapToGlobal(position))


def _spoken(summary: WorkflowSummary) -> str:
    """What a screen reader says."""
    state = STATES.get(summary.workflow.status)
    last = status_style(summary.outcomes[0][0]).word if summary.outcomes else tr("has not run yet")
    return ", ".join(filter(None, (summary.workflow.name, translate(state or ""), last)))
