"""What a person can do about an activity, from its row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from smartspec.domain.activity import Activity, Control
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.messages import Message, _, tr, translate

if TYPE_CHECKING:
    from smartspec.domain.execution import Execution

T = TypeVar("T")
WORDS: dict[Control, Message] = {
    Control.CONFIRM: _("Confirm"), Control.DECLINE: _("Decline"), Control.RESUME: _("Resume"),
    Control.PAUSE: _("Pause"), Control.STOP: _("Stop"), Control.RERUN: _("Re-run failed"),
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
            Control.RERUN: self._rerun,
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

        def stop() -> object:
            from smartspec.commands import control

            return control.cancel_execution(activity.execution, workspace=activity.workspace)

        self._start(stop, partial(self._tell_stopped, activity))

    def _tell_stopped(self, activity: Activity, _answer: object) -> None:
        self._context.notifications.toast(tr("Stopped {execution}", execution=activity.label), None, "stop")
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


def word_of(control: Control) -> str:
    return translate(WORDS[control])
