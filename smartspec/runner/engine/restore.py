"""From the rows of an execution back to where it was: what has ended, and what goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smartspec.commands.runs import Run
from smartspec.domain.definition import redacted
from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.render import items
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.carried_rows import CarriedRows, carried_rows, row_status, stands_for_all
from smartspec.domain.engine.execution_progress import ExecutionProgress, TaskEnd
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import TaskExecution
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.jsontext import Json, texts
from smartspec.runner.engine.item_run import ItemRun, TaskRun
from smartspec.runner.engine.results import item_output
from smartspec.value import mutable

T = TaskStatus
Rows = Mapping[int, Sequence[TaskExecution]]  # of one task, by item, newest last
_UNENDED = frozenset({T.PENDING, T.RUNNING, T.INTERRUPTED})


@mutable
class Restored:
    """`attempts`: the highest so far by task and item. `groups` and `children` go on in a re-run where they were."""

    open_tasks: list[tuple[Task, Rows]]
    groups: list[Task]
    attempts: dict[tuple[str, int], int]
    children: dict[tuple[str, int], ExecutionPk]

    def new_task_run(self, task: Task, round_: int, values: Sequence[Json]) -> TaskRun:
        """With an item run for each of the values, which goes on counting attempts."""
        item_runs = [ItemRun(task, round_, index, value) for index, value in enumerate(values)]
        for item_run in item_runs:
            item_run.attempt = self.attempts.get((task.name, item_run.index), 0)
            item_run.child = self.children.get((task.name, item_run.index))
        return TaskRun(task, item_runs)


def restore(run: Run, progress: ExecutionProgress, names: dict[str, object]) -> Restored:
    """Note in `progress` what has ended; the answer is what has begun and goes on."""
    kept = carried_rows(run.definition, run.rows, run.execution.attempt, run.execution.begun_from)
    if found := _redacted(run, kept):
        names[redacted.REDACTED_NAME] = found
    open_tasks: list[tuple[Task, Rows]] = []
    for name, task in run.definition.tasks.items():
        rows = kept.rows.get(name)
        if rows is None:
            continue
        if _has_ended(task, rows, names):
            progress.end(name, _ended(task, rows))
        else:
            open_tasks.append((task, rows))
    return Restored(open_tasks, _groups(run, kept), _attempts(run.rows), dict(_children(run, kept)))


def _redacted(run: Run, kept: CarriedRows) -> redacted.Redacted:
    """What earlier rounds gave, was masked in the record, and is not kept any more."""
    found: dict[str, dict[str, str]] = {}
    for name, items_ in kept.rows.items():
        for warning in (each for attempts in items_.values() for each in attempts[-1].warnings or ()):
            if warning["code"] == "masked":
                for key in texts(warning["keys"]):
                    found.setdefault(name, {})[key] = (
                        f"“{key}” of the task {name} holds a secret: it is masked in the record, and not kept any more."
                        f" Run it again, with what follows: smartspec rerun {run.execution.id[:18]} --from {name}"
                    )
    return found


def _groups(run: Run, kept: CarriedRows) -> list[Task]:
    """Those that had started, and only the ✗ members of which are run again."""
    last = {row.task: row for row in run.rows}
    groups = [task for name, task in run.definition.tasks.items() if task.kind.is_group and name in kept.continuing]
    return [task for task in groups if task.name not in kept.rows and last[task.name].started_at is not None]


def _attempts(rows: Sequence[TaskExecution]) -> dict[tuple[str, int], int]:
    highest: dict[tuple[str, int], int] = {}
    for row in rows:
        key = (row.task, row.item_index)
        highest[key] = max(highest.get(key, 0), row.attempt)
    return highest


def _children(run: Run, kept: CarriedRows) -> Iterator[tuple[tuple[str, int], ExecutionPk]]:
    for row in run.rows:
        task = run.definition.tasks.get(row.task)
        if task is not None and task.kind is TaskKind.WORKFLOW and row.child_execution is not None:
            continues = row.task in kept.continuing or row.round == run.execution.attempt
            if continues and row.status is not T.COMPLETED:
                yield (row.task, row.item_index), row.child_execution


def _has_ended(task: Task, rows: Rows, names: Names) -> bool:
    last = [rows[index][-1] for index in sorted(rows)]
    if any(row.status in _UNENDED for row in last):
        return False
    return not task.has_items or stands_for_all(last) or _count(task, names) in (None, len(last))


def _count(task: Task, names: Names) -> int | None:
    """How many items the task has: the list is the same as when it was first asked; None: it cannot be asked."""
    try:
        return len(items(task.body["with_items"], names))
    except TemplateError:
        return None


def _ended(task: Task, rows: Rows) -> TaskEnd:
    last = [rows[index][-1] for index in sorted(rows)]
    status, reason = row_status(task, {index: list(attempts) for index, attempts in rows.items()})
    if not task.has_items or stands_for_all(last):
        only = last[0]
        return TaskEnd(status, reason, only.output, only.result, only.error, only.exit_code)
    outputs = [item_output(row.status, row.output) for row in last]
    return TaskEnd(status, reason, outputs, [row.result for row in last], None, [row.exit_code for row in last])
