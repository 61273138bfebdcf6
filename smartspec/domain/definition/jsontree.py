"""JSON as a tree with positions: the standard library checks the syntax, a scan of our own finds the positions."""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from smartspec.domain.definition.nodes import (
    DEEPEST,
    MOST_DIGITS,
    TOO_MANY_DIGITS,
    Node,
    SourcePosition,
    parse_error,
    position_at,
    repeated_key,
)
from smartspec.domain.json_errors import explain
from smartspec.domain.jsontext import Json
from smartspec.messages import _

_TOKEN = re.compile(r'[ \t\r\n]*(?:([{}\[\],:])|("(?:[^"\\\x00-\x1f]|\\.)*")|([^\s{}\[\],:"]+))')


def parse_json(source: str) -> Node:
    """The root of a text. Raises Invalid, with line and column, for what is no JSON or cannot be kept."""
    tokens = list(_tokens(source))
    _check_depth(tokens, source)

    def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        return dict(pairs)

    def not_finite(constant: str) -> Json:
        raise parse_error(
            _("{word} has no meaning here: infinities and NaN are not allowed.", word=constant), _find(source, constant)
        )

    try:
        json.loads(source, object_pairs_hook=unique, parse_constant=not_finite)
    except json.JSONDecodeError as error:
        what = explain(error) if source.strip() else _("The file is empty.")
        raise parse_error(what, position_at(source, min(error.pos, len(source.rstrip())))) from error
    except ValueError as error:  # Python reads whole numbers of at most 4,300 digits
        at = next((offset for token, offset in tokens if len(token) > MOST_DIGITS and token[-1].isdigit()), 0)
        raise parse_error(TOO_MANY_DIGITS, position_at(source, at)) from error
    return _JsonTree(source, tokens).build()


def _find(source: str, word: str) -> SourcePosition:
    match = re.search(rf"(?<![\w\"]){re.escape(word)}", source)
    return position_at(source, match.start() if match else 0)


def _tokens(source: str) -> Iterator[tuple[str, int]]:
    position = 0
    while match := _TOKEN.match(source, position):
        yield match[match.lastindex or 0], match.start(match.lastindex or 0)
        position = match.end()


def _check_depth(tokens: list[tuple[str, int]], source: str) -> None:
    depth = 0
    for token, offset in tokens:
        depth += (token in "{[") - (token in "}]")
        if depth > DEEPEST:
            raise parse_error(_("This is nested more than {most} deep.", most=DEEPEST), position_at(source, offset))


class _JsonTree:
    """A text that is known to be JSON, as a tree."""

    def __init__(self, source: str, tokens: list[tuple[str, int]]) -> None:
        self._tokens = iter(tokens)
        self._place = _line_finder(source)

    def build(self) -> Node:
        token, offset = next(self._tokens)
        return self._value(token, offset)

    def _value(self, token: str, offset: int) -> Node:
        position = self._place(offset)
        if token == "{":
            return self._object(Node({}, position, {}))
        if token == "[":
            return self._array(Node([], position))
        value = json.loads(token)
        if isinstance(value, str) and "\0" in value:
            raise parse_error(_("A text holds a NUL character."), position)
        if isinstance(value, float) and not math.isfinite(value):
            raise parse_error(_("{number} is too large a number.", number=token), position)
        return Node(value, position)

    def _object(self, node: Any) -> Node:
        for token, offset in self._tokens:
            if token == "}":
                break
            if token == ",":
                continue
            key, position = json.loads(token), self._place(offset)
            if key in node.keys:
                first = node.keys[key]
                raise repeated_key(key, first, position)
            next(self._tokens)  # the colon
            child = self._value(*next(self._tokens))
            node.keys[key] = position
            node.value[key] = child
            node.size += child.size
        return cast(Node, node)

    def _array(self, node: Node) -> Node:
        for token, offset in self._tokens:
            if token == "]":
                break
            if token == ",":
                continue
            child = self._value(token, offset)
            node.value.append(child)  # type: ignore[union-attr]
            node.size += child.size
        return node


def _line_finder(source: str) -> Callable[[int], SourcePosition]:
    """A function from growing offsets to positions that reads the text only once."""
    line, start, seen = 1, 0, 0

    def position(offset: int) -> SourcePosition:
        nonlocal line, start, seen
        while (newline := source.find("\n", seen, offset)) >= 0:
            line, start, seen = line + 1, newline + 1, newline + 1
        return SourcePosition(line, offset - start + 1)

    return position
