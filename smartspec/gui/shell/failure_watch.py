"""What fails and was not started here, and of what somebody should have been told and was not: kept under Messages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from smartspec.changes import ChangeSet, Topic
from smartspec.domain import times
from smartspec.domain.engine.states import PROBLEM
from smartspec.domain.ids import EventPk, ExecutionPk
from smartspec.errors import ExecutionNotFound
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.notifications import Message
from smartspec.gui.shell.run_watch import of_failure
from smartspec.messages import tr

if TYPE_CHECKING:
    from datetime import datetime

    from smartspec.commands.deliveries import Undelivered
    from smartspec.domain.execution import Execution

_EVERY_MS = 1_000
_AT_ONCE = 200


class FailureWatch(QObject):
    """Looks at what changed, once a second; an execution that is a part of another is told by that."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._since = times.now()
        self._changed: set[ExecutionPk] = set()
        self._told: set[tuple[ExecutionPk, int]] = set()
        self._undelivered: set[EventPk] = set()
        self._is_sent = False  # something may have been, and not have arrived
        self._timer = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._timer.timeout.connect(self._read_changed)
        context.change_listener.changed.connect(self._on_changed)

    @property
    def is_waiting(self) -> bool:
        """Whether something changed that is not looked at yet."""
        return self._timer.isActive()

    def _on_changed(self, change_set: ChangeSet) -> None:
        self._changed |= change_set.ids_of(Topic.EXECUTIONS)
        self._is_sent = self._is_sent or Topic.SETTINGS in change_set.topics
        if (self._changed or self._is_sent) and not self._timer.isActive():
            self._timer.start()

    def _read_changed(self) -> None:
        """At some of them; the rest in a second."""
        pks = sorted(self._changed, reverse=True)[:_AT_ONCE]
        self._changed.difference_update(pks)
        if self._changed:
            self._timer.start()
        if self._is_sent:
            self._is_sent = False
            self._context.run(self, partial(_read_summaries, self._since), self._on_undelivered, worker="slow")
        if not pks:
            return
        read = partial(_read_failed, pks, self._context.workspace)
        self._context.run(self, read, self._on_read, worker="slow")
        self._context.run(self, partial(_read_undelivered, pks, self._since), self._on_undelivered, worker="slow")

    def _on_read(self, failed: list[Execution]) -> None:
        for each in failed:
            if self._is_news(each):
                self._told.add((each.pk, each.attempt))
                self._context.notifications.keep(of_failure(each))

    def _on_undelivered(self, found: list[Undelivered]) -> None:
        """Who was not told of it there is told of that here."""
        for each in found:
            if each.event not in self._undelivered:
                self._undelivered.add(each.event)
                self._context.notifications.keep(_of_undelivered(each))

    def _is_news(self, execution: Execution) -> bool:
        if execution.pk in self._context.notifications.started_here:
            return False
        is_new = execution.completed_at is None or execution.completed_at >= self._since
        return is_new and (execution.pk, execution.attempt) not in self._told


def _of_undelivered(found: Undelivered) -> Message:
    if found.execution is None:
        location = Location("settings", "notifications")
        return Message("warning", tr("A message did not arrive"), found.said, location=location)
    headline = tr("A message about {execution} did not arrive", execution=found.execution.label)
    return Message("warning", headline, found.said, location=Location("execution", found.execution.id))


# On another thread: it watches before the commands are there


def _read_failed(pks: Sequence[ExecutionPk], workspace: str) -> list[Execution]:
    from smartspec.commands import workspaces

    here = workspaces.get_workspace(workspace).pk
    found = (each for pk in pks if (each := _read(pk)) is not None)
    return [each for each in found if each.status in PROBLEM and each.parent is None and each.workspace == here]


def _read(pk: ExecutionPk) -> Execution | None:
    from smartspec.commands import executions

    try:
        return executions.get_execution_by_key(pk)
    except ExecutionNotFound:
        return None


def _read_undelivered(pks: Sequence[ExecutionPk], since: datetime) -> list[Undelivered]:
    from smartspec.commands import deliveries

    return deliveries.undelivered_since(pks, since)


def _read_summaries(since: datetime) -> list[Undelivered]:
    from smartspec.commands import deliveries

    return deliveries.undelivered_summaries_since(since)
