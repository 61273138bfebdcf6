"""What can be done with the workflow that is shown: name it, put it aside, take it elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from smartspec.commands import names, workflow_trash, workflows
from smartspec.commands.workflow_trash import MovedToTrash
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.text import one_line
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import unwritable
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.workflows.deletion import moved_toast
from smartspec.gui.widgets.dialogs import Question
from smartspec.gui.widgets.name_question import ask_workflow_name
from smartspec.messages import tr

W = WorkflowStatus
_LONGEST_REF = 60  # characters of it in a sentence


class WorkflowActions(QObject):
    """`deleted`: what was shown is in the trash."""

    deleted = Signal()

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._workflow: Workflow | None = None
        self._version: Version | None = None

    def show(self, workflow: Workflow, version: Version | None) -> None:
        """What they are done with from now on."""
        self._workflow, self._version = workflow, version

    def handlers(self) -> dict[str, Handler]:
        return {
            "record": self.record, "rename": self.rename,
            "duplicate": self.duplicate, "activate": self.activate, "archive": self.archive, "export": self.export,
            "workflow_audit": self.show_audit,
        }  # fmt: skip

    def record(self) -> None:
        from smartspec.gui.pages.workflows.record_dialog import RecordDialog

        if self._workflow is not None:
            RecordDialog(self._context, self._workflow, self._page).open()

    def rename(self) -> None:
        if self._workflow is None:
            return
        context, id_ = self._context, self._workflow.id

        def rename(name: str, question: Question) -> None:
            question.run(context, partial(workflows.rename_workflow, id_, name, context.workspace))

        caption = tr(
            "Its ref {ref} and its definition stay as they are.", ref=one_line(self._workflow.ref, _LONGEST_REF)
        )
        ask_workflow_name(
            context, self._page, tr("Rename the workflow"), tr("Rename"), rename,
            text=self._workflow.name, caption=caption, renamed=id_,
        )  # fmt: skip

    def duplicate(self) -> None:
        if self._workflow is not None:
            proposed = partial(names.propose_copy_name, self._workflow.id, self._context.workspace)
            self._context.run(self, proposed, partial(self._ask_copy_name, self._workflow))

    def _ask_copy_name(self, workflow: Workflow, proposed: str) -> None:
        context = self._context

        def duplicate(name: str, question: Question) -> None:
            command = partial(workflows.duplicate_workflow, workflow.id, name, workspace=context.workspace)
            question.run(context, command, lambda made: context.navigator.go(Location("workflows", made.id)))

        caption = tr("With its current version and its settings; executions and secrets stay with this one.")
        ask_workflow_name(
            context, self._page, tr("Duplicate the workflow"), tr("Duplicate"), duplicate,
            text=proposed, caption=caption, pack=workflow.pack,
        )  # fmt: skip

    def activate(self) -> None:
        if self._workflow is not None:
            active = self._workflow.status is W.ACTIVE
            command = workflows.deactivate_workflow if active else workflows.activate_workflow
            self._context.run(self, partial(command, self._workflow.id, workspace=self._context.workspace))

    def archive(self) -> None:
        if self._workflow is None:
            return
        id_, workspace = self._workflow.id, self._context.workspace

        def undo() -> None:
            self._context.run(
                self._context.notifications, partial(workflows.deactivate_workflow, id_, workspace=workspace)
            )

        told = tr("Archived {name}", name=self._workflow.name)
        command = partial(workflows.archive_workflow, id_, workspace=workspace)
        self._context.run(self, command, lambda _: self._context.notifications.toast(told, undo, "archive"))

    def delete(self, chosen: Sequence[Workflow] = ()) -> None:
        """Into the trash at once, and back with Undo; without a choice the one that is shown."""
        chosen = chosen or ([self._workflow] if self._workflow else [])
        command = partial(workflow_trash.delete_workflows, [each.id for each in chosen], self._context.workspace)
        self._context.run(self, command, self._on_deleted)

    def _on_deleted(self, moved: MovedToTrash) -> None:
        """One that runs stays, and says so; what went can come back."""
        notifications, workspace = self._context.notifications, self._context.workspace

        def undo() -> None:
            for each in moved.workflows:
                self._context.run(notifications, partial(workflows.restore_workflow, each.id, workspace))

        for error in moved.refused:
            notifications.notify_error(error)
        if moved.workflows:
            notifications.show_toast(moved_toast(moved, undo))
        if self._workflow is not None and self._workflow.id in {each.id for each in moved.workflows}:
            self.deleted.emit()

    def show_audit(self) -> None:
        """Who did what to it."""
        if self._workflow is not None:
            self._context.navigator.go(Location("audit", self._workflow.id))

    def export(self) -> None:
        if self._workflow is None or self._version is None:
            return
        suffix = "json" if self._version.source_format == "json" else "yaml"
        path, _ = QFileDialog.getSaveFileName(
            self._page, tr("Export"), f"{self._workflow.ref.partition('.')[2]}.{suffix}"
        )
        if path:
            written = tr("Wrote {path}", path=path)
            command = partial(_write, self._workflow.id, Path(path), self._context.workspace)
            self._context.run(self, command, lambda _: self._context.notifications.toast(written, None, "export"))


def _write(ref: str, path: Path, workspace: str) -> None:
    from smartspec.commands import files

    source = files.export_workflow(ref, workspace=workspace).source
    try:
        path.write_text(source, encoding="utf-8", newline="")
    except OSError as error:
        raise unwritable(path, error) from error
