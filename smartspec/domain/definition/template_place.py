"""Which text with expressions stands at a place of a workflow file."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain.definition.nodes import Node, Path
from smartspec.value import frozen

CONDITIONS = ("if", "condition", "until")


@frozen
class TemplatePlace:
    """`text` is the whole value; a condition is an expression without braces."""

    path: Path
    text: str
    is_condition: bool


def place_at(root: Node, line: int, column: int) -> TemplatePlace | None:
    """The one that the place is in, else the first of its line, else the block above that it belongs to."""
    leaves = [each for each in _leaves(root, ()) if each[1].position <= (line, 1 << 60)]
    here = [each for each in leaves if each[1].position.line == line]
    before = [each for each in here if each[1].position.column <= column]
    for path, node in (*reversed(before), *here, *leaves[-1:]):
        if (found := _place(path, node)) is not None and _reaches(found, node, line):
            return found
    return None


def _leaves(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Every scalar, in the order of the text."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _leaves(child, (*path, key))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from _leaves(child, (*path, index))
    else:
        yield path, node


def _place(path: Path, node: Node) -> TemplatePlace | None:
    if not isinstance(node.value, str):
        return None
    is_condition = path[-1:] != () and path[-1] in CONDITIONS and path[0] in ("tasks", "handlers")
    if not is_condition and "{{" not in node.value:
        return None
    return TemplatePlace(path, node.value, is_condition)


def _reaches(place: TemplatePlace, node: Node, line: int) -> bool:
    """Whether the text goes on to a line: as far as its own lines may, with the sign that begins a block."""
    return line <= node.position.line + place.text.count("\n") + 1


def task_of(path: Path) -> str | None:
    """The task whose key it is; None for what stands outside of tasks."""
    if path[:1] != ("tasks",) or len(path) < 2:
        return None
    name, rest = path[1], path[2:]
    while len(rest) > 2 and rest[0] in ("parallel", "sequential"):
        depth = 1 if rest[0] == "parallel" else 2
        name, rest = rest[depth], rest[depth + 1 :]
    return str(name)
