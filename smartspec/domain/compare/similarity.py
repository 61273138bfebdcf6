"""What is the same in two executions, in words: it need not be looked at."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain.compare import environment_diff
from smartspec.domain.compare.compared_execution import ComparedExecution, TaskPair
from smartspec.domain.jsontext import Json, as_mapping, canonical
from smartspec.messages import _, _n, listed


def similarities(old: ComparedExecution, new: ComparedExecution, pairs: tuple[TaskPair, ...]) -> Iterator[str]:
    """A line for each kind of thing that both have and in which they agree, wholly or in part."""
    if old.tree and new.tree:
        yield from _same(_("the definition"), old.tree, new.tree)
    if pairs:
        tasks = {pair.task for pair in pairs}
        others = {pair.task for pair in pairs if not pair.same_end}  # with any of its items
        if alike := len(tasks - others):
            yield _tasks(alike, len(tasks))
    before, after = (as_mapping(each.execution.config_snapshot) for each in (old, new))
    if keys := before.keys() | after.keys():
        alike = sum(canonical(before.get(key)) == canonical(after.get(key)) for key in keys)
        if alike:
            yield _settings(alike, len(keys))
    if old.execution.input or new.execution.input:
        yield from _same(_("the input"), old.execution.input, new.execution.input)
    yield from _same(_("the output"), old.execution.output, new.execution.output)
    for what, before_, after_ in (
        (_("the folder"), old.execution.folder, new.execution.folder),
        (_("the interpreter"), old.execution.interpreter, new.execution.interpreter),
    ):
        if before_ is not None:
            yield from _same(what, before_, after_)
    if isinstance(old.environment, dict) and isinstance(new.environment, dict):
        yield from _environment(old.environment, new.environment)


def _same(what: str, old: Json, new: Json) -> Iterator[str]:
    if new is not None and canonical(old) == canonical(new):
        yield what


def _environment(old: dict[str, Json], new: dict[str, Json]) -> Iterator[str]:
    kinds = {each.kind for each in environment_diff.differences(old, new)}
    variables = {
        name: value for name, value in as_mapping(new.get("variables")).items() if not environment_diff.is_noise(name)
    }
    alike = sum(as_mapping(old.get("variables")).get(name) == value for name, value in variables.items())
    parts = [word for kind, word in (("path", "PATH"), ("kernel", _("the system"))) if kind not in kinds]
    if alike:
        parts.append(_variables(alike, len(variables)))
    if parts:
        yield listed(parts)


def _tasks(alike: int, whole: int) -> str:
    if alike == whole > 1:
        return _n("all {n} task ended alike", "all {n} tasks ended alike", whole)
    return _n("{alike} of {n} task ended alike", "{alike} of {n} tasks ended alike", whole, alike=alike)


def _settings(alike: int, whole: int) -> str:
    if alike == whole > 1:
        return _n("all {n} setting", "all {n} settings", whole)
    return _n("{alike} of {n} setting", "{alike} of {n} settings", whole, alike=alike)


def _variables(alike: int, whole: int) -> str:
    if alike == whole > 1:
        return _n("all {n} variable", "all {n} variables", whole)
    return _n("{alike} of {n} variable", "{alike} of {n} variables", whole, alike=alike)
