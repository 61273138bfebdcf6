"""Jinja2 expressions, made safe to evaluate: no methods on mappings, no bombs, nothing that is not there."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable, Mapping, Sized
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateExpression
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from smartspec.domain.definition import expression_cost
from smartspec.domain.jsontext import Json

LONGEST = 1_048_576  # of any text that an expression makes
LARGEST_BYTES = 16 * 1_048_576  # of any value, as JSON would have it
_DEEPEST = 100  # nodes in one another: every walk over them calls itself, and Python compiles no more brackets than 200
_LONGEST_INTEGER_BITS = 14_000  # 4,214 digits: Python writes no more than 4,300 (sys.set_int_max_str_digits)
_FORMAT_WIDTH = re.compile(r"\d{6,}|\*")
# Methods of str that can multiply its length; their filters are bounded instead.
_GROWING = frozenset({"center", "expandtabs", "format", "format_map", "join", "ljust", "replace", "rjust", "zfill"})
_CONDITION_FUNCTIONS = ("success", "failure", "always")


class TemplateError(Exception):
    """An expression that cannot be read or evaluated; the message is a sentence."""


class _Generator(CodeGenerator):
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """`~` within the bound of all texts: Jinja's own joins whatever there is."""
        self.write("environment.concatenated((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")


class _Sandbox(ImmutableSandboxedEnvironment):
    code_generator_class = _Generator
    intercepted_binops = frozenset({"**", "*", "+", "%"})

    def concatenated(self, values: tuple[Any, ...]) -> str:
        texts, length = [], 0
        for value in values:
            texts.append(str(value))
            length += len(texts[-1])
            _check_size(length)
        return "".join(texts)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr in _GROWING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        _check_operands(operator, left, right)
        return super().call_binop(context, operator, left, right)


def _check_operands(operator: str, left: Any, right: Any) -> None:
    if operator == "**":
        raise SecurityError("the operator ** is not available")
    if operator == "%" and isinstance(left, str):
        raise SecurityError("% on text is not available: use ~ to join texts")
    if operator == "*":
        for one, other in ((left, right), (right, left)):
            if isinstance(one, str | list | tuple) and isinstance(other, int):
                _check_size(len(one) * max(other, 0))
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() + right.bit_length()
            if bits > _LONGEST_INTEGER_BITS:
                raise SecurityError("the number is too large")
    if operator == "+" and isinstance(left, str | list) and isinstance(right, str | list):
        _check_size(len(left) + len(right))


def _check_size(size: int) -> None:
    if size > LONGEST:
        raise SecurityError("the text is longer than 1 MiB")


def _bound(text: str) -> str:
    _check_size(len(text))
    return text


def _fromjson(text: Any) -> Json:
    if isinstance(text, str | bytes):
        _check_size(len(text))
    try:
        return json.loads(text)
    except (TypeError, ValueError) as error:
        raise TemplateError(f"fromjson: this is not JSON ({error}).") from error


def _quote(value: Any) -> str:
    """The filter q, for POSIX shells."""
    return _bound(shlex.quote(to_text(value)))


def quote_for_cmd(value: Any) -> str:
    """The filter q on Windows, for cmd.exe, where some characters cannot be quoted. Raises TemplateError."""
    text = to_text(value)
    if any(bad in text for bad in '%"\r\n'):
        raise TemplateError('q: a value with %, " or a line break cannot be quoted for cmd; hand it over by env')
    return f'"{text}"'


def _replace(value: Any, old: str, new: str, count: int | None = None) -> str:
    text, old, new = to_text(value), to_text(old), to_text(new)
    _check_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new, -1 if count is None else count)


_PASSED = (jinja2.Environment, jinja2.runtime.Context, nodes.EvalContext)


def _bounded(name: str, size_of: Callable[..., int]) -> Callable[..., Any]:
    """One of Jinja's own filters, refused where its result would be too large. It keeps what Jinja marked it with."""
    original = jinja2.filters.FILTERS[name]

    def bounded(*arguments: Any, **named: Any) -> Any:
        # an environment or context that Jinja passes first is not part of the value
        values = [each for each in arguments if not isinstance(each, _PASSED)]
        if not hasattr(original, "jinja_pass_arg"):
            arguments = tuple(values)
        _check_size(size_of(*values, **named))
        return original(*arguments, **named)

    if hasattr(original, "jinja_pass_arg"):
        vars(bounded)["jinja_pass_arg"] = original.jinja_pass_arg
    return bounded


def _size_of_join(value: Any, d: str = "", attribute: object = None) -> int:
    items = value if isinstance(value, Sized) else ()
    own = sum(len(each) for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else 0
    return own + len(items) * len(d)


def _size_of_format(value: Any, *_: Any, **__: Any) -> int:
    return LONGEST + 1 if _FORMAT_WIDTH.search(str(value)) else 0


def _size_of_center(value: Any, width: int = 80) -> int:
    return max(len(str(value)), width)


def _size_of_indent(s: Any, width: Any = 4, *_: Any, **__: Any) -> int:
    each = width if isinstance(width, int) else len(str(width))
    return len(str(s)) + (str(s).count("\n") + 1) * each


def _environment() -> _Sandbox:
    never = "\x00{}"  # blocks and comments do not exist: no text can hold these delimiters
    environment = _Sandbox(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        block_start_string=never.format("a"),
        block_end_string=never.format("b"),
        comment_start_string=never.format("c"),
        comment_end_string=never.format("d"),
        keep_trailing_newline=True,
        cache_size=0,
        optimized=False,  # it would evaluate what is constant while it compiles
    )
    environment.globals = {"range": environment.globals["range"], "null": None}
    environment.tests["null"] = environment.tests["none"]
    for unwanted in ("random", "pprint", "xmlattr", "urlize", "safe", "escape", "e", "forceescape", "filesizeformat"):
        environment.filters.pop(unwanted, None)
    environment.filters.update(
        fromjson=_fromjson,
        tojson=lambda value: _bound(json.dumps(value, ensure_ascii=False)),
        q=quote_for_cmd if os.name == "nt" else _quote,
        replace=_replace,
        join=_bounded("join", _size_of_join),
        format=_bounded("format", _size_of_format),
        center=_bounded("center", _size_of_center),
        indent=_bounded("indent", _size_of_indent),
        wordwrap=_bounded("wordwrap", lambda s, *_, **__: len(str(s))),
    )
    return environment


ENVIRONMENT = _environment()


class Expression:
    """One expression, compiled when it is first evaluated."""

    def __init__(self, node: nodes.Expr) -> None:
        self.node = node
        self._compiled: TemplateExpression | None = None
        self._is_cheap: bool | None = None

    def __call__(self, names: Mapping[str, Any]) -> Any:
        """Its value, lazy results as lists. Raises TemplateError."""
        try:
            value = self._compile()(**names)
            if isinstance(value, jinja2.Undefined):
                value._fail_with_undefined_error()
            return to_json_value(value)
        except (TemplateError, MemoryError):
            raise
        except jinja2.UndefinedError as error:
            raise TemplateError(f"{error.message}.".replace("'dict object'", "it").replace("..", ".")) from error
        except SecurityError as error:
            raise TemplateError(f"Not allowed: {str(error).rstrip(chr(46))}.") from error
        except RecursionError as error:
            raise TemplateError("A value in the expression is nested too deeply.") from error
        except Exception as error:
            raise TemplateError(f"{type(error).__name__}: {str(error).rstrip(chr(46))}.") from error

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

    def all_of(self, *kinds: type[Any]) -> list[Any]:
        """The nodes of these kinds in it."""
        own = [self.node] if isinstance(self.node, kinds) else []
        return [*own, *self.node.find_all(kinds)]

    @property
    def asks_of_failures(self) -> bool:
        return self.calls("failure", "always")

    @property
    def last_filter(self) -> str | None:
        return self.node.name if isinstance(self.node, nodes.Filter) else None


def to_json_value(value: Any) -> Json:
    """A value as JSON has it: lazy ones and tuples become lists, what is no JSON becomes text. Raises TemplateError."""
    if value is None or isinstance(value, bool | float):
        return value
    return _JsonConverter().convert(value)


class _JsonConverter:
    """Copies a value, of which parts may be the same thing many times over: only the copy is as large as it looks."""

    def __init__(self) -> None:
        self._left = LARGEST_BYTES

    def convert(self, value: Any) -> Json:
        if isinstance(value, str):
            self._count(len(value))
            return str(value)
        self._count(0)
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            return _writable(value)
        if isinstance(value, Mapping):
            return {str(key): self.convert(each) for key, each in value.items()}
        return self._list(value)

    def _list(self, value: Any) -> Json:
        if isinstance(value, jinja2.Undefined):
            value._fail_with_undefined_error()
        try:
            return [self.convert(each) for each in value]
        except TypeError:
            raise TemplateError(f"The expression gives a {type(value).__name__}, which is no value.") from None

    def _count(self, length: int) -> None:
        self._left -= length + 4
        if self._left < 0:
            raise TemplateError("The value is larger than 16 MiB.")


def _writable(number: int) -> int:
    if number.bit_length() > _LONGEST_INTEGER_BITS:
        raise TemplateError("The number is too large.")
    return number


def to_text(value: Any) -> str:
    """How a value stands inside a text, in env and in argv: true, false, nothing for null, JSON for the rest."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[str | Expression, ...]:
    """The parts of a text: what stands as it is, and the expressions. Raises TemplateError."""
    if "{{" not in text:
        _refuse_statements(text)
        return (text,)
    _refuse_statements(text)
    try:
        body = ENVIRONMENT.parse(text).body
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"A template cannot be read: {str(error.message).rstrip(chr(46))}.") from error
    except RecursionError as error:
        raise TemplateError(_TOO_DEEP) from error
    except ValueError as error:
        raise TemplateError("A template cannot be read: it holds a number that is too long.") from error
    parts: list[str | Expression] = []
    for output in body:
        assert isinstance(output, nodes.Output)
        for node in output.nodes:
            _check_depth(node)
            parts.append(node.data if isinstance(node, nodes.TemplateData) else Expression(node))
    return tuple(parts)


_TOO_DEEP = "An expression is nested too deeply: work a part of it out in vars, and join texts with ~."


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
        raise TemplateError("Only expressions in {{ }} are available, no {% statements %}.")


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Expression:
    """The one expression of `if`, `condition` or `until`; braces are optional. Raises TemplateError."""
    parts = parse(text if "{{" in text else "{{ " + text + " }}")
    expressions = [part for part in parts if isinstance(part, Expression)]
    around = [part for part in parts if isinstance(part, str) and part.strip()]
    if len(expressions) != 1 or around:
        raise TemplateError("There must be one expression and no text around it; text is always true.")
    return expressions[0]
