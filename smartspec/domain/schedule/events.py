"""What an event-started schedule waits for: a file, the end of a workflow, the program, the machine, or a name.

    file changed PATH · file appeared PATH, each with: named PATTERN, quiet DURATION, recursive
    file quiet PATH, with: for DURATION, named PATTERN, recursive
    workflow completed REF · workflow failed REF · workflow recovered REF
    application started · computer woke · event NAME

A word with spaces stands in quotes, as in a shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePath
from typing import TypeVar

from smartspec.domain import times
from smartspec.domain.ranges import Range
from smartspec.domain.text import did_you_mean, one_line
from smartspec.errors import Invalid
from smartspec.formatting import format_duration
from smartspec.messages import _, listed
from smartspec.value import frozen, replace

_LONGEST_SHOWN = 60
_QUIET = Range(0, 7 * 86_400_000, "ms")
QUIET_MS = 5_000  # unless a person says otherwise: what is written in pieces is whole
_GLOB = re.compile(r"[*?]")
_NAME = re.compile(r"[\w.:-]{1,100}")
_Verb = TypeVar("_Verb", bound=StrEnum)


class FileChange(StrEnum):
    """`changed` and `appeared` are of each file, `changed` of a new one too; `quiet` is once of all of them together,
    when nothing has changed, come or gone any more."""

    CHANGED = "changed"
    APPEARED = "appeared"
    QUIET = "quiet"


class WorkflowEnd(StrEnum):
    """`recovered`: completed, and the one before had failed."""

    COMPLETED = "completed"
    FAILED = "failed"
    RECOVERED = "recovered"


@frozen
class FileEvent:
    """`path` is as it was written, of a file or a folder; within a folder names have to match `pattern` where there is
    one, and folders in it count only with `recursive`. `quiet_ms`: so long nothing of it has changed any more."""

    change: FileChange
    path: str
    pattern: str = ""
    quiet_ms: int = QUIET_MS
    recursive: bool = False

    @property
    def is_of_folder(self) -> bool:
        """Whether the files in a folder are meant, whatever is there."""
        return bool(self.pattern) or self.recursive


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
        words = _split(expression)
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
            word = "for" if event.change is FileChange.QUIET else "quiet"
            quiet = [word, _duration(event.quiet_ms)] if event.quiet_ms != QUIET_MS else []
            return shlex.join(["file", event.change, event.path, *named, *quiet, *["recursive"] * event.recursive])
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


def with_folder(event: FileEvent, folder: str) -> FileEvent:
    """As it is stored: a relative path counts from a folder, and `~/papers/*.pdf` is a pattern in one.

    Raises Invalid for a pattern in the middle of a path.
    """
    path = PurePath(event.path) if event.path.startswith("~") else PurePath(folder, event.path)
    if not event.pattern and _GLOB.search(path.name):
        event, path = replace(event, pattern=path.name), path.parent
    if _GLOB.search(str(path)):
        raise Invalid(
            _(
                "“{path}”: only the last part of a path is a pattern; write the folder, then {named}, and {recursive} "
                "for the folders in it.",
                path=_shown(str(path)), named="named '*.pdf'", recursive="recursive",
            )
        )  # fmt: skip
    return replace(event, path=str(path))


def _file(words: list[str]) -> FileEvent:
    change = _one_of(FileChange, words, "file")
    if len(words) < 2 or not words[1].strip("\0"):
        raise Invalid(_("The event misses its path: write it as in {example}.", example=f"file {change} ~/Downloads"))
    quiet = "for" if change is FileChange.QUIET else "quiet"
    given = _file_options(words[2:], quiet)
    quiet_ms = _quiet(given[quiet]) if quiet in given else QUIET_MS
    if change is FileChange.QUIET and not quiet_ms:
        raise Invalid(_("How long is quiet? Write it as in {example}.", example="file quiet ~/Downloads for 30s"))
    return FileEvent(change, words[1], given.get("named", ""), quiet_ms, "recursive" in given)


def _file_options(words: list[str], quiet: str) -> dict[str, str]:
    """What stands behind the path, by its name."""
    given: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name = word.lower()
        value = "" if name == "recursive" else next(rest, None)
        if name not in ("named", quiet, "recursive") or value is None or name in given:
            raise Invalid(
                _(
                    "“{text}” is not understood: behind the path come {named}, {quiet} and {recursive} only; a path "
                    "with spaces stands in quotes.",
                    text=_shown(" ".join(words)), named="named '*.pdf'", quiet=f"{quiet} 30s", recursive="recursive",
                )
            )  # fmt: skip
        given[name] = value
    return given


def _split(text: str) -> list[str]:
    """As a shell does, but for the backslash, which stands in paths."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    return list(lexer)


def _duration(ms: int) -> str:
    return f"{ms}ms" if ms % 1_000 else f"{ms // 1_000}s"


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


WORDS = tuple(_KINDS)  # how an event begins


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
