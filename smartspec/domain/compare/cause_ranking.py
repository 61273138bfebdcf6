"""What differs around two executions, and how likely each difference explains how they ended."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from smartspec.domain.compare.compared_execution import ComparedExecution, TaskPair
from smartspec.domain.compare.diff import Difference
from smartspec.domain.compare.environment_causes import EnvironmentCauses
from smartspec.domain.compare.finding import Finding
from smartspec.domain.compare.relevance import Relevance, Weight
from smartspec.domain.config import is_secret_reference
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import Execution, Trigger
from smartspec.domain.jsontext import Json, as_mapping, canonical, texts
from smartspec.domain.text import one_line
from smartspec.formatting import format_duration
from smartspec.messages import N_, Message, _
from smartspec.vocabulary import TRIGGER_IN_TEXT

# Started by a person, whichever way: what surrounds it is that person's.
_BY_PEOPLE = frozenset({Trigger.MANUAL, Trigger.CLI, Trigger.API, Trigger.REPLAY, Trigger.EXTERNAL})
_MUCH_LONGER = 3.0
_NOTABLE_MS = 1_000
_COMMAND_CHANGES = {
    "cwd": N_("the folder it ran in changed: {old} → {new}"),
    "command": N_("the command changed: {old} → {new}"),
}


class CauseRanker:
    """What differs around the suspects, and how much each difference has to do with them."""

    def __init__(
        self, old: ComparedExecution, new: ComparedExecution, pairs: tuple[TaskPair, ...], suspects: tuple[str, ...]
    ) -> None:
        self._old, self._new, self._pairs = old, new, pairs
        self._relevance = Relevance(old, new, pairs, suspects)
        self._has_tasks = bool(self._relevance.definition.tasks)

    def definition(self, differences: tuple[Difference, ...]) -> Iterator[Finding]:
        """Of two versions of the definition; what is in neither is not asked for."""
        for each in differences:
            yield Finding("definition", each.sentence, *self._relevance.of_path(each.path))

    def others(self) -> Iterator[Finding]:
        """Everything else that is recorded."""
        yield from self._settings()
        yield from self._input()
        yield from self._command()
        yield from EnvironmentCauses(self._old, self._new, self._pairs, self._relevance).findings()
        yield from self._outputs()
        yield from self._durations()
        yield from self._start()

    def _settings(self) -> Iterator[Finding]:
        for key, old, new in _changed(self._old.execution.config_snapshot, self._new.execution.config_snapshot):
            if is_secret_reference(old) and is_secret_reference(new):
                sentence = _("the secret {key} was set anew", key=key)
            else:
                sentence = _("the setting {key} changed: {old} → {new}", key=key, old=_shown(old), new=_shown(new))
            yield Finding("setting", sentence, *self._relevance.of_name(f"config.{key}", 90), key, old, new)

    def _input(self) -> Iterator[Finding]:
        old, new = (_params(each.execution) for each in (self._old, self._new))
        for key, before, after in _changed(old, new):
            weight = self._relevance.of_name(f"params.{key}", 88)
            if not self._has_tasks:
                weight = Weight(_("it is what the command was given"), 80)
            sentence = _("the input {key} changed: {old} → {new}", key=key, old=_shown(before), new=_shown(after))
            yield Finding("input", sentence, *weight, key, before, after)

    def _command(self) -> Iterator[Finding]:
        """Of recorded commands, the command itself."""
        for pair in () if self._has_tasks else self._pairs:
            old, new = (as_mapping(each and each.input) for each in (pair.old, pair.new))
            for key, before, after in _changed(old, new):
                yield _changed_command(key, before, after)

    def _outputs(self) -> Iterator[Finding]:
        """What the suspects were given by the tasks before them."""
        relevance = self._relevance
        for pair in self._pairs:
            if pair.task in relevance.upstream and pair.old and pair.new and not pair.same_outputs:
                sentence = _("the outputs of {task} are not the same", task=pair.label)
                if user := relevance.user(f"tasks.{pair.task}", relevance.suspects):
                    yield Finding("output", sentence, _("{task} reads them", task=user), 78)
                else:
                    yield Finding("output", sentence, _("{task} comes after it", task=relevance.first), 50)

    def _durations(self) -> Iterator[Finding]:
        for pair in self._pairs:
            old, new = pair.old_ms, pair.new_ms
            if old is None or new is None or not _is_notable(old, new):
                continue
            values = {"task": pair.label, "now": format_duration(new), "before": format_duration(old)}
            sentence = _("{task} took {now}, before {before}", **values)
            if pair.new is not None and pair.new.status is TaskStatus.TIMEOUT:
                yield Finding("duration", sentence, _("it ran out of time"), 70)
            else:
                yield Finding("duration", sentence, _("what takes longer or shorter does something else"), 32)

    def _start(self) -> Iterator[Finding]:
        old, new = self._old.execution, self._new.execution
        if old.trigger is not new.trigger and not {old.trigger, new.trigger} <= _BY_PEOPLE:
            now, before = (TRIGGER_IN_TEXT.get(each.trigger, each.trigger) for each in (new, old))
            sentence = _("it was started by {now}, before by {before}", now=now, before=before)
            yield Finding("start", sentence, _("what starts it decides what surrounds it"), 30)
        if old.triggered_by != new.triggered_by:
            values = {"now": new.triggered_by, "before": old.triggered_by}
            sentence = _("it was started by the user {now}, before by {before}", **values)
            yield Finding("start", sentence, _("another user has other rights and files"), 62)


def _changed_command(key: str, old: Json, new: Json) -> Finding:
    if key == "command":
        old, new = (shlex.join(texts(each)) for each in (old, new))
    if key in _COMMAND_CHANGES:
        sentence = _(_COMMAND_CHANGES[key], old=_shown(old), new=_shown(new))
    else:
        sentence = _("the {key} changed: {old} → {new}", key=key, old=_shown(old), new=_shown(new))
    return Finding("definition", sentence, _("it is what ran"), 60 if key == "cwd" else 95)


def _is_notable(old: int, new: int) -> bool:
    return abs(new - old) >= _NOTABLE_MS and max(old, new) >= _MUCH_LONGER * min(old, new)


def _params(execution: Execution) -> Json:
    """What came of the input, else the input itself."""
    filled = (execution.variables or {}).get("params")
    given = execution.input
    return filled if filled is not None else given if isinstance(given, dict) else {"": given} if given else {}


def _changed(old: Json, new: Json) -> Iterator[tuple[str, Json, Json]]:
    before, after = as_mapping(old), as_mapping(new)
    for key in dict.fromkeys([*before, *after]):
        if canonical(before.get(key)) != canonical(after.get(key)):
            yield key, before.get(key), after.get(key)


def _shown(value: Json) -> str | Message:
    if value is None:
        return _("nothing")
    if is_secret_reference(value):
        return _("a secret")
    return one_line(value if isinstance(value, str) else canonical(value), 80)
