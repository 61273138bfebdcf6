"""Everything that is wrong with a workflow file, at once, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from smartspec.domain.config import ValueType, check_value
from smartspec.domain.definition import (
    cycles,
    graph,
    model,
    numbers,
    param_schema,
    schema,
    sub_workflows,
    templates,
)
from smartspec.domain.definition.lock_cycles import Lookup
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import Node, PathProblem, dotted_path, position_of, to_json
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.invisible import find_invisible, invisible_name
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import CONTROL_CHARACTERS, control_name, did_you_mean
from smartspec.errors import Invalid, Problem
from smartspec.formatting import format_number
from smartspec.messages import _, _n
from smartspec.value import frozen

MOST_ERRORS = 1_000  # told at once
MOST_TASKS = 10_000
MOST_EDGES = 1_000_000
MOST_ITEMS = 100_000


@frozen
class CheckResult:
    """What a text says and what is wrong with it; `definition` is usable where no problem is an error.

    `root` still knows the positions; None where the text cannot be parsed.
    """

    tree: Json
    definition: Definition
    problems: tuple[Problem, ...]
    root: Node | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check(root: Node, lookup: Lookup, lockers: Callable[[], Iterable[Definition]] = tuple) -> CheckResult:
    """Check a parsed text; `lookup` finds the definition of another workflow by its ref (None: there is none).

    `lockers` are the workflows that hold locks while others run inside of them.
    """
    tree = to_json(root)
    definition = model.read(tree)
    found = _all(tree, definition, lookup, lockers)
    problems = _told(found, root)
    ordered = sorted(problems, key=lambda each: (each.line or 0, each.column or 0, each.path))
    return CheckResult(tree, definition, tuple(ordered), root)


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
            most = format_number(MOST_ERRORS)
            more = _("There may be more that is wrong: {most} errors are told at once.", most=most)
            return [*problems.values(), Problem("", more)]
    return list(problems.values())


def _all(
    tree: Json, definition: Definition, lookup: Lookup, lockers: Callable[[], Iterable[Definition]]
) -> Iterator[PathProblem]:
    if isinstance(tree, dict) and isinstance(tree.get("tasks"), dict) and len(definition.tasks) > MOST_TASKS:
        count, most = format_number(len(definition.tasks)), format_number(MOST_TASKS)
        yield ("tasks",), _("There are {count} tasks; at most {most} are allowed.", count=count, most=most)
        return
    yield from schema.findings(tree)
    if not isinstance(tree, dict):
        return
    yield from _words(tree)
    yield from numbers.findings(tree)
    yield from _declarations(definition)
    if (many := graph.edges_through_groups(definition)) > MOST_EDGES:
        count, most = format_number(many), format_number(MOST_EDGES)
        sentence = _("Tasks need groups of {count} members in all; at most {most} are allowed.", count=count, most=most)
        yield ("tasks",), sentence
        return
    yield from _graph(definition)
    yield from _tools(definition)
    yield from sub_workflows.findings(definition, lookup, lockers)


def _graph(definition: Definition) -> Iterator[PathProblem]:
    """Tasks and what they need; the edges must not be too many to be walked."""
    edges = graph.nearest_dependencies(definition)
    for check_task in (_references, _never_runs, _group_member, _too_many_items):
        for task in definition.tasks.values():
            yield from check_task(task, definition)
    for twin in definition.duplicates:
        sentence = _(
            "There is already a task “{name}”; names are unique in the file, inside groups too.", name=twin.name
        )
        yield twin.path, sentence
    yield from _branches(definition)
    for path in cycles.find_cycles(edges):
        yield (*definition.tasks[path[0]].path, "needs"), cycles.cycle_sentence(path)
    yield from templates.problems(definition, edges)


# Words


def _words(tree: dict[str, Json]) -> Iterator[PathProblem]:
    """What is shown in lists must be seen, and must not drive a terminal."""
    tags = tree.get("tags")
    names: dict[tuple[str | int, ...], Json] = {(key,): tree.get(key) for key in ("name", "category")}
    names |= {("tags", number): tag for number, tag in enumerate(tags if isinstance(tags, list) else ())}
    for path, name in names.items():
        if isinstance(name, str) and (hidden := find_invisible(name.strip())) is not None:
            yield path, _("It cannot hold {character}; leave it out.", character=invisible_name(hidden))
    description = tree.get("description")
    if isinstance(description, str) and (found := CONTROL_CHARACTERS.search(description)):
        yield ("description",), _("It cannot hold {character}; leave it out.", character=control_name(found[0]))


# Declarations


def _declarations(definition: Definition) -> Iterator[PathProblem]:
    for key, declared in definition.config.items():
        kind = declared.get("type")
        if kind not in ValueType.__members__.values():
            continue
        if kind == ValueType.SECRET and "default" in declared:
            yield ("config", key, "default"), _("A secret has no default; it would stand in the file.")
        elif "default" in declared:
            try:
                check_value(declared["default"], ValueType(str(kind)), key)
            except Invalid as error:
                yield ("config", key, "default"), error.sentence
    if definition.params is not None:
        yield from param_schema.findings(definition.params)


# Tasks


def _references(task: Task, definition: Definition) -> Iterator[PathProblem]:
    for key in ("needs", "then", "else"):
        named = task.body.get(key)
        for index, name in enumerate(named if isinstance(named, list) else []):
            if isinstance(name, str) and name not in definition.tasks:
                end = did_you_mean(name, list(definition.tasks))
                yield (*task.path, key, index), _("There is no task “{name}”{end}", name=name, end=end)


def _never_runs(task: Task, definition: Definition) -> Iterator[PathProblem]:
    if isinstance(task.join, int) and len(task.needs) < task.join <= RANGES["join"].largest:
        sentence = _n(
            "This can never run: it wants {n} need completed, and has {count}.",
            "This can never run: it wants {n} needs completed, and has {count}.",
            task.join, count=len(task.needs),
        )  # fmt: skip
        yield (*task.path, "join"), sentence
    if task.join == "any" and not task.needs:
        yield (*task.path, "join"), _("This can never run: `join: any` wants a need, and there is none.")
    if task.needs or task.branch or task.group:
        return
    expression = templates.expression_of(task.condition_to_run)
    if expression and expression.calls("failure") and not expression.calls("always"):
        sentence = _("This can never run: failure() asks for a failed need, and there are no needs.")
        yield (*task.path, "if"), sentence


def _group_member(task: Task, definition: Definition) -> Iterator[PathProblem]:
    if task.group is None:
        return
    for key in ("needs", "join"):
        if key in task.body:
            sentence = _(
                "A member of a group has no `{key}` of its own; give it to “{group}”.", key=key, group=task.group
            )
            yield (*task.path, key), sentence
    if task.kind is TaskKind.CONDITION:
        yield (*task.path, "condition"), _("A condition cannot stand inside a group; use `if` on the members.")


def _too_many_items(task: Task, definition: Definition) -> Iterator[PathProblem]:
    inline = task.body.get("with_items")
    if isinstance(inline, list) and len(inline) > MOST_ITEMS:
        count, most = format_number(len(inline)), format_number(MOST_ITEMS)
        yield (
            (*task.path, "with_items"),
            _("There are {count} items; at most {most} are allowed.", count=count, most=most),
        )


def _tools(definition: Definition) -> Iterator[PathProblem]:
    for task in [*definition.tasks.values(), *definition.handlers.values()]:
        if task.kind is TaskKind.TOOL:
            yield (*task.path, "tool"), _("There is no tool “{name}”.", name=task.body["tool"])


def _branches(definition: Definition) -> Iterator[PathProblem]:
    first: dict[str, str] = {}
    for task in definition.tasks.values():
        for side in ("then", "else") if task.kind is TaskKind.CONDITION else ():
            named = task.body.get(side)
            for index, name in enumerate(named if isinstance(named, list) else []):
                if not isinstance(name, str) or name not in definition.tasks:
                    continue
                where = (*task.path, side, index)
                if (group := definition.tasks[name].group) is not None:
                    yield (
                        where,
                        _("“{name}” is a member of the group “{group}”; name the group.", name=name, group=group),
                    )
                elif name in first:
                    yield (
                        where,
                        _(
                            "“{name}” is named by “{condition}” already; one side of one condition may.",
                            name=name,
                            condition=first[name],
                        ),
                    )
                else:
                    first[name] = task.name
