"""What can be done about a finding of a simulation, where something can."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from smartspec.commands import schedules
from smartspec.commands.schedule_forecasts import ScheduleForecast
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Overlap
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.simulated_findings import Finding, FindingKind
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.schedules.simulation.finding_list import Fix
from smartspec.messages import tr

K = FindingKind


class Fixes:
    """`choose` asks which schedules are to be simulated."""

    def __init__(self, context: AppContext, parent: QWidget, choose: Callable[[], object]) -> None:
        self._context, self._parent, self._choose = context, parent, choose

    def fix_of(self, found: ScheduleForecast, finding: Finding) -> Fix | None:
        """A verb and what does it; None where nothing would help."""
        go = self._context.navigator.go
        match finding.kind:
            case K.OVERLAP if finding.decision is Decision.SKIPPED_OVERLAP and finding.schedule is not None:
                return tr("Queue instead"), partial(self._queue, found.lane_of(finding.schedule).schedule)
            case K.CROWD:
                return tr("Set limit…"), partial(go, Location("settings", "runner.at_once"))
            case K.UNREADABLE if finding.lane is not None:
                return tr("Open"), partial(go, Location("schedules", found.lanes[finding.lane].schedule.id))
            case K.LEFT_OUT if len(found.lanes) > 1:
                return tr("Choose…"), self._choose
        return None

    def _queue(self, schedule: Schedule) -> None:
        """The simulation is made anew by that; Undo has it skip again."""
        self._change(schedule, Overlap.QUEUE, partial(self._on_queued, schedule))

    def _on_queued(self, schedule: Schedule, changed: Schedule) -> None:
        told = tr("“{name}” waits from now on until what runs has ended", name=schedule.name)
        undo = partial(self._change, changed, schedule.overlap, lambda _: None)
        self._context.notifications.toast(told, undo, "queue")

    def _change(self, schedule: Schedule, overlap: Overlap, then: Callable[[Schedule], object]) -> None:
        command = partial(
            schedules.update_schedule, schedule.id, overlap=overlap, row_version=schedule.row_version,
            workspace=self._context.workspace,
        )  # fmt: skip
        self._context.run(self._parent, command, then)
