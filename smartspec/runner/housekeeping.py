"""What a background runner does beside its executions: jobs that a killed process left, and a look at all limits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from smartspec.commands import database, jobs
from smartspec.errors import StorageError
from smartspec.messages import _
from smartspec.runner.alert_watch import AlertWatch

_EVERY_S = 5.0
logger = logging.getLogger(__name__)


class Housekeeping:
    """A thread of its own, from `start` to `stop`. `looked_since` says from when on somebody looks at schedules."""

    def __init__(self, looked_since: Callable[[], datetime | None]) -> None:
        self._stopped, self._nudged = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="housekeeping")
        self._alerts = AlertWatch(looked_since)
        self.is_busy = False

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Something was written: it may be a job, or the end of an alert."""
        self._nudged.set()

    def stop(self) -> None:
        """What is under way goes on with the next runner."""
        self._stopped.set()
        self._nudged.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.is_set():
            is_any_open = self._work_at_jobs()
            wait_s = self._alerts.turn()
            self._nudged.wait(min(_EVERY_S, wait_s) if is_any_open else wait_s)
            self._nudged.clear()
        database.close_connection()

    def _work_at_jobs(self) -> bool:
        """Whether any is open, whoever is at it."""
        try:
            self.is_busy = bool(jobs.left())
            if self.is_busy:
                jobs.continue_jobs(lambda: not self._stopped.is_set())
            return jobs.any_open()
        except StorageError as error:
            logger.warning(_("A job cannot go on: {error}", error=error))
            return True
        finally:
            self.is_busy = False
