"""A parsed text as a tree that still knows its positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid, Problem
from smartspec.messages import _
from smartspec.value import field, mutable

DEEPEST = 100
MOST_DIGITS = 4_000  # of a whole number; Python reads 4,300
TOO_MANY_DIGITS = _("A number may have 4,000 digits.")
Path = tuple[str | int, ...]
# A problem before its position is looked up: its path, its sentence, and its severity where it is no error.
PathProblem = tuple[Path, str] | tuple[Path, str, Literal["error", "warning"]]


class SourcePosition(NamedTuple):
    """Line and column, counted from 1."""

    line: int
    column: int


_NO_KEYS: dict[str, SourcePosition] = {}  # most nodes have none; a dict each would be half of a tree


Scalar: TypeAlias = bool | int | float | str | None


@mutable
class Node:
    """A value at a position: a scalar, a list of nodes or a dict of nodes; `keys` are the positions of its keys."""

    value: Scalar | list[Node] | dict[str, Node]
    position: SourcePosition
    keys: dict[str, SourcePosition] = field(default_factory=lambda: _NO_KEYS)  # of a mapping its own
    size: int = 1  # nodes below and including this one, with aliases written out


def to_json(node: Node) -> Json:
    """The values alone."""
    if isinstance(node.value, dict):
        return {key: to_json(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [to_json(child) for child in node.value]
    return node.value


def position_of(root: Node, path: Sequence[str | int]) -> SourcePosition:
    """The position of a key's name or of a list's item; where the path leaves the tree, of what it reached last."""
    position, node = root.position, root
    for step in path:
        if isinstance(node.value, dict) and step in node.value and isinstance(step, str):
            position, node = node.keys[step], node.value[step]
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            position = node.position
        else:
            break
    return position


def dotted_path(path: Sequence[str | int]) -> str:
    """tasks.fetch.needs[0]"""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def parse_error(sentence: str, position: SourcePosition) -> Invalid:
    """The error for a text that stops at a position."""
    return Invalid(sentence, [Problem("", sentence, position.line, position.column)])


def repeated_key(key: str, first: SourcePosition, position: SourcePosition) -> Invalid:
    """The error for a key that a mapping has already."""
    sentence = _("The key “{key}” is here a second time; the first is in line {line}.", key=key, line=first.line)
    return parse_error(sentence, position)


def position_at(source: str, offset: int) -> SourcePosition:
    """The position of the character at an offset."""
    return SourcePosition(source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset))
