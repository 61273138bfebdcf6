"""The page of the audit trail: who did what, when, to workflows, their versions, settings and schedules."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHeaderView, QWidget

from smartspec.changes import Topic
from smartspec.commands import audit, workflows
from smartspec.domain.audit import AuditEntry, AuditFilter, AuditKind
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import Page
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.audit.filters import AuditFilters
from smartspec.gui.pages.audit.model import DETAILS, WHAT, WHEN, WHO, WORKFLOW, AuditDelegate, AuditModel
from smartspec.gui.style.formatting import count, number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.table.rows import RowsView
from smartspec.messages import tr, trn

K = AuditKind
_WIDTHS = {WHEN: 130, WHO: 110, WHAT: 190, WORKFLOW: 220}
_NARROW = {WHEN: 100, WHO: 80, WHAT: 170, WORKFLOW: 150}
_TABS = {K.VERSION: "versions", K.ROLLBACK: "versions", K.SETTING: "config"}


class AuditPage(Page):
    """Enter opens what a line is about: the workflow, its versions or its settings."""

    topics = frozenset({Topic.WORKFLOWS, Topic.VERSIONS, Topic.CONFIGS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._workflow_id = ""
        self.model = AuditModel(context, self)
        self.model.settled.connect(self._show_page)
        self.model.failed.connect(self._on_failed)
        self.view = RowsView(tr("Audit trail"))
        self.view.setModel(self.model)
        self.view.setItemDelegate(AuditDelegate(self.view))
        self.view.row_opened.connect(self._open)
        self.filters = AuditFilters()
        self.filters.changed.connect(self._read)
        self.states = ContentStates(self.view)
        self.export_button = button(tr("Export…"), "", "export", self.export)
        self._total = label("", "caption")
        self._lay_out_audit()
        self.show_narrow(False)
        self.states.show_loading()

    def _lay_out_audit(self) -> None:
        head, chips = frame("surface"), frame("surface")
        told = label(tr("Who did what to workflows, versions, settings and schedules."), "secondary")
        title = label(tr("Audit trail"), "title")
        head.setLayout(row(title, 8, told, None, self.export_button, margins=(20, 8, 14, 8)))
        chips.setLayout(row(self.filters, margins=(20, 6, 14, 6)))
        foot = frame("surface")
        foot.setLayout(row(self._total, None, margins=(20, 5, 14, 5)))
        self._told = told
        self.setLayout(column(head, line(), chips, line(), self.states, line(), foot, spacing=0, fill=self.states))

    # Where it is

    def show_location(self, location: Location) -> None:
        if location.key != self._workflow_id:
            self._workflow_id = location.key
            if location.key:
                read = partial(workflows.get_workflow, location.key, self.context.workspace)
                self.context.run(self, read, self.filters.show_workflow, lambda _: self.filters.show_workflow(None))
            else:
                self.filters.show_workflow(None)
        self.register_page_handlers()

    def panes(self) -> list[QWidget]:
        return [self.view, self.filters.words]

    def show_narrow(self, narrow: bool) -> None:
        self._told.setVisible(not narrow)
        header = self.view.horizontalHeader()
        for section, width in (_NARROW if narrow else _WIDTHS).items():
            self.view.setColumnWidth(section, width)
        header.setSectionResizeMode(DETAILS, QHeaderView.ResizeMode.Stretch)

    def handlers(self) -> dict[str, Handler]:
        return {"refresh": self.invalidate, "export": self.export}

    # Reading

    def reload(self) -> None:
        self._read()
        self.context.run(
            self, partial(audit.audit_actors, self.context.workspace), self.filters.show_actors, lambda _: None,
            worker="slow",
        )  # fmt: skip

    def _read(self) -> None:
        wanted = self.filters.wanted
        self.model.show(wanted)
        self.context.run(
            self, partial(audit.count_audit, wanted, self.context.workspace), partial(self._show_total, wanted),
            lambda _: None, worker="slow",
        )  # fmt: skip

    def _show_total(self, wanted: AuditFilter, total: int) -> None:
        if wanted == self.filters.wanted:
            told = trn("{total} change", "{total} changes", total, total=count(total))
            self._total.setText(tr("{told} fit", told=told) if self.filters.is_narrow else told)

    def _show_page(self) -> None:
        if self.model.rows:
            self.states.show_content()
        elif self.filters.is_narrow:
            self.states.show_empty(
                "magnifying-glass", tr("Nothing that was done fits"), "", (tr("Clear filters"), self.filters.clear)
            )
        else:
            self.states.show_empty(
                "clipboard-text", tr("Nothing was done yet"), tr("Whatever is done to a workflow is written down here.")
            )
        self.export_button.setEnabled(bool(self.model.rows))

    def _on_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self.invalidate)

    # What a line is about

    def _open(self, row_: int) -> None:
        entry: AuditEntry = self.model.rows[row_]
        if entry.workflow_id is None:
            self.context.notifications.toast(tr("{ref} was deleted for good", ref=entry.ref), None, "trash")
        elif entry.is_in_trash:
            self.context.notifications.toast(tr("{name} is in the trash", name=entry.name), None, "trash")
        else:
            tab = _TABS.get(entry.kind, "overview") if entry.kind else "overview"
            self.context.navigator.go(Location("workflows", entry.workflow_id, tab))

    def export(self) -> None:
        """All that fits, whether it is read or not."""
        kinds = tr("Table (*.csv);;JSON (*.json);;JSON lines (*.jsonl)")
        path, _ = QFileDialog.getSaveFileName(self, tr("Export the audit trail"), "audit.csv", kinds)
        if path:
            command = partial(audit.export_audit, Path(path), self.filters.wanted, workspace=self.context.workspace)
            self.context.background.start_job(
                self, tr("Exporting the audit trail"), command, partial(self._on_exported, path)
            )

    def _on_exported(self, path: str, written: int) -> None:
        told = tr("Wrote {n} to {file}", n=number(written), file=Path(path).name)
        self.context.notifications.toast(told, None, "export")
