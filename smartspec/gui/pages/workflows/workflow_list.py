"""The list of workflows: what there is, by pack, and how it went lately."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.commands import workflow_summaries
from smartspec.commands.workflow_summaries import ChangedSummaries, WorkflowSummary
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.workflows.list_filter import WorkflowListFilter
from smartspec.gui.pages.workflows.workflow_model import SUMMARY, WorkflowModel
from smartspec.gui.pages.workflows.workflow_tree import WorkflowTree
from smartspec.gui.style import theme
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.menus import action_menu, popup_menu
from smartspec.gui.widgets.search_field import search_field
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr

W = WorkflowStatus
_MOST_CHANGED = 500  # workflows and executions that are read one by one
_TITLE = 136  # pixels: a longer one gives way, and “Workflows · samples” does not
_MENU = (
    "run", "run_with", "record", "", "rename", "duplicate", "activate", "archive", "", "export", "delete",
)  # fmt: skip


class WorkflowList(Pane):
    """`chosen` is the workflow that was selected; `listed`: it was read anew."""

    topics = frozenset({Topic.WORKFLOWS, Topic.EXECUTIONS, Topic.VERSIONS})
    chosen = Signal(object)
    listed = Signal()
    trash_asked = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._wanted, self._looks = "", 0
        self._chosen_id = ""
        self._all: tuple[WorkflowSummary, ...] = ()
        self._summaries: tuple[WorkflowSummary, ...] = ()
        self._reads_all, self._is_filling = True, False
        self._changed_workflows: set[WorkflowPk] = set()
        self._changed_executions: set[ExecutionPk] = set()
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
        self.model = WorkflowModel(self)
        self.view = WorkflowTree(self.model)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.menu_asked.connect(self._on_menu)
        self.states = ContentStates(self.view)
        self.trash = button(tr("Trash"), "ghost", "trash", self.trash_asked.emit)
        self._counts = label("", "caption")
        body = frame("pane")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        head = row(self._title(), self.import_button, self.new_button, margins=(14, 10, 10, 0))
        head.setStretch(0, 1)
        layout.addLayout(head)
        layout.addLayout(row(self.search, self.filter.button, spacing=4, margins=(10, 0, 10, 0)))
        layout.addWidget(self.states, 1)
        layout.addWidget(line())
        layout.addLayout(row(self.trash, None, self._counts, margins=(8, 0, 14, 8)))
        self.setLayout(column(body))
        self._turning = QTimer(self, interval=100)
        self._turning.timeout.connect(lambda: self.view.viewport().update())

    def _title(self) -> QWidget:
        """The default workspace goes without saying."""
        words, workspace, made = tr("Workflows"), self.context.workspace, Elided("heading")
        made.setText(words if workspace == "default" else f"{words} · {workspace}")
        needed = QFontMetrics(theme.font("body", 600)).horizontalAdvance(made.full_text) + 2
        made.setMinimumWidth(min(needed, _TITLE))
        if workspace != "default":
            made.set_tip(tr("The workspace {workspace}; File, Workspace shows another", workspace=workspace))
        return made

    def is_needed(self) -> bool:
        page = self.parentWidget()
        return super().is_needed() or (self.is_drawer and page is not None and page.isVisible())

    # Reading

    def invalidate(self) -> None:
        self._reads_all = True
        super().invalidate()

    def _on_changed(self, change_set: ChangeSet) -> None:
        self._changed_workflows |= change_set.ids_of(Topic.WORKFLOWS) | change_set.ids_of(Topic.VERSIONS)
        self._changed_executions |= change_set.ids_of(Topic.EXECUTIONS)
        super()._on_changed(change_set)

    def reload(self) -> None:
        """Of what was written since the last time those alone that were, unless they are many."""
        if not self.is_loaded:
            self.states.show_loading()
        changed, executions = self._changed_workflows, self._changed_executions
        self._changed_workflows, self._changed_executions = set(), set()
        wanted = WorkflowFilter(name=self.search.text().strip() or None, or_tag=True, created_by=self.filter.created_by)
        workspace = self.context.workspace
        if self._reads_all or changed:
            self.filter.read_makers()
        if self._reads_all or self._wanted or len(changed) + len(executions) > _MOST_CHANGED:
            self._reads_all = False
            read = partial(workflow_summaries.summarize_workflows, wanted, workspace=workspace)
            self.context.run(self, read, self._show_list, self._on_unread, worker="slow")
        else:
            some = partial(
                workflow_summaries.summarize_changed, changed, executions, wanted, workspace=workspace
            )  # fmt: skip
            self.context.run(self, some, self._show_changed, self._on_unread, worker="slow")

    def _on_unread(self, error: SmartSpecError) -> None:
        self._reads_all = True
        self.states.show_error(error, self.invalidate)

    def _show_changed(self, changed: ChangedSummaries) -> None:
        stays = [each for each in self._all if each.workflow.pk not in changed.asked]
        self._show_list(tuple(sorted([*stays, *changed.found], key=workflow_summaries.order_of)))

    def _show_list(self, summaries: tuple[WorkflowSummary, ...]) -> None:
        self.is_loaded, self._all = True, summaries
        active = sum(each.workflow.status is W.ACTIVE for each in summaries)
        rest = len(summaries) - active
        self._counts.setText(
            tr("{active} active · {rest} other", active=number(active), rest=number(rest)) if summaries else ""
        )
        self._show_tree()
        self._looks -= 1
        if self._looks <= 0:
            self._wanted = ""
        elif self._wanted:
            self.reload_soon()
        self.listed.emit()
        self._show_outcomes()
        self._show_state()

    def _show_tree(self) -> None:
        shows = self.filter.with_archived
        self._summaries = tuple(each for each in self._all if shows or each.workflow.status is not W.ARCHIVED)
        kept = {each.id for each in self.selected()}
        self._is_filling = True  # where the current row goes, Qt makes the next one current: nobody chose that
        is_new = self.model.show_summaries(self._summaries)
        self._is_filling = False
        if is_new:
            self.view.unfold()
        if is_new or self._wanted or self.current_id != self._chosen_id:
            folded = self.view.folded
            self._select_again(kept)
            self.view.fold(folded)  # Qt has opened the pack of what is current
        if not is_new:  # what was filled is painted anyway
            self.view.viewport().update()  # rows that moved and are selected by others now, all at once

    def _select_again(self, kept: set[str]) -> None:
        """What is shown on the page, where it is listed; else nothing is selected."""
        found = self.model.index_of(self._wanted or self._chosen_id)
        if not found.isValid():
            self.view.clearSelection()
            self.view.selectionModel().clearCurrentIndex()
            return
        self._wanted = ""
        self.view.setCurrentIndex(found)
        for id_ in kept if len(kept) > 1 else ():
            self.view.selectionModel().select(self.model.index_of(id_), QItemSelectionModel.SelectionFlag.Select)

    def _show_outcomes(self) -> None:
        newest = {each.outcomes[0][0] for each in self._summaries if each.outcomes}
        if "running" in newest:
            self._turning.start()
        else:
            self._turning.stop()

    def _show_state(self) -> None:
        if self._summaries:
            self.states.show_content()
        elif asked := ", ".join(filter(None, (self.search.text().strip(), self.filter.told))):
            self.states.show_empty(
                "magnifying-glass", tr("Nothing fits “{text}”", text=asked), "",
                (tr("Clear the filter"), self._clear_filter),
            )  # fmt: skip
        elif self._all:
            self.states.show_empty(
                "archive", tr("All workflows are archived"), "",
                (tr("Show archived workflows"), self.filter.show_archived),
            )  # fmt: skip
        else:
            self.states.show_empty("tree-structure", tr("No workflows yet"), tr("They appear here, grouped by pack."))

    # Selection

    @property
    def summaries(self) -> Sequence[WorkflowSummary]:
        return self._summaries

    @property
    def is_empty(self) -> bool:
        """Whether there is no workflow at all: nothing narrows the list, and it has none, not even archived ones."""
        return self.is_loaded and not self._all and not self.search.text() and not self.filter.told

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
        self._chosen_id = id_
        if (found := self.model.index_of(id_)).isValid():
            self._wanted = ""
            self.view.setCurrentIndex(found)
            self.view.viewport().update()

    def selected(self) -> list[Workflow]:
        found = [index.data(SUMMARY) for index in self.view.selectionModel().selectedIndexes()]
        return [each.workflow for each in found if each is not None]

    def _on_current(self, current: QModelIndex) -> None:
        summary = current.data(SUMMARY)
        if summary is not None and not self._is_filling:
            self._chosen_id = summary.workflow.id
            self.chosen.emit(summary.workflow)

    def _clear_filter(self) -> None:
        self.search.clear()
        self.filter.clear()

    def _on_menu(self, position: QPoint) -> None:
        """Of a workflow what can be done with it; elsewhere what can be done with the list."""
        at = self.view.indexAt(position)
        if at.data(SUMMARY) is not None:
            menu = action_menu(self, self.context.actions, _MENU)
        else:
            menu = popup_menu(self)
            menu.addAction(tr("Fold all packs"), lambda: self.view.fold_all(True))
            menu.addAction(tr("Unfold all packs"), lambda: self.view.fold_all(False))
            menu.addSeparator()
            for name in ("new", "import"):
                menu.addAction(self.context.actions[name])
        menu.popup(self.view.viewport().mapToGlobal(position))
