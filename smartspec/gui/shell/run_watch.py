"""How what a person started here goes on and ends: told in toasts; what failed is kept under Messages too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from smartspec.changes import ChangeSet, Topic
from smartspec.domain.engine.states import FINAL, PROBLEM, ExecutionStatus
from smartspec.domain.ids import ExecutionPk
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.notifications import Message, Toast
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.style.status import execution_style, result
from smartspec.messages import tr, trn

if TYPE_CHECKING:
    from smartspec.domain.execution import Execution

E = ExecutionStatus
_STILL = frozenset({E.PENDING, E.RUNNING})


class RunWatch(QObject):
    """Follows each until it ends; one that stops on its way (paused, interrupted) is told and followed on."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._notifications = context, context.notifications
        self._told: dict[ExecutionPk, ExecutionStatus] = {}
        self._notifications.runs_started.connect(self._on_started)
        self._notifications.run_stopped.connect(lambda stopped: self._look_at([stopped.pk]))
        context.change_listener.changed.connect(self._on_changed)
        self._look_at(list(self._notifications.followed))  # what another window began to follow

    def _on_started(self, started: tuple[Execution, ...], told: str) -> None:
        self._told |= {each.pk: each.status for each in started}
        if len(started) == 1 and not self._is_shown(started[0]):
            self._notifications.show_toast(self._of_start(started[0], told))
        elif len(started) > 1:
            many = trn("{n} execution waits to run", "{n} executions wait to run", len(started))
            self._notifications.toast(told or many, icon="play")
        self._look_at([each.pk for each in started])

    def _on_changed(self, change_set: ChangeSet) -> None:
        if changed := change_set.ids_of(Topic.EXECUTIONS):
            self._look_at([pk for pk in self._notifications.followed if pk in changed])

    def _look_at(self, pks: list[ExecutionPk]) -> None:
        for pk in pks:
            self._context.run(self, partial(_read, pk), self._on_read, partial(self._on_gone, pk))

    def _on_gone(self, pk: ExecutionPk, _error: SmartSpecError) -> None:
        """It was purged: there is nothing left to tell of."""
        self._notifications.followed.pop(pk, None)

    def _on_read(self, execution: Execution) -> None:
        if execution.pk not in self._notifications.followed:
            return
        if execution.status in FINAL:
            del self._notifications.followed[execution.pk]
        told = self._told.get(execution.pk)
        self._told[execution.pk] = execution.status
        if execution.status not in _STILL and execution.status is not told:
            self._announce_end(execution)

    def _announce_end(self, execution: Execution) -> None:
        failed = execution.status in PROBLEM
        if failed:
            self._notifications.keep(of_failure(execution))
        if not self._is_shown(execution):
            self._notifications.show_toast(self._of_end(execution, stays=failed))

    def _is_shown(self, execution: Execution) -> bool:
        """Its own page is: that says it all."""
        location = self._context.navigator.location
        return location is not None and (location.page, location.key) == ("execution", execution.id)

    def _of_start(self, execution: Execution, told: str) -> Toast:
        return Toast(
            told or tr("{name} started", name=execution.workflow_name), icon="play-circle", colour="running",
            subject=execution.workflow_name, note="" if told else f"#{number(execution.number)}",
            actions=((tr("Stop"), partial(self._stop, execution)), (tr("Open"), partial(self._open, execution))),
            about=execution.id, waits=True,
        )  # fmt: skip

    def _of_end(self, execution: Execution, *, stays: bool) -> Toast:
        from smartspec.gui.widgets.execution_actions import can_rerun  # with the commands: it watches before they are

        shown = execution_style(execution)
        is_stopped = execution.status is E.CANCELLED and can_rerun(execution)
        again = ((tr("Re-run"), partial(self._rerun, execution)),) if is_stopped else ()
        return Toast(
            _sentence(execution), icon=shown.icon, colour=shown.colour, subject=execution.workflow_name,
            meaning=result(execution) if stays else "",
            actions=(*again, (tr("Open"), partial(self._open, execution))), about=execution.id, stays=stays,
        )  # fmt: skip

    def _open(self, execution: Execution) -> None:
        self._context.navigator.go(Location("execution", execution.id))

    def _stop(self, execution: Execution) -> None:
        from smartspec.commands import control

        stop = partial(control.cancel_execution, execution.id, workspace=self._context.workspace)
        self._context.start(self, stop)

    def _rerun(self, execution: Execution) -> None:
        from smartspec.commands import control

        rerun = partial(control.rerun_failed, execution.id, workspace=self._context.workspace)
        self._context.start(self, rerun, lambda begun: self._notifications.follow_runs([begun]))


def of_failure(execution: Execution) -> Message:
    """As it is kept under Messages."""
    headline = f"{_sentence(execution)} · #{number(execution.number)}"
    return Message("error", headline, result(execution), location=Location("execution", execution.id))


def _sentence(execution: Execution) -> str:
    name, took = execution.workflow_name, duration(execution.duration_ms)
    match execution.status:
        case E.COMPLETED:
            return tr("{name} completed in {time}", name=name, time=took)
        case E.FAILED if execution.started_at is None:
            return tr("{name} failed before it began", name=name)
        case E.FAILED:
            return tr("{name} failed after {time}", name=name, time=took)
        case E.TIMEOUT:
            return tr("{name} timed out after {time}", name=name, time=took)
        case E.CANCELLED if execution.started_at is None:
            return tr("{name} was cancelled before it began", name=name)
        case E.CANCELLED:
            return tr("{name} was cancelled after {time}", name=name, time=took)
        case E.PAUSED:
            return tr("{name} is paused", name=name)
        case _:
            return tr("{name} was interrupted", name=name)


# On the thread of the commands: it follows before they are there


def _read(pk: ExecutionPk) -> Execution:
    from smartspec.commands import executions

    return executions.get_execution_by_key(pk)
