"""The item runs of an execution: one task for one item, through all its attempts."""

from __future__ import annotations

from collections import deque

from smartspec.domain.definition.task import Task
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult, TaskRow
from smartspec.domain.ids import ExecutionPk, TaskExecutionPk
from smartspec.domain.jsontext import Json
from smartspec.value import field, mutable


@mutable
class ItemRun:
    """`attempt` counts on over rounds; `retries` are those used in this round. `pk`: the row that is under way.

    `has_begun`: an attempt of it began in this round. `due`: when a wait or a retry's delay is over, by
    `clocks.boottime`.
    """

    task: Task
    round: int
    index: int = 0
    item: Json = None
    attempt: int = 0
    retries: int = 0
    pk: TaskExecutionPk | None = None
    child: ExecutionPk | None = None
    has_begun: bool = False
    due: float = 0.0

    @property
    def name(self) -> str:
        """Unique in the execution: task.item.attempt."""
        return f"{self.task.name}.{self.index}.{self.attempt}"

    def row(self) -> TaskRow:
        retry = self.task.retry
        return TaskRow(
            task=self.task.name,
            task_type=self.task.kind.task_type,
            position=self.task.position,
            round=self.round,
            attempt=self.attempt,
            item_index=self.index,
            item=self.item,
            dependencies=self.task.needs,
            max_retries=retry.max if retry else 0,
            timeout_ms=self.task.timeout_ms,
        )


@mutable
class TaskRun:
    """All item runs of one task that has started: one without items, one per item with."""

    task: Task
    item_runs: list[ItemRun]
    waiting: deque[ItemRun] = field(default_factory=deque)
    active: int = 0
    results: dict[int, AttemptResult] = field(default_factory=dict)
    has_failed: bool = False  # an item of it

    @property
    def limit(self) -> int | None:
        """How many of its item runs may be active at once."""
        return self.task.concurrency if self.task.has_items else None

    @property
    def has_free_slot(self) -> bool:
        return self.limit is None or self.active < self.limit

    @property
    def is_complete(self) -> bool:
        return len(self.results) == len(self.item_runs)

    @property
    def has_not_started(self) -> bool:
        """Decided to run, and nothing of it has begun."""
        return not self.results and not any(item_run.has_begun for item_run in self.item_runs)

    @property
    def stops_at_failure(self) -> bool:
        """Its own fail_fast holds back the items that have not begun."""
        return self.has_failed and self.task.body.get("fail_fast") is True

    def add_result(self, item_run: ItemRun, result: AttemptResult) -> None:
        """What an item run came to."""
        self.results[item_run.index] = result
        self.has_failed = self.has_failed or result.status is not TaskStatus.COMPLETED

    def take_unstarted(self) -> list[ItemRun]:
        """Those that wait and have not begun; they wait no more."""
        unstarted = [item_run for item_run in self.waiting if not item_run.has_begun]
        self.waiting = deque(item_run for item_run in self.waiting if item_run.has_begun)
        return unstarted
