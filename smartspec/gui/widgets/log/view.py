"""The lines of a log on screen: only those that are seen are read, and only when they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from smartspec.domain import times
from smartspec.formatting import format_milliseconds
from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.log import ansi
from smartspec.gui.widgets.log.index import ERROR, WARNING, LogLine
from smartspec.messages import tr
from smartspec.value import frozen

ROW, GUTTER, TIMES = 19, 84, 98
_AHEAD = 200  # lines that are asked for beyond those seen
_KEPT = 4_000


@frozen
class _ShownLine:
    """`at` is when it was written, in ms of the epoch, where that is known."""

    raw: bytes
    at: int | None
    spans: list[ansi.Span]

    @property
    def text(self) -> str:
        """As it is shown, without its escapes."""
        return "".join(span.text for span in self.spans)


class LogView(QAbstractScrollArea):
    """`wanted` asks for lines (first, count); they come by `take`. `followed` tells whether it keeps to the end."""

    wanted = Signal(int, int)
    followed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Log"))
        self.count = 0
        self.follows = True
        self._lines: dict[int, _ShownLine] = {}
        self.shows_times = False
        self._asked: tuple[int, int] = (0, 0)
        self._matches: Sequence[int] = ()
        self._needle = ""
        self._current = -1
        self._anchor = self._end = -1
        self._widest = 0
        self._points = 0.0
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # What is shown

    def clear(self) -> None:
        self._lines, self._matches, self._needle = {}, (), ""
        self._current = self._anchor = self._end = -1
        self._asked, self._widest, self.count = (0, 0), 0, 0
        self._measure()
        self.viewport().update()

    def show_count(self, count: int) -> None:
        """How many lines there are by now; one that was not closed is read anew."""
        if count == self.count:
            self._forget(count - 1)
        else:
            self._forget(self.count - 1)
            self.count = count
            self._measure()
        if self.follows:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._ask_for_lines()
        self.viewport().update()

    def _forget(self, line: int) -> None:
        self._lines.pop(line, None)
        self._asked = (0, 0)

    def take(self, first: int, lines: Sequence[LogLine]) -> None:
        if len(self._lines) > _KEPT:
            self._lines.clear()
        taken = [_ShownLine(line.raw, line.at, ansi.spans(line.raw)) for line in lines]
        self._lines.update(enumerate(taken, start=first))
        widest = max((len(line.text) for line in taken), default=0)
        width = widest * QFontMetrics(self._font()).horizontalAdvance("m")
        if width > self._widest:
            self._widest = width
            self._measure()
        self.viewport().update()

    def line(self, number: int) -> str | None:
        """A line as it is shown; None where it is not here yet."""
        found = self._lines.get(number)
        return None if found is None else found.text

    def go_to(self, number: int) -> None:
        """Show a line in the middle, and mark it."""
        self.set_follows(False)
        self._current = self._anchor = self._end = number
        self.verticalScrollBar().setValue(max(0, number - self._page() // 2))
        self._ask_for_lines()
        self.viewport().update()

    def show_matches(self, matches: Sequence[int], needle: str) -> None:
        self._matches, self._needle = matches, needle.lower()
        self.viewport().update()

    def set_follows(self, follows: bool) -> None:
        if follows != self.follows:
            self.follows = follows
            self.followed.emit(follows)
        if follows:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def show_times(self, shown: bool) -> None:
        """When each line was written, beside its number."""
        self.shows_times = shown
        self._measure()
        self.viewport().update()

    @property
    def gutter(self) -> int:
        return GUTTER + (TIMES if self.shows_times else 0)

    def zoom(self, by: int) -> None:
        self._points = 0 if by == 0 else max(-4, min(14, self._points + by))
        self._measure()
        self.viewport().update()

    # Measures

    def _font(self) -> QFont:
        made = QFont(theme.font("small", mono=True))
        made.setPointSizeF(made.pointSizeF() + self._points)
        return made

    def _row(self) -> int:
        return max(ROW, QFontMetrics(self._font()).height() + 2)

    def _page(self) -> int:
        return max(1, self.viewport().height() // self._row())

    def _measure(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self.count - self._page()))
        bar.setPageStep(self._page())
        across = self.horizontalScrollBar()
        across.setRange(0, max(0, self._widest + self.gutter + 20 - self.viewport().width()))
        across.setPageStep(self.viewport().width())

    def _ask_for_lines(self) -> None:
        """For what will be seen and is not here."""
        first = self.verticalScrollBar().value()
        seen = range(first, min(self.count, first + self._page() + 1))
        missing = [number for number in seen if number not in self._lines]
        if not missing:
            return
        start = max(0, missing[0] - _AHEAD)
        span = (start, min(self.count - start, self._page() + 2 * _AHEAD))
        if span != self._asked:
            self._asked = span
            self.wanted.emit(*span)

    def _on_scrolled(self, value: int) -> None:
        self.set_follows_quietly(value >= self.verticalScrollBar().maximum())
        self._ask_for_lines()

    def set_follows_quietly(self, at_end: bool) -> None:
        """Scrolling up switches following off, reaching the end on."""
        if at_end != self.follows:
            self.follows = at_end
            self.followed.emit(at_end)

    # Selection of lines

    @property
    def selected_text(self) -> str:
        if self._anchor < 0:
            return ""
        first, last = sorted((self._anchor, self._end))
        return "\n".join(ansi.strip_ansi(self._lines[n].raw) for n in range(first, last + 1) if n in self._lines)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        first, step = self.verticalScrollBar().value(), self._row()
        font = self._font()
        painter.setFont(font)
        metrics = QFontMetrics(font)
        matches = set(self._matches[:5_000])
        chosen = (
            range(min(self._anchor, self._end), max(self._anchor, self._end) + 1) if self._anchor >= 0 else range(0)
        )
        for number in range(first, min(self.count, first + self._page() + 2)):
            rect = QRectF(0, (number - first) * step, self.viewport().width(), step)
            self._paint_line(painter, rect, number, metrics, number in matches, number in chosen)
        self._paint_ticks(painter)
        painter.end()

    def _paint_line(
        self, painter: QPainter, rect: QRectF, number: int, metrics: QFontMetrics, match: bool, chosen: bool
    ) -> None:
        line = self._lines.get(number)
        error = line is not None and ERROR.search(line.raw) is not None
        if chosen:
            painter.fillRect(rect, theme.colour("bad_soft" if error else "accent_soft"))
            painter.fillRect(QRectF(0, rect.top(), 3, rect.height()), theme.colour("failed" if error else "accent"))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.colour("text3"))
        painter.drawText(
            QRectF(0, rect.top(), 52, rect.height()), middle | int(Qt.AlignmentFlag.AlignRight), str(number + 1)
        )
        mark = ("x", "failed") if error else ("warning", "retrying") if line and WARNING.search(line.raw) else None
        if mark:
            icons.paint(painter, QRectF(self.gutter - 22, rect.center().y() - 6, 12, 12), *mark)
        if self.shows_times and line is not None and line.at is not None:
            words = format_milliseconds(times.from_ms(line.at))
            painter.drawText(QRectF(66, rect.top(), TIMES, rect.height()), middle, words)
        painter.save()
        painter.setClipRect(rect.adjusted(self.gutter - 2, 0, 0, 0))
        x = self.gutter - self.horizontalScrollBar().value()
        if line is None:
            painter.drawText(QRectF(x, rect.top(), 40, rect.height()), middle, "…")
            painter.restore()
            return
        if match and self._needle:
            self._paint_matches(painter, rect, x, line.text, metrics, chosen)
        own = "failed" if error else "retrying" if mark else "text"
        for span in line.spans:
            width = metrics.horizontalAdvance(span.text)
            painter.setPen(theme.colour(span.colour or own))
            if x + width > 0:
                painter.drawText(
                    QRectF(x, rect.top(), width + 4, rect.height()), middle | int(Qt.TextFlag.TextSingleLine), span.text
                )
            x += width
        painter.restore()

    def _paint_matches(
        self, painter: QPainter, rect: QRectF, left: float, text: str, metrics: QFontMetrics, current: bool
    ) -> None:
        lower, at = text.lower(), 0
        while (at := lower.find(self._needle, at)) >= 0:
            x = left + metrics.horizontalAdvance(text[:at])
            width = metrics.horizontalAdvance(text[at : at + len(self._needle)])
            box = QRectF(x, rect.top() + 1, width, rect.height() - 2)
            painter.fillRect(box, theme.colour("warn_soft"))
            if current:
                painter.setPen(QPen(theme.colour("retrying"), 1))
                painter.drawRect(box)
            at += len(self._needle)

    def _paint_ticks(self, painter: QPainter) -> None:
        """Where the matches are, at the right edge."""
        if not self.count:
            return
        height = self.viewport().height()
        painter.setPen(QPen(theme.colour("retrying"), 2))
        for number in {round(line / self.count * height) for line in self._matches}:
            painter.drawLine(self.viewport().width() - 6, number, self.viewport().width(), number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        if self.follows:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._ask_for_lines()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - round(event.angleDelta().y() / 40))

    def _line_at(self, point: QPoint) -> int:
        return min(self.count - 1, self.verticalScrollBar().value() + point.y() // self._row())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().toPoint())
        self._end = line
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier or self._anchor < 0:
            self._anchor = line
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._end = max(0, self._line_at(event.position().toPoint()))
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        moves: dict[Qt.Key, Callable[[], int]] = {
            Qt.Key.Key_Up: lambda: bar.value() - 1, Qt.Key.Key_Down: lambda: bar.value() + 1,
            Qt.Key.Key_PageUp: lambda: bar.value() - self._page(),
            Qt.Key.Key_PageDown: lambda: bar.value() + self._page(),
            Qt.Key.Key_Home: lambda: 0, Qt.Key.Key_End: bar.maximum,
        }  # fmt: skip
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._anchor, self._end = 0, self.count - 1
            self.viewport().update()
        elif Qt.Key(event.key()) in moves and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            bar.setValue(moves[Qt.Key(event.key())]())
        else:
            super().keyPressEvent(event)
