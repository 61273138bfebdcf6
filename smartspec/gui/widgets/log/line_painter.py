"""Draws a line of a log: number, time, task, mark, text, matches."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from smartspec.domain import times
from smartspec.formatting import format_milliseconds, format_number
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.log import colours
from smartspec.gui.widgets.log.ansi import Span
from smartspec.gui.widgets.log.shown_line import Row, ShownLine
from smartspec.messages import trn

_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
_LINE = _MIDDLE | int(Qt.TextFlag.TextSingleLine)
_MARK, _EDGE = 20, 10  # room for the mark, and between columns


class LinePainter:
    """Its widths follow the font, and what the view shows."""

    def __init__(self) -> None:
        self.shows_times = False
        self.task_columns = 0  # characters of the longest name of a task, 0 where there is only one
        self.digits = 4
        self.needle = ""
        self.zoom = 0.0
        self.set_font()

    def set_font(self) -> None:
        """The font of the theme, as it is by now."""
        self.font = QFont(theme.font("small", mono=True))
        self.font.setPointSizeF(self.font.pointSizeF() + self.zoom)
        self.bold = QFont(self.font)
        self.bold.setWeight(QFont.Weight.Bold)
        self.metrics = QFontMetricsF(self.font)
        self.advance = self.metrics.horizontalAdvance("m")
        self.step = max(19, round(self.metrics.height()) + 2)

    @property
    def _number_width(self) -> float:
        return max(32.0, self.digits * self.advance) + 8

    @property
    def _time_width(self) -> float:
        return 12 * self.advance + 2 * _EDGE if self.shows_times else _EDGE

    @property
    def _task_width(self) -> float:
        return self.task_columns * self.advance + _EDGE if self.task_columns else 0.0

    @property
    def gutter(self) -> float:
        """Where the text begins."""
        return self._number_width + self._time_width + self._task_width + _MARK

    def paint(
        self, painter: QPainter, rect: QRectF, line: ShownLine | None, rows: list[Row], left: float, *,
        chosen: bool, match: bool, current: bool,
    ) -> None:  # fmt: skip
        """`rect` is that of all rows; `left` is how far it is scrolled to the right."""
        if chosen:
            is_error = line is not None and line.is_error
            painter.fillRect(rect, theme.colour("bad_soft" if is_error else "accent_soft"))
            painter.fillRect(QRectF(0, rect.top(), 3, rect.height()), theme.colour("failed" if is_error else "accent"))
        painter.setFont(self.font)
        first = QRectF(rect.left(), rect.top(), rect.width(), self.step)
        if line is None:
            self._plain(painter, first.adjusted(self.gutter - left, 0, 0, 0), "…", "text3")
            return
        if line.is_gap:
            self._paint_gap(painter, first, line)
            return
        self._paint_gutter(painter, first, line)
        painter.save()
        painter.setClipRect(rect.adjusted(self.gutter - 2, 0, 0, 0))
        own = "failed" if line.is_error else "retrying" if line.is_warning else "text"
        for number, row in enumerate(rows):
            at = QRectF(self.gutter - left, rect.top() + number * self.step, rect.width() + left, self.step)
            if match and self.needle:
                self._paint_matches(painter, at, "".join(span.text for span in row), current)
            self._paint_row(painter, at, row, own, rect.width())
        painter.restore()

    def _paint_gap(self, painter: QPainter, rect: QRectF, gap: ShownLine) -> None:
        painter.fillRect(rect, theme.colour("sunken"))
        words = f"⋯ {_left_out(gap)}"
        painting.text(painter, rect.adjusted(self.gutter, 0, 0, 0), words, "text3", theme.font("caption"))

    def _paint_gutter(self, painter: QPainter, rect: QRectF, line: ShownLine) -> None:
        number = QRectF(0, rect.top(), self._number_width, rect.height())
        painter.setPen(theme.colour("text3"))
        right = _MIDDLE | int(Qt.AlignmentFlag.AlignRight)
        painter.drawText(number, right, str((line.line.number or 0) + 1))
        if self.shows_times and line.line.at is not None:
            time = rect.adjusted(self._number_width + _EDGE, 0, 0, 0)
            self._plain(painter, time, format_milliseconds(times.from_ms(line.line.at)), "text3")
        if self.task_columns and line.line.task:
            left = self._number_width + self._time_width
            name = QRectF(left, rect.top(), self._task_width - _EDGE, rect.height())
            painter.setPen(colours.of_task(line.line.task))
            words = self.metrics.elidedText(line.line.task, Qt.TextElideMode.ElideRight, name.width())
            painter.drawText(name, _LINE, words)
        mark = ("x", "failed") if line.is_error else ("warning", "retrying") if line.is_warning else None
        if mark:
            icons.paint(painter, QRectF(self.gutter - 17, rect.center().y() - 6, 12, 12), *mark)

    def _plain(self, painter: QPainter, rect: QRectF, words: str, token: str) -> None:
        painter.setPen(theme.colour(token))
        painter.drawText(rect, _LINE, words)

    def _paint_row(self, painter: QPainter, rect: QRectF, row: Row, own: str, width: float) -> None:
        x = rect.left()
        for span in row:
            took = self._paint_span(painter, QRectF(x, rect.top(), rect.width(), rect.height()), span, own, width)
            x += took
            if x > width:
                return

    def _paint_span(self, painter: QPainter, rect: QRectF, span: Span, own: str, width: float) -> float:
        """Only what is in sight, of letters of one width; the answer is how wide all of it is."""
        painter.setPen(colours.colour(span.colour or own))
        painter.setFont(self.bold if span.bold else self.font)
        text, x = span.text, rect.left()
        if text.isascii():
            took = len(text) * self.advance
            first = max(0, int((self.gutter - x) / self.advance) - 1)
            text = text[first : first + int(width / self.advance) + 3]
            x += first * self.advance
        else:
            took = self.metrics.horizontalAdvance(text)
        if text and rect.left() + took > 0:
            painter.drawText(QRectF(x, rect.top(), width + 40, rect.height()), _LINE, text)
        return took

    def _paint_matches(self, painter: QPainter, rect: QRectF, text: str, current: bool) -> None:
        lower, at = text.lower(), 0
        while (at := lower.find(self.needle, at)) >= 0:
            x = rect.left() + self.width(text[:at])
            box = QRectF(x, rect.top() + 1, self.width(text[at : at + len(self.needle)]), rect.height() - 2)
            painter.fillRect(box, theme.colour("warn_soft"))
            if current:
                painter.setPen(QPen(theme.colour("retrying"), 1))
                painter.drawRect(box)
            at += len(self.needle)

    def width(self, text: str) -> float:
        return len(text) * self.advance if text.isascii() else self.metrics.horizontalAdvance(text)


def described(line: ShownLine | None, count: int) -> str:
    """A line for who does not see it."""
    if line is None:
        return "…"
    if line.is_gap:
        return _left_out(line)
    number = format_number((line.line.number or 0) + 1)
    return ": ".join(filter(None, (f"{number} / {format_number(count)}", line.line.task, line.text)))


def _left_out(gap: ShownLine) -> str:
    return trn("{n} line without an error", "{n} lines without an error", int(gap.line.raw))
