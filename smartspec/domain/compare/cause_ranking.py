"""What differs around two executions, and how likely each difference explains how they ended."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import Any

from smartspec.domain.compare import environment_diff
from smartspec.domain.compare.compared_execution import ComparedExecution, TaskPair
from smartspec.domain.compare.diff import Difference
from smartspec.domain.compare.finding import Finding
from smartspec.domain.config import is_secret_reference
from smartspec.domain.definition import graph, model
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import Execution, TaskExecution, Trigger
from smartspec.domain.jsontext import Json, JsonObject, canonical
from smartspec.domain.text import one_line
from smartspec.formatting import format_duration, format_size

T = TaskStatus
# Started by a person, whichever way: what surrounds it is that person's.
_BY_PEOPLE = frozenset({Trigger.MANUAL, Trigger.CLI, Trigger.API, Trigger.REPLAY, Trigger.EXTERNAL})
_LITTLE_FREE_BYTES = 200 * 1024 * 1024
_MUCH_LONGER = 3.0
_NOTABLE_MS = 1_000
_NO_FOLDER = re.compile(r"[Tt]he working folder (.+?) (does not exist|cannot be entered|cannot be used|is no folder)")
_NO_SPACE = re.compile(r"no space left|disk (?:is )?full|ENOSPC|disk quota", re.IGNORECASE)


class CauseRanker:
    """What differs around the suspects, and how much each difference has to do with them."""

    def __init__(
        self, old: ComparedExecution, new: ComparedExecution, pairs: tuple[TaskPair, ...], suspects: tuple[str, ...]
    ) -> None:
        self._old, self._new, self._pairs, self._suspects = old, new, pairs, suspects
        self._definition = model.read(new.tree or old.tree or {})

    @cached_property
    def _upstream(self) -> set[str]:
        before = graph.ancestors(graph.dependencies(self._definition))
        return {each for name in self._suspects if name in self._definition.tasks for each in before(name)}

    @cached_property
    def _texts(self) -> dict[str, str]:
        """What each task says, with what it takes from `vars` and the workflow's `env`."""
        shared = {f"vars.{name}": value for name, value in self._definition.vars.items()}
        shared |= self._definition.env
        texts = {}
        for name, task in self._definition.tasks.items():
            text = canonical([task.body, *task.outer_env])
            taken = [canonical(value) for key, value in shared.items() if _mentions(text, key)]
            texts[name] = "\n".join([text, *taken])
        return texts

    def _users(self, name: str, tasks: Collection[str]) -> str:
        """The first of some tasks that uses a name, as config.key or $VARIABLE."""
        return next((task for task in tasks if _mentions(self._texts.get(task, ""), name)), "")

    @property
    def _first(self) -> str:
        return self._suspects[0] if self._suspects else ""

    # The definition

    def definition(self, differences: tuple[Difference, ...]) -> Iterator[Finding]:
        for each in differences:
            why, score = self._weigh(each.path)
            yield Finding("definition", each.sentence, why, score)

    def _weigh(self, path: str) -> tuple[str, int]:
        root, _, rest = path.partition(".")
        name, _, key = rest.partition(".")
        if root == "tasks":
            return self._weigh_task(name, key.partition(".")[0])
        if root in ("vars", "config", "params", "env"):
            return self._weigh_name(name if root == "env" else f"{root}.{name}", 85)
        if root == "defaults":
            return "it holds for every task that does not say otherwise", 70
        if root == "timeout" and self._new.execution.status == "timeout":
            return "the execution ran out of time", 92
        if root == "output":
            is_it = "output" in (self._old.execution.status_reason, self._new.execution.status_reason)
            return ("it is what failed", 95) if is_it else ("it is worked out after all tasks", 15)
        return "it holds for the whole workflow", 35

    def _weigh_task(self, name: str, key: str) -> tuple[str, int]:
        if name in self._suspects and key in ("retry", "continue_on_error"):
            return f"it says what follows when {name} fails, not whether it does", 35
        if name in self._suspects and key == "timeout" and not self._row(name, lambda row: row.status is T.TIMEOUT):
            return f"{name} did not run out of time", 25
        if name in self._suspects:
            return f"{name} is the task that ended otherwise", 95
        if name in self._upstream:
            return f"{self._first} comes after {name}", 75
        return "nothing that ended otherwise depends on it", 20

    def _weigh_name(self, name: str, most: int) -> tuple[str, int]:
        if user := self._users(name, self._suspects):
            return f"{user}, which ended otherwise, uses it", most
        if user := self._users(name, self._upstream):
            return f"{user}, which comes before {self._first}, uses it", most - 20
        return "no task that ended otherwise uses it", 25

    # Everything else

    def others(self) -> Iterator[Finding]:
        yield from self._settings()
        yield from self._input()
        yield from self._command()
        yield from self._folder()
        yield from self._interpreter()
        yield from self._rerun()
        yield from self._environment()
        yield from self._disk()
        yield from self._outputs()
        yield from self._durations()
        yield from self._start()

    def _settings(self) -> Iterator[Finding]:
        for key, old, new in _changed(self._old.execution.config_snapshot, self._new.execution.config_snapshot):
            if is_secret_reference(old) and is_secret_reference(new):
                sentence = f"the secret {key} was set anew"
            else:
                sentence = f"the setting {key} changed: {_shown(old)} → {_shown(new)}"
            yield Finding("setting", sentence, *self._weigh_name(f"config.{key}", 90), key, old, new)

    def _input(self) -> Iterator[Finding]:
        old, new = (_params(each.execution) for each in (self._old, self._new))
        for key, before, after in _changed(old, new):
            why, score = self._weigh_name(f"params.{key}", 88)
            if not self._definition.tasks:
                why, score = "it is what the command was given", 80
            sentence = f"the input {key} changed: {_shown(before)} → {_shown(after)}"
            yield Finding("input", sentence, why, score, key, before, after)

    def _command(self) -> Iterator[Finding]:
        """Of recorded commands, the command itself."""
        if self._definition.tasks:
            return
        for pair in self._pairs:
            old, new = (_mapping(each and each.input) for each in (pair.old, pair.new))
            for key, before, after in _changed(old, new):
                if key == "command":
                    before, after = (shlex.join(each or ()) for each in (before, after))
                words = "the folder it ran in" if key == "cwd" else f"the {key}"
                score = 60 if key == "cwd" else 95
                yield Finding(
                    "definition", f"{words} changed: {_shown(before)} → {_shown(after)}", "it is what ran", score
                )

    def _environment(self) -> Iterator[Finding]:
        found = environment_diff.differences(self._old.environment, self._new.environment)
        not_found = any(self._row(name, lambda row: row.exit_code in (126, 127)) for name in self._suspects)
        not_started = any(self._row(name, lambda row: row.status_reason == "start") for name in self._suspects)
        for each in found:
            if each.kind == "path":
                missing = not_found or not_started
                why = "a program was not found" if missing else "another program may have been found by the same name"
                yield Finding("environment", each.sentence, why, 92 if missing else 45)
            elif each.kind == "kernel":
                yield Finding("environment", each.sentence, "an update of the system changes many programs", 40)
            elif user := self._users(each.name, self._suspects):
                yield Finding("environment", each.sentence, f"{user}, which ended otherwise, uses it", 85)
            elif not self._suspects and (user := self._users(each.name, self._definition.tasks)):
                yield Finding("environment", each.sentence, f"{user} uses it", 60)
        yield from self._variables([each for each in found if each.kind == "variable"])

    def _variables(self, found: list[environment_diff.EnvironmentDifference]) -> Iterator[Finding]:
        """Those that no suspect names, in one line; the noise of shells and terminals is no clue."""
        asked = self._suspects or self._definition.tasks
        names = [each.name for each in found if not each.volatile and not self._users(each.name, asked)]
        if names:
            listed = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
            why = "programs may read them, no definition says which"
            score = 30 if not self._definition.tasks else 22
            yield Finding("environment", f"variables changed: {listed}", why, score)

    def _folder(self) -> Iterator[Finding]:
        """Where it ran, and whether that was there."""
        gone = next(filter(None, map(self._missing_folder, self._suspects)), None)
        if gone is not None:
            yield Finding("environment", gone, "a task cannot begin in a folder that is not there", 96)
        old, new = (each.execution.folder for each in (self._old, self._new))
        if old is not None and new is not None and old != new:
            why = "relative paths lead elsewhere" if self._suspects else "relative paths led elsewhere"
            yield Finding("environment", f"the folder it ran in changed: {old} → {new}", why, 88)

    def _rerun(self) -> Iterator[Finding]:
        """A re-run runs in the environment of whoever asks for it, which may be another one."""
        for each in (self._old, self._new):
            found = environment_diff.differences(each.before, each.environment)
            if told := [one.sentence for one in found if not one.volatile]:
                listed = "; ".join(told[:3]) + (f"; and {len(told) - 3} more" if len(told) > 3 else "")
                sentence = (
                    f"attempt {each.execution.attempt} of {each.execution.label} ran in another environment: {listed}"
                )
                yield Finding("environment", sentence, "what it kept was made in the one before", 30)

    def _missing_folder(self, task: str) -> str | None:
        """What the system said of it, as a clue."""
        errors = (pair.new.error or "" for pair in self._pairs if pair.task == task and pair.new is not None)
        found = next((found for found in map(_NO_FOLDER.search, errors) if found), None)
        return f"the folder {found[1]} {found[2]}" if found else None

    def _interpreter(self) -> Iterator[Finding]:
        old, new = (each.execution.interpreter for each in (self._old, self._new))
        if old is None or new is None or old == new:
            return
        of_python = any(
            task.kind is TaskKind.PYTHON for name, task in self._definition.tasks.items() if name in self._suspects
        )
        why = f"{self._first} is run by it" if of_python else "no task that ended otherwise is run by it"
        sentence = f"the interpreter of `python:` changed: {old} → {new}"
        yield Finding("environment", sentence, why, 88 if of_python else 30)

    def _disk(self) -> Iterator[Finding]:
        told = any(self._row(name, lambda row: bool(_NO_SPACE.search(row.excerpt or ""))) for name in self._suspects)
        old, new = self._old.execution.free_disk_bytes, self._new.execution.free_disk_bytes
        little = new is not None and new < _LITTLE_FREE_BYTES <= (old or 0)
        if told or little:
            free = f"{format_size(new or 0)} were free, {format_size(old or 0)} before"
            why = f"{self._first} said so" if told else "many programs fail without room"
            yield Finding(
                "disk",
                f"the disk was full: {free}" if told else f"little room on the disk: {free}",
                why,
                95 if told else 86,
            )

    def _outputs(self) -> Iterator[Finding]:
        """What the suspects were given by the tasks before them."""
        for pair in self._pairs:
            if pair.task in self._upstream and pair.old and pair.new and not pair.same_outputs:
                user = self._users(f"tasks.{pair.task}", self._suspects)
                why = f"{user} reads them" if user else f"{self._first} comes after it"
                yield Finding("output", f"the outputs of {pair.label} are not the same", why, 78 if user else 50)

    def _durations(self) -> Iterator[Finding]:
        for pair in self._pairs:
            old, new = (each.duration_ms if each else None for each in (pair.old, pair.new))
            if (
                old is None
                or new is None
                or abs(new - old) < _NOTABLE_MS
                or max(old, new) < _MUCH_LONGER * min(old, new)
            ):
                continue
            sentence = f"{pair.label} took {format_duration(new)}, before {format_duration(old)}"
            if pair.new is not None and pair.new.status is T.TIMEOUT:
                yield Finding("duration", sentence, "it ran out of time", 70)
            else:
                yield Finding("duration", sentence, "what takes longer or shorter does something else", 32)

    def _start(self) -> Iterator[Finding]:
        old, new = self._old.execution, self._new.execution
        if old.trigger is not new.trigger and not {old.trigger, new.trigger} <= _BY_PEOPLE:
            why = "what starts it decides what surrounds it"
            yield Finding("start", f"it was started by {new.trigger}, before by {old.trigger}", why, 30)
        if old.triggered_by != new.triggered_by:
            sentence = f"it was started by the user {new.triggered_by}, before by {old.triggered_by}"
            yield Finding("start", sentence, "another user has other rights and files", 62)

    def _row(self, task: str, asked: Callable[[TaskExecution], bool]) -> bool:
        return any(pair.new is not None and asked(pair.new) for pair in self._pairs if pair.task == task)


def _mentions(text: str, name: str) -> bool:
    """Whether a text names something: config.key, also as config['key'], or a variable."""
    root, dot, key = name.partition(".")
    if not dot:
        return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text) is not None
    pattern = rf"\b{re.escape(root)}(?:\.{re.escape(key)}\b|\[\\?['\"]{re.escape(key)}\\?['\"]\])"
    return re.search(pattern, text) is not None


def _params(execution: Execution) -> Json:
    """What came of the input, else the input itself."""
    filled = (execution.variables or {}).get("params")
    given = execution.input
    return filled if filled is not None else given if isinstance(given, dict) else {"": given} if given else {}


def _changed(old: Json, new: Json) -> Iterator[tuple[str, Any, Any]]:
    before, after = _mapping(old), _mapping(new)
    for key in dict.fromkeys([*before, *after]):
        if canonical(before.get(key)) != canonical(after.get(key)):
            yield key, before.get(key), after.get(key)


def _mapping(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _shown(value: Json) -> str:
    if value is None:
        return "nothing"
    if is_secret_reference(value):
        return "a secret"
    return one_line(value if isinstance(value, str) else canonical(value), 80)
