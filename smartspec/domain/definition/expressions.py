"""The expressions of a text between {{ and }}: parsed once, evaluated in the sandbox of `jinja_sandbox`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

import jinja2
from jinja2 import nodes
from jinja2.environment import TemplateExpression
from jinja2.exceptions import SecurityError

from smartspec.domain.definition import expression_cost, template_syntax
from smartspec.domain.definition.jinja_sandbox import ENVIRONMENT
from smartspec.domain.definition.json_values import to_json_value
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import Json
from smartspec.messages import Message, _

_DEEPEST = 100  # nodes in one another: every walk over them calls itself, and Python compiles no more brackets than 200
_N = TypeVar("_N", bound=nodes.Node)
_CONDITION_FUNCTIONS = ("success", "failure", "always")


class Expression:
    """One expression, compiled when it is first evaluated."""

    def __init__(self, node: nodes.Expr) -> None:
        self.node = node
        self._compiled: TemplateExpression | None = None
        self._is_cheap: bool | None = None

    def __call__(self, names: Mapping[str, object]) -> Json:
        """Its value, lazy results as lists. Raises TemplateError where it gives none, whatever the reason."""
        try:
            value = self._compile()(**names)
            if isinstance(value, jinja2.Undefined):
                value._fail_with_undefined_error()
            return to_json_value(value)
        except (TemplateError, MemoryError):
            raise
        except jinja2.UndefinedError as error:
            raise TemplateError(_("{why}.", why=_without_stop(error))) from error
        except SecurityError as error:
            raise TemplateError(_("Not allowed: {why}.", why=_without_stop(error))) from error
        except RecursionError as error:
            raise TemplateError(_("A value in the expression is nested too deeply.")) from error
        except Exception as error:
            kind = type(error).__name__
            raise TemplateError(_("{error}: {why}.", error=kind, why=_without_stop(error))) from error

    def _compile(self) -> TemplateExpression:
        if self._compiled is None:
            body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), self.node, lineno=1)]
            template = ENVIRONMENT.from_string(nodes.Template(body, lineno=1))
            self._compiled = TemplateExpression(template, undefined_to_none=False)
        return self._compiled

    @property
    def is_cheap(self) -> bool:
        """Whether it may be evaluated where it cannot be ended."""
        if self._is_cheap is None:
            self._is_cheap = expression_cost.is_cheap(self.node)
        return self._is_cheap

    def calls(self, *names: str) -> bool:
        """Whether it calls one of these functions."""
        return any(isinstance(call.node, nodes.Name) and call.node.name in names for call in self.all_of(nodes.Call))

    def all_of(self, *kinds: type[_N]) -> list[_N]:
        """The nodes of these kinds in it."""
        own = [self.node] if isinstance(self.node, kinds) else []
        return [*own, *self.node.find_all(kinds)]

    @property
    def asks_of_failures(self) -> bool:
        return self.calls("failure", "always")

    @property
    def last_filter(self) -> str | None:
        return self.node.name if isinstance(self.node, nodes.Filter) else None


def _without_stop(error: Exception) -> str:
    """What an error of Jinja says, a Message where it is one of ours, to stand in a sentence."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Message) else str(error).rstrip(".")


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[str | Expression, ...]:
    """The parts of a text: what stands as it is, and the expressions.

    Raises TemplateError for one that cannot be read, is nested too deeply, or is a statement.
    """
    if "{{" not in text:
        _refuse_statements(text)
        return (text,)
    _refuse_statements(text)
    try:
        body = ENVIRONMENT.parse(text).body
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(template_syntax.explain(str(error.message))) from error
    except RecursionError as error:
        raise TemplateError(_TOO_DEEP) from error
    except ValueError as error:
        raise TemplateError(_("A template cannot be read: it holds a number that is too long.")) from error
    parts: list[str | Expression] = []
    for output in body:
        assert isinstance(output, nodes.Output)
        for node in output.nodes:
            _check_depth(node)
            parts.append(node.data if isinstance(node, nodes.TemplateData) else Expression(node))
    return tuple(parts)


_TOO_DEEP = _("An expression is nested too deeply: work a part of it out in vars, and join texts with ~.")


def _check_depth(node: nodes.Node) -> None:
    waiting = [(node, 1)]
    while waiting:
        inner, depth = waiting.pop()
        if depth > _DEEPEST:
            raise TemplateError(_TOO_DEEP)
        waiting += [(each, depth + 1) for each in inner.iter_child_nodes()]


def _refuse_statements(text: str) -> None:
    begin = text.find("{%")
    if begin >= 0 and text.find("%}", begin) >= 0:
        raise TemplateError(_("Only expressions in {{ }} are available, no {% statements %}."))


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Expression:
    """The one expression of `if`, `condition` or `until`; braces are optional.

    Raises TemplateError as `parse`, and where there is not exactly one.
    """
    parts = parse(text if "{{" in text else "{{ " + text + " }}")
    expressions = [part for part in parts if isinstance(part, Expression)]
    around = [part for part in parts if isinstance(part, str) and part.strip()]
    if len(expressions) != 1 or around:
        raise TemplateError(_("There must be one expression and no text around it; text is always true."))
    return expressions[0]
