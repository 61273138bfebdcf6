"""A task of a definition: its kind, its needs, its branch, its retries."""

from __future__ import annotations

from enum import StrEnum

from smartspec.domain.definition.coercion import as_duration_ms, as_factor, as_number
from smartspec.domain.definition.nodes import Path
from smartspec.domain.jsontext import Json, JsonObject, as_mapping, texts
from smartspec.domain.ranges import whole
from smartspec.domain.times import LONGEST_MS
from smartspec.value import frozen, mutable


class TaskKind(StrEnum):
    RUN = "run"
    COMMAND = "command"
    PYTHON = "python"
    HTTP = "http"
    TOOL = "tool"
    WORKFLOW = "workflow"
    CONDITION = "condition"
    PARALLEL = "parallel"
    SEQUENTIAL = "sequential"
    WAIT = "wait"
    MANUAL = "manual"

    @property
    def is_executor(self) -> bool:
        return self in _EXECUTORS

    @property
    def is_group(self) -> bool:
        return self in (TaskKind.PARALLEL, TaskKind.SEQUENTIAL)

    @property
    def task_type(self) -> str:
        """The word the record uses: executor, condition, parallel, sequential, sub_workflow, wait or manual."""
        return "executor" if self.is_executor else "sub_workflow" if self is TaskKind.WORKFLOW else self.value


_KINDS = tuple((kind.value, kind) for kind in TaskKind)
_EXECUTORS = frozenset({TaskKind.RUN, TaskKind.COMMAND, TaskKind.PYTHON, TaskKind.HTTP, TaskKind.TOOL})


@frozen
class Retry:
    """`max` counts retries; the delays are milliseconds."""

    max: int
    delay_ms: int = 1_000
    backoff: float = 1.0
    max_delay_ms: int | None = None
    jitter: float = 0.0
    when: tuple[str, ...] = ("failed", "timeout")
    until: str | bool | None = None

    def delay_before(self, retry: int, chance: float = 0.5) -> int:
        """Milliseconds before the k-th retry (from 1); `chance`, from 0 to 1, places it within the jitter."""
        longest = LONGEST_MS if self.max_delay_ms is None else self.max_delay_ms
        try:
            delay = min(self.delay_ms * self.backoff ** (retry - 1), longest)
        except OverflowError:
            delay = longest if self.delay_ms else 0
        return round(min(max(delay * (1 + self.jitter * (2 * chance - 1)), 0), LONGEST_MS))


@frozen
class Branch:
    """The side of a condition that names a task."""

    condition: str
    side: str  # then or else


@mutable
class Task:
    """A node. `body` is what the file says under its name, with the defaults filled in."""

    name: str
    kind: TaskKind
    path: Path
    position: int
    body: JsonObject
    group: str | None = None
    members: tuple[str, ...] = ()
    branch: Branch | None = None
    outer_env: tuple[JsonObject, ...] = ()  # of the groups around it, outermost first

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(texts(self.body.get("needs")))

    @property
    def join(self) -> str | int:
        join = self.body.get("join", "all")
        number = whole(join)
        return number if number is not None else join if join in ("all", "any") else "all"

    @property
    def condition_to_run(self) -> str | bool | None:
        condition = self.body.get("if")
        return condition if isinstance(condition, str | bool) else None

    @property
    def tolerant(self) -> bool:
        return self.body.get("continue_on_error") is True

    @property
    def env(self) -> JsonObject:
        return as_mapping(self.body.get("env"))

    @property
    def has_items(self) -> bool:
        return "with_items" in self.body

    @property
    def timeout_ms(self) -> int | None:
        return as_duration_ms(self.body.get("timeout"), "timeout")

    @property
    def concurrency(self) -> int | None:
        """Items at once."""
        return as_number(self.body.get("concurrency"), "concurrency")

    @property
    def retry(self) -> Retry | None:
        return _retry(self.body.get("retry"))


def _retry(value: Json) -> Retry | None:
    if not isinstance(value, dict) or (most := as_number(value.get("max"), "retry.max")) is None:
        return None
    delay = as_duration_ms(value.get("delay"), "retry.delay")
    return Retry(
        max=most,
        delay_ms=1_000 if delay is None else delay,
        backoff=as_factor(value.get("backoff"), "retry.backoff", 1.0),
        max_delay_ms=as_duration_ms(value.get("max_delay"), "retry.max_delay"),
        jitter=as_factor(value.get("jitter"), "retry.jitter", 0.0),
        when=tuple(texts(value.get("when"))) if "when" in value else ("failed", "timeout"),
        until=until if isinstance(until := value.get("until"), str | bool) else None,
    )
