"""What a person can do with a schedule, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from smartspec.commands import schedules
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.summary import ScheduleSummary
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, NotFound
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.widgets.menus import popup_menu
from smartspec.gui.widgets.schedules.by_hand import run_by_hand, run_word
from smartspec.gui.widgets.schedules.past_period_dialog import PastPeriodDialog
from smartspec.messages import tr, trn

_WITH_TIMES = (TriggerType.CRON, TriggerType.INTERVAL, TriggerType.ONCE)


class ScheduleActions:
    """Each is done by a command; what comes of it is seen as any change is. What makes something due sees
    to a runner that serves it.
    """

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context, self._parent = context, parent

    def new(self) -> None:
        """Of any workflow."""
        self._context.navigator.go(Location("schedule"))

    def new_of(self, workflow: Workflow) -> None:
        """Of this one."""
        if workflow.status is WorkflowStatus.ACTIVE:
            self._context.navigator.go(Location("schedule", query=workflow.id))
        else:
            told = tr("“{name}” is not active: only an active workflow starts by itself", name=workflow.name)
            self._context.notifications.toast(told, None, "info")

    def edit(self, summary: ScheduleSummary) -> None:
        self._context.navigator.go(Location("schedule", summary.schedule.id))

    def switch(self, schedule: Schedule) -> None:
        """On or off."""
        on = schedule.status is not ScheduleStatus.ACTIVE
        where = schedule.id, self._context.workspace
        if on:
            self._context.start(self._parent, partial(schedules.resume_schedule, *where))
        else:
            self._context.run(self._parent, partial(schedules.pause_schedule, *where))

    def pause_all(self, active: Sequence[Schedule]) -> None:
        """Of those that are active; Undo resumes exactly them."""
        ids = [each.id for each in active]
        pause = partial(_change_each, schedules.pause_schedule, ids, self._context.workspace)
        self._context.run(self._parent, pause, self._on_paused)

    def _on_paused(self, paused: list[str]) -> None:
        resume = partial(_change_each, schedules.resume_schedule, paused, self._context.workspace)
        told = trn("Paused {n} schedule", "Paused {n} schedules", len(paused))
        undo = partial(self._context.start, self._parent, resume)
        self._context.notifications.toast(told, undo if paused else None, "pause")

    def run(self, schedule: Schedule) -> None:
        """Once, now, with the input of the schedule."""
        run_by_hand(self._context, self._parent, self._parent.window(), schedule)

    def delete(self, schedule: Schedule) -> None:
        """Into the trash; Undo has it as it was."""
        workspace = self._context.workspace
        undo = partial(self._context.start, self._parent, partial(_bring_back, schedule, workspace))
        told = tr("Moved “{name}” to the trash", name=schedule.name)
        self._context.run(
            self._parent, partial(schedules.delete_schedule, schedule.id, workspace),
            lambda _: self._context.notifications.toast(told, undo, "trash"),
        )  # fmt: skip

    def run_past(self, schedule: Schedule) -> None:
        """For the due times of a past period, which is asked for."""
        PastPeriodDialog(self._context, schedule, self._parent).open()

    def menu(self, parent: QWidget, summary: ScheduleSummary) -> QMenu:
        """What can be done with one."""
        schedule, made = summary.schedule, popup_menu(parent)
        on = schedule.status is not ScheduleStatus.ACTIVE
        made.addAction(tr("Resume") if on else tr("Pause"), partial(self.switch, schedule))
        made.addAction(run_word(schedule), partial(self.run, schedule))
        past = made.addAction(tr("Run a past period…"), partial(self.run_past, schedule))
        past.setEnabled(not on and schedule.trigger_type in _WITH_TIMES)
        made.addAction(tr("Simulate…"), partial(self._context.navigator.go, Location("simulation", schedule.id)))
        made.addAction(tr("Edit…"), partial(self.edit, summary))
        made.addSeparator()
        go = partial(self._context.navigator.go, Location("workflows", summary.workflow_id))
        made.addAction(tr("Open {workflow}", workflow=summary.workflow_name.replace("&", "&&")), go)
        made.addSeparator()
        made.addAction(tr("Move to the trash"), partial(self.delete, schedule))
        return made


def _change_each(change: Callable[[str, str], Schedule], ids: Sequence[str], workspace: str) -> list[str]:
    """The ids of those that were changed: what somebody else has changed or removed meanwhile is left as it is."""
    changed: list[str] = []
    for each in ids:
        with suppress(Conflict, NotFound, Invalid):
            change(each, workspace)
            changed.append(each)
    return changed


def _bring_back(schedule: Schedule, workspace: str) -> None:
    schedules.restore_schedule(schedule.id, workspace)
    if schedule.status is ScheduleStatus.ACTIVE:
        schedules.resume_schedule(schedule.id, workspace)
