"""The lines of a log on screen: only those that are seen are read, and only when they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from smartspec.gui.style import theme
from smartspec.gui.widgets.log.kept_lines import KeptLines
from smartspec.gui.widgets.log.keys import line_for
from smartspec.gui.widgets.log.line_painter import LinePainter, described
from smartspec.gui.widgets.log.scroll_bar import TickedScrollBar
from smartspec.gui.widgets.log.shown_line import Row
from smartspec.gui.widgets.log.source import LogLine
from smartspec.messages import tr

_SMALLEST, _LARGEST = -4, 14  # points that the font can be zoomed by


class LogView(QAbstractScrollArea):
    """`wanted` asks for lines (first, count); they come by `take`. `followed` tells whether it keeps to the end."""

    wanted = Signal(int, int)
    followed = Signal(bool)
    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Log"))
        self._ticks = TickedScrollBar()
        self.setVerticalScrollBar(self._ticks)
        self.count = 0
        self.follows = True
        self.wraps = False
        self.current = -1  # the line that the keys move
        self._anchor = -1  # where the selection began
        self._painter = LinePainter()
        self._lines = KeptLines()
        self._matches: Sequence[int] = ()
        self._match_set: set[int] = set()
        self._errors: Sequence[int] = ()
        self._above = 0  # rows of the topmost line that are scrolled away, where lines are broken
        self._is_settling = False
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.on_change(self._on_theme)

    # What is shown

    def clear(self) -> None:
        self._lines.clear()
        self._matches, self._match_set, self._errors = (), set(), ()
        self.current = self._anchor = -1
        self.count = self._above = 0
        self._painter.needle, self._painter.task_columns = "", 0
        self._measure()
        self._show_ticks()

    def show_count(self, count: int, *, anew: bool = False) -> None:
        """How many lines there are by now; one that was not closed is read anew, or all of them."""
        self._lines.forget(None if anew else {self.count - 1, count - 1})
        self.count = count
        self._painter.digits = max(4, len(str(count)))
        self._measure()
        self._keep_to_end()
        self._ask_for_lines()
        self._show_ticks()

    def take(self, first: int, lines: Sequence[LogLine]) -> None:
        names = self._lines.take(first, lines)
        self._painter.task_columns = max(self._painter.task_columns, min(24, names))
        self._measure()
        self._keep_to_end()
        self._ask_for_lines()
        self._describe()
        self.viewport().update()

    def line(self, number: int) -> str | None:
        """A line as it is shown; None where it is not here yet."""
        found = self._lines.get(number)
        return None if found is None else found.text

    def go_to(self, number: int) -> None:
        """Show a line in the middle, and mark it."""
        self.set_follows(False)
        self.current = self._anchor = number
        self._above = 0
        self.verticalScrollBar().setValue(max(0, number - self._page() // 2))
        self._ask_for_lines()
        self._describe()
        self.viewport().update()

    def show_matches(self, matches: Sequence[int], needle: str) -> None:
        self._matches, self._match_set, self._painter.needle = matches, set(matches), needle.lower()
        self._show_ticks()

    def show_errors(self, errors: Sequence[int]) -> None:
        """Where they are: as ticks beside the scroll bar."""
        self._errors = errors
        self._show_ticks()

    def _show_ticks(self) -> None:
        self._ticks.show_ticks(self.count, [("failed", self._errors), ("retrying", self._matches)])
        self.viewport().update()

    def set_follows(self, follows: bool) -> None:
        if follows != self.follows:
            self.follows = follows
            self.followed.emit(follows)
        self._keep_to_end()

    def _keep_to_end(self) -> None:
        if self.follows and self.count:
            self._scroll_to(*self._last_top())

    def show_times(self, shown: bool) -> None:
        """When each line was written, beside its number."""
        self._painter.shows_times = shown
        self._measure()
        self.viewport().update()

    def set_wraps(self, wraps: bool) -> None:
        """Whether lines that are too long are broken."""
        self.wraps, self._above = wraps, 0
        self._measure()
        self._keep_to_end()
        self.viewport().update()

    @property
    def gutter(self) -> int:
        return round(self._painter.gutter)

    def zoom(self, by: int) -> None:
        self._painter.zoom = 0 if by == 0 else max(_SMALLEST, min(_LARGEST, self._painter.zoom + by))
        self._on_theme()

    def _on_theme(self) -> None:
        self._painter.set_font()
        self._measure()
        self.viewport().update()

    # Measures

    @property
    def _columns(self) -> int:
        """Where lines are broken; 0 where they are not."""
        room = self.viewport().width() - self._painter.gutter - 12
        return max(20, int(room / self._painter.advance)) if self.wraps else 0

    def _rows(self, number: int) -> list[Row]:
        return self._lines.rows(number, self._columns)

    def _page(self) -> int:
        """Rows that are seen."""
        return max(1, self.viewport().height() // self._painter.step)

    def _last_top(self) -> tuple[int, int]:
        """The topmost line, and its rows above, where the end is seen."""
        if not self.wraps:
            return max(0, self.count - self._page()), 0
        number, rows = self.count, 0
        while number > 0 and rows < self._page():
            number -= 1
            rows += len(self._rows(number))
        return number, max(0, rows - self._page())

    def _measure(self) -> None:
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        self._is_settling = True
        bar.setRange(0, self._last_top()[0] if self.count else 0)
        bar.setPageStep(self._page())
        self._is_settling = False
        wide = 0.0 if self.wraps else self._lines.widest * self._painter.advance + self._painter.gutter + 20
        across.setRange(0, max(0, round(wide) - self.viewport().width()))
        across.setPageStep(self.viewport().width())

    def _ask_for_lines(self) -> None:
        """For what will be seen and is not here."""
        first = self.verticalScrollBar().value()
        span = self._lines.to_ask_for(range(first, min(self.count, first + self._page() + 1)), self.count)
        if span is not None:
            self.wanted.emit(*span)

    # Scrolling

    def _scroll_to(self, line: int, above: int) -> None:
        self._above = above
        self._is_settling = True
        self.verticalScrollBar().setValue(line)
        self._is_settling = False
        self._ask_for_lines()
        self.viewport().update()

    def _scroll_by(self, rows: int) -> None:
        """By rows: of a line that is broken into several one after the other."""
        line, above = self.verticalScrollBar().value(), self._above + rows
        while above < 0 and line > 0:
            line -= 1
            above += len(self._rows(line))
        while line < self.count and above >= len(self._rows(line)):
            above -= len(self._rows(line))
            line += 1
        last = self._last_top()
        at_end = (line, above) >= last
        self._scroll_to(*(last if at_end else (line, max(0, above))))
        self._note_follow(at_end)

    def _on_scrolled(self, value: int) -> None:
        if self._is_settling:
            return
        self._above = 0
        self._note_follow(value >= self.verticalScrollBar().maximum())
        self._ask_for_lines()
        self.viewport().update()

    def _note_follow(self, at_end: bool) -> None:
        """Scrolling up switches following off, reaching the end on."""
        if at_end != self.follows:
            self.follows = at_end
            self.followed.emit(at_end)

    # Selection of lines

    @property
    def selection(self) -> range:
        """The lines that are chosen, empty for none."""
        if self._anchor < 0:
            return range(0)
        return range(min(self._anchor, self.current), max(self._anchor, self.current) + 1)

    def _move_to(self, line: int, *, extend: bool) -> None:
        self.current = max(0, min(self.count - 1, line))
        if not extend or self._anchor < 0:
            self._anchor = self.current
        first = self.verticalScrollBar().value()
        if self.current < first or self.current >= first + self._page():
            top = self.current if self.current < first else self.current - self._page() + 1
            self.verticalScrollBar().setValue(max(0, top))
        elif self.current == self.count - 1:
            self._scroll_to(*self._last_top())
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        """What a screen reader says: the line that the keys have moved to."""
        said = described(self._lines.get(self.current), self.count) if self.current >= 0 else ""
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            if self.hasFocus():
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _line_at(self, point: QPoint) -> int:
        number, y = self.verticalScrollBar().value(), -self._above * self._painter.step
        while number < self.count:
            y += len(self._rows(number)) * self._painter.step
            if y > point.y():
                return number
            number += 1
        return self.count - 1

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        number, y, chosen = self.verticalScrollBar().value(), -self._above * self._painter.step, self.selection
        while number < self.count and y < self.viewport().height():
            rows = self._rows(number)
            rect = QRectF(0, y, self.viewport().width(), len(rows) * self._painter.step)
            self._painter.paint(
                painter, rect, self._lines.get(number), rows, self.horizontalScrollBar().value(),
                chosen=number in chosen, match=number in self._match_set, current=number == self.current,
            )  # fmt: skip
            y += len(rows) * self._painter.step
            number += 1
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        self._keep_to_end()
        self._ask_for_lines()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        elif event.angleDelta().x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            across = self.horizontalScrollBar()
            across.setValue(across.value() - (event.angleDelta().x() or event.angleDelta().y()))
        else:
            self._scroll_by(-round(event.angleDelta().y() / 40))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.count:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_to(self._line_at(event.position().toPoint()), extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.count:
            self._move_to(self._line_at(event.position().toPoint()), extend=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._anchor, self.current = 0, self.count - 1
            self.viewport().update()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier or not self._move_by_key(event):
            super().keyPressEvent(event)

    def _move_by_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            across = self.horizontalScrollBar()
            across.setValue(across.value() + (40 if key == Qt.Key.Key_Right else -40))
            return True
        line = line_for(key, self.current, self.verticalScrollBar().value(), self._page(), self.count)
        if line is None or not self.count:
            return False
        self._move_to(line, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True
