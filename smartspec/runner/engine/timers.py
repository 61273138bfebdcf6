"""What of an execution is due at a time: the ends of waits, and the delays before retries."""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta

from smartspec.commands import runs
from smartspec.domain import times
from smartspec.runner import clocks
from smartspec.runner.engine.item_run import ItemRun


class Timers:
    """By seconds of `clocks.boottime`; each item run says when it is due."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, ItemRun]] = []

    def add(self, item_run: ItemRun) -> None:
        heapq.heappush(self._heap, (item_run.due, id(item_run), item_run))

    def add_again(self, item_run: ItemRun, at: datetime, whole: timedelta) -> None:
        """Go on with a delay of an earlier claim: by the wall clock, as no other outlasts a restart, and no longer
        than the whole delay, should the clock have been set back.
        """
        left = min(max(at - times.now(), timedelta()), whole)
        item_run.due = clocks.boottime() + left.total_seconds()
        self.add(item_run)

    def seconds_until_due(self) -> list[float]:
        """Of the first one."""
        return [self._heap[0][0] - clocks.boottime()] if self._heap else []

    def pop_due(self) -> ItemRun | None:
        """One that is due."""
        if self._heap and self._heap[0][0] <= clocks.boottime():
            return heapq.heappop(self._heap)[2]
        return None

    def check_delays(self) -> None:
        """See whether somebody wants what waits for a retry to be tried at once."""
        waiting = {each.pk: each for _, _, each in self._heap if each.pk is not None and each.retries}
        undelayed = runs.undelayed(list(waiting)) if waiting else set()
        for pk in undelayed:
            waiting[pk].due = clocks.boottime()
        if undelayed:
            self._heap = [(each.due, id(each), each) for each in self.take_all()]
            heapq.heapify(self._heap)

    def take_all(self) -> list[ItemRun]:
        """None is left."""
        heap, self._heap = self._heap, []
        return [item_run for _, _, item_run in heap]
