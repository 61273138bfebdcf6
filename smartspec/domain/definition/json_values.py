"""The value of an expression as JSON, and as it stands inside a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jinja2

from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import Json
from smartspec.messages import _

LARGEST_BYTES = 16 * 1_048_576  # of any value, as JSON would have it
LONGEST_INTEGER_BITS = 14_000  # 4,214 digits: Python writes no more than 4,300 (sys.set_int_max_str_digits)


def to_json_value(value: object) -> Json:
    """A value as JSON has it: lazy ones and tuples become lists, what is no JSON becomes text.

    Raises TemplateError for a value that is too large, or a thing that is no value (a function).
    """
    if value is None or isinstance(value, bool | float):
        return value
    return _JsonConverter().convert(value)


class _JsonConverter:
    """Copies a value, of which parts may be the same thing many times over: only the copy is as large as it looks."""

    def __init__(self) -> None:
        self._left = LARGEST_BYTES

    def convert(self, value: object) -> Json:
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
            raise TemplateError(
                _("The expression gives a {type}, which is no value.", type=type(value).__name__)
            ) from None

    def _count(self, length: int) -> None:
        self._left -= length + 4
        if self._left < 0:
            raise TemplateError(_("The value is larger than 16 MiB."))


def _writable(number: int) -> int:
    if number.bit_length() > LONGEST_INTEGER_BITS:
        raise TemplateError(_("The number is too large."))
    return number


def to_text(value: object) -> str:
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
