"""What a person can do about an activity, from its row."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from smartspec.domain.activity import Activity, Control
from smartspec.errors import Conflict
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.messages import Message, _, translate, trn

if TYPE_CHECKING:
    from smartspec.domain.execution import Execution

T = TypeVar("T")
WORDS: dict[Control, Message] = {
    Control.CONFIRM: _("Confirm"), Control.DECLINE: _("Decline"), Control.RESUME: _("Resume"),
    Control.PAUSE: _("Pause"), Control.STOP: _("Stop"), Control.RERUN: _("Re-run failed"), Control.RETRY: _("Try now"),
}  # fmt: skip
ICONS = {Control.PAUSE: "pause", Control.STOP: "stop"}  # the others are words


class ActivityControls(QObject):
    """`done`: something was asked, and what goes on is to be read again; `opened`: another page is shown."""

    done = Signal()
    opened = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def do(self, control: Control, activity: Activity) -> None:
        doing: dict[Control, Callable[[Activity], object]] = {
            Control.CONFIRM: self._confirm_task, Control.DECLINE: partial(self._confirm_task, reject=True),
            Control.RESUME: self._resume, Control.PAUSE: self._pause, Control.STOP: self._stop,
            Control.RERUN: self._rerun, Control.RETRY: self._retry,
        }  # fmt: skip
        doing[control](activity)

    def open(self, execution: str) -> None:
        self.opened.emit()
        self._context.navigator.go(Location("execution", execution))

    def open_setting(self, key: str) -> None:
        self.opened.emit()
        self._context.navigator.go(Location("settings", key))

    def start_runner(self) -> None:
        """One that takes what waits."""
        self._start(lambda: None)

    def _confirm_task(self, activity: Activity, *, reject: bool = False) -> None:
        def answer() -> object:
            from smartspec.commands import control

            task = activity.task.partition("[")[0]
            return control.confirm_task(activity.execution, task, reject=reject, workspace=activity.workspace)

        self._start(answer)

    def _pause(self, activity: Activity) -> None:
        def pause() -> object:
            from smartspec.commands import control

            return control.pause_execution(activity.execution, workspace=activity.workspace)

        self._start(pause)

    def _resume(self, activity: Activity) -> None:
        def resume() -> Execution:
            from smartspec.commands import control

            return control.resume_execution(activity.execution, workspace=activity.workspace)

        self._start(resume, self._follow_run)

    def _stop(self, activity: Activity) -> None:
        """At once, without a question: it can be run again."""

        def stop() -> Execution:
            from smartspec.commands import control

            return control.cancel_execution(activity.execution, workspace=activity.workspace)

        self._start(stop, self._follow_end)

    def _follow_end(self, stopped: Execution) -> None:
        self._context.notifications.follow_end(stopped)
        self.done.emit()

    def _retry(self, activity: Activity) -> None:
        """All of it that waits for a retry: the row stands for all."""

        def retry() -> object:
            from smartspec.commands import retries

            return retries.retry_now(activity.execution, workspace=activity.workspace)

        self._start(retry)

    def pause_all(self) -> None:
        """Of all workspaces, at once: Undo lets them go on."""

        def pause() -> tuple[Execution, ...]:
            from smartspec.commands import control

            return control.pause_all()

        self._start(pause, self._tell_paused)

    def _tell_paused(self, paused: tuple[Execution, ...]) -> None:
        told = trn("{n} execution pauses", "{n} executions pause", len(paused))
        undo = partial(self._start, partial(_resume_all, [each.id for each in paused])) if paused else None
        self._context.notifications.toast(told, undo, "pause")
        self.done.emit()

    def _rerun(self, activity: Activity) -> None:
        def rerun() -> Execution:
            from smartspec.commands import control

            return control.rerun_failed(activity.execution, workspace=activity.workspace)

        self._start(rerun, self._follow_run)

    def _follow_run(self, execution: Execution) -> None:
        self._context.notifications.follow_runs([execution])
        self.done.emit()

    def _start(self, command: Callable[[], T], then: Callable[[T], object] | None = None) -> None:
        """A runner in the background sees to what comes of it."""
        self._context.start(self, command, then or (lambda _answer: self.done.emit()))


def _resume_all(executions: list[str]) -> None:
    """Those that still can."""
    from smartspec.commands import control

    for each in executions:
        with suppress(Conflict):
            control.resume_execution(each)


def word_of(control: Control) -> str:
    return translate(WORDS[control])
