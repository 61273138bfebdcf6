"""What a background runner does beside its executions: it goes on with jobs that a killed process has left."""

from __future__ import annotations

import logging
import threading

from smartspec.commands import database, jobs
from smartspec.errors import StorageError
from smartspec.messages import _

_EVERY_S = 5.0
logger = logging.getLogger(__name__)


class Housekeeping:
    """A thread of its own, from `start` to `stop`."""

    def __init__(self) -> None:
        self._stopped, self._nudged = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="housekeeping")
        self.is_busy = False

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Something was written: it may be a job."""
        self._nudged.set()

    def stop(self) -> None:
        """What is under way goes on with the next runner."""
        self._stopped.set()
        self._nudged.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.is_set():
            is_any_open = True
            try:
                self.is_busy = bool(jobs.left())
                if self.is_busy:
                    jobs.continue_jobs(lambda: not self._stopped.is_set())
                is_any_open = jobs.any_open()
            except StorageError as error:
                logger.warning(_("A job cannot go on: {error}", error=error))
            finally:
                self.is_busy = False
            self._nudged.wait(_EVERY_S if is_any_open else None)
            self._nudged.clear()
        database.close_connection()
