"""What differs in what surrounded two executions, each with how likely it explains how they ended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smartspec.domain.compare import environment_diff
from smartspec.domain.compare.compared_execution import ComparedExecution, TaskPair
from smartspec.domain.compare.environment_diff import EnvironmentDifference
from smartspec.domain.compare.finding import Finding
from smartspec.domain.compare.relevance import Relevance
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.execution import TaskExecution
from smartspec.formatting import format_size
from smartspec.messages import N_, Message, _, _n, clauses, listed

_LITTLE_FREE_BYTES = 200 * 1024 * 1024
_MOST_VARIABLES = 8  # named in one finding
_MOST_DIFFERENCES = 3  # of a re-run, in one finding
_NOT_FOUND_EXITS = (126, 127)  # what a shell ends with where a program cannot be run, or is not there (POSIX, 2.8.2)
_NO_FOLDER = re.compile(r"[Tt]he working folder (.+?) (does not exist|cannot be entered|cannot be used|is no folder)")
_NO_SPACE = re.compile(r"no space left|disk (?:is )?full|ENOSPC|disk quota", re.IGNORECASE)
_FOLDER_WORDS = {
    "does not exist": N_("the folder {folder} does not exist"),
    "cannot be entered": N_("the folder {folder} cannot be entered"),
    "cannot be used": N_("the folder {folder} cannot be used"),
    "is no folder": N_("the folder {folder} is no folder"),
}


class EnvironmentCauses:
    """The folder, the interpreter, the environment and the disk of two executions, as causes."""

    def __init__(
        self, old: ComparedExecution, new: ComparedExecution, pairs: tuple[TaskPair, ...], relevance: Relevance
    ) -> None:
        self._old, self._new, self._pairs, self._relevance = old, new, pairs, relevance

    def findings(self) -> Iterator[Finding]:
        """Each that differs."""
        yield from self._folder()
        yield from self._interpreter()
        yield from self._rerun()
        yield from self._environment()
        yield from self._disk()

    def _folder(self) -> Iterator[Finding]:
        """Where it ran, and whether that was there."""
        suspects = self._relevance.suspects
        gone = next(filter(None, map(self._missing_folder, suspects)), None)
        if gone is not None:
            yield Finding("environment", gone, _("a task cannot begin in a folder that is not there"), 96)
        old, new = (each.execution.folder for each in (self._old, self._new))
        if old is not None and new is not None and old != new:
            why = _("relative paths lead elsewhere") if suspects else _("relative paths led elsewhere")
            sentence = _("the folder it ran in changed: {old} → {new}", old=old, new=new)
            yield Finding("environment", sentence, why, 88)

    def _missing_folder(self, task: str) -> Message | None:
        """What the system said of it, as a clue."""
        errors = (pair.new.error or "" for pair in self._pairs if pair.task == task and pair.new is not None)
        found = next((found for found in map(_NO_FOLDER.search, errors) if found), None)
        return _(_FOLDER_WORDS[found[2]], folder=found[1]) if found else None

    def _interpreter(self) -> Iterator[Finding]:
        old, new = (each.execution.interpreter for each in (self._old, self._new))
        if old is None or new is None or old == new:
            return
        tasks = self._relevance.definition.tasks
        of_python = any(tasks[name].kind is TaskKind.PYTHON for name in self._relevance.suspects if name in tasks)
        why = _("no task that ended otherwise is run by it")
        if of_python:
            why = _("{task} is run by it", task=self._relevance.first)
        sentence = _("the interpreter of `python:` changed: {old} → {new}", old=old, new=new)
        yield Finding("environment", sentence, why, 88 if of_python else 30)

    def _rerun(self) -> Iterator[Finding]:
        """A re-run runs in the environment of whoever asks for it, which may be another one."""
        for each in (self._old, self._new):
            found = environment_diff.differences(each.before, each.environment)
            if told := [one.sentence for one in found if not one.volatile]:
                sentence = _(
                    "attempt {attempt} of {execution} ran in another environment: {differences}",
                    attempt=each.execution.attempt, execution=each.execution.label,
                    differences=_first(told, _MOST_DIFFERENCES),
                )  # fmt: skip
                yield Finding("environment", sentence, _("what it kept was made in the one before"), 30)

    def _environment(self) -> Iterator[Finding]:
        relevance = self._relevance
        found = environment_diff.differences(self._old.environment, self._new.environment)
        for each in found:
            if each.kind == "path":
                yield self._path(each)
            elif each.kind == "kernel":
                yield Finding("environment", each.sentence, _("an update of the system changes many programs"), 40)
            elif user := relevance.user(each.name, relevance.suspects):
                why = _("{task}, which ended otherwise, uses it", task=user)
                yield Finding("environment", each.sentence, why, 85)
            elif not relevance.suspects and (user := relevance.user(each.name, relevance.definition.tasks)):
                yield Finding("environment", each.sentence, _("{task} uses it", task=user), 60)
        yield from self._variables([each for each in found if each.kind == "variable"])

    def _path(self, difference: EnvironmentDifference) -> Finding:
        if self._relevance.is_any(_program_was_missing):
            return Finding("environment", difference.sentence, _("a program was not found"), 92)
        why = _("another program may have been found by the same name")
        return Finding("environment", difference.sentence, why, 45)

    def _variables(self, found: list[EnvironmentDifference]) -> Iterator[Finding]:
        """Those that no suspect names, in one line; the noise of shells and terminals is no clue."""
        tasks = self._relevance.definition.tasks
        asked = self._relevance.suspects or tasks
        names = [each.name for each in found if not each.volatile and not self._relevance.user(each.name, asked)]
        if not names:
            return
        shown: Message = listed(names[:_MOST_VARIABLES])
        if more := len(names) - _MOST_VARIABLES if len(names) > _MOST_VARIABLES else 0:
            shown = _n("{names} and {n} more", "{names} and {n} more", more, names=shown)
        sentence = _("variables changed: {names}", names=shown)
        why = _("programs may read them, no definition says which")
        yield Finding("environment", sentence, why, 22 if tasks else 30)

    def _disk(self) -> Iterator[Finding]:
        told = self._relevance.is_any(lambda row: bool(_NO_SPACE.search(row.excerpt or "")))
        old, new = self._old.execution.free_disk_bytes, self._new.execution.free_disk_bytes
        values = {"now": format_size(new or 0), "before": format_size(old or 0)}
        if told:
            sentence = _("the disk was full: {now} were free, {before} before", **values)
            yield Finding("disk", sentence, _("{task} said so", task=self._relevance.first), 95)
        elif new is not None and new < _LITTLE_FREE_BYTES <= (old or 0):
            sentence = _("little room on the disk: {now} were free, {before} before", **values)
            yield Finding("disk", sentence, _("many programs fail without room"), 86)


def _program_was_missing(row: TaskExecution) -> bool:
    return row.exit_code in _NOT_FOUND_EXITS or row.status_reason == "start"


def _first(sentences: list[str], most: int) -> Message:
    """As many of some clauses, and how many more there are."""
    shown = sentences[:most]
    more = len(sentences) - most
    if more > 0:
        shown = [*shown, _n("and {n} more", "and {n} more", more)]
    return clauses(shown)
