"""A look at files that may never come back: of a share whose other end is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from smartspec.commands.folder_scan import see
from smartspec.domain.schedule.events import FileEvent
from smartspec.domain.schedule.file_watch import Sight
from smartspec.value import frozen

PATIENCE_S = 10.0
UNANSWERED = Sight(problem="unanswered")


@frozen
class Scan:
    """`cost_s` is what it took of a core."""

    sight: Sight
    cost_s: float = 0.0


class FileScans:
    """Each look is made on a thread; one that does not answer is left behind, and what it looks at not asked again
    before it has."""

    def __init__(self, look: Callable[[FileEvent, Sight | None], Sight] = see, patience_s: float = PATIENCE_S) -> None:
        self._look, self._patience_s = look, patience_s
        self._stuck: dict[str, threading.Thread] = {}
        self._answered, self._is_over = threading.Event(), False

    def scan(self, event: FileEvent, last: Sight | None = None) -> Scan:
        """`last` as `see` has it."""
        left = self._stuck.get(event.path)
        if left is not None and left.is_alive():
            return Scan(UNANSWERED)
        self._stuck.pop(event.path, None)
        found: list[Scan] = []
        answered = self._answered = threading.Event()
        thread = threading.Thread(target=self._scan, args=(event, last, found, answered), name="file scan", daemon=True)
        thread.start()
        if not self._is_over:
            answered.wait(self._patience_s)
        if found:
            return found[0]
        self._stuck[event.path] = thread
        return Scan(UNANSWERED)

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._is_over = True
        self._answered.set()

    def _scan(self, event: FileEvent, last: Sight | None, found: list[Scan], answered: threading.Event) -> None:
        begin = time.thread_time()
        sight = self._look(event, last)
        found.append(Scan(sight, time.thread_time() - begin))
        answered.set()
