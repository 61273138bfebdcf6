"""The differences between two versions, told together of each task or setting they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smartspec.domain.compare.diff import Difference
from smartspec.messages import Message, _, listed
from smartspec.value import frozen

_WHOLE = ("added", "removed", "renamed")


@frozen
class ChangeGroup:
    """What is another with `subject`, which is a task, a handler or a key; `words` may be empty.

    `kind` is added, removed, renamed, or changed where it is not all of one kind.
    """

    kind: str
    subject: Message | str
    words: Message | str = ""


def grouped(differences: Iterable[Difference]) -> tuple[ChangeGroup, ...]:
    """In the order in which the subjects come first."""
    found: dict[str, list[tuple[Difference, str]]] = {}
    for each in differences:
        subject, key = _parted(each.path)
        found.setdefault(subject, []).append((each, key))
    return tuple(_group(subject, those) for subject, those in found.items())


def changed_tasks(differences: Iterable[Difference]) -> frozenset[str]:
    """The names of the tasks of the new version that are not as they were."""
    subjects = (_parted(each.path)[0] for each in differences if each.kind != "removed" or each.path.count(".") > 1)
    return frozenset(each.removeprefix("tasks.") for each in subjects if each.startswith("tasks."))


def _parted(path: str) -> tuple[str, str]:
    """The subject, and the key of it that is another: (tasks.fetch, retry.max), (config.host, default)."""
    parts = path.split(".")
    depth = 2 if parts[0] in ("tasks", "handlers", "config", "params", "vars", "env", "defaults", "output") else 1
    return ".".join(parts[:depth]), ".".join(parts[depth:])


def _group(subject: str, those: Sequence[tuple[Difference, str]]) -> ChangeGroup:
    head, _dot, name = subject.partition(".")
    shown: Message | str = name if head == "tasks" else subject
    if head == "handlers":
        shown = _("handler {name}", name=name)
    kinds = {each.kind for each, _key in those}
    whole = next((each for each, key in those if not key and each.kind in _WHOLE), None)
    words = [told for each, key in those if (told := _told(each, key))]
    if whole is not None:
        return ChangeGroup(whole.kind, shown, listed([_whole(whole, head), *words]))
    return ChangeGroup(kinds.pop() if kinds <= {"added"} or kinds <= {"removed"} else "changed", shown, listed(words))


def _whole(difference: Difference, head: str) -> Message:
    values = _values(difference)
    if difference.kind == "renamed":
        return _("now called {name}", name=values.get("name", ""))
    if difference.kind == "removed":
        return _("removed")
    return _("new") if head in ("tasks", "handlers") else _("new: {value}", value=values.get("value", ""))


def _told(difference: Difference, key: str) -> Message | str:
    """Of one key; empty where the whole of it is told."""
    values = _values(difference)
    if not key:
        if difference.kind == "changed":
            return _("{old} → {new}", old=values["old"], new=values["new"])
        return difference.sentence if difference.kind == "moved" else ""
    if difference.kind == "changed":
        return _("{key} {old} → {new}", key=key, old=values["old"], new=values["new"])
    if difference.kind == "added":
        return _("{key} {value} is new", key=key, value=values["value"])
    if difference.kind == "removed":
        return _("{key} is gone (it was {value})", key=key, value=values["value"])
    return _("{key} {words}", key=key, words=values.get("part1", difference.sentence))


def _values(difference: Difference) -> dict[str, str]:
    """Of the sentence."""
    sentence = difference.sentence
    return dict(sentence.values) if isinstance(sentence, Message) else {}
