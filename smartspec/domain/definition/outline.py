"""Where the tasks of a text stand: of one that is whole by its tree, of any other by its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smartspec.domain.definition.model import task_name
from smartspec.domain.definition.nodes import Node, SourcePosition
from smartspec.domain.definition.task import TaskKind
from smartspec.value import frozen

_KEY = re.compile(r"^( *)(?:- +)?(?:([^\W\d][\w-]*)|\"([^\"]+)\"|'([^']+)')\s*:(?:\s|$)")
_KINDS = tuple(kind.value for kind in TaskKind)


@frozen
class OutlinedTask:
    """`kind` is empty where none is written yet; `depth` counts the groups around it; a handler is no task."""

    name: str
    kind: str
    line: int
    column: int
    depth: int = 0
    is_handler: bool = False


def outline_of(root: Node) -> tuple[OutlinedTask, ...]:
    """In the order of the text, members after their group, handlers last."""
    tasks = _child(root, "tasks")
    handlers = _child(root, "handlers")
    found = [*_walk(tasks, 0)] if tasks is not None else []
    if handlers is not None:
        found += [_outlined(name, handlers, 0, is_handler=True) for name in _mapping(handlers)]
    return tuple(found)


def _walk(tasks: Node, depth: int) -> Iterator[OutlinedTask]:
    for name, body in _mapping(tasks).items():
        yield _outlined(name, tasks, depth)
        if (members := _child(body, "parallel")) is not None:
            yield from _walk(members, depth + 1)
        steps = _child(body, "sequential")
        for step in steps.value if steps is not None and isinstance(steps.value, list) else ():
            yield from _walk(step, depth + 1)


def _outlined(name: str, parent: Node, depth: int, *, is_handler: bool = False) -> OutlinedTask:
    body = _mapping(_mapping(parent)[name])
    kind = next((word for word in _KINDS if word in body), "")
    return OutlinedTask(task_name(name), kind, *parent.keys[name], depth, is_handler)


def _child(node: Node, key: str) -> Node | None:
    return _mapping(node).get(key)


def _mapping(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def outline_of_lines(text: str) -> tuple[OutlinedTask, ...]:
    """Of a text that cannot be parsed: the keys one level below `tasks:`, and the word in each that says its kind."""
    found: list[OutlinedTask] = []
    inside, level = False, None
    for number, line in enumerate(text.split("\n"), start=1):
        if (match := _KEY.match(line)) is None:
            continue
        indent, name = len(match[1]), match[2] or match[3] or match[4]
        if indent == 0:
            inside, level = name == "tasks", None
        elif inside:
            level = indent if level is None else level
            if indent == level:
                found.append(OutlinedTask(name, _kind_in(line), *SourcePosition(number, indent + 1)))
            elif found and not found[-1].kind and name in _KINDS:
                last = found.pop()
                found.append(OutlinedTask(last.name, name, last.line, last.column))
    return tuple(found)


def _kind_in(line: str) -> str:
    """What a task of one line does: `a: {run: …}`."""
    written = re.search(rf"[{{,]\s*({'|'.join(_KINDS)})\s*:", line)
    return written[1] if written else ""
