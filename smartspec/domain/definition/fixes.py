"""What would mend a problem of a workflow file, where that is plain to see."""

from __future__ import annotations

import re

from smartspec.errors import Problem
from smartspec.messages import _
from smartspec.value import frozen

_GUESS = re.compile(r"“([^”]+)”.*did you mean “([^”]+)”\?")
_MISREAD = re.compile(r"^(tasks\.\S+) .*; write tasks\[\"(.+)\"\]\.$")
_CYCLE = re.compile(r"wait for each other: (.+)\.$")


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
    if match := _GUESS.search(problem.sentence):
        wrong, right = match.groups()
        at = text.find(wrong, start)
        if at >= 0 and text.count("\n", start, at) < 3:
            return QuickFix(_("Did you mean {word}?", word=right), at, at + len(wrong), right)
    if match := _MISREAD.search(problem.sentence):
        return _bracketed(match[1], match[2], text, start)
    if match := _CYCLE.search(problem.sentence):
        return _without_need(match[1].split(" → "), text, start)
    return None


def _bracketed(wrong: str, name: str, text: str, start: int) -> QuickFix | None:
    at = text.find(wrong, start)
    if at < 0:
        return None
    line = text[text.rfind("\n", 0, at) + 1 : at]
    quote = "'" if line.count('"') % 2 else '"'  # those around it, if any, are the others
    instead = f"tasks[{quote}{name}{quote}]"
    return QuickFix(_("Write {instead}", instead=instead), at, at + len(wrong), instead)


def _without_need(path: list[str], text: str, start: int) -> QuickFix | None:
    """The place of the problem is the `needs` of the first task: the second goes out of it."""
    if len(path) < 2:
        return None
    first, second = path[0], path[1]
    line_end = text.find("\n", start)
    line = text[start : line_end if line_end >= 0 else len(text)]
    word = rf"(?<![\w-]){re.escape(second)}(?![\w-])"
    for pattern in (rf",\s*{word}", rf"{word}\s*,\s*", word):
        if found := re.search(pattern, line):
            label = _("Remove {need} from the needs of {task}", need=second, task=first)
            return QuickFix(label, start + found.start(), start + found.end(), "")
    return None


def offset(text: str, line: int, column: int) -> int:
    """The character at a line and column, both counted from 1."""
    at = 0
    for _line in range(line - 1):
        following = text.find("\n", at)
        if following < 0:
            return len(text)
        at = following + 1
    return min(len(text), at + column - 1)
