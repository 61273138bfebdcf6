"""The tasks that wait for room to start."""

import heapq

from smartspec.runner.units import Batch


class Ready:
    """The tasks with units that wait to start, first in the file first; those that need a slot by themselves."""

    def __init__(self) -> None:
        self._slotted: list[tuple[int, str]] = []
        self._free: list[tuple[int, str]] = []
        self._offered: set[str] = set()

    def offer(self, batch: Batch) -> None:
        if batch.waiting and batch.task.name not in self._offered:
            self._offered.add(batch.task.name)
            heap = self._slotted if batch.task.kind.is_executor else self._free
            heapq.heappush(heap, (batch.task.position, batch.task.name))

    def next(self, slot_is_free: bool) -> str | None:
        heap = self._free or (self._slotted if slot_is_free else [])
        if not heap:
            return None
        name = heapq.heappop(heap)[1]
        self._offered.discard(name)
        return name
