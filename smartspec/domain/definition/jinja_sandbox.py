"""Jinja2 made safe to evaluate: no methods on mappings, nothing that grows without bound, nothing that is not there."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable, Mapping, Sized
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing, object_type_repr

from smartspec.domain.definition.json_values import LONGEST_INTEGER_BITS, to_text
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import Json
from smartspec.messages import _

LONGEST_TEXT = 1_048_576  # of any text that an expression makes
_FORMAT_WIDTH = re.compile(r"\d{6,}|\*")
# Methods of str that can multiply its length; their filters are bounded instead.
_GROWING = frozenset({"center", "expandtabs", "format", "format_map", "join", "ljust", "replace", "rjust", "zfill"})


class _Missing(jinja2.StrictUndefined):
    """What is not there, said in our words."""

    @property
    def _undefined_message(self) -> str:
        name, of = repr(self._undefined_name), self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if of is missing:
            return _("{name} is undefined", name=name)
        what = _("it") if isinstance(of, Mapping) else f"'{object_type_repr(of)}'"
        if isinstance(self._undefined_name, str):
            return _("{what} has no attribute {name}", what=what, name=name)
        return _("{what} has no element {name}", what=what, name=name)


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

    def concatenated(self, values: tuple[object, ...]) -> str:
        texts, length = [], 0
        for value in values:
            texts.append(str(value))
            length += len(texts[-1])
            _check_size(length)
        return "".join(texts)

    def getattr(self, obj: object, attribute: str) -> object:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: object, argument: str) -> object:
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if isinstance(obj, str) and attr in _GROWING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> object:
        _check_operands(operator, left, right)
        return super().call_binop(context, operator, left, right)


def _check_operands(operator: str, left: object, right: object) -> None:
    if operator == "**":
        raise SecurityError(_("the operator ** is not available"))
    if operator == "%" and isinstance(left, str):
        raise SecurityError(_("% on text is not available: use ~ to join texts"))
    if operator == "*":
        for one, other in ((left, right), (right, left)):
            if isinstance(one, str | list | tuple) and isinstance(other, int):
                _check_size(len(one) * max(other, 0))
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() + right.bit_length()
            if bits > LONGEST_INTEGER_BITS:
                raise SecurityError(_("the number is too large"))
    if operator == "+" and isinstance(left, str | list) and isinstance(right, str | list):
        _check_size(len(left) + len(right))


def _check_size(size: int) -> None:
    if size > LONGEST_TEXT:
        raise SecurityError(_("the text is longer than 1 MiB"))


def _bound(text: str) -> str:
    _check_size(len(text))
    return text


def _fromjson(text: str | bytes) -> Json:
    if isinstance(text, str | bytes):
        _check_size(len(text))
    try:
        found: Json = json.loads(text)
        return found
    except (TypeError, ValueError) as error:
        raise TemplateError(_("fromjson: this is not JSON ({why}).", why=error)) from error


def _quote(value: object) -> str:
    """The filter q, for POSIX shells."""
    return _bound(shlex.quote(to_text(value)))


def quote_for_cmd(value: object) -> str:
    """The filter q on Windows, for cmd.exe. Raises TemplateError for what cannot be quoted there."""
    text = to_text(value)
    if any(bad in text for bad in '%"\r\n'):
        raise TemplateError(_('q: a value with %, " or a line break cannot be quoted for cmd; hand it over by env'))
    return f'"{text}"'


def _replace(value: object, old: str, new: str, count: int | None = None) -> str:
    text, old, new = to_text(value), to_text(old), to_text(new)
    _check_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new, -1 if count is None else count)


_PASSED = (jinja2.Environment, jinja2.runtime.Context, nodes.EvalContext)


def _bounded(name: str, size_of: Callable[..., int]) -> Callable[..., object]:
    """One of Jinja's own filters, refused where its result would be too large. It keeps what Jinja marked it with."""
    original = jinja2.filters.FILTERS[name]

    def bounded(*arguments: object, **named: object) -> object:
        # an environment or context that Jinja passes first is not part of the value
        values = [each for each in arguments if not isinstance(each, _PASSED)]
        if not hasattr(original, "jinja_pass_arg"):
            arguments = tuple(values)
        _check_size(size_of(*values, **named))
        return original(*arguments, **named)

    if hasattr(original, "jinja_pass_arg"):
        vars(bounded)["jinja_pass_arg"] = original.jinja_pass_arg
    return bounded


def _size_of_join(value: object, d: str = "", attribute: object = None) -> int:
    items = value if isinstance(value, Sized) else ()
    own = sum(len(each) for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else 0
    return own + len(items) * len(d)


def _size_of_format(value: object, *rest: object, **named: object) -> int:
    return LONGEST_TEXT + 1 if _FORMAT_WIDTH.search(str(value)) else 0


def _size_of_center(value: object, width: int = 80) -> int:
    return max(len(str(value)), width)


def _size_of_indent(s: object, width: object = 4, *rest: object, **named: object) -> int:
    each = width if isinstance(width, int) else len(str(width))
    return len(str(s)) + (str(s).count("\n") + 1) * each


def _environment() -> _Sandbox:
    never = "\x00{}"  # blocks and comments do not exist: no text can hold these delimiters
    environment = _Sandbox(
        undefined=_Missing,
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
