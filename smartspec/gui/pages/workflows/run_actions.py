"""Run: what is on the screen runs, and what runs is named."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.notifications import of_error
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.pages.workflows.run_start import RunTarget, Started, start
from smartspec.messages import tr, translate
from smartspec.value import replace

if TYPE_CHECKING:
    from smartspec.gui.pages.workflows.run_choices import RunChoices
    from smartspec.gui.pages.workflows.run_dialog import RunDialog

W = WorkflowStatus


class RunActions(QObject):
    """`started` carries the execution; `blocked`: errors in the text are in the way, and nothing ran."""

    started = Signal(object)
    blocked = Signal()

    def __init__(self, context: AppContext, draft: Draft, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._draft, self._page = context, draft, page
        self._workflow: Workflow | None = None
        self._version: Version | None = None
        draft.changed.connect(self._name_actions)

    def show(self, workflow: Workflow | None, version: Version | None) -> None:
        """What is run from now on."""
        self._workflow, self._version = workflow, version
        self._name_actions()

    def handlers(self) -> dict[str, Handler]:
        return {"run": self.run, "run_with": self.run_with, "run_saved": self.run_saved}

    def disabled(self, *, is_written: bool) -> set[str]:
        """`is_written`: a text that is no version yet is to be seen."""
        archived = self._workflow is None or self._workflow.status is W.ARCHIVED
        found = set() if self._draft.is_dirty and self._version is not None and not archived else {"run_saved"}
        if archived or (self._version is None and not is_written):
            found |= {"run", "run_with"}
        saved = self._version.param_schema if self._version else None
        if not any(as_mapping(each).get("properties") for each in (saved, self._draft.params)):
            found.add("run_with")
        return found

    @property
    def runs_draft(self) -> bool:
        """Whether Run makes a version of the text first."""
        return self._draft.workflow is not None and self._draft.can_become_version

    def _name_actions(self) -> None:
        """Wherever it can be run, it is said what."""
        label = self._draft.next_version if self.runs_draft and not self._draft.errors else ""
        saved = self._version.version if self._version else ""
        texts = {
            "run": tr("&Run as v{version}", version=label) if label else tr("&Run"),
            "run_with": tr("Run as v{version} with &parameters…", version=label)
            if label else tr("Run with &parameters…"),
            "run_saved": tr("Run v{version} instead", version=saved)
            if saved and self._draft.is_dirty else tr("Run the sa&ved version instead"),
        }  # fmt: skip
        for name, text in texts.items():
            if self._context.actions[name].text() != text:
                self._context.actions[name].setText(text)

    def run(self) -> None:
        """With the defaults; where a parameter is missing, the form asks for it."""
        target = self._target()
        if target is not None:
            self._start(target)

    def run_saved(self) -> None:
        """The version, and not the text that is written."""
        target = self._saved_target()
        if target is not None:
            self._start(target)

    def run_with(self) -> None:
        """A form for what it takes; the text that is written is kept first, so that the form finds it."""
        if self._workflow is None:
            return
        if self.runs_draft:
            self._draft.keep(self._read_choices)
        else:
            self._read_choices()

    def _read_choices(self) -> None:
        from smartspec.gui.pages.workflows.run_choices import read_run_choices

        if self._workflow is not None:
            read = partial(read_run_choices, self._workflow, self._context.workspace)
            self._context.run(self, read, self._ask)

    def _target(self) -> RunTarget | None:
        """What is on the screen; None where that cannot run, and it is told why."""
        if self._workflow is None:
            return None
        if not self.runs_draft:
            return self._saved_target()
        if self._draft.is_examined and self._draft.errors:
            self.blocked.emit()
            return None
        save = self._draft.saving_to_run()
        if save is None:
            return None
        return RunTarget(self._workflow.id, self._draft.next_version, self._draft.params, save)

    def _saved_target(self) -> RunTarget | None:
        if self._workflow is None or self._version is None:
            return None
        return RunTarget(self._workflow.id, self._version.version, self._version.param_schema)

    def _start(self, target: RunTarget) -> None:
        command = partial(start, target, {}, self._context.workspace)
        self._context.start(self, command, partial(self._on_started, target), partial(self._on_failed, target))

    def _on_failed(self, target: RunTarget, error: SmartSpecError) -> None:
        if target.save is not None:
            self._draft.on_unsaved(error)
            if isinstance(error, Invalid):
                self.blocked.emit()
        elif _misses_settings(error):
            self._ask_for_secrets(error, partial(self._start, target))
        elif isinstance(error, Invalid) and as_mapping(target.params).get("properties"):
            self._read_choices()
        else:
            self._context.notifications.notify_error(error)

    def _ask_for_secrets(self, error: SmartSpecError, again: Callable[[], object]) -> None:
        """Set in place, then it runs; where it is no secret that is missing, the error is told."""
        from smartspec.gui.pages.workflows.secret_dialog import ask_for_missing

        if self._workflow is not None:
            tell = partial(self._context.notifications.notify_error, error)
            ask_for_missing(self._context, self._workflow.id, again, tell, self._page)

    def _on_started(self, target: RunTarget, started: Started) -> None:
        """Saving and starting were one; each is told, whatever became of the other."""
        if started.saved is not None:
            self._draft.take_saved(started.saved)
        if started.execution is not None:
            self._announce_start(started.saved, target.label, started.execution)
        elif started.saved is not None and started.refused is not None:
            self._on_refused(started.saved, started.refused)

    def _announce_start(self, saved: Version | None, label: str, execution: Execution) -> None:
        if saved is not None:
            told = tr("Saved v{version}, started {execution}", version=saved.version, execution=execution.label)
        else:
            told = tr("Started {execution} (v{version})", execution=execution.label, version=label)
        self._context.notifications.follow_runs([execution], told)
        self.started.emit(execution)

    def _on_refused(self, saved: Version, error: SmartSpecError) -> None:
        if self._workflow is not None and _misses_settings(error):
            target = RunTarget(self._workflow.id, saved.version, saved.param_schema)
            self._ask_for_secrets(error, partial(self._start, target))
            return
        if isinstance(error, Invalid) and as_mapping(saved.param_schema).get("properties"):
            self._read_choices()
            return
        message = of_error(error)
        headline = tr("Saved as v{version}; it did not start", version=saved.version)
        self._context.notifications.notify(
            replace(message, headline=headline, meaning=" ".join(filter(None, (message.headline, message.meaning))))
        )

    def _ask(self, choices: RunChoices) -> None:
        from smartspec.gui.pages.workflows.run_dialog import RunDialog

        if not any(each.schema.get("properties") for each in choices.targets):
            self.run()
            return
        dialog = RunDialog(self._context, choices, self._page)
        dialog.started.connect(self._on_dialog_started)
        dialog.failed.connect(partial(self._on_dialog_refused, dialog))
        dialog.open()

    def _on_dialog_refused(self, dialog: RunDialog, error: SmartSpecError, again: Callable[[], object]) -> None:
        from smartspec.gui.pages.workflows.secret_dialog import ask_for_missing

        if self._workflow is not None:
            tell = partial(dialog.show_problem, translate(error.sentence))
            ask_for_missing(self._context, self._workflow.id, again, tell, dialog)

    def _on_dialog_started(self, execution: Execution) -> None:
        """A version that was made for it is heard of with the other changes."""
        self._announce_start(None, execution.workflow_version or "", execution)


def _misses_settings(error: SmartSpecError) -> bool:
    """Whether it did not start for a setting, and not for what it was given."""
    return isinstance(error, Invalid) and any(each.path.startswith("config.") for each in error.problems)
