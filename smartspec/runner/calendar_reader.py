"""What a background runner does about calendar files: it looks once a minute whether one has changed.

A thread of its own: a disk that does not answer keeps no due time waiting.
"""

from __future__ import annotations

import logging
import threading
import time

from smartspec.commands import calendars, database
from smartspec.domain import times
from smartspec.errors import StorageError
from smartspec.messages import _

_EVERY_S = 60.0
logger = logging.getLogger(__name__)


class CalendarReader:
    """From `start` to `stop`. Where no schedule names a calendar it sleeps until something is written."""

    def __init__(self) -> None:
        self._stopped, self._nudged = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="calendars", daemon=True)  # a disk may never answer

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._nudged.set()
        self._thread.join(1)

    def nudge(self) -> None:
        """Something was written: a schedule may name a calendar."""
        self._nudged.set()

    def _work(self) -> None:
        while not self._stopped.is_set():
            is_any = True
            try:
                calendars.refresh(times.now())
                is_any = calendars.any_in_use()
            except StorageError as error:
                logger.warning(_("Calendars cannot be looked at: {error}", error=error))
            except Exception:  # the edge of a thread: one look fails, not all that follow
                logger.exception("a look at calendars")
            self._sleep(time.monotonic() + _EVERY_S if is_any else None)
        database.close_connection()

    def _sleep(self, until: float | None) -> None:
        """Until then, or where that is None, until something is written."""
        if until is None:
            self._nudged.wait()
            self._nudged.clear()
        else:
            self._stopped.wait(max(0.0, until - time.monotonic()))
