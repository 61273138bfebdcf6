"""What would mend a problem of a workflow file, where that is plain to see."""

from __future__ import annotations

import re

from smartspec.domain.definition.cycles import first_need_in
from smartspec.domain.text import guess_of
from smartspec.errors import Problem
from smartspec.messages import Message, _
from smartspec.value import frozen


@frozen
class QuickFix:
    """Put `instead` in the place of the characters from `start` to `end`; `label` says it to a person."""

    label: str
    start: int
    end: int
    instead: str

    def applied(self, text: str) -> str:
        return text[: self.start] + self.instead + text[self.end :]


def quick_fix(problem: Problem, text: str) -> QuickFix | None:
    """Of a word that is not known the one that was meant; of a cycle one need less; of tasks.a-b the brackets."""
    if problem.line is None:
        return None
    start = offset(text, problem.line, problem.column or 1)
    if guess := guess_of(problem.sentence):
        return _guessed(*guess, text, start)
    if need := first_need_in(problem.sentence):
        return _without_need(*need, text, start)
    values = problem.sentence.values if isinstance(problem.sentence, Message) else {}
    return _bracketed(values["wrong"], values["right"], text, start) if {"wrong", "right"} <= values.keys() else None


def _guessed(wrong: str, right: str, text: str, start: int) -> QuickFix | None:
    found = re.compile(_whole_word(wrong)).search(text, start)
    if found is None or text.count("\n", start, found.start()) >= 3:
        return None
    return QuickFix(_("Did you mean {word}?", word=right), found.start(), found.end(), right)


def _bracketed(wrong: str, right: str, text: str, start: int) -> QuickFix | None:
    at = text.find(wrong, start)
    if at < 0:
        return None
    line = text[text.rfind("\n", 0, at) + 1 : at]
    instead = right.replace('"', "'") if line.count('"') % 2 else right  # quotes around it, if any, are the others
    return QuickFix(_("Write {instead}", instead=instead), at, at + len(wrong), instead)


def _without_need(first: str, second: str, text: str, start: int) -> QuickFix | None:
    """The place of the problem is the `needs` of the first task: the second goes out of it."""
    line_end = text.find("\n", start)
    line = text[start : line_end if line_end >= 0 else len(text)]
    word = _whole_word(second)
    for pattern in (rf",\s*{word}", rf"{word}\s*,\s*", word):
        if found := re.search(pattern, line):
            label = _("Remove {need} from the needs of {task}", need=second, task=first)
            return QuickFix(label, start + found.start(), start + found.end(), "")
    return None


def _whole_word(word: str) -> str:
    """A pattern for it where it is no part of a longer one."""
    return rf"(?<![\w-]){re.escape(word)}(?![\w-])"


def offset(text: str, line: int, column: int) -> int:
    """The character at a line and column, both counted from 1."""
    at = 0
    for _line in range(line - 1):
        following = text.find("\n", at)
        if following < 0:
            return len(text)
        at = following + 1
    return min(len(text), at + column - 1)
