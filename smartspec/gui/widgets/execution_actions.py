"""What can be done with executions that are selected, wherever they are shown.

The commands that start and steer are imported when they are wanted: to show executions they are not needed.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from smartspec.commands import execution_trash, executions, workflows
from smartspec.domain.engine.states import ACTIVE, FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, Kind, Origin, Trigger
from smartspec.domain.jsontext import dump
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import LINK, Location
from smartspec.gui.widgets.dialogs import Question, ask_text, confirm
from smartspec.messages import tr, trn

E = ExecutionStatus
_BY_HAND = Origin(Trigger.MANUAL)


class ExecutionActions:
    """The actions on the executions that `chosen` answers with; `owner` is the widget they are asked for in."""

    def __init__(self, context: AppContext, owner: QWidget, chosen: Callable[[], Sequence[Execution]]) -> None:
        self._context, self._owner, self._chosen = context, owner, chosen

    def handlers(self) -> dict[str, Handler]:
        return {
            "stop": self.stop, "pause": self.pause, "resume": self.resume, "rerun": self.rerun, "again": self.again,
            "replay": self.replay, "compare": self.compare, "delete": self.delete, "pin": self.pin, "note": self.note,
            "copy_command": self.copy_command, "copy_link": self.copy_link,
        }  # fmt: skip

    def disabled(self) -> set[str]:
        """What cannot be done with these."""
        chosen = self._chosen()
        possible = {
            "stop": any(each.status in ACTIVE for each in chosen),
            "pause": any(each.status in (E.RUNNING, E.PENDING) and each.kind is Kind.WORKFLOW for each in chosen),
            "resume": any(each.status in (E.PAUSED, E.INTERRUPTED) or each.requested == "pause" for each in chosen),
            "rerun": any(can_rerun(each) for each in chosen),
            "again": any(each.workflow is not None and each.version is not None for each in chosen),
            "replay": len(chosen) == 1 and can_replay(chosen[0]),
            "compare": len(chosen) in (1, 2),
            "delete": any(each.status in FINAL and each.deleted_at is None for each in chosen),
            "note": len(chosen) == 1,
            "pin": bool(chosen), "copy_command": len(chosen) == 1, "copy_link": bool(chosen),
        }  # fmt: skip
        return {name for name, can in possible.items() if not can}

    # Control

    def stop(self) -> None:
        from smartspec.commands import control

        self._each(control.cancel_execution, lambda each: each.status in ACTIVE, self._follow_end)

    def pause(self) -> None:
        from smartspec.commands import control

        self._each(control.pause_execution, lambda each: each.status in (E.RUNNING, E.PENDING))

    def resume(self) -> None:
        from smartspec.commands import control

        self._each(
            control.resume_execution,
            lambda each: each.status in (E.PAUSED, E.INTERRUPTED) or each.requested == "pause",
            self._context.notifications.follow_runs,
        )  # fmt: skip

    def rerun(self) -> None:
        from smartspec.commands import control

        self._each(control.rerun_failed, can_rerun, self._context.notifications.follow_runs)

    def again(self) -> None:
        chosen = [each for each in self._chosen() if each.workflow is not None]

        def queue() -> list[Execution]:
            from smartspec.commands import control

            return [control.run_again(each.id, origin=_BY_HAND, workspace=self._context.workspace) for each in chosen]

        self._context.start(self._owner, queue, self._show_started)

    def replay(self) -> None:
        """It tells what is pinned and what is fresh before it begins."""
        from smartspec.commands import comparing

        execution = self._chosen()[0]
        meaning = tr(
            "Pinned as they were: the version {version}, settings, input and the time.\n"
            "Fresh: secrets, files, network and the environment of this machine.\n\n"
            "All of it really runs. In the end it says whether it came to the same.",
            version=execution.workflow_version or "",
        )
        if confirm(self._owner, tr("Replay {execution}?", execution=execution.label), meaning, tr("Replay")):
            queue = partial(
                comparing.replay_execution, execution.id, origin=Origin(), workspace=self._context.workspace
            )
            self._context.start(self._owner, queue, lambda made: self._show_started([made]))

    def _show_started(self, made: list[Execution]) -> None:
        self._context.notifications.follow_runs(made)
        if len(made) == 1:
            self._context.navigator.go(Location("execution", made[0].id))

    def _follow_end(self, stopped: list[Execution]) -> None:
        """Of one: with many their rows say it."""
        if len(stopped) == 1:
            self._context.notifications.follow_end(stopped[0])

    def _each(self, command: Callable[..., Execution], fits: Callable[[Execution], bool],
              then: Callable[[list[Execution]], object] | None = None) -> None:  # fmt: skip
        chosen = [each.id for each in self._chosen() if fits(each)]

        def do() -> list[Execution]:
            return [command(each, workspace=self._context.workspace) for each in chosen]

        self._context.start(self._owner, do, then)

    def compare(self) -> None:
        """Two with each other, one with the last that worked."""
        chosen = sorted(self._chosen(), key=lambda each: each.created_at)
        if len(chosen) == 2:
            self._context.navigator.go(Location("execution", chosen[1].id, "compare", chosen[0].id))
        elif chosen:
            self._context.navigator.go(Location("execution", chosen[0].id, "compare"))

    # The trash

    def delete(self) -> None:
        chosen = [each.id for each in self._chosen() if each.status in FINAL]
        delete_executions(self._context, self._owner, chosen)

    # Words

    def pin(self) -> None:
        chosen = self._chosen()
        pinned = not all(each.pinned for each in chosen)
        self._each(partial(executions.pin_execution, pinned=pinned), lambda each: True)

    def note(self) -> None:
        execution = self._chosen()[0]
        ask_text(
            self._owner, tr("Note on {execution}", execution=execution.label), tr("Note"), tr("Save note"),
            text=execution.note or "", several_lines=True,
            hint=tr("What is worth knowing of it; it is found by search"), then=partial(self._save_note, execution.id),
        )  # fmt: skip

    def _save_note(self, execution: str, text: str, question: Question) -> None:
        command = partial(executions.note_execution, execution, text.strip() or None, self._context.workspace)
        question.run(self._context, command)

    def copy_command(self) -> None:
        """The line of the terminal that does it again."""

        def copy(line: str) -> None:
            QGuiApplication.clipboard().setText(line)
            self._context.notifications.toast(tr("Copied the command"), icon="copy")

        self._context.run(self._owner, partial(as_command, self._chosen()[0], self._context.workspace), copy)

    def copy_link(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(LINK + each.id for each in self._chosen()))
        self._context.notifications.toast(tr("Copied the link"), icon="link")


def delete_executions(context: AppContext, owner: QWidget, chosen: Sequence[str]) -> None:
    """Into the trash at once, and back with Undo."""

    def restore() -> None:
        _change(
            context, _application(), tr("Bringing executions back"), partial(execution_trash.restore_executions, gone)
        )

    gone: list[str] = []

    def on_deleted(ids: list[str]) -> None:
        gone.extend(ids)
        told = trn("Moved {n} execution to the trash", "Moved {n} executions to the trash", len(ids))
        context.notifications.toast(told, restore, "trash")

    deleting = trn("Moving {n} execution to the trash", "Moving {n} executions to the trash", len(chosen))
    _change(context, owner, deleting, partial(execution_trash.delete_executions, chosen), on_deleted)


def _change(
    context: AppContext,
    owner: QObject,
    name: str,
    command: partial[list[str]],
    then: Callable[[list[str]], object] | None = None,
) -> None:
    """Few at once; with many a person sees how far it is, and can stop it."""
    if len(command.args[0]) > execution_trash.CHANGED_AT_ONCE:
        context.background.start_job(owner, name, command, then)
    else:
        context.run(owner, command, then)


def _application() -> QCoreApplication:
    """Undo may come when the page that deleted is gone: the application stands for it."""
    app = QCoreApplication.instance()
    assert app is not None
    return app


def can_rerun(execution: Execution) -> bool:
    return (
        execution.kind is Kind.WORKFLOW
        and execution.version is not None
        and execution.status in (E.FAILED, E.TIMEOUT, E.CANCELLED)
        and execution.status_reason != "output"
    )


def can_replay(execution: Execution) -> bool:
    return execution.kind is Kind.WORKFLOW and execution.version is not None and execution.status in FINAL


def as_command(execution: Execution, workspace: str = "default") -> str:
    """How a terminal would run it, with its parameters; reads the workflow's ref, for a name may have blanks."""
    words = ["smartspec", *(["--workspace", workspace] if workspace != "default" else []), "run"]
    workflow = None if execution.workflow is None else workflows.get_workflow_by_key(execution.workflow)
    words.append(workflow.ref if workflow else execution.workflow_name)
    given = execution.input if isinstance(execution.input, dict) else {}
    for name, value in given.items():
        text = value if isinstance(value, str) else dump(value)
        words += ["-p", f"{name}={text}"]
    return shlex.join(words)
