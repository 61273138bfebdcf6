"""What became of each task in a round of an execution: one value a task, however many attempts and items it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from smartspec.domain import times
from smartspec.domain.definition.model import Definition
from smartspec.domain.engine.carried_rows import carried_rows
from smartspec.domain.execution import TaskExecution
from smartspec.domain.task_status import status_of, word_of
from smartspec.value import field, frozen

_OPEN = frozenset({"running", "retrying", "pending"})


@frozen
class TaskTally:
    """The items of a task whose last attempts in a round share a status; of a task without items that one.

    `attempts` counts all of theirs; `latest` is the one that was written last.
    """

    latest: TaskExecution
    items: int
    attempts: int
    started_at: datetime | None
    ended_at: datetime | None


@frozen
class TaskRun:
    """One task. `counts` are its items by the word of their status, `latest` is the attempt that was written last.

    The rows of the rounds from `since` count; `round` is the last of these, and the times are its own. `is_kept`: a
    re-run left it as it was.
    """

    task: str
    task_type: str = ""
    has_items: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    since: int = 0
    round: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    latest: TaskExecution | None = None
    is_kept: bool = False

    @property
    def status(self) -> str | None:
        """None where nothing of it was decided."""
        return status_of(self.counts)

    @property
    def items(self) -> int:
        return sum(self.counts.values())

    @property
    def ok(self) -> int:
        return self.counts.get("completed", 0)

    @property
    def is_open(self) -> bool:
        """Whether something of it runs or waits."""
        return not _OPEN.isdisjoint(self.counts)

    def duration_ms(self, now: datetime) -> int | None:
        """From its first start to its last end, or until now while it is open."""
        end = now if self.is_open else self.ended_at
        if self.started_at is None or end is None:
            return None
        return max(0, times.to_ms(end) - times.to_ms(self.started_at))


def task_runs(
    definition: Definition | None, tallies: Sequence[TaskTally], round_: int, begun_from: Mapping[int, str]
) -> tuple[TaskRun, ...]:
    """In the order of the file: the tasks of the definition, begun or not, and the handlers that did."""
    by_task: dict[str, list[TaskTally]] = {}
    for tally in sorted(tallies, key=lambda each: (each.latest.position, each.latest.pk)):
        by_task.setdefault(tally.latest.task, []).append(tally)
    if definition is None:
        return tuple(_run(task, _of_last_round(own), round_) for task, own in by_task.items())
    counted = carried_rows(definition, [each.latest for each in tallies], round_, begun_from).rows
    found = []
    for task in definition.tasks:
        pks = {row.pk for rows in counted.get(task, {}).values() for row in rows}
        found.append(_run(task, [each for each in by_task.get(task, ()) if each.latest.pk in pks], round_))
    others = [task for task in by_task if task not in definition.tasks]
    found += [_run(task, own, round_) for task in others if (own := _of_round(by_task[task], round_))]
    return tuple(found)


def _of_last_round(tallies: Sequence[TaskTally]) -> list[TaskTally]:
    return _of_round(tallies, max(each.latest.round for each in tallies))


def _of_round(tallies: Sequence[TaskTally], round_: int) -> list[TaskTally]:
    return [each for each in tallies if each.latest.round == round_]


def _run(task: str, tallies: Sequence[TaskTally], round_: int) -> TaskRun:
    if not tallies:
        return TaskRun(task)
    last = _of_last_round(tallies)
    latest = max((each.latest for each in last), key=lambda row: row.pk)
    counts: dict[str, int] = {}
    for each in tallies:
        word = word_of(each.latest)
        counts[word] = counts.get(word, 0) + each.items
    starts = [each.started_at for each in last if each.started_at is not None]
    ends = [each.ended_at for each in last if each.ended_at is not None]
    return TaskRun(
        task,
        latest.task_type,
        any(each.items > 1 or each.latest.item is not None for each in tallies),
        counts,
        sum(each.attempts for each in tallies),
        min(each.latest.round for each in tallies),
        latest.round,
        min(starts, default=None),
        max(ends, default=None),
        latest,
        latest.round < round_,
    )
