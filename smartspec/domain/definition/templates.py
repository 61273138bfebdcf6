"""Every template of a definition: where it stands, what it may name there, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping

from smartspec.domain.config import secret_keys
from smartspec.domain.definition import graph, names
from smartspec.domain.definition.expressions import Expression, parse, parse_condition
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.names import Scope
from smartspec.domain.definition.nodes import Path, PathProblem
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import Json
from smartspec.messages import N_, _
from smartspec.value import frozen, replace


def problems(definition: Definition, edges: Mapping[str, tuple[str, ...]]) -> Iterator[PathProblem]:
    """What is wrong with them, each at its place; `edges` as `graph.nearest_dependencies` makes them."""
    params = definition.params or {}
    declared = params.get("properties")
    open_ = params.get("additionalProperties") not in (None, False)
    base = Scope(
        roots=frozenset({"config", "today", "now", "execution"}),
        params=None if open_ else tuple(declared) if isinstance(declared, dict) else (),
        config=tuple(definition.config),
        vars=tuple(definition.vars),
        all_tasks=frozenset(definition.tasks),
        secrets=frozenset(secret_keys(definition.config)),
    )
    yield from _defaults(declared, ("params", "properties"), base)
    yield from _value(definition.vars, ("vars",), base.extended("params"))
    common = base.extended("params", "vars")
    common = replace(common, secret_env=_secret_env(base.secrets, definition.env))
    yield from _value(definition.env, ("env",), replace(common.extended("env"), reveals=True))
    before = _Before(graph.precedence(edges))
    scopes = _Scopes(replace(common.extended("tasks"), tasks=before))
    for task in definition.tasks.values():
        before.task = task.name
        yield from _task_templates(task, scopes)
    finished = replace(common.extended("tasks"), tasks=frozenset(definition.tasks))
    yield from _value(definition.output, ("output",), finished)
    handled = replace(finished, execution=(*names.EXECUTION_FIELDS, "status", "error"))
    for handler in definition.handlers.values():
        yield from _attempt_templates(handler, _Scopes(handled))


def _secret_env(
    secrets: frozenset[str], *layers: Mapping[str, Json], known: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The variables that a secret, or a variable that holds one, goes into."""
    found = set(known)
    if secrets:
        for layer in layers:
            found |= {name for name, value in layer.items() if _names_secret(value, secrets, frozenset(found))}
    return frozenset(found)


def _names_secret(value: Json, secrets: frozenset[str], secret_env: frozenset[str]) -> bool:
    try:
        parts = parse(value) if isinstance(value, str) else ()
    except TemplateError:
        return False
    return any(isinstance(part, Expression) and any(names.secrets_named(part, secrets, secret_env)) for part in parts)


class _Before(Container[str]):
    """The tasks before the one that is looked at; found only when a template asks."""

    def __init__(self, is_before: Callable[[str, str], bool]) -> None:
        self._is_before = is_before
        self.task = ""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._is_before(name, self.task)


@frozen
class _AttemptScopes:
    """What the templates of an attempt may name: before it, where a secret may stand, once it has ended, in `until`."""

    plain: Scope
    revealing: Scope
    ended: Scope
    until: Scope


class _Scopes:
    """The scopes of tasks, each made once for all tasks that are alike."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.asked = replace(scope, functions=names.FUNCTIONS)
        self._made: dict[tuple[bool, frozenset[str]], _AttemptScopes] = {}

    def of(self, task: Task) -> _AttemptScopes:
        scope = self.scope
        secret_env = scope.secret_env
        if scope.secrets:
            secret_env |= _secret_env(scope.secrets, *task.outer_env, task.env, known=secret_env)
        kind = task.has_items, secret_env
        if kind not in self._made:
            items = ("item", "index") if task.has_items else ()
            plain = replace(scope.extended("env", *items), secret_env=secret_env)
            ended = plain.extended("result")
            self._made[kind] = _AttemptScopes(plain, replace(plain, reveals=True), ended, ended.extended("outputs"))
        return self._made[kind]


def _defaults(properties: Json, path: Path, scope: Scope) -> Iterator[PathProblem]:
    for name, property_ in properties.items() if isinstance(properties, dict) else ():
        if isinstance(property_, dict):
            yield from _value(property_.get("default"), (*path, name, "default"), scope)
            yield from _defaults(property_.get("properties"), (*path, name, "properties"), scope)


def _task_templates(task: Task, scopes: _Scopes) -> Iterator[PathProblem]:
    if "if" in task.body:
        yield from _condition(task.body["if"], (*task.path, "if"), scopes.asked)
    if task.kind is TaskKind.CONDITION:
        yield from _condition(task.body.get("condition"), (*task.path, "condition"), scopes.scope)
    if task.has_items:
        with_items = task.body["with_items"]
        if isinstance(with_items, str) and not _is_whole_expression(with_items):
            yield (*task.path, "with_items"), _("with_items must be a list or one {{ expression }} that gives one.")
        yield from _value(with_items, (*task.path, "with_items"), scopes.scope)
    yield from _attempt_templates(task, scopes)


def _is_whole_expression(text: str) -> bool:
    try:
        parts = parse(text)
    except TemplateError:
        return True  # told by _value
    return len(parts) == 1 and isinstance(parts[0], Expression)


_ATTEMPT_KEYS = ("env", "run", "command", "cwd", "http", "input", "manual")


def _attempt_templates(task: Task, scopes: _Scopes) -> Iterator[PathProblem]:
    scope = scopes.of(task)
    for key in _ATTEMPT_KEYS:
        if key not in task.body:
            continue
        value, path = task.body[key], (*task.path, key)
        if key == "http" and isinstance(value, dict):
            for part, each in value.items():
                reveals = part in ("headers", "body", "json")
                yield from _value(each, (*path, part), scope.revealing if reveals else scope.plain)
        else:
            reveals = key == "env" or (key == "input" and task.kind is TaskKind.PYTHON)
            yield from _value(value, path, scope.revealing if reveals else scope.plain)
    if task.kind is TaskKind.RUN and not task.body.get("shell"):
        yield from _unquoted(task)
    yield from _value(task.body.get("outputs"), (*task.path, "outputs"), scope.ended)
    retry = task.body.get("retry")
    if isinstance(retry, dict) and "until" in retry:
        yield from _condition(retry["until"], (*task.path, "retry", "until"), scope.until)


_READ_BY_THE_SHELL = N_(
    "A template inside a shell command is read by the shell: hand the value over by `env`, or add `| q`."
)


def _unquoted(task: Task) -> Iterator[PathProblem]:
    text = task.body["run"]
    if not isinstance(text, str) or "{{" not in text:
        return
    try:
        parts = parse(text) if isinstance(text, str) else ()
    except TemplateError:
        return
    if any(isinstance(part, Expression) and part.last_filter != "q" for part in parts):
        yield (*task.path, "run"), _(_READ_BY_THE_SHELL), "warning"


def _value(value: Json, path: Path, scope: Scope) -> Iterator[PathProblem]:
    if isinstance(value, str):
        yield from _text(value, path, scope)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _value(each, (*path, key), scope)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _value(each, (*path, index), scope)


def _text(text: str, path: Path, scope: Scope) -> Iterator[PathProblem]:
    if "{{" not in text and "{%" not in text:
        return
    try:
        parts = parse(text)
    except TemplateError as error:
        yield path, _misread_task(text, scope) or _of_another_program(text) or error.sentence
        return
    told = [each for part in parts if isinstance(part, Expression) for each in names.problems(part, scope)]
    if told and (sentence := _misread_task(text, scope) or _of_another_program(text)):
        told = [sentence]
    for sentence in told:
        yield path, sentence


# What Go templates, Handlebars and their like write in braces, and no expression of ours is.
_FOREIGN = re.compile(
    r"\{\{-?\s*(?:[.#/$>!^&@]|(?:range|with|if|json|printf?|println|define|template|block)\s+[.$\"]|(?:end|else)\b)"
    r"[^{}\n]{0,200}\}\}"
)


def _of_another_program(text: str) -> str | None:
    """How to write what is in braces and meant for another program."""
    if (found := _FOREIGN.search(text)) is None:
        return None
    quoted = f"'{found[0]}'" if "'" not in found[0] else f'"{found[0]}"'
    return _(
        "{text} is no expression; if another program is to read it, write {instead} in its place,"
        " without quotes around it.",
        text=found[0], instead=f"{{{{ {quoted} | q }}}}",
    )  # fmt: skip


_TASK_IN_TEXT = re.compile(r"\btasks\.([^\s.\[\](){}|,'\"=<>+*/%~!:]+)")


def _misread_task(text: str, scope: Scope) -> str | None:
    """How to write the name of a task that an expression reads as something else."""
    for found in _TASK_IN_TEXT.finditer(text):
        name = found[1]
        while name and name not in scope.all_tasks:
            name = name.rpartition("-")[0]
        if name and not name.isidentifier():
            wrong, right = f"tasks.{name}", f'tasks["{name}"]'
            if "-" in name:
                return _("{wrong} would be a subtraction; write {right}.", wrong=wrong, right=right)
            return _("{wrong} cannot be read; write {right}.", wrong=wrong, right=right)
    return None


def _condition(condition: Json, path: Path, scope: Scope) -> Iterator[PathProblem]:
    if not isinstance(condition, str):
        return
    try:
        told = list(names.problems(parse_condition(condition), scope))
    except TemplateError as error:
        told = [error.sentence]
    if told and (sentence := _misread_task(condition, scope)):
        told = [sentence]
    for sentence in told:
        yield path, sentence


def expression_of(condition: str | bool | None) -> Expression | None:
    """The expression of a condition; None where there is none, or it cannot be read."""
    try:
        return parse_condition(condition) if isinstance(condition, str) else None
    except TemplateError:
        return None
