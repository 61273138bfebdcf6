"""The tasks of an execution that wait for a person."""

from __future__ import annotations

import json
from collections.abc import Iterator

from smartspec.commands import runs
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.ids import TaskExecutionPk
from smartspec.runner.engine.item_run import ItemRun


class ManualTasks:
    """By the keys of their rows."""

    def __init__(self) -> None:
        self._waiting: dict[TaskExecutionPk, ItemRun] = {}

    def add(self, item_run: ItemRun) -> None:
        assert item_run.pk is not None
        self._waiting[item_run.pk] = item_run

    def take_answered(self) -> Iterator[tuple[ItemRun, AttemptResult]]:
        """Those that a person has answered: the answer has ended the row already."""
        if not self._waiting:
            return
        for pk, (status, reason, output) in runs.task_answers(list(self._waiting)).items():
            if status != TaskStatus.RUNNING:
                result = AttemptResult(
                    status=TaskStatus(status), reason=reason, output=json.loads(output) if output else None
                )
                yield self._waiting.pop(pk), result

    def take_all(self) -> list[ItemRun]:
        """None is left."""
        waiting, self._waiting = self._waiting, {}
        return list(waiting.values())
