"""A simulation in the background: one at a time, and none that nobody waits for."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from smartspec.commands import schedule_forecasts
from smartspec.commands.schedule_forecasts import ScheduleForecast, SimulationRequest
from smartspec.errors import SmartSpecError, Stopped
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.job import BackgroundJob
from smartspec.messages import tr


class SimulationRun(QObject):
    """`done` carries the ScheduleForecast, `failed` a SmartSpecError, `moved` the part that is done. What was stopped
    tells nothing any more.
    """

    done = Signal(object)
    failed = Signal(object)
    moved = Signal(float)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: BackgroundJob | None = None

    @property
    def is_open(self) -> bool:
        return self._job is not None

    def start(self, request: SimulationRequest) -> None:
        """Instead of the one that runs."""
        self.stop()
        background = self._context.background
        self._job = job = BackgroundJob(tr("Simulating"), background)
        job.moved.connect(self.moved)
        command = partial(schedule_forecasts.forecast_schedules, request, self._context.workspace)
        background.run_job(
            self, job, command, partial(self._on_done, job), partial(self._on_failed, job), worker="simulation"
        )

    def stop(self) -> None:
        if self._job is not None:
            self._job.moved.disconnect(self.moved)
            self._job.stop()
            self._job = None

    def _on_done(self, job: BackgroundJob, found: ScheduleForecast) -> None:
        if job is self._job:
            self._job = None
            self.done.emit(found)

    def _on_failed(self, job: BackgroundJob, error: SmartSpecError) -> None:
        if job is self._job and not isinstance(error, Stopped):
            self._job = None
            self.failed.emit(error)
