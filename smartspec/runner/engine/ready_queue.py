"""The tasks that wait to be decided, and those that wait for a slot to start: first in the file first."""

import heapq
from collections.abc import Iterable

from smartspec.domain.definition.model import Definition
from smartspec.runner.engine.item_run import TaskRun


class DecisionQueue:
    """The tasks of which something has changed; each is in it once."""

    def __init__(self, definition: Definition) -> None:
        self._tasks = definition.tasks
        self._heap: list[tuple[int, str]] = []
        self._waiting: set[str] = set()

    def add(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._waiting:
                self._waiting.add(name)
                heapq.heappush(self._heap, (self._tasks[name].position, name))

    def next(self) -> str:
        name = heapq.heappop(self._heap)[1]
        self._waiting.discard(name)
        return name

    def __bool__(self) -> bool:
        return bool(self._heap)


class ReadyQueue:
    """The tasks with item runs that wait to start, first in the file first; those that need a slot by themselves."""

    def __init__(self) -> None:
        self._slotted: list[tuple[int, str]] = []
        self._free: list[tuple[int, str]] = []
        self._offered: set[str] = set()

    def offer(self, task_run: TaskRun) -> None:
        if task_run.waiting and task_run.task.name not in self._offered:
            self._offered.add(task_run.task.name)
            heap = self._slotted if task_run.task.kind.is_executor else self._free
            heapq.heappush(heap, (task_run.task.position, task_run.task.name))

    @property
    def wants_slot(self) -> bool:
        return bool(self._slotted)

    def next(self, slot_is_free: bool) -> str | None:
        heap = self._free or (self._slotted if slot_is_free else [])
        if not heap:
            return None
        name = heapq.heappop(heap)[1]
        self._offered.discard(name)
        return name
