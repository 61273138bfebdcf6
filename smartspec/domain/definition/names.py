"""Which names a template may use where, and which of them can be known to be missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from jinja2 import nodes

from smartspec.domain.definition.chains import chain_of, chains_of
from smartspec.domain.definition.expressions import Expression, TemplateError, parse
from smartspec.domain.definition.model import Definition
from smartspec.domain.jsontext import strings
from smartspec.domain.text import did_you_mean

TASK_FIELDS = ("status", "outputs", "result", "error", "exit_code")
EXECUTION_FIELDS = ("id", "number", "attempt", "scheduled_for", "workflow", "version")
FUNCTIONS = ("success", "failure", "always")
GLOBALS = frozenset({"range"})
_WHERE_SECRETS_MAY_STAND = (
    "a secret may stand only in `env`, in the headers and body of `http`, and in the `input` of `python`."
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be named at one place. None for a set of names: any may be there."""

    roots: frozenset[str]
    params: Collection[str] | None
    config: Collection[str]
    vars: Collection[str]
    tasks: Collection[str] = ()
    all_tasks: Collection[str] = ()
    execution: tuple[str, ...] = EXECUTION_FIELDS
    functions: tuple[str, ...] = field(default=())
    secrets: frozenset[str] = frozenset()  # of config
    secret_env: frozenset[str] = frozenset()  # the variables that hold one
    reveals: bool = False  # a secret may stand here

    def extended(self, *roots: str) -> Scope:
        return replace(self, roots=self.roots | frozenset(roots))


def missing(expression: Expression, scope: Scope) -> Iterator[str]:
    """A sentence for each name that cannot be there."""
    yield from _visit(expression.node, scope, frozenset())


def exposed(expression: Expression, scope: Scope) -> Iterator[str]:
    """A sentence for each secret that would be seen outside the places where one may stand."""
    if not scope.reveals:
        for root, attribute in secrets_named(expression, scope.secrets, scope.secret_env):
            shown = f"{root}.{attribute}" if attribute else root
            yield f"{shown} {'is' if attribute and root == 'config' else 'holds'} a secret; {_WHERE_SECRETS_MAY_STAND}"


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
        yield "There is no cancelled(): after a cancel nothing starts but handlers; use `handlers: {cancel: …}`."
    elif name in FUNCTIONS and name not in scope.functions:
        yield f"{name}() can only be asked in an `if`."
    elif name not in scope.functions and name not in GLOBALS:
        yield f"There is no function {name}(){did_you_mean(name, [*scope.functions, *GLOBALS])}"


def _name(chain: list[str | None], scope: Scope, local: frozenset[str]) -> Iterator[str]:
    root = chain[0]
    assert root is not None
    attribute = chain[1] if len(chain) > 1 else None
    if root not in scope.roots:
        if root not in GLOBALS and root not in local:
            yield f"“{root}” is not a name that can be used here{did_you_mean(root, sorted(scope.roots))}"
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
        yield f"{root}.{attribute} is not declared{did_you_mean(attribute, sorted(names))}"


def _task(name: str, field_: str | None, scope: Scope) -> Iterator[str]:
    if name not in scope.all_tasks:
        yield f"There is no task “{name}”{did_you_mean(name, sorted(scope.all_tasks))}"
    elif name not in scope.tasks:
        yield f"tasks.{name} cannot be known here: it is not before this task; add it to `needs`."
    elif field_ is not None and field_ not in TASK_FIELDS:
        yield f"A task has no “{field_}”: it has {', '.join(TASK_FIELDS)}{did_you_mean(field_, list(TASK_FIELDS))}"


def results_wanted(definition: Definition) -> frozenset[str] | None:
    """The tasks whose `result` some template reads, so that it has to be kept; None: it may be any."""
    wanted: set[str] = set()
    for text in _templates(definition):
        if "result" not in text or "tasks" not in text:
            continue
        try:
            parts = parse(text if "{{" in text else "{{ " + text + " }}")
        except TemplateError:
            continue
        for part in parts:
            if isinstance(part, Expression) and not _collect(part.node, wanted):
                return None
    return frozenset(wanted)


def _templates(definition: Definition) -> Iterator[str]:
    for task in [*definition.tasks.values(), *definition.handlers.values()]:
        yield from strings(task.body)
    yield from strings(definition.output)


def _collect(node: nodes.Node, wanted: set[str]) -> bool:
    """Note whose result is read below a node; False where that cannot be known."""
    chain = chain_of(node)
    if chain is not None:
        if chain[0] == "tasks" and (len(chain) < 3 or chain[1] is None or chain[2] is None):
            return False
        if chain[0] == "tasks" and chain[2] == "result":
            wanted.add(str(chain[1]))
        return True
    return all(_collect(child, wanted) for child in node.iter_child_nodes())
