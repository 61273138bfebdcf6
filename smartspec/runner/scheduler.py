"""What a background runner does about schedules: one timer, aimed at the next due time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from smartspec.commands import database, event_firing, firing
from smartspec.commands.firing_situation import Service
from smartspec.commands.machine_look import MachineLook
from smartspec.commands.machine_zone import machine_zone, zone_name
from smartspec.domain import times
from smartspec.domain.schedule.events import ApplicationStarted, ComputerWoke
from smartspec.domain.schedule.situation import Absence
from smartspec.errors import StorageError
from smartspec.messages import _
from smartspec.runner.clock_watch import LONGEST_GAP, NOTICED, ClockReading, ClockWatch, Elapsed, read_clocks
from smartspec.runner.condition_watch import ConditionWatch
from smartspec.value import frozen

LONGEST_WAIT_S = 30.0
_SHORTEST_WAIT_S = 0.01
_REMEMBERED = 20  # absences
logger = logging.getLogger(__name__)


@frozen
class _Moment:
    """Something that schedules wait for and that is not in the ledger."""

    kind: type[ApplicationStarted] | type[ComputerWoke]
    cause: str
    at: datetime


class Scheduler:
    """A thread of its own, from `start` to `stop`; `turn` is one look, on whatever thread."""

    def __init__(
        self, read: Callable[[], ClockReading] = read_clocks, begin: Callable[[MachineLook], None] = MachineLook.start
    ) -> None:
        self._watch = ClockWatch(read)
        self._conditions = ConditionWatch(self.nudge, clock=lambda: read().boottime, begin=begin)
        self._service = Service(read().wall, machine=self._conditions)
        self._moments: list[_Moment] = []
        self._zone = machine_zone()
        self._has_begun = self._is_aligned = False
        self._wake, self._is_stopped = threading.Event(), False
        self._thread = threading.Thread(target=self._work, name="scheduler")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_stopped = True
        self._wake.set()
        self._thread.join()
        self._conditions.close()

    def nudge(self) -> None:
        """Something was written: what is due next may have changed."""
        self._wake.set()

    def looked_since(self) -> datetime | None:
        """From when on it has looked without a gap; None: it has not looked for a while, as where the machine woke."""
        is_behind = abs(times.now() - self._watch.looked_at) > LONGEST_GAP
        return None if is_behind else self._service.since

    def _work(self) -> None:
        try:
            while not self._is_stopped:
                self._wake.wait(self._seconds_to_wait())
                self._wake.clear()
        finally:
            database.close_connection()

    def _seconds_to_wait(self) -> float:
        try:
            following = self.turn()
        except StorageError as error:
            logger.warning(_("Schedules cannot be looked at: {error}", error=error))
            return LONGEST_WAIT_S
        except Exception:  # the edge of a thread: one look fails, not all that follow
            logger.exception("a look at the schedules")
            return LONGEST_WAIT_S
        if following is None:
            return LONGEST_WAIT_S
        return min(LONGEST_WAIT_S, max(_SHORTEST_WAIT_S, (following - times.now()).total_seconds()))

    def turn(self) -> datetime | None:
        """Look once: at the clocks, then at what is due. The answer is when to look again at the latest."""
        elapsed = self._watch.look()
        now = elapsed.end
        self._note_clocks(elapsed)
        self._note_zone(now)
        if not self._has_begun:
            self._has_begun = True
            self._moments.append(_Moment(ApplicationStarted, f"started {times.to_ms(now)}", now))
        if not self._is_aligned:
            firing.realign(now)
            self._is_aligned = True
        self._moments = [each for each in self._moments if not self._fire(each, now)]
        event_firing.look_at_events(now, self._service)
        return firing.look(now, self._service)

    def _fire(self, moment: _Moment, now: datetime) -> bool:
        """False: not all of it is decided."""
        return event_firing.fire_moment(moment.kind, moment.cause, moment.at, now, self._service)

    def _note_clocks(self, elapsed: Elapsed) -> None:
        if elapsed.slept > NOTICED:
            firing.note_sleep(elapsed.begin, elapsed.end)
            self._moments.append(_Moment(ComputerWoke, f"woke {elapsed.slept_in_all:.0f}", elapsed.end))
        if abs(elapsed.set) > NOTICED:
            firing.note_clock_set(elapsed.set, elapsed.end)
            self._is_aligned = False
        if elapsed.set < -NOTICED:  # what was seen then has not come yet
            self._service = Service(min(self._service.since, elapsed.end), machine=self._conditions)
        if (absence := elapsed.absence) is not None:
            self._service = Service(elapsed.end, self._remembered(absence), self._conditions)

    def _remembered(self, absence: Absence) -> tuple[Absence, ...]:
        return (*self._service.absences, absence)[-_REMEMBERED:]

    def _note_zone(self, now: datetime) -> None:
        zone = machine_zone()
        if zone is not self._zone:
            firing.note_zone(zone_name(self._zone), zone_name(zone), now)
            self._zone, self._is_aligned = zone, False
