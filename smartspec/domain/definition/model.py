"""What a definition says, as objects: tasks, groups, retries, handlers."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum

from smartspec.domain.definition import numbers
from smartspec.domain.definition.nodes import Path, dotted_path
from smartspec.domain.jsontext import Json, canonical
from smartspec.domain.ranges import RANGES, whole
from smartspec.domain.times import LONGEST_MS, parse_milliseconds
from smartspec.domain.workflow import slug
from smartspec.errors import Invalid
from smartspec.value import field, frozen, mutable

HANDLERS = ("success", "failure", "cancel", "exit")
HANDLER_TIMEOUT_MS = 300_000
DEEPEST_WORKFLOWS = 10
# What says nothing about what the workflow does, and so has no part in its hash.
_DECORATION = frozenset({"name", "pack", "version", "description", "category", "tags"})


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
    body: dict[str, Json]
    group: str | None = None
    members: tuple[str, ...] = ()
    branch: Branch | None = None
    outer_env: tuple[Mapping[str, Json], ...] = ()  # of the groups around it, outermost first

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(need for need in _list(self.body.get("needs")) if isinstance(need, str))

    @property
    def join(self) -> str | int:
        join = self.body.get("join", "all")
        number = whole(join)
        return number if number is not None else join if join in ("all", "any") else "all"

    @property
    def condition_to_run(self) -> str | bool | None:
        return self.body.get("if")

    @property
    def tolerant(self) -> bool:
        return self.body.get("continue_on_error") is True

    @property
    def env(self) -> Mapping[str, Json]:
        return _mapping(self.body.get("env"))

    @property
    def has_items(self) -> bool:
        return "with_items" in self.body

    @property
    def timeout_ms(self) -> int | None:
        return _duration(self.body.get("timeout"), "timeout")

    @property
    def concurrency(self) -> int | None:
        """Items at once."""
        return _number(self.body.get("concurrency"), "concurrency")

    @property
    def retry(self) -> Retry | None:
        return _retry(self.body.get("retry"))


@mutable
class Definition:
    """One version of a workflow, read. Durations are milliseconds."""

    name: str
    pack: str
    version: str | None
    description: str | None
    category: str | None
    tags: tuple[str, ...]
    params: dict[str, Json] | None
    config: dict[str, Json]
    vars: dict[str, Json]
    env: dict[str, Json]
    timeout_ms: int | None
    concurrency: int
    max_running: int | None
    uses: tuple[str, ...]
    priority: int
    fail_fast: bool
    output: dict[str, Json] | None
    tasks: dict[str, Task] = field(default_factory=dict)  # in the order of the file, a group before its members
    handlers: dict[str, Task] = field(default_factory=dict)
    duplicates: list[Task] = field(default_factory=list)  # tasks whose name was taken already

    @property
    def ref(self) -> str:
        return f"{self.pack}.{slug(self.name)}"

    def children(self) -> dict[str, list[Task]]:
        """The refs of the workflows it starts, each with the tasks that do; a ref without a dot is of this pack."""
        found: dict[str, list[Task]] = {}
        for task in [*self.tasks.values(), *self.handlers.values()]:
            ref = task.body.get("workflow")
            if task.kind is TaskKind.WORKFLOW and isinstance(ref, str):
                found.setdefault(ref, []).append(task)
        return found


def read_stored(tree: Mapping[str, Json]) -> Definition:
    """The model of a version that is to run. Raises Invalid for numbers that an earlier release let in."""
    if found := [f"{dotted_path(path)}: {sentence}" for path, sentence, *_ in numbers.findings(tree)]:
        raise Invalid(f"This version cannot run: {' '.join(found[:5])} Mend the file and import it.")
    return read(tree)


def read(tree: Json) -> Definition:
    """The model of a plain tree. What does not fit the schema is left out: it is for `check` to tell."""
    tree = _mapping(tree)
    definition = Definition(
        name=_text(tree.get("name")) or "",
        pack=_text(tree.get("pack")) or "default",
        version=_text(tree.get("version")),
        description=_text(tree.get("description")),
        category=_text(tree.get("category")),
        tags=tuple(tag for tag in _list(tree.get("tags")) if isinstance(tag, str)),
        params=tree["params"] if isinstance(tree.get("params"), dict) else None,
        config={key: each for key, each in _mapping(tree.get("config")).items() if isinstance(each, dict)},
        vars=dict(_mapping(tree.get("vars"))),
        env=dict(_mapping(tree.get("env"))),
        timeout_ms=_duration(tree.get("timeout"), "timeout"),
        concurrency=_number(tree.get("concurrency"), "concurrency") or os.cpu_count() or 1,
        max_running=_number(tree.get("max_running"), "max_running"),
        uses=tuple(name for name in _list(tree.get("uses")) if isinstance(name, str)),
        priority=_number(tree.get("priority"), "priority") or 0,
        fail_fast=tree.get("fail_fast") is True,
        output=tree["output"] if isinstance(tree.get("output"), dict) else None,
    )
    _read_tasks(definition, _mapping(tree.get("tasks")), _mapping(tree.get("defaults")))
    for name, body in _mapping(tree.get("handlers")).items():
        if name in HANDLERS and isinstance(body, dict) and (kind := _kind(body)):
            path = ("handlers", name)
            definition.handlers[name] = Task(f"handlers.{name}", kind, path, len(definition.tasks), body)
    return definition


def _read_tasks(definition: Definition, tasks: Mapping[str, Json], defaults: Mapping[str, Json]) -> None:
    members: dict[str, list[str]] = {}
    for name, body, path, group, outer_env in _walk(tasks, ("tasks",), None, ()):
        kind = _kind(body)
        if kind is None:
            continue
        full = {**{key: defaults[key] for key in _fillable(kind) if key in defaults}, **body}
        for key in ("needs", "then", "else"):
            if isinstance(body.get(key), list):
                full[key] = [task_name(each) if isinstance(each, str) else each for each in body[key]]
        task = Task(name, kind, path, len(definition.tasks), full, group, (), None, outer_env)
        if name in definition.tasks:
            definition.duplicates.append(task)
            continue
        definition.tasks[name] = task
        if group is not None and group in definition.tasks:
            members.setdefault(group, []).append(name)
    for group, names in members.items():
        definition.tasks[group].members = tuple(names)
    for task in definition.tasks.values():
        for side in ("then", "else") if task.kind is TaskKind.CONDITION else ():
            for named in _list(task.body.get(side)):
                if isinstance(named, str) and named in definition.tasks and definition.tasks[named].branch is None:
                    definition.tasks[named].branch = Branch(task.name, side)


Found = tuple[str, dict[str, Json], Path, str | None, tuple[Mapping[str, Json], ...]]


def _walk(
    tasks: Mapping[str, Json], path: Path, group: str | None, outer_env: tuple[Mapping[str, Json], ...]
) -> Iterator[Found]:
    """Every task of a mapping, members after their group, as (name, body, path, group, env around it)."""
    for name, body in tasks.items():
        if not isinstance(body, dict):
            continue
        here = (*path, name)
        name = task_name(name)
        yield name, body, here, group, outer_env
        inner_env = (*outer_env, _mapping(body.get("env")))
        yield from _walk(_mapping(body.get("parallel")), (*here, "parallel"), name, inner_env)
        for index, member in enumerate(_list(body.get("sequential"))):
            yield from _walk(_mapping(member), (*here, "sequential", index), name, inner_env)


def task_name(written: str) -> str:
    """The name that is meant: accents may be written in one character or in two."""
    return written if written.isascii() else unicodedata.normalize("NFC", written)


def _fillable(kind: TaskKind) -> tuple[str, ...]:
    if not kind.is_executor:
        return ()
    return ("timeout", "retry", "cwd", "continue_on_error", *(("shell",) if kind is TaskKind.RUN else ()))


def _kind(body: Mapping[str, Json]) -> TaskKind | None:
    return next((kind for word, kind in _KINDS if word in body), None)


def definition_hash(tree: Mapping[str, Json]) -> str:
    """sha256 of the meaning: without names and words about it, and with the order of tasks, which is meaning."""
    meaning = {key: value for key, value in _without_extensions(tree).items() if key not in _DECORATION}
    for holder in ("tasks", "handlers"):
        if isinstance(tree.get(holder), dict):
            meaning[holder] = _task_pairs(tree[holder])
    return hashlib.sha256(canonical(meaning).encode()).hexdigest()


def _task_pairs(tasks: Mapping[str, Json]) -> list[Json]:
    """A mapping of tasks as pairs, so that canonical JSON keeps their order."""
    return [[name, _task_meaning(body) if isinstance(body, dict) else body] for name, body in tasks.items()]


def _task_meaning(body: Mapping[str, Json]) -> dict[str, Json]:
    meaning = _without_extensions(body)
    if isinstance(body.get("parallel"), dict):
        meaning["parallel"] = _task_pairs(body["parallel"])
    if isinstance(body.get("sequential"), list):
        meaning["sequential"] = [_task_pairs(step) for step in body["sequential"] if isinstance(step, dict)]
    return meaning


def _without_extensions(body: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in body.items() if not key.startswith("x-")}


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Json, key: str) -> int | None:
    number = whole(value)
    return number if number is not None and number in RANGES[key] else None


def _duration(value: Json, key: str) -> int | None:
    try:
        ms = None if value is None else parse_milliseconds(value)
    except Invalid:
        return None
    return round(ms) if ms is not None and ms in RANGES[key] else None


def _retry(value: Json) -> Retry | None:
    if not isinstance(value, dict) or (most := _number(value.get("max"), "retry.max")) is None:
        return None
    delay = _duration(value.get("delay"), "retry.delay")
    return Retry(
        max=most,
        delay_ms=1_000 if delay is None else delay,
        backoff=_factor(value.get("backoff"), "retry.backoff", 1.0),
        max_delay_ms=_duration(value.get("max_delay"), "retry.max_delay"),
        jitter=_factor(value.get("jitter"), "retry.jitter", 0.0),
        when=tuple(_list(value.get("when"))) if "when" in value else ("failed", "timeout"),
        until=value.get("until"),
    )


def _factor(value: Json, key: str, otherwise: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value in RANGES[key] else otherwise
