"""The workflows that a workflow starts: whether they are there, take what they are given, and come to an end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from smartspec.domain.definition import lock_cycles, model, param_defaults
from smartspec.domain.definition.lock_cycles import Lookup
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import PathProblem
from smartspec.domain.definition.param_defaults import has_template
from smartspec.domain.definition.task import Task
from smartspec.domain.params import coerce_texts
from smartspec.domain.text import did_you_mean
from smartspec.messages import _


def findings(
    definition: Definition, lookup: Lookup, lockers: Callable[[], Iterable[Definition]]
) -> Iterator[PathProblem]:
    """Everything that can be known to be wrong with the workflows that a definition starts.

    `lookup` and `lockers` are those of `check`.
    """

    @cache
    def found(ref: str) -> Definition | None:
        return definition if ref == definition.ref else lookup(ref)

    for ref, tasks in definition.children().items():
        child = found(ref)
        for task in tasks:
            if child is None:
                sentence = _("There is no workflow “{ref}”; import it first, or together with this.", ref=ref)
                yield (*task.path, "workflow"), sentence
            else:
                yield from _input(task, child)
    yield from _cycle(definition, found)
    if lock_cycles.has_locks(definition, found):
        yield from lock_cycles.find_cycles(definition, lockers(), found)


def _input(task: Task, child: Definition) -> Iterator[PathProblem]:
    given = task.body.get("input")
    given = given if isinstance(given, dict) else {}
    declared = child.params or {}
    properties = declared.get("properties")
    known = list(properties) if isinstance(properties, dict) else []
    if declared.get("additionalProperties") in (None, False) and not declared.get("patternProperties"):
        for key in given:
            if key not in known:
                end = did_you_mean(key, known)
                sentence = _("{workflow} has no parameter “{name}”{end}", workflow=child.ref, name=key, end=end)
                yield (*task.path, "input", key), sentence
    required = declared.get("required")
    for key in required if isinstance(required, list) else []:
        default = properties[key] if isinstance(properties, dict) and key in properties else {}
        if key not in given and not (isinstance(default, dict) and "default" in default):
            yield task.path, _("{workflow} needs the parameter “{name}” in `input`.", workflow=child.ref, name=key)
    fixed = {key: value for key, value in given.items() if key in known and not has_template(value)}
    if fixed and child.params is not None:
        for path, why in param_defaults.violations_of_entries(child.params, coerce_texts(fixed, child.params)):
            yield (
                (*task.path, "input", *path),
                _("{workflow} takes no such “{name}”: it {why}.", workflow=child.ref, name=path[0], why=why),
            )


def _cycle(definition: Definition, lookup: Lookup) -> Iterator[PathProblem]:
    path = _endless_path(definition, (definition.ref,), lookup, {})
    if path is None:
        return
    first = next(iter(definition.children().values()))[0]
    task = next((tasks[0] for ref, tasks in definition.children().items() if ref in path), first)
    if path[0] == path[-1]:
        sentence = _("These workflows start each other: {path}.", path=" → ".join(path))
    else:
        most = model.DEEPEST_WORKFLOWS
        sentence = _("Workflows may be {most} deep, not deeper: {path}.", most=most, path=" → ".join(path))
    yield (*task.path, "workflow"), sentence


def _endless_path(
    current: Definition, path: tuple[str, ...], lookup: Lookup, ends: dict[str, int]
) -> tuple[str, ...] | None:
    """The refs from the first of `path` to one that is in it already, or that lies too deep; None: there is none.

    `ends` are those from which there was none, and how deep they lay: paths that meet again are walked once.
    """
    for ref in current.children():
        child = lookup(ref)
        if child is None:
            continue
        if child.ref in path:
            return (*path[path.index(child.ref) :], child.ref)
        if len(path) >= model.DEEPEST_WORKFLOWS:
            return (*path, child.ref)
        if ends.get(child.ref, 0) >= len(path):
            continue
        if longer := _endless_path(child, (*path, child.ref), lookup, ends):
            return longer
        ends[child.ref] = len(path)
    return None
