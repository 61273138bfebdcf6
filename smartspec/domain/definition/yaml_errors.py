"""What a person is told of a text that is no YAML: where to look, and what to write there."""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml

from smartspec.domain.definition.nodes import SourcePosition
from smartspec.messages import N_, Message, _
from smartspec.value import frozen

NEEDS_QUOTES = _('A template that begins a value needs quotes: write "{{ … }}".')
_TAB = _("This line is indented with a tab; YAML wants spaces.")
_MARK = "<<<<<<< "  # that a merge sets
_MERGED = _("Two edits changed this: keep what is to stand, without the lines of <<<<<<<, ======= and >>>>>>>.")
_LONGEST = 30  # characters of a text in a sentence
_KEY = re.compile(r"^\s*(?:- +)*[^\s#'\"\[{][^#]*?:(?:\s|$)")


@frozen
class _Stop:
    """Where a parser stopped: `here` is what it met, `began` where that began which it was reading."""

    lines: list[str]
    here: SourcePosition
    began: SourcePosition

    @property
    def line(self) -> str:
        return self.lines[self.here.line - 1] if self.here.line <= len(self.lines) else ""

    @property
    def character(self) -> str:
        return self.line[self.here.column - 1 : self.here.column]

    @property
    def begins_line(self) -> bool:
        return not self.line[: self.here.column - 1].strip()

    @property
    def is_at_end(self) -> bool:
        """Nothing is left of the text."""
        rest = [self.line[self.here.column - 1 :], *self.lines[self.here.line :]]
        return not any(each.strip() for each in rest)

    @property
    def last_written(self) -> int:
        """The number of the last line before `here` that says something; 0 where there is none."""
        for number in range(self.here.line - 1, 0, -1):
            if self.lines[number - 1].strip():
                return number
        return 0


_Told = tuple[Message, SourcePosition]
_Rule = tuple[str, Callable[[_Stop], _Told]]


def explain(error: yaml.MarkedYAMLError, source: str) -> _Told:
    """The sentence, and a place inside of the text."""
    lines = source.split("\n")
    marked = next((number for number, each in enumerate(lines, start=1) if each.startswith(_MARK)), None)
    if marked is not None:
        return _MERGED, SourcePosition(marked, 1)
    here = _position(error.problem_mark or error.context_mark)
    stop = _Stop(lines, here, _position(error.context_mark) if error.context_mark else here)
    for each in dict.fromkeys((stop.line, _line_of(stop.began, lines))):
        if re.search(r"(^|[:\-\[,]\s+|\[)\{\{", each):
            return NEEDS_QUOTES, _inside(stop.here, lines)
    if "\t" in stop.line[: len(stop.line) - len(stop.line.lstrip())]:
        return _TAB, stop.here
    problem = f"{error.problem or ''} {error.context or ''}"
    for pattern, tell in _RULES:
        if re.search(pattern, problem):
            sentence, position = tell(stop)
            return sentence, _inside(position, lines)
    return _(_NO_YAML, why=error.problem or error.context or ""), _inside(here, lines)


def explain_character(character: str) -> Message:
    """What YAML does not allow anywhere."""
    return _("YAML cannot hold the character U+{code}; leave it out.", code=f"{ord(character):04X}")


_NO_YAML = N_("This is not YAML: {why}.")


def _position(mark: yaml.Mark | None) -> SourcePosition:
    return SourcePosition(mark.line + 1, mark.column + 1) if mark else SourcePosition(1, 1)


def _line_of(position: SourcePosition, lines: list[str]) -> str:
    return lines[position.line - 1] if position.line <= len(lines) else ""


def _inside(position: SourcePosition, lines: list[str]) -> SourcePosition:
    """The end of what is written, where it is behind that."""
    if position.line <= len(lines) and _line_of(position, lines).strip():
        return position
    at = min(position.line, len(lines))
    while at > 1 and not lines[at - 1].strip():
        at -= 1
    return SourcePosition(at, max(1, len(lines[at - 1].rstrip())))


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# What each stop means


def _missing_colon(stop: _Stop) -> _Told:
    text = _short(_line_of(stop.began, stop.lines)[stop.began.column - 1 :])
    return _("A “:” is missing behind “{text}”: it is no key, and belongs to no value above.", text=text), stop.began


def _second_colon(stop: _Stop) -> _Told:
    before = stop.line[: stop.here.column - 1]
    if _KEY.match(before + " "):
        return _("A second “: ” stands in this line: put the value in quotes."), stop.here
    number = stop.last_written
    line = stop.lines[number - 1] if number else ""
    start = SourcePosition(stop.here.line, len(stop.line) - len(stop.line.lstrip()) + 1)
    if number and not _KEY.match(line):
        place = SourcePosition(number, len(line) - len(line.lstrip()) + 1)
        return _("A “:” is missing behind “{text}”, which stands above other keys.", text=_short(line)), place
    return _(
        "This line is further in than line {line}, which has a value already: keys of one mapping begin in one column.",
        line=number,
    ), start  # fmt: skip


def _no_key(stop: _Stop) -> _Told:
    if stop.character in ("]", "}"):
        return _("“{bracket}” closes nothing that is open here.", bracket=stop.character), stop.here
    if not stop.begins_line:
        return _("The value ends before this: put all of it in quotes, the quotes in it twice."), stop.here
    if stop.line.lstrip().startswith("- "):
        return _("An item of a list (“- ”) cannot stand among keys: it stands below its key."), stop.here
    return _(
        "This line begins in column {column}, and no key above it does: keys of one mapping begin in one column.",
        column=stop.here.column,
    ), stop.here  # fmt: skip


def _no_item(stop: _Stop) -> _Told:
    sentence = _("This belongs to no item of the list that begins in line {line}: write “- ” before it, or move it.",
                 line=stop.began.line)  # fmt: skip
    return sentence, stop.here


def _unclosed(bracket: str) -> Callable[[_Stop], _Told]:
    def tell(stop: _Stop) -> _Told:
        if stop.is_at_end or stop.here.line != stop.began.line:
            sentence = _("The bracket that opens here is not closed: “{bracket}” is missing.", bracket=bracket)
            return sentence, stop.began
        sentence = _("A “,” or “{bracket}” is missing here; put a value that holds “: ” or brackets in quotes.",
                     bracket=bracket)  # fmt: skip
        return sentence, stop.here

    return tell


def _unclosed_quote(stop: _Stop) -> _Told:
    quote = _line_of(stop.began, stop.lines)[stop.began.column - 1 : stop.began.column]
    return _("The text that begins here with {quote} is never closed: the second {quote} is missing.",
             quote=quote), stop.began  # fmt: skip


def _odd_start(stop: _Stop) -> _Told:
    return _("A value cannot begin with “{character}”: put it in quotes.", character=stop.character), stop.here


def _read_as(what: str) -> Callable[[_Stop], _Told]:
    def tell(stop: _Stop) -> _Told:
        character = _line_of(stop.began, stop.lines)[stop.began.column - 1 : stop.began.column]
        return _(what, character=character), stop.began

    return tell


def _missing_value(stop: _Stop) -> _Told:
    if not stop.character:
        return _("A value is missing here."), stop.here
    return _("A value is missing before “{character}”.", character=stop.character), stop.here


def _at_stop(sentence: str) -> Callable[[_Stop], _Told]:
    return lambda stop: (_(sentence), stop.here)


# Both parsers of PyYAML, libyaml's and its own, have words of their own.
_RULES: tuple[_Rule, ...] = (
    (r"could not find expected ':'", _missing_colon),
    (r"mapping values are not allowed", _second_colon),
    (r"expected ',' or '\]'", _unclosed("]")),
    (r"expected ',' or '\}'", _unclosed("}")),
    (r"unexpected end of stream", _unclosed_quote),
    (r"unexpected document (indicator|separator)", _unclosed_quote),
    (r"unknown escape", _at_stop(
        N_("In double quotes “\\” begins an escape, and this is none: write it twice, or use single quotes."))),
    (r"hexdecimal|hexadecimal|invalid Unicode character escape", _at_stop(
        N_("In double quotes 2 hexadecimal digits follow “\\x”, 4 “\\u” and 8 “\\U”; or use single quotes."))),
    (r"cannot start any token", _odd_start),
    (r"alphabetic or numeric character", _read_as(
        N_("“{character}” begins a name of YAML's own here: put the value in quotes."))),
    (r"(scanning|parsing) a (%TAG )?(tag|directive)|directive|undefined tag handle", _read_as(
        N_("“{character}” has a meaning of YAML's own here: put the value in quotes."))),
    (r"scanning a block scalar", _at_stop(
        N_("Behind “|” or “>” the line ends; the text stands below it, two spaces further in."))),
    (r"sequence entries are not allowed", _at_stop(
        N_("An item of a list (“- ”) begins a line of its own, below its key."))),
    (r"mapping keys are not allowed", _at_stop(N_("“? ” has a meaning of YAML's own here: put the value in quotes."))),
    (r"unexpected ':'", _at_stop(N_("A “:” stands inside of brackets: put the value in quotes."))),
    (r"expected (the )?node content", _missing_value),
    (r"(expected key|<block end>).*block mapping", _no_key),
    (r"(expected '-' indicator|<block end>).*(collection|sequence)", _no_item),
    (r"<document start>", _at_stop(
        N_("The value above is complete, and this does not belong to it: look at how far in this line begins."))),
)  # fmt: skip
