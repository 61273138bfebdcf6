"""Which names a template may use where, and which of them can be known to be missing."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from jinja2 import nodes

from smartspec.domain.definition.chains import chain_of, chains_of
from smartspec.domain.definition.expressions import Expression, parse
from smartspec.domain.definition.jinja_sandbox import ENVIRONMENT
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import strings
from smartspec.domain.text import did_you_mean
from smartspec.messages import N_, _, listed
from smartspec.value import field, frozen, replace

TASK_FIELDS = ("status", "outputs", "result", "error", "exit_code")
EXECUTION_FIELDS = ("id", "number", "attempt", "scheduled_for", "workflow", "version")
FUNCTIONS = ("success", "failure", "always")
GLOBALS = frozenset({"range", "null"})
_IS_SECRET = N_(
    "{name} is a secret; a secret may stand only in `env`, in the headers and body of `http`, and in the `input` of"
    " `python`."
)
_HOLDS_SECRET = N_(
    "{name} holds a secret; a secret may stand only in `env`, in the headers and body of `http`, and in the `input` of"
    " `python`."
)
_NO_SUCH = {
    "filter": N_("There is no filter “{name}”{end}"),
    "test": N_("There is no test “{name}”{end}"),
}


@frozen
class Scope:
    """What can be named at one place. None for a set of names: any may be there."""

    roots: frozenset[str]
    params: Collection[str] | None
    config: Collection[str]
    vars: Collection[str]
    tasks: Container[str] = ()
    all_tasks: Collection[str] = ()
    execution: tuple[str, ...] = EXECUTION_FIELDS
    functions: tuple[str, ...] = field(default=())
    secrets: frozenset[str] = frozenset()  # of config
    secret_env: frozenset[str] = frozenset()  # the variables that hold one
    reveals: bool = False  # a secret may stand here

    def extended(self, *roots: str) -> Scope:
        return replace(self, roots=self.roots | frozenset(roots))


def problems(expression: Expression, scope: Scope) -> Iterator[str]:
    """A sentence for everything that can be known to be wrong with an expression at one place."""
    yield from missing(expression, scope)
    yield from exposed(expression, scope)
    yield from unavailable(expression)


def missing(expression: Expression, scope: Scope) -> Iterator[str]:
    """A sentence for each name that cannot be there."""
    yield from _visit(expression.node, scope, frozenset())


# Filters that take the name of a filter or test, and where among their arguments it stands.
_BY_NAME = {
    "map": ("filter", 0),
    "select": ("test", 0),
    "reject": ("test", 0),
    "selectattr": ("test", 1),
    "rejectattr": ("test", 1),
}


def unavailable(expression: Expression) -> Iterator[str]:
    """A sentence for each filter, test and operator that does not exist."""
    if expression.all_of(nodes.Pow):
        yield _("The operator ** is not available; write the product, or let a task work it out.")
    for node in expression.all_of(nodes.Filter, nodes.Test):
        kind = "filter" if isinstance(node, nodes.Filter) else "test"
        yield from _no_such(kind, node.name)
        named, at = _BY_NAME.get(node.name, ("", 0)) if kind == "filter" else ("", 0)
        if named and len(node.args) > at and isinstance(given := node.args[at], nodes.Const):
            yield from _no_such(named, str(given.value))


def _no_such(kind: str, name: str) -> Iterator[str]:
    known = ENVIRONMENT.filters if kind == "filter" else ENVIRONMENT.tests
    if name not in known:
        yield _(_NO_SUCH[kind], name=name, end=did_you_mean(name, sorted(known)))


def exposed(expression: Expression, scope: Scope) -> Iterator[str]:
    """A sentence for each secret that would be seen outside the places where one may stand."""
    if not scope.reveals:
        for root, attribute in secrets_named(expression, scope.secrets, scope.secret_env):
            shown = f"{root}.{attribute}" if attribute else root
            yield _(_IS_SECRET if attribute and root == "config" else _HOLDS_SECRET, name=shown)


def secrets_named(
    expression: Expression, secrets: Collection[str], secret_env: Collection[str]
) -> Iterator[tuple[str, str | None]]:
    """Each secret that an expression names, as (config or env, its key); without a key where it could be any."""
    for chain in chains_of(expression.node):
        keys = {"config": secrets, "env": secret_env}.get(chain[0] or "", ())
        attribute = chain[1] if len(chain) > 1 else None
        if keys and (attribute is None or attribute in keys):
            yield str(chain[0]), attribute


def _visit(node: nodes.Node, scope: Scope, local: frozenset[str]) -> Iterator[str]:
    if _is_guard(node):
        return
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        yield from _function(node.node.name, scope)
        for child in [*node.args, *node.kwargs]:
            yield from _visit(child, scope, local)
        return
    chain = chain_of(node)
    if chain is not None:
        yield from _name(chain, scope, local)
        return
    for child in node.iter_child_nodes():
        yield from _visit(child, scope, local)


def _is_guard(node: nodes.Node) -> bool:
    """`x | default(…)` and `x is defined` may name what is not there."""
    if isinstance(node, nodes.Filter):
        return node.name in ("default", "d")
    return isinstance(node, nodes.Test) and node.name in ("defined", "undefined")


def _function(name: str, scope: Scope) -> Iterator[str]:
    if name == "cancelled":
        key = "`handlers: {cancel: …}`"
        yield _("There is no cancelled(): after a cancel nothing starts but handlers; use {key}.", key=key)
    elif name in FUNCTIONS and name not in scope.functions:
        yield _("{name}() can only be asked in an `if`.", name=name)
    elif name not in scope.functions and name not in GLOBALS:
        end = did_you_mean(name, [*scope.functions, *GLOBALS])
        yield _("There is no function {name}(){end}", name=name, end=end)


def _name(chain: list[str | None], scope: Scope, local: frozenset[str]) -> Iterator[str]:
    root = chain[0]
    assert root is not None
    attribute = chain[1] if len(chain) > 1 else None
    if root not in scope.roots:
        if root not in GLOBALS and root not in local:
            end = did_you_mean(root, sorted(scope.roots))
            yield _("“{name}” is not a name that can be used here{end}", name=root, end=end)
        return
    if attribute is None:
        return
    if root == "tasks":
        yield from _task(attribute, chain[2] if len(chain) > 2 else None, scope)
        return
    known: Mapping[str, Collection[str] | None] = {
        "params": scope.params,
        "config": scope.config,
        "vars": scope.vars,
        "execution": scope.execution,
    }
    names = known.get(root)
    if names is not None and attribute not in names:
        end = did_you_mean(attribute, sorted(names))
        yield _("{name} is not declared{end}", name=f"{root}.{attribute}", end=end)


def _task(name: str, field_: str | None, scope: Scope) -> Iterator[str]:
    if name not in scope.all_tasks:
        end = did_you_mean(name, sorted(scope.all_tasks))
        yield _("There is no task “{name}”{end}", name=name, end=end)
    elif name not in scope.tasks:
        yield _("tasks.{name} cannot be known here: it is not before this task; add it to `needs`.", name=name)
    elif field_ is not None and field_ not in TASK_FIELDS:
        end = did_you_mean(field_, list(TASK_FIELDS))
        yield _("A task has no “{name}”: it has {fields}{end}", name=field_, fields=listed(TASK_FIELDS), end=end)


def results_wanted(definition: Definition) -> frozenset[str] | None:
    """The tasks whose `result` another template reads, so that it has to be kept; None: it may be any."""
    return _tasks_of((task, rest) for task, rest, is_own in _results_read(definition) if not is_own)


def streams_wanted(definition: Definition) -> frozenset[str] | None:
    """The tasks whose stdout or stderr some template reads by itself, so that they must come apart; None: any may be.

    A `result` as a whole counts.
    """
    return _tasks_of((task, rest) for task, rest, _is_own in _results_read(definition) if _may_be_stream(rest))


def _tasks_of(read: Iterable[tuple[str | None, object]]) -> frozenset[str] | None:
    names = {task for task, _rest in read}
    return None if None in names else frozenset(name for name in names if name is not None)


def _may_be_stream(rest: list[str | None]) -> bool:
    """`rest` is what follows `result`; indices are None."""
    key = next((step for step in rest if step is not None), None)
    return key in (None, "stdout", "stderr")


def _results_read(definition: Definition) -> Iterator[tuple[str | None, list[str | None], bool]]:
    """Each place where a template reads a result: of which task (None: any), what of it, and whether of its own."""
    for owner, expression in _expressions(definition):
        for chain in chains_of(expression.node):
            if chain[0] == "result" and owner is not None:
                yield owner, chain[1:], True
            elif chain[0] == "tasks" and (len(chain) < 2 or chain[1] is None):
                yield None, [], False
            elif chain[0] == "tasks" and (len(chain) < 3 or chain[2] in (None, "result")):
                yield chain[1], chain[3:], False


def _expressions(definition: Definition) -> Iterator[tuple[str | None, Expression]]:
    """Every expression, and the task that it stands in."""
    for owner, text in _templates(definition):
        if "result" in text or "tasks" in text:
            try:
                parts = parse(text)
            except TemplateError:
                continue
            yield from ((owner, part) for part in parts if isinstance(part, Expression))


def _templates(definition: Definition) -> Iterator[tuple[str | None, str]]:
    for task in [*definition.tasks.values(), *definition.handlers.values()]:
        yield from ((task.name, text) for text in strings(task.body))
        until = task.retry.until if task.retry is not None else None
        for condition in (task.condition_to_run, task.body.get("condition"), until):
            if isinstance(condition, str) and "{{" not in condition:
                yield task.name, "{{ " + condition + " }}"
    yield from ((None, text) for text in strings(definition.output))
