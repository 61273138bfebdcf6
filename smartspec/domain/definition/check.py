"""Everything that is wrong with a workflow file, at once, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from smartspec.domain.config import ValueType, check_value
from smartspec.domain.definition import (
    cycles,
    graph,
    lock_cycles,
    model,
    numbers,
    param_defaults,
    param_schema,
    schema,
    templates,
)
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import Node, PathProblem, dotted_path, position_of, to_json
from smartspec.domain.definition.param_defaults import has_template
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.jsontext import Json
from smartspec.domain.params import coerce_texts
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import CONTROL_CHARACTERS, control_name, did_you_mean
from smartspec.errors import Invalid, Problem
from smartspec.value import frozen

MOST_ERRORS = 1_000  # told at once
MOST_TASKS = 10_000
MOST_EDGES = 1_000_000
MOST_ITEMS = 100_000

Lookup = Callable[[str], Definition | None]


@frozen
class CheckResult:
    """What a text says and what is wrong with it; `definition` is usable where no problem is an error."""

    tree: Json
    definition: Definition
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check(root: Node, lookup: Lookup, lockers: Callable[[], Iterable[Definition]] = tuple) -> CheckResult:
    """Judge a parsed text; `lookup` finds the definition of another workflow by its ref (None: there is none).

    `lockers` are the workflows that hold locks while others run inside of them.
    """
    tree = to_json(root)
    definition = model.read(tree)
    found = _all(tree, definition, lookup, lockers)
    problems = _told(found, root)
    ordered = sorted(problems, key=lambda each: (each.line or 0, each.column or 0, each.path))
    return CheckResult(tree, definition, tuple(ordered))


def _told(found: Iterator[PathProblem], root: Node) -> list[Problem]:
    """Each once, up to a number of errors; warnings do not count, and hide none."""
    problems: dict[tuple[str, str], Problem] = {}
    errors = 0
    for path, sentence, *severity in found:
        position = position_of(root, path)
        problem = Problem(
            dotted_path(path), sentence, position.line, position.column, severity[0] if severity else "error"
        )
        if problems.setdefault((problem.path, problem.sentence), problem) is problem:
            errors += problem.severity == "error"
        if errors == MOST_ERRORS:
            more = Problem("", f"There may be more that is wrong: {MOST_ERRORS:,} errors are told at once.")
            return [*problems.values(), more]
    return list(problems.values())


def _all(
    tree: Json, definition: Definition, lookup: Lookup, lockers: Callable[[], Iterable[Definition]]
) -> Iterator[PathProblem]:
    if isinstance(tree, dict) and isinstance(tree.get("tasks"), dict) and len(definition.tasks) > MOST_TASKS:
        yield ("tasks",), f"There are {len(definition.tasks):,} tasks; at most {MOST_TASKS:,} are allowed."
        return
    yield from schema.findings(tree)
    if not isinstance(tree, dict):
        return
    yield from _words(tree)
    yield from numbers.findings(tree)
    yield from _declarations(definition)
    if (many := graph.edges_through_groups(definition)) > MOST_EDGES:
        yield ("tasks",), f"Tasks need groups of {many:,} members in all; at most {MOST_EDGES:,} are allowed."
        return
    edges = graph.nearest_dependencies(definition)
    for check_task in (_references, _never_runs, _group_member, _too_many_items):
        for task in definition.tasks.values():
            yield from check_task(task, definition)
    for twin in definition.duplicates:
        yield twin.path, f"There is already a task “{twin.name}”; names are unique in the file, inside groups too."
    yield from _branches(definition)
    for path in cycles.find_cycles(edges):
        yield (*definition.tasks[path[0]].path, "needs"), f"These wait for each other: {' → '.join(path)}."
    yield from templates.problems(definition, edges)
    yield from _workflows(definition, lookup, lockers)


# Words


def _words(tree: dict[str, Json]) -> Iterator[PathProblem]:
    """What is shown in lists must not drive a terminal."""
    tags = tree.get("tags")
    texts: dict[tuple[str | int, ...], Json] = {(key,): tree.get(key) for key in ("name", "description", "category")}
    texts |= {("tags", number): tag for number, tag in enumerate(tags if isinstance(tags, list) else ())}
    for path, text in texts.items():
        if isinstance(text, str) and (found := CONTROL_CHARACTERS.search(text)):
            yield path, f"It cannot hold {control_name(found[0])}; leave it out."


# Declarations


def _declarations(definition: Definition) -> Iterator[PathProblem]:
    for key, declared in definition.config.items():
        kind = declared.get("type")
        if kind not in ValueType.__members__.values():
            continue
        if kind == ValueType.SECRET and "default" in declared:
            yield ("config", key, "default"), "A secret has no default; it would stand in the file."
        elif "default" in declared:
            try:
                check_value(declared["default"], ValueType(kind), key)
            except Invalid as error:
                yield ("config", key, "default"), str(error)
    if definition.params is not None:
        yield from param_schema.findings(definition.params)


# Tasks


def _references(task: Task, definition: Definition) -> Iterator[PathProblem]:
    for key in ("needs", "then", "else"):
        named = task.body.get(key)
        for index, name in enumerate(named if isinstance(named, list) else []):
            if isinstance(name, str) and name not in definition.tasks:
                guess = did_you_mean(name, list(definition.tasks))
                yield (*task.path, key, index), f"There is no task “{name}”{guess}"


def _never_runs(task: Task, definition: Definition) -> Iterator[PathProblem]:
    if isinstance(task.join, int) and len(task.needs) < task.join <= RANGES["join"].largest:
        yield (
            (*task.path, "join"),
            f"This can never run: it wants {task.join} needs completed, and has {len(task.needs)}.",
        )
    if task.join == "any" and not task.needs:
        yield (*task.path, "join"), "This can never run: `join: any` wants a need, and there is none."
    if task.needs or task.branch or task.group:
        return
    expression = templates.expression_of(task.condition_to_run)
    if expression and expression.calls("failure") and not expression.calls("always"):
        yield (*task.path, "if"), "This can never run: failure() asks for a failed need, and there are no needs."


def _group_member(task: Task, definition: Definition) -> Iterator[PathProblem]:
    if task.group is None:
        return
    for key in ("needs", "join"):
        if key in task.body:
            yield (*task.path, key), f"A member of a group has no `{key}` of its own; give it to “{task.group}”."
    if task.kind is TaskKind.CONDITION:
        yield (*task.path, "condition"), "A condition cannot stand inside a group; use `if` on the members."


def _too_many_items(task: Task, definition: Definition) -> Iterator[PathProblem]:
    inline = task.body.get("with_items")
    if isinstance(inline, list) and len(inline) > MOST_ITEMS:
        yield (*task.path, "with_items"), f"There are {len(inline):,} items; at most {MOST_ITEMS:,} are allowed."


def _branches(definition: Definition) -> Iterator[PathProblem]:
    first: dict[str, tuple[str, str]] = {}
    for task in definition.tasks.values():
        for side in ("then", "else") if task.kind is TaskKind.CONDITION else ():
            named = task.body.get(side)
            for index, name in enumerate(named if isinstance(named, list) else []):
                if not isinstance(name, str) or name not in definition.tasks:
                    continue
                where = (*task.path, side, index)
                if definition.tasks[name].group is not None:
                    yield where, f"“{name}” is a member of the group “{definition.tasks[name].group}”; name the group."
                elif name in first:
                    yield where, f"“{name}” is named by “{first[name][0]}” already; one side of one condition may."
                else:
                    first[name] = (task.name, side)


# Other workflows


def _workflows(
    definition: Definition, lookup: Lookup, lockers: Callable[[], Iterable[Definition]]
) -> Iterator[PathProblem]:
    for ref, tasks in definition.children().items():
        child = definition if ref == definition.ref else lookup(ref)
        for task in tasks:
            if child is None:
                yield (*task.path, "workflow"), f"There is no workflow “{ref}”; import it first, or together with this."
            else:
                yield from _input(task, child)
    for task in [*definition.tasks.values(), *definition.handlers.values()]:
        if task.kind is TaskKind.TOOL:
            yield (*task.path, "tool"), f"There is no tool “{task.body['tool']}”."
    yield from _workflow_cycle(definition, lookup)

    @cache
    def found(ref: str) -> Definition | None:
        return definition if ref == definition.ref else lookup(ref)

    if lock_cycles.has_locks(definition, found):
        yield from lock_cycles.find_cycles(definition, lockers(), found)


def _input(task: Task, child: Definition) -> Iterator[PathProblem]:
    given = task.body.get("input")
    given = given if isinstance(given, dict) else {}
    schema = child.params or {}
    properties = schema.get("properties")
    known = list(properties) if isinstance(properties, dict) else []
    if schema.get("additionalProperties") in (None, False) and not schema.get("patternProperties"):
        for key in given:
            if key not in known:
                guess = did_you_mean(key, known)
                yield (*task.path, "input", key), f"{child.ref} has no parameter “{key}”{guess}"
    required = schema.get("required")
    for key in required if isinstance(required, list) else []:
        default = properties[key] if isinstance(properties, dict) and key in properties else {}
        if key not in given and not (isinstance(default, dict) and "default" in default):
            yield task.path, f"{child.ref} needs the parameter “{key}” in `input`."
    fixed = {key: value for key, value in given.items() if key in known and not has_template(value)}
    if fixed and child.params is not None:
        for path, why in param_defaults.violations_of_entries(child.params, coerce_texts(fixed, child.params)):
            yield (*task.path, "input", *path), f"{child.ref} takes no such “{path[0]}”: it {why}."


def _workflow_cycle(definition: Definition, lookup: Lookup) -> Iterator[PathProblem]:
    def walk(current: Definition, path: tuple[str, ...]) -> tuple[str, ...] | None:
        for ref in current.children():
            child = definition if ref == definition.ref else lookup(ref)
            if child is None:
                continue
            if child.ref in path:
                return (*path[path.index(child.ref) :], child.ref)
            if len(path) >= model.DEEPEST_WORKFLOWS:
                return (*path, child.ref)
            if longer := walk(child, (*path, child.ref)):
                return longer
        return None

    path = walk(definition, (definition.ref,))
    if path is None:
        return
    first = next(iter(definition.children().values()))[0]
    task = next((tasks[0] for ref, tasks in definition.children().items() if ref in path), first)
    if path[0] == path[-1]:
        yield (*task.path, "workflow"), f"These workflows start each other: {' → '.join(path)}."
    else:
        yield (
            (*task.path, "workflow"),
            f"Workflows may be {model.DEEPEST_WORKFLOWS} deep, not deeper: {' → '.join(path)}.",
        )
