"""What differs between two versions: line by line, and in words about the structure."""

import difflib
from collections.abc import Iterator, Mapping

from smartspec.domain.definition import model
from smartspec.domain.definition.model import Definition
from smartspec.domain.jsontext import Json, JsonObject, as_list, as_mapping, canonical, texts
from smartspec.domain.text import one_line
from smartspec.domain.version import normal_newlines
from smartspec.messages import _, clauses, join, listed
from smartspec.value import frozen

_EDGES = frozenset({"needs", "then", "else"})


@frozen
class Difference:
    """`kind` is added, removed, renamed, changed or moved; `path` names what, as tasks.fetch.retry."""

    kind: str
    path: str
    sentence: str


def lines(old: str, new: str, old_name: str, new_name: str) -> str:
    """A unified diff; empty where the texts are one."""
    before, after = normal_newlines(old).splitlines(), normal_newlines(new).splitlines()
    return "\n".join(difflib.unified_diff(before, after, old_name, new_name, lineterm=""))


def structure(old: JsonObject, new: JsonObject) -> list[Difference]:
    """In words, whatever the order of keys and needs."""
    before, after = model.read(old), model.read(new)
    return [*_keys(old, new), *_tasks(before, after), *_handlers(before, after)]


def _keys(old: JsonObject, new: JsonObject) -> Iterator[Difference]:
    for key in dict.fromkeys([*old, *new]):
        if key in ("tasks", "handlers"):
            continue
        if key in ("params", "config", "vars", "env", "defaults", "output"):
            yield from _inside(key, old.get(key), new.get(key))
        else:
            yield from _value(key, old, new)


def _inside(key: str, old: Json, new: Json) -> Iterator[Difference]:
    if key == "params":
        old, new = (as_mapping(as_mapping(each).get("properties")) for each in (old, new))
    before, after = as_mapping(old), as_mapping(new)
    for name in dict.fromkeys([*before, *after]):
        yield from _value(name, before, after, f"{key}.")


def _value(key: str, old: JsonObject, new: JsonObject, prefix: str = "") -> Iterator[Difference]:
    path = prefix + key
    if key not in old:
        yield Difference("added", path, _("{path} added: {value}", path=path, value=_shown(new[key])))
    elif key not in new:
        yield Difference("removed", path, _("{path} removed (it was {value})", path=path, value=_shown(old[key])))
    elif canonical(old[key]) == canonical(new[key]):
        return
    elif isinstance(before := old[key], dict) and isinstance(after := new[key], dict):
        for inner in dict.fromkeys([*before, *after]):
            yield from _value(inner, before, after, f"{path}.")
    else:
        values = {"old": _shown(old[key]), "new": _shown(new[key])}
        yield Difference("changed", path, _("{path} changed: {old} → {new}", path=path, **values))


def _tasks(old: Definition, new: Definition) -> Iterator[Difference]:
    renamed = _renamed(old, new)
    for name in old.tasks:
        if name in renamed:
            sentence = _("task {task} renamed to {name}", task=name, name=renamed[name])
            yield Difference("renamed", f"tasks.{name}", sentence)
        elif name not in new.tasks:
            yield Difference("removed", f"tasks.{name}", _("task {task} removed", task=name))
    for name in new.tasks:
        if name not in old.tasks and name not in renamed.values():
            yield Difference("added", f"tasks.{name}", _("task {task} added", task=name))
    for name, task in old.tasks.items():
        after = new.tasks.get(renamed.get(name, name))
        if after is not None:
            yield from _body(f"tasks.{after.name}", _own(task.body), _own(after.body), renamed)
            if task.group != after.group:
                sentence = _("task {task} moved out of the group {group}", task=after.name, group=task.group)
                if after.group:
                    sentence = _("task {task} moved into the group {group}", task=after.name, group=after.group)
                yield Difference("moved", f"tasks.{after.name}", sentence)


def _handlers(old: Definition, new: Definition) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.handlers, *new.handlers]):
        before, after = old.handlers.get(name), new.handlers.get(name)
        if before is None:
            yield Difference("added", f"handlers.{name}", _("handler {name} added", name=name))
        elif after is None:
            yield Difference("removed", f"handlers.{name}", _("handler {name} removed", name=name))
        else:
            yield from _body(f"handlers.{name}", before.body, after.body, {})


def _renamed(old: Definition, new: Definition) -> dict[str, str]:
    """Tasks that went and came with the same body: one of each, or it is not told which became which."""
    gone: dict[str, list[str]] = {}
    come: dict[str, list[str]] = {}
    for one, other, found in ((old, new, gone), (new, old, come)):
        for name, task in one.tasks.items():
            if name not in other.tasks:
                body = {key: value for key, value in _own(task.body).items() if key not in _EDGES}
                found.setdefault(canonical(body), []).append(name)
    return {names[0]: come[body][0] for body, names in gone.items() if len(names) == 1 and len(come.get(body, ())) == 1}


def _own(body: JsonObject) -> dict[str, Json]:
    """Without the members of a group: they are tasks of their own."""
    kept = dict(body)
    if "parallel" in kept:
        kept["parallel"] = sorted(as_mapping(kept["parallel"]))
    if "sequential" in kept:
        kept["sequential"] = [name for step in as_list(kept["sequential"]) for name in as_mapping(step)]
    return kept


def _body(path: str, old: JsonObject, new: JsonObject, renamed: Mapping[str, str]) -> Iterator[Difference]:
    for key in dict.fromkeys([*old, *new]):
        if key in _EDGES:
            before = {renamed.get(name, name) for name in texts(old.get(key))}
            yield from _edges(path, key, before, set(texts(new.get(key))))
        else:
            yield from _value(key, old, new, f"{path}.")


def _edges(path: str, key: str, old: set[str], new: set[str]) -> Iterator[Difference]:
    words = []
    if new - old:
        words.append(_("now also {names}", names=listed(sorted(new - old))))
    if old - new:
        words.append(_("no longer {names}", names=listed(sorted(old - new))))
    if words:
        yield Difference("moved", f"{path}.{key}", join(": ", (f"{path}.{key}", clauses(words))))


def _shown(value: Json) -> str:
    return one_line(value if isinstance(value, str) else canonical(value), 80)
