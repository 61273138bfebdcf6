"""A parsed text as a tree that still knows its places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid, Problem
from smartspec.value import field, mutable

DEEPEST = 100
Path = tuple[str | int, ...]
Found = tuple[Path, str] | tuple[Path, str, Literal["error", "warning"]]  # a problem before its place is looked up


class Place(NamedTuple):
    """Line and column, counted from 1."""

    line: int
    column: int


_NO_KEYS: dict[str, Place] = {}  # most nodes have none; a dict each would be half of a tree


@mutable
class Node:
    """A value at a place: a scalar, a list of nodes or a dict of nodes; `keys` are the places of its keys."""

    value: Json | list[Node] | dict[str, Node]
    place: Place
    keys: dict[str, Place] = field(default_factory=lambda: _NO_KEYS)  # of a mapping its own
    size: int = 1  # nodes below and including this one, with aliases written out


def plain(node: Node) -> Json:
    """The values alone."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def place_of(root: Node, path: Sequence[str | int]) -> Place:
    """The place of a key's name or of a list's item; where the path leaves the tree, of what it reached last."""
    place, node = root.place, root
    for step in path:
        if isinstance(node.value, dict) and step in node.value and isinstance(step, str):
            place, node = node.keys[step], node.value[step]
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            place = node.place
        else:
            break
    return place


def dotted(path: Sequence[str | int]) -> str:
    """tasks.fetch.needs[0]"""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def refused(sentence: str, place: Place) -> Invalid:
    """The error for a text that stops at a place."""
    return Invalid(sentence, [Problem("", sentence, place.line, place.column)])


def place_at(source: str, offset: int) -> Place:
    """The place of the character at an offset."""
    return Place(source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset))
