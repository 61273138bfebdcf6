"""An execution as it is compared, and its tasks beside those of another."""

from __future__ import annotations

from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.value import frozen


@frozen
class TaskPair:
    """A task (with its item) in both: its last attempts, None where it was not decided.

    `old_ms` and `new_ms` are how long it took with all its attempts and the waits between them.
    """

    task: str
    item: int
    old: TaskExecution | None
    new: TaskExecution | None
    old_ms: int | None = None
    new_ms: int | None = None
    same_outputs: bool = True

    @property
    def label(self) -> str:
        return f"{self.task}[{self.item}]" if self.item else self.task

    @property
    def same_end(self) -> bool:
        one, other = self.old, self.new
        return one is not None and other is not None and (one.status, one.exit_code) == (other.status, other.exit_code)


@frozen
class ComparedExecution:
    """An execution with what its record holds, the attempts that are compared; a recorded command has no definition.

    `before` is what surrounded the attempt before the last, of one that was run again.
    """

    execution: Execution
    rows: tuple[TaskExecution, ...]
    environment: Json = None
    tree: JsonObject | None = None
    source: str = ""
    before: Json = None
