"""What gone runners left is ended and removed beside all else that a runner does: processes may take their time."""

from __future__ import annotations

import logging
import threading
import time

from smartspec.commands import database
from smartspec.errors import SmartSpecError
from smartspec.messages import _
from smartspec.runner import recovery
from smartspec.runner.engine import scratch

TIDYING_SECONDS = 600.0  # folders of executions that ended without a runner
logger = logging.getLogger(__name__)


class Cleanup:
    """One at a time, each on a thread of its own."""

    def __init__(self, is_over: threading.Event, *, tidies: bool) -> None:
        """`is_over` breaks it off; `tidies`: it is begun now and then though no runner has gone."""
        self._is_over = is_over
        self._tidies = tidies
        self._next_tidying = 0.0
        self._thread: threading.Thread | None = None

    def start_if_needed(self) -> None:
        """Where a runner has gone, or it is time to tidy, and the last one has ended."""
        if self._thread is not None and self._thread.is_alive():
            return
        if recovery.has_orphans() or (self._tidies and time.monotonic() >= self._next_tidying):
            self._next_tidying = time.monotonic() + TIDYING_SECONDS
            self._thread = threading.Thread(target=self._run, name="sweep")
            self._thread.start()

    def _run(self) -> None:
        try:
            recovery.end_orphans(self._is_over)
            scratch.remove_stale()
        except (SmartSpecError, OSError) as error:
            logger.warning(_("{error} What gone runners left is looked for again.", error=error))
        finally:
            database.close_connection()

    def join(self) -> None:
        """Until what was begun has ended."""
        if self._thread is not None:
            self._thread.join()
