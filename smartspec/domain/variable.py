"""What templates of an execution can name by now, with who set it: what was given, worked out, or came of a task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.jsontext import Json, as_mapping, dump
from smartspec.value import frozen

GIVEN, DEFAULT, DEFINITION, PINNED = "given", "default", "definition", "pinned"


@frozen
class Variable:
    """`name` is as a template writes it, `text` the value as it is read. `source` is one of the words above, or a task,
    whose attempt `by` is.
    """

    name: str
    value: Json
    text: str
    source: str
    at: datetime | None = None
    by: TaskExecution | None = None


def variables_of(execution: Execution, rows: Iterable[TaskExecution]) -> tuple[Variable, ...]:
    """In the order of the file, item by item; `rows` are the last attempts that gave something."""
    return (*_at_the_start(execution), *_of_tasks(rows), *_at_the_end(execution))


def _at_the_start(execution: Execution) -> Iterator[Variable]:
    known, given = execution.variables or {}, as_mapping(execution.input)
    for name, value in as_mapping(known.get("params")).items():
        yield _variable(f"params.{name}", value, GIVEN if name in given else DEFAULT, execution.created_at)
    for name, value in as_mapping(known.get("vars")).items():
        yield _variable(f"vars.{name}", value, DEFINITION, execution.created_at)
    for name in ("now", "today"):
        if name in known:
            yield _variable(name, known[name], PINNED, execution.created_at)


def _of_tasks(rows: Iterable[TaskExecution]) -> Iterator[Variable]:
    for row in sorted(rows, key=lambda each: (each.position, each.item_index)):
        item = row.label.removeprefix(row.task)
        outputs = row.output if isinstance(row.output, dict) else {"": row.output}
        for name, value in outputs.items():
            full = f"tasks.{row.task}.outputs{item}" + (f".{name}" if name else "")
            yield _variable(full, value, row.task, row.completed_at, row)


def _at_the_end(execution: Execution) -> Iterator[Variable]:
    for name, value in as_mapping(execution.output).items():
        yield _variable(f"output.{name}", value, DEFINITION, execution.completed_at)


def _variable(name: str, value: Json, source: str, at: datetime | None, by: TaskExecution | None = None) -> Variable:
    return Variable(name, value, value if isinstance(value, str) else dump(value), source, at, by)
