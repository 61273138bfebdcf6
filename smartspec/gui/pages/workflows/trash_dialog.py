"""The trash: what was deleted, and the way back; it is gone when somebody empties it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from smartspec.changes import ChangeSet, Topic
from smartspec.commands import execution_trash, executions, workflows
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import confirm
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, trn
from smartspec.value import frozen

_WHAT = int(Qt.ItemDataRole.UserRole) + 1
_SHOWN = 1_000


@frozen
class _Trash:
    workflows: tuple[Workflow, ...]
    executions: tuple[Execution, ...]


class TrashDialog(QDialog):
    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(tr("Trash"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QTreeWidget()
        self.list.setHeaderLabels([tr("What"), tr("Deleted")])
        self.list.setRootIsDecorated(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(tr("What is in the trash"))
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setColumnWidth(1, 150)
        self.list.itemSelectionChanged.connect(self._show_selection)
        self.states = ContentStates(self.list)
        self.restore_button = button(tr("Restore"), "primary", "arrow-counter-clockwise", self.restore)
        self.purge_button = button(tr("Delete for good…"), "danger", then=self.purge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(label(tr("Trash"), "title"))
        layout.addWidget(self.states, 1)
        layout.addLayout(
            row(self.purge_button, None, button(tr("Close"), "ghost", then=self.reject), self.restore_button)
        )
        self.resize(620, 440)
        context.change_listener.changed.connect(self._on_changed)
        self._show_selection()
        self.reload()

    def _on_changed(self, change_set: ChangeSet) -> None:
        if {Topic.WORKFLOWS, Topic.EXECUTIONS} & change_set.topics:
            self.reload()

    def reload(self) -> None:
        self._context.run(self, partial(_read_trash, self._context.workspace), self._show_trash)

    def _show_trash(self, found: _Trash) -> None:
        kept = {each.id for each in self.chosen}
        self.list.clear()
        now = times.now()
        listed: list[tuple[Workflow | Execution, str, str]] = [
            *((each, "tree-structure", each.name) for each in found.workflows),
            *((each, "play-circle", each.label) for each in found.executions),
        ]
        for what, icon, name in listed:
            item = QTreeWidgetItem([name, ago(what.deleted_at, now)])
            item.setIcon(0, icons.icon(icon))
            item.setData(0, _WHAT, what)
            self.list.addTopLevelItem(item)
            item.setSelected(what.id in kept)
        if self.list.topLevelItemCount():
            self.states.show_content()
        else:
            self.states.show_empty("trash", tr("The trash is empty"))
        self._show_selection()

    @property
    def chosen(self) -> list[Workflow | Execution]:
        return [item.data(0, _WHAT) for item in self.list.selectedItems()]

    def _show_selection(self) -> None:
        for each in (self.restore_button, self.purge_button):
            each.setEnabled(bool(self.list.selectedItems()))

    def restore(self) -> None:
        chosen, workspace = self.chosen, self._context.workspace

        def command() -> None:
            for each in chosen:
                if isinstance(each, Workflow):
                    workflows.restore_workflow(each.id, workspace)
            execution_trash.restore_executions([each.id for each in chosen if isinstance(each, Execution)])

        self._context.run(self, command)

    def purge(self) -> None:
        chosen, workspace = self.chosen, self._context.workspace
        meaning = tr("This cannot be undone. Executions of a workflow stay, with its name.")
        if not confirm(
            self, trn("Delete {n} for good?", "Delete {n} for good?", len(chosen)), meaning, tr("Delete for good")
        ):
            return

        def command() -> None:
            for each in chosen:
                if isinstance(each, Workflow):
                    workflows.purge_workflow(each.id, workspace=workspace)
            execution_trash.purge_executions([each.id for each in chosen if isinstance(each, Execution)])

        self._context.run(self, command)


def _read_trash(workspace: str) -> _Trash:
    wanted = WorkflowFilter(deleted=True)
    return _Trash(
        workflows.list_workflows(wanted, limit=_SHOWN, workspace=workspace).rows,
        executions.list_executions(ExecutionFilter(deleted=True), limit=_SHOWN, workspace=workspace).rows,
    )
