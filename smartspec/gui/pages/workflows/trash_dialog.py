"""The trash: what was deleted, and the way back; it is gone when somebody deletes it for good."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHeaderView, QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.commands import execution_trash, trash, workflows
from smartspec.commands.trash import MOST_COUNTED, Deleted, TrashTotals
from smartspec.domain.progress_callback import ProgressCallback
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.trash_model import KIND, NAME, WHEN, TrashDelegate, TrashModel
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import Dialog, confirm
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.gui.widgets.local_keys import add_local_key
from smartspec.gui.widgets.search_field import search_field
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.table.rows import RowsView
from smartspec.messages import tr, trn


class TrashDialog(Dialog):
    """Enter restores what is selected, Del deletes it for good after a question."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        caption = tr("It stays here until you delete it for good.")
        super().__init__(parent, tr("Trash"), caption, width=760, height=560)
        self._context = context
        self.search = search_field(tr("Find in the trash…"), tr("Find in the trash"))
        self.search.setMinimumWidth(240)
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.model = TrashModel(context, self)
        self.model.settled.connect(self._show_page)
        self._kept: set[str] = set()
        self.model.failed.connect(self._on_failed)
        self.list = RowsView(tr("What is in the trash"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(TrashDelegate(self.list))
        self.list.row_opened.connect(lambda _: self.restore())
        self.list.selectionModel().selectionChanged.connect(self._show_selection)
        self.model.modelAboutToBeReset.connect(self._keep_selection)
        self.model.modelReset.connect(self._select_again)
        add_local_key(self.list, QKeySequence.StandardKey.Delete, self.purge)
        self._set_up_columns()
        self.states = ContentStates(self.list)
        self._total = label("", "small")
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(
            column(
                row(self.search, None, self._total, margins=(24, 12, 24, 8)),
                row(self.states, margins=(12, 0, 12, 4)), spacing=0,
            ), 1,
        )  # fmt: skip
        self.purge_button = button(tr("Delete for good…"), "danger", then=self.purge)
        self.empty_button = button(tr("Empty the trash…"), "ghost", then=self.empty)
        self.add_left(self.purge_button)
        self.add_left(self.empty_button)
        self.add_button(tr("Close"), then=self.reject)
        self.restore_button = self.add_button(tr("Restore"), "primary", self.restore)
        context.change_listener.changed.connect(self._on_changed)
        self._show_selection()
        self.states.show_loading()
        self.reload()

    def _set_up_columns(self) -> None:
        header = self.list.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.list.setColumnWidth(KIND, 120)
        self.list.setColumnWidth(WHEN, 140)

    # Reading

    def _on_changed(self, change_set: ChangeSet) -> None:
        if {Topic.WORKFLOWS, Topic.EXECUTIONS} & change_set.topics:
            self._typing.start()

    def reload(self) -> None:
        text = self.search.text().strip()
        self.model.show(text)
        count = partial(trash.count_trash, text, self._context.workspace)
        self._context.run(self, count, self._show_totals, lambda _: self._total.clear(), worker="slow")

    def _show_totals(self, totals: TrashTotals) -> None:
        most = totals.executions > MOST_COUNTED
        executions = f"{number(MOST_COUNTED)}+" if most else number(totals.executions)
        told = [
            trn("{n} workflow", "{n} workflows", totals.workflows) if totals.workflows else "",
            trn("{count} execution", "{count} executions", totals.executions, count=executions)
            if totals.executions else "",
        ]  # fmt: skip
        self._total.setText(" · ".join(filter(None, told)))

    def _show_page(self) -> None:
        if self.model.rows:
            self.states.show_content()
        elif self.search.text().strip():
            self.states.show_empty(
                "magnifying-glass", tr("Nothing fits “{text}”", text=self.search.text().strip()), "",
                (tr("Clear the search"), self.search.clear),
            )  # fmt: skip
        else:
            self.states.show_empty("trash", tr("The trash is empty"), tr("What is deleted comes here first."))
        self.empty_button.setEnabled(bool(self.model.rows) and not self.search.text().strip())
        self._show_selection()

    def _on_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self.search.clear)

    # What is selected

    @property
    def chosen(self) -> list[Deleted]:
        rows = self.list.chosen_rows if self.states.currentWidget() is self.list else ()
        return [self.model.rows[row] for row in rows]

    def _show_selection(self, *_: object) -> None:
        self.show_problem("")
        self.purge_button.setEnabled(bool(self.chosen))
        self._enable_primary()

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and bool(self.chosen)

    def _keep_selection(self) -> None:
        self._kept = {each.id for each in self.chosen}

    def _select_again(self) -> None:
        """Others come and go while it is open; what was selected stays so."""
        self.list.choose_rows(row_ for row_, each in enumerate(self.model.rows) if each.id in self._kept)

    def restore(self) -> None:
        chosen, workspace = self.chosen, self._context.workspace
        if chosen:
            self.set_busy(True)
            self._context.run(self, partial(_restore, chosen, workspace), self._on_restored, self.refuse)

    def _on_restored(self, count: int) -> None:
        self.set_busy(False)
        self._context.notifications.toast(trn("Restored {n} thing", "Restored {n} things", count), None, "check")

    def purge(self) -> None:
        chosen, workspace = self.chosen, self._context.workspace
        if not chosen:
            return
        headline = trn("Delete {n} thing for good?", "Delete {n} things for good?", len(chosen))
        if confirm(self, headline, _meaning(), tr("Delete for good")):
            command = partial(_purge, chosen, workspace)
            self._context.background.start_job(self, tr("Deleting for good"), command)

    def empty(self) -> None:
        if confirm(self, tr("Delete all that is in the trash for good?"), _meaning(), tr("Empty the trash")):
            command = partial(trash.empty_trash, workspace=self._context.workspace)
            self._context.background.start_job(self, tr("Emptying the trash"), command)


def _meaning() -> str:
    return tr("This cannot be undone. Executions of a workflow that is deleted stay in History, with its name.")


# On the thread of the commands


def _restore(chosen: list[Deleted], workspace: str) -> int:
    for each in chosen:
        if isinstance(each, Workflow):
            workflows.restore_workflow(each.id, workspace)
    execution_trash.restore_executions([each.id for each in chosen if not isinstance(each, Workflow)])
    return len(chosen)


def _purge(chosen: list[Deleted], workspace: str, on_progress: ProgressCallback) -> None:
    for each in chosen:
        if isinstance(each, Workflow):
            workflows.purge_workflow(each.id, workspace=workspace)
    execution_trash.purge_executions([each.id for each in chosen if not isinstance(each, Workflow)], on_progress)
