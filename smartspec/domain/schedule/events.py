"""What an event-started schedule waits for: a file, the end of a workflow, the program, the machine, or a name.

    file changed PATH · file appeared PATH, each with: named PATTERN, quiet DURATION
    workflow completed REF · workflow failed REF · workflow recovered REF
    application started · computer woke · event NAME

A word with spaces stands in quotes, as in a shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from smartspec.domain import times
from smartspec.domain.ranges import Range
from smartspec.domain.text import did_you_mean, one_line
from smartspec.errors import Invalid
from smartspec.formatting import format_duration
from smartspec.messages import _, listed
from smartspec.value import frozen

_LONGEST_SHOWN = 60
_QUIET = Range(0, 7 * 86_400_000, "ms")
_NAME = re.compile(r"[\w.:-]{1,100}")
_Verb = TypeVar("_Verb", bound=StrEnum)


class FileChange(StrEnum):
    CHANGED = "changed"
    APPEARED = "appeared"


class WorkflowEnd(StrEnum):
    """`recovered`: completed, and the one before had failed."""

    COMPLETED = "completed"
    FAILED = "failed"
    RECOVERED = "recovered"


@frozen
class FileEvent:
    """`path` is as it was written, of a file or a folder; within a folder names have to match `pattern` where there is
    one. `quiet_ms`: so long nothing of it has changed any more."""

    change: FileChange
    path: str
    pattern: str = ""
    quiet_ms: int = 0


@frozen
class WorkflowEvent:
    end: WorkflowEnd
    ref: str


@frozen
class ApplicationStarted:
    """A runner began to serve."""


@frozen
class ComputerWoke:
    """The machine slept, and does not any more."""


@frozen
class NamedEvent:
    """Somebody said its name: `smartspec event NAME`."""

    name: str


Event = FileEvent | WorkflowEvent | ApplicationStarted | ComputerWoke | NamedEvent


def parse_event(expression: str) -> Event:
    """Raises Invalid."""
    try:
        words = shlex.split(expression)
    except ValueError:
        raise Invalid(_("“{text}” has a quote that is not closed.", text=_shown(expression))) from None
    if not words:
        raise Invalid(_("There is no event: write one as in {example}.", example="workflow completed NAME"))
    kind, rest = words[0].lower(), words[1:]
    if kind not in _KINDS:
        raise Invalid(
            _(
                "There is no event “{word}”; it begins with one of {known}{guess}",
                word=_shown(kind), known=listed(_KINDS), guess=did_you_mean(kind, _KINDS),
            )
        )  # fmt: skip
    return _KINDS[kind](rest)


def event_expression(event: Event) -> str:
    """As `parse_event` reads it."""
    match event:
        case FileEvent():
            named = ["named", event.pattern] if event.pattern else []
            quiet = ["quiet", f"{event.quiet_ms}ms"] if event.quiet_ms else []
            return shlex.join(["file", event.change, event.path, *named, *quiet])
        case WorkflowEvent():
            return shlex.join(["workflow", event.end, event.ref])
        case ApplicationStarted():
            return "application started"
        case ComputerWoke():
            return "computer woke"
        case NamedEvent():
            return f"event {event.name}"


def check_event_name(name: str) -> str:
    """Raises Invalid for what is no name of an event."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            _(
                "“{name}” is no name for an event: it has letters, digits and any of . : - _, at most a hundred.",
                name=_shown(name),
            )
        )
    return name


def _file(words: list[str]) -> FileEvent:
    change = _one_of(FileChange, words, "file")
    if len(words) < 2 or not words[1].strip("\0"):
        raise Invalid(_("The event misses its path: write it as in {example}.", example=f"file {change} ~/Downloads"))
    options = words[2:]
    if len(options) % 2 or any(name.lower() not in ("named", "quiet") for name in options[::2]):
        raise Invalid(
            _(
                "“{text}” is not understood: behind the path come {named} and {quiet} only; a path with spaces "
                "stands in quotes.",
                text=_shown(" ".join(options)), named="named PATTERN", quiet="quiet 30s",
            )
        )  # fmt: skip
    given = {name.lower(): value for name, value in zip(options[::2], options[1::2], strict=True)}
    return FileEvent(change, words[1], given.get("named", ""), _quiet(given.get("quiet", "0")))


def _quiet(text: str) -> int:
    ms = times.parse_duration_ms(text)
    if ms not in _QUIET:
        raise Invalid(
            _(
                "“{text}” is too long to wait for quiet: the most is {most}.",
                text=_shown(text),
                most=format_duration(int(_QUIET.largest)),
            )
        )
    return ms


def _workflow(words: list[str]) -> WorkflowEvent:
    end = _one_of(WorkflowEnd, words, "workflow")
    if len(words) != 2 or not words[1].strip():
        raise Invalid(
            _("The event needs one workflow: write it as in {example}.", example=f"workflow {end} default.backup")
        )
    return WorkflowEvent(end, words[1])


def _application(words: list[str]) -> ApplicationStarted:
    _only("started", words, "application")
    return ApplicationStarted()


def _computer(words: list[str]) -> ComputerWoke:
    _only("woke", words, "computer")
    return ComputerWoke()


def _named(words: list[str]) -> NamedEvent:
    if len(words) != 1:
        raise Invalid(_("The event needs one name: write it as in {example}.", example="event paper-arrived"))
    return NamedEvent(check_event_name(words[0]))


_KINDS: dict[str, Callable[[list[str]], Event]] = {
    "file": _file, "workflow": _workflow, "application": _application, "computer": _computer, "event": _named,
}  # fmt: skip


def _one_of(verbs: type[_Verb], words: list[str], noun: str) -> _Verb:
    said = words[0].lower() if words else ""
    try:
        return verbs(said)
    except ValueError:
        raise Invalid(
            _(
                "What of “{noun}”? Behind it comes one of {known}, not “{word}”.",
                noun=noun,
                known=listed(verbs),
                word=_shown(said),
            )
        ) from None


def _only(verb: str, words: list[str], noun: str) -> None:
    if [word.lower() for word in words] != [verb]:
        raise Invalid(_("The event of “{noun}” is written {whole}.", noun=noun, whole=f"{noun} {verb}"))


def _shown(text: str) -> str:
    return one_line(text, _LONGEST_SHOWN)
