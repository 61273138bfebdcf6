"""What is the same in two executions, in words: it need not be looked at."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain.compare import environment_diff
from smartspec.domain.compare.compared_execution import ComparedExecution, TaskPair
from smartspec.domain.jsontext import Json, canonical


def similarities(old: ComparedExecution, new: ComparedExecution, pairs: tuple[TaskPair, ...]) -> Iterator[str]:
    """A line for each kind of thing that both have and in which they agree, wholly or in part."""
    if old.tree and new.tree:
        yield from _same("the definition", old.tree, new.tree)
    if pairs:
        tasks = {pair.task for pair in pairs}
        others = {pair.task for pair in pairs if not pair.same_end}  # with any of its items
        if alike := len(tasks - others):
            yield f"{_part(alike, len(tasks), 'task')} ended alike"
    before, after = (_mapping(each.execution.config_snapshot) for each in (old, new))
    if keys := before.keys() | after.keys():
        alike = sum(canonical(before.get(key)) == canonical(after.get(key)) for key in keys)
        if alike:
            yield _part(alike, len(keys), "setting")
    if old.execution.input or new.execution.input:
        yield from _same("the input", old.execution.input, new.execution.input)
    yield from _same("the output", old.execution.output, new.execution.output)
    for what, before_, after_ in (
        ("the folder", old.execution.folder, new.execution.folder),
        ("the interpreter", old.execution.interpreter, new.execution.interpreter),
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
        name: value for name, value in _mapping(new.get("variables")).items() if not environment_diff.is_noise(name)
    }
    alike = sum(_mapping(old.get("variables")).get(name) == value for name, value in variables.items())
    parts = [word for kind, word in (("path", "PATH"), ("kernel", "the system")) if kind not in kinds]
    if alike:
        parts.append(_part(alike, len(variables), "variable"))
    if parts:
        yield ", ".join(parts)


def _part(alike: int, whole: int, word: str) -> str:
    several = word if whole == 1 else f"{word}s"
    return f"all {whole} {several}" if alike == whole and whole > 1 else f"{alike} of {whole} {several}"


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
