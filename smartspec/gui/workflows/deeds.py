"""What can be done with the workflow that is shown: run it, name it, put it aside, take it elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from smartspec.commands import workflows
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid, SmartSpecError, unwritable
from smartspec.gui.actions import Handler
from smartspec.gui.desk import Desk
from smartspec.gui.places import Place
from smartspec.gui.words import number, tr

W = WorkflowStatus


class Deeds(QObject):
    """`started` carries the execution; `deleted`: what was shown is in the trash."""

    started = Signal(object)
    deleted = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        self._workflow: Workflow | None = None
        self._version: Version | None = None

    def show(self, workflow: Workflow, version: Version | None) -> None:
        """What they are done with from now on."""
        self._workflow, self._version = workflow, version

    def handlers(self) -> dict[str, Handler]:
        return {
            "run": self.run, "run_with": self.run_with, "record": self.record, "rename": self.rename,
            "duplicate": self.duplicate, "activate": self.activate, "archive": self.archive, "export": self.export,
        }  # fmt: skip

    def run(self) -> None:
        """With the defaults; where a parameter is missing, the form asks for it."""
        from smartspec.commands import starting

        if self._workflow is not None:
            queue = partial(
                starting.start_execution, self._workflow.id, {}, origin=Origin(Trigger.MANUAL),
                workspace=self._desk.workspace,
            )  # fmt: skip
            self._desk.start(self, queue, self._on_started, self._on_refused)

    def _on_refused(self, error: SmartSpecError) -> None:
        takes_parameters = self._version is not None and bool(self._version.param_schema)
        if isinstance(error, Invalid) and takes_parameters:
            self.run_with()
        else:
            self._desk.notices.refuse(error)

    def _on_started(self, execution: Execution) -> None:
        self._desk.notices.toast(tr("Started {0}").format(execution.label), None, "play")
        self.started.emit(execution)

    def run_with(self) -> None:
        from smartspec.gui.workflows.rundialog import RunDialog

        if self._workflow is not None and self._version is not None:
            dialog = RunDialog(self._desk, self._workflow, self._version, self._page)
            dialog.started.connect(self._on_started)
            dialog.open()

    def record(self) -> None:
        from smartspec.gui.workflows.recorddialog import RecordDialog

        if self._workflow is not None:
            RecordDialog(self._desk, self._workflow, self._page).open()

    def rename(self) -> None:
        if self._workflow is None:
            return
        name, given = QInputDialog.getText(self._page, tr("Rename"), tr("Name:"), text=self._workflow.name)
        if given and name.strip() != self._workflow.name:
            self._desk.run(self, partial(workflows.rename_workflow, self._workflow.id, name, self._desk.workspace))

    def duplicate(self) -> None:
        if self._workflow is not None:
            command = partial(workflows.duplicate_workflow, self._workflow.id, workspace=self._desk.workspace)
            self._desk.run(self, command, lambda made: self._desk.navigator.go(Place("workflows", made.id)))

    def activate(self) -> None:
        if self._workflow is not None:
            active = self._workflow.status is W.ACTIVE
            command = workflows.deactivate_workflow if active else workflows.activate_workflow
            self._desk.run(self, partial(command, self._workflow.id, workspace=self._desk.workspace))

    def archive(self) -> None:
        if self._workflow is None:
            return
        id_, workspace = self._workflow.id, self._desk.workspace

        def undo() -> None:
            self._desk.run(self._desk.notices, partial(workflows.deactivate_workflow, id_, workspace=workspace))

        told = tr("Archived {0}").format(self._workflow.name)
        command = partial(workflows.archive_workflow, id_, workspace=workspace)
        self._desk.run(self, command, lambda _: self._desk.notices.toast(told, undo, "archive"))

    def delete(self, chosen: Sequence[Workflow] = ()) -> None:
        """Into the trash at once, and back with Undo; without a choice the one that is shown."""
        chosen = chosen or ([self._workflow] if self._workflow else [])
        workspace = self._desk.workspace

        def delete() -> None:
            for each in chosen:
                workflows.delete_workflow(each.id, workspace=workspace)

        def undo() -> None:
            for each in chosen:
                self._desk.run(self._desk.notices, partial(workflows.restore_workflow, each.id, workspace))

        one = tr("Moved {0} to the trash").format(chosen[0].name) if chosen else ""
        told = one if len(chosen) == 1 else tr("Moved {0} workflows to the trash").format(number(len(chosen)))
        self._desk.run(self, delete, lambda _: self._on_deleted(told, undo))

    def export(self) -> None:
        if self._workflow is None or self._version is None:
            return
        suffix = "json" if self._version.source_format == "json" else "yaml"
        path, _ = QFileDialog.getSaveFileName(
            self._page, tr("Export"), f"{self._workflow.ref.partition('.')[2]}.{suffix}"
        )
        if path:
            self._desk.run(self, partial(_write, self._workflow.id, Path(path), self._desk.workspace),
                          lambda _: self._desk.notices.toast(tr("Wrote {0}").format(path), None, "export"))  # fmt: skip

    def _on_deleted(self, told: str, undo: Handler) -> None:
        self._desk.notices.toast(told, undo, "trash")
        self.deleted.emit()


def _write(ref: str, path: Path, workspace: str) -> None:
    from smartspec.commands import files

    source = files.export_workflow(ref, workspace=workspace).source
    try:
        path.write_text(source, encoding="utf-8", newline="")
    except OSError as error:
        raise unwritable(path, error) from error
