"""What a definition says, as objects."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping

from smartspec.domain.definition import numbers
from smartspec.domain.definition.coercion import as_duration_ms, as_number
from smartspec.domain.definition.nodes import Path, dotted_path
from smartspec.domain.definition.task import _KINDS, Branch, Task, TaskKind
from smartspec.domain.jsontext import Json, JsonObject, as_list, as_mapping, as_text, texts
from smartspec.domain.workflow import slug
from smartspec.errors import Invalid
from smartspec.messages import _, join, sentences
from smartspec.value import field, mutable

HANDLERS = ("success", "failure", "cancel", "exit")
HANDLER_TIMEOUT_MS = 300_000
DEEPEST_WORKFLOWS = 10


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
    config: Mapping[str, JsonObject]
    vars: dict[str, Json]
    env: dict[str, Json]
    timeout_ms: int | None
    concurrency: int
    max_running: int | None
    uses: tuple[str, ...]
    priority: int
    fail_fast: bool
    output: JsonObject | None
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


def read_stored(tree: JsonObject) -> Definition:
    """The model of a version that is to run. Raises Invalid for numbers that an earlier release let in."""
    found = [join(": ", (dotted_path(path), sentence)) for path, sentence, *_severity in numbers.findings(tree)]
    if found:
        what = sentences(found[:5])
        raise Invalid(_("This version cannot run: {problems} Fix the file and import it.", problems=what))
    return read(tree)


def read(values: Json) -> Definition:
    """The model of a plain tree. What does not fit the schema is left out: it is for `check` to tell."""
    tree = as_mapping(values)
    definition = Definition(
        name=as_text(tree.get("name")) or "",
        pack=as_text(tree.get("pack")) or "default",
        version=as_text(tree.get("version")),
        description=as_text(tree.get("description")),
        category=as_text(tree.get("category")),
        tags=tuple(texts(tree.get("tags"))),
        params=schema if isinstance(schema := tree.get("params"), dict) else None,
        config={key: each for key, each in as_mapping(tree.get("config")).items() if isinstance(each, dict)},
        vars=dict(as_mapping(tree.get("vars"))),
        env=dict(as_mapping(tree.get("env"))),
        timeout_ms=as_duration_ms(tree.get("timeout"), "timeout"),
        concurrency=as_number(tree.get("concurrency"), "concurrency") or os.cpu_count() or 1,
        max_running=as_number(tree.get("max_running"), "max_running"),
        uses=tuple(texts(tree.get("uses"))),
        priority=as_number(tree.get("priority"), "priority") or 0,
        fail_fast=tree.get("fail_fast") is True,
        output=output if isinstance(output := tree.get("output"), dict) else None,
    )
    _read_tasks(definition, as_mapping(tree.get("tasks")), as_mapping(tree.get("defaults")))
    for name, body in as_mapping(tree.get("handlers")).items():
        if name in HANDLERS and isinstance(body, dict) and (kind := _kind(body)):
            path = ("handlers", name)
            definition.handlers[name] = Task(f"handlers.{name}", kind, path, len(definition.tasks), body)
    return definition


def _read_tasks(definition: Definition, tasks: JsonObject, defaults: JsonObject) -> None:
    members: dict[str, list[str]] = {}
    for name, body, path, group, outer_env in _walk(tasks, ("tasks",), None, ()):
        kind = _kind(body)
        if kind is None:
            continue
        full = {**{key: defaults[key] for key in _fillable(kind) if key in defaults}, **body}
        for key in ("needs", "then", "else"):
            if isinstance(named := body.get(key), list):
                full[key] = [task_name(each) if isinstance(each, str) else each for each in named]
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
            for named in texts(task.body.get(side)):
                if named in definition.tasks and definition.tasks[named].branch is None:
                    definition.tasks[named].branch = Branch(task.name, side)


Found = tuple[str, JsonObject, Path, str | None, tuple[JsonObject, ...]]


def _walk(tasks: JsonObject, path: Path, group: str | None, outer_env: tuple[JsonObject, ...]) -> Iterator[Found]:
    """Every task of a mapping, members after their group, as (name, body, path, group, env around it)."""
    for name, body in tasks.items():
        if not isinstance(body, dict):
            continue
        here = (*path, name)
        name = task_name(name)
        yield name, body, here, group, outer_env
        inner_env = (*outer_env, as_mapping(body.get("env")))
        yield from _walk(as_mapping(body.get("parallel")), (*here, "parallel"), name, inner_env)
        for index, member in enumerate(as_list(body.get("sequential"))):
            yield from _walk(as_mapping(member), (*here, "sequential", index), name, inner_env)


def task_name(written: str) -> str:
    """The name that is meant: accents may be written in one character or in two."""
    return written if written.isascii() else unicodedata.normalize("NFC", written)


def _fillable(kind: TaskKind) -> tuple[str, ...]:
    if not kind.is_executor:
        return ()
    return ("timeout", "retry", "cwd", "continue_on_error", *(("shell",) if kind is TaskKind.RUN else ()))


def _kind(body: JsonObject) -> TaskKind | None:
    return next((kind for word, kind in _KINDS if word in body), None)
