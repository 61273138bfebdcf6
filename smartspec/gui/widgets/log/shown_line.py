"""A line of a log as it is drawn: its pieces of coloured text, in one row or broken into several."""

from __future__ import annotations

import re

from smartspec.domain.display import display_width
from smartspec.domain.failure_lines import speaks_of_error, speaks_of_warning
from smartspec.gui.widgets.log import ansi
from smartspec.gui.widgets.log.ansi import Span
from smartspec.gui.widgets.log.source import ASKED, LogLine

Row = list[Span]
_NOT_PLAIN = re.compile(rb"[\x00-\x1f\x7f]")
_SHORT = 2_000  # bytes: what is longer is measured when it is drawn


class ShownLine:
    """What is worked out of a line once it is seen."""

    __slots__ = ("_columns", "_is_error", "_rows", "_spans", "line")

    def __init__(self, line: LogLine) -> None:
        self.line = line
        self._is_error: bool | None = None
        self._spans: list[Span] | None = None
        self._columns, self._rows = 0, list[Row]()

    @property
    def is_gap(self) -> bool:
        """Whether it stands for lines that were left out; their number is its text."""
        return self.line.number is None

    @property
    def is_error(self) -> bool:
        """Whether it speaks of one."""
        if self._is_error is None:
            self._is_error = not self.is_gap and speaks_of_error(self.line.raw[:ASKED])
        return self._is_error

    @property
    def is_warning(self) -> bool:
        return not self.is_error and not self.is_gap and speaks_of_warning(self.line.raw[:ASKED])

    @property
    def spans(self) -> list[Span]:
        if self._spans is None:
            self._spans = ansi.spans(self.line.raw)
        return self._spans

    @property
    def text(self) -> str:
        """As it is shown, without its escapes."""
        return "".join(span.text for span in self.spans)

    @property
    def columns(self) -> int:
        """How wide it is; of one that is long and not drawn yet an estimate."""
        raw = self.line.raw
        if self._spans is None and (len(raw) > _SHORT or (raw.isascii() and not _NOT_PLAIN.search(raw))):
            return min(len(raw), ansi.LONGEST)
        return display_width(self.text)

    def rows(self, columns: int) -> list[Row]:
        """Broken where it is wider than so many columns; 0 for one row whatever it takes."""
        if not columns:
            return [self.spans]
        if self._columns != columns:
            self._columns, self._rows = columns, _broken(self.spans, columns)
        return self._rows


def _broken(spans: list[Span], columns: int) -> list[Row]:
    rows: list[Row] = [[]]
    room = columns
    for span in spans:
        rest = span.text
        while rest:
            piece = _fitting(rest, room)
            if not piece and room < columns:
                rows.append([])
                room = columns
                continue
            piece = piece or rest[0]
            rows[-1].append(Span(piece, span.colour, span.bold))
            room -= display_width(piece)
            rest = rest[len(piece) :]
            if rest:
                rows.append([])
                room = columns
    return rows


def _fitting(text: str, columns: int) -> str:
    """As much of its beginning as fits."""
    if text.isascii():
        return text[: max(0, columns)]
    taken = width = 0
    for letter in text:
        width += display_width(letter)
        if width > columns:
            break
        taken += 1
    return text[:taken]
