"""What colours the lines of an editor: their syntax, waves under what is wrong, the ground of what was found.

A line gets its colours when it is seen: a text of any length costs what fits the window.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QPlainTextEdit

from smartspec.errors import Problem
from smartspec.gui.style import theme

Colours = Callable[[str], Iterable[tuple[int, int, str]]]
Look = tuple[str, str, bool]  # the token of the colour, the severity of the wave, whether it was found
_PLAIN: Look = ("", "", False)
_LONGEST = 10_000  # a longer line is data, not code that somebody reads
_WORD_END = " \t,:{}[]\"'"


class PaintedLines:
    def __init__(self, editor: QPlainTextEdit, colours: Colours | None) -> None:
        self._editor, self._colours = editor, colours
        self._problems: dict[int, list[Problem]] = {}
        self._found: Sequence[tuple[int, int]] = ()
        self._formats: dict[Look, QTextCharFormat] = {}
        self._epoch = 0

    def show_problems(self, problems: Iterable[Problem]) -> None:
        self._problems = {}
        for each in problems:
            if each.line:
                self._problems.setdefault(each.line, []).append(each)
        self.forget()

    def show_found(self, found: Sequence[tuple[int, int]]) -> None:
        """From where to where in the text, in order."""
        self._found = found
        self.forget()

    def forget(self) -> None:
        """Every line is to be coloured anew when it is seen."""
        self._epoch += 1
        self._formats.clear()
        self._editor.viewport().update()

    def severity(self, line: int) -> str:
        """Of the worst problem of a line, counted from 1; empty where there is none."""
        found = {each.severity for each in self._problems.get(line, ())}
        return "error" if "error" in found else "warning" if found else ""

    def colour(self, first: QTextBlock, last_line: int) -> None:
        """Give the lines up to a number (from 0) the colours that they do not have yet."""
        block, changed = first, []
        while block.isValid() and block.blockNumber() <= last_line:
            stamp = (block.revision() * 10_007 + self._epoch) & 0x7FFF_FFFF
            if block.userState() != stamp:
                block.setUserState(stamp)
                block.layout().setFormats(self._ranges(block))
                changed.append(block)
            block = block.next()
        if changed:
            self._lay_out(changed[0], changed[-1])

    def _lay_out(self, first: QTextBlock, last: QTextBlock) -> None:
        """The text is what it was: nobody is to hear of a change, a screen reader least of all."""
        document = self._editor.document()
        blocked = document.blockSignals(True)
        document.markContentsDirty(first.position(), last.position() + last.length() - first.position())
        document.blockSignals(blocked)

    def _ranges(self, block: QTextBlock) -> list[QTextLayout.FormatRange]:
        text = block.text()
        if not text or len(text) > _LONGEST:
            return []
        looks = self._looks(block, text)
        made, at = [], 0
        for look, run in groupby(looks):
            length = sum(1 for _ in run)
            if look != _PLAIN:
                made.append(self._range(at, length, look))
            at += length
        return made

    def _looks(self, block: QTextBlock, text: str) -> list[Look]:
        """Of each character."""
        tokens, waves, found = [""] * len(text), [""] * len(text), [False] * len(text)
        for start, end, token in self._colours(text) if self._colours else ():
            tokens[start:end] = [token] * (end - start)
        for problem in self._problems.get(block.blockNumber() + 1, ()):
            start, end = _wave(problem, text)
            if problem.severity == "error" or not any(waves[start:end]):
                waves[start:end] = [problem.severity] * (end - start)
        for start, end in self._found_in(block.position(), len(text)):
            found[start:end] = [True] * (end - start)
        return list(zip(tokens, waves, found, strict=True))

    def _found_in(self, position: int, length: int) -> Iterable[tuple[int, int]]:
        at = bisect_left(self._found, (position, 0))
        if at and self._found[at - 1][1] > position:
            at -= 1
        while at < len(self._found) and self._found[at][0] < position + length:
            start, end = self._found[at]
            yield max(0, start - position), min(length, end - position)
            at += 1

    def _range(self, start: int, length: int, look: Look) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = start, length, self._format(look)
        return made

    def _format(self, look: Look) -> QTextCharFormat:
        if look not in self._formats:
            token, wave, found = look
            made = QTextCharFormat()
            if token:
                made.setForeground(theme.colour(token))
            if wave:
                made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                made.setUnderlineColor(theme.colour("failed" if wave == "error" else "retrying"))
            if found:
                made.setBackground(theme.colour("warn_soft"))
            self._formats[look] = made
        return self._formats[look]


def _wave(problem: Problem, text: str) -> tuple[int, int]:
    """Under the word at its place; the whole line where there is none."""
    start = min((problem.column or 1) - 1, len(text))
    end = start
    while end < len(text) and text[end] not in _WORD_END:
        end += 1
    if end > start:
        return start, end
    return len(text) - len(text.lstrip()), len(text)
