"""What a background runner does about schedules that wait for files: it looks at one after another, in turns.

A thread of its own, so that no due time waits for a disk. What a look costs is rested for many times over: a large
folder is looked at more seldom, and an idle runner stays idle. A look that finds nothing new touches no database.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from smartspec.commands import database, file_watches
from smartspec.commands.file_scans import FileScans
from smartspec.domain import times
from smartspec.domain.ids import SchedulePk
from smartspec.domain.schedule.events import FileEvent
from smartspec.domain.schedule.file_watch import Looked, Sight, Watch, look
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.situation import GRACE
from smartspec.errors import StorageError
from smartspec.messages import _
from smartspec.runner import clocks

POLL_S = 2.0
SHARE = 0.0003  # of a core, for all looks together
LONGEST_TRUST_S = 60.0  # in the time of change of a folder: some file systems keep none
_LONGEST_WAIT_S = 30.0
_REFRESH_S = 1.0  # however much is written
logger = logging.getLogger(__name__)


class _Watched:
    """One schedule, and what was seen of its files."""

    def __init__(self, schedule: Schedule, event: FileEvent, *, is_first: bool) -> None:
        self.schedule, self.event, self.is_first = schedule, event, is_first
        self.watch: Watch | None = None
        self.looked: Looked | None = None
        self.sight: Sight | None = None
        self.full_look_s = 0.0
        self.looked_at_s = self.next_look_s = 0.0


class FileWatcher:
    """A thread of its own, from `start` to `stop`; `turn` is one look, on whatever thread. `tell` is called when
    anything has happened."""

    def __init__(
        self, tell: Callable[[], None], scans: FileScans | None = None, is_alone: Callable[[], bool] = lambda: True
    ) -> None:
        self._tell, self._scans, self._is_alone = tell, scans or FileScans(), is_alone
        self._since = times.now()
        self._watched: dict[SchedulePk, _Watched] = {}
        self._is_stale = True
        self._rests_until_s = self._next_refresh_s = 0.0
        self._wake, self._is_stopped = threading.Event(), False
        self._thread = threading.Thread(target=self._work, name="file watcher")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_stopped = True
        self._scans.stop()
        self._wake.set()
        self._thread.join()

    def nudge(self) -> None:
        """Something was written: another schedule may wait for files."""
        self._is_stale = True
        self._wake.set()

    def _work(self) -> None:
        try:
            while not self._is_stopped:
                self._wake.wait(self._seconds_to_wait())
                self._wake.clear()
            file_watches.note_looks([each.watch for each in self._watched.values() if each.watch], times.now())
        except StorageError as error:
            logger.warning(_("It is not noted until when files were looked at: {error}", error=error))
        finally:
            database.close_connection()

    def _seconds_to_wait(self) -> float:
        try:
            return self.turn()
        except StorageError as error:
            logger.warning(_("Files cannot be looked at: {error}", error=error))
        except Exception:  # the edge of a thread: one look fails, not all that follow
            logger.exception("a look at files")
        return _LONGEST_WAIT_S

    def turn(self) -> float:
        """Look at the one whose turn it is; the answer is in how many seconds the next one is due."""
        now_s = clocks.uptime()
        if self._is_stale and now_s >= self._next_refresh_s:
            self._is_stale, self._next_refresh_s = False, now_s + _REFRESH_S
            self._refresh()
        due = min(self._watched.values(), key=lambda each: each.next_look_s, default=None)
        wait_s = _LONGEST_WAIT_S if due is None else max(due.next_look_s, self._rests_until_s) - now_s
        if due is not None and wait_s <= 0:
            self._look(due, now_s)
            return 0.0
        return min(wait_s, self._next_refresh_s - now_s if self._is_stale else _LONGEST_WAIT_S)

    def _refresh(self) -> None:
        """What was seen of those that wait for the same as before is kept."""
        before, self._watched = self._watched, {}
        for schedule, event in file_watches.waiting_for_files():
            known = before.get(schedule.pk)
            if known is None or known.schedule.row_version != schedule.row_version:
                known = _Watched(schedule, event, is_first=known is None)
            self._watched[schedule.pk] = known

    def _look(self, it: _Watched, now_s: float) -> None:
        it.next_look_s = now_s + POLL_S
        if it.looked is None:
            it.watch = file_watches.stored(it.schedule)
            it.looked = Looked(None if it.watch is None else it.watch.seen)
        scan = self._scans.scan(it.event, self._known(it, now_s))
        it.full_look_s = it.full_look_s if scan.sight is it.sight else now_s
        it.sight = scan.sight
        self._rests_until_s = clocks.uptime() + scan.cost_s / SHARE
        elapsed_ms = round((now_s - it.looked_at_s) * 1_000)
        it.looked_at_s = now_s
        now = times.now()
        looked = look(
            it.event, it.looked, scan.sight, elapsed_ms=elapsed_ms, now_ns=times.to_ms(now) * 1_000_000,
            is_first=self._was_missed(it),
        )  # fmt: skip
        it.is_first = it.is_first and bool(scan.sight.problem)
        written = file_watches.write(it.schedule, it.event, it.watch, looked, now)
        if written is None:  # another runner was quicker, or it was changed: look again at what is stored
            it.looked, self._is_stale = None, True
            return
        it.watch, it.looked = written, looked
        if looked.happenings:
            self._tell()

    def _known(self, it: _Watched, now_s: float) -> Sight | None:
        """What a look may leave at: nothing waits to be quiet, and all was looked at a while ago at most."""
        waits = it.looked is None or it.looked.waiting
        return None if waits or now_s - it.full_look_s > LONGEST_TRUST_S else it.sight

    def _was_missed(self, it: _Watched) -> bool:
        """Whether what differs now came about while no runner looked."""
        if not it.is_first or it.watch is None:
            return False
        return self._since - it.watch.looked_at > GRACE and self._is_alone()
