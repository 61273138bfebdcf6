"""How long each task took in two executions, bar beside bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from smartspec.domain.compare.comparison import Comparison, TaskPair
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import duration
from smartspec.gui.style.status import status_style, task_status
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr, trn

_HEAD, _ROW, _MOST = 28, 28, 40
_NAME, _WORDS, _CHANGE = 160, 120, 64  # widths
_NOTABLE_MS, _NOTABLE_PART = 100, 0.1  # a time that is another one: by so much, and by such a part
_RIGHT = Qt.AlignmentFlag.AlignRight
_QUIET = frozenset({"completed", "skipped", "running", "pending"})


class TaskBars(QWidget):
    """A head that says whose bars are whose, and a row for each task."""

    _all: tuple[TaskPair, ...] = ()  # of the class: events come while it is made
    _pairs: tuple[TaskPair, ...] = ()  # those that are shown

    def __init__(self) -> None:
        super().__init__()
        self._only = False
        self._names = ("", "")

    def show_pairs(self, found: Comparison) -> None:
        self._all = tuple(pair for pair in found.tasks if pair.item == 0)
        self._names = (f"#{found.old.number}", f"#{found.new.number}")
        self.show_only_differences(self._only)

    def show_only_differences(self, only: bool) -> None:
        """Only tasks that ended otherwise, gave something else, or took notably longer or shorter."""
        self._only = only
        self._pairs = tuple(pair for pair in self._all if not only or _differs(pair))[:_MOST]
        told = (f"{pair.label}: {duration(pair.old_ms)} → {duration(pair.new_ms)}" for pair in self._pairs)
        self.setAccessibleName("; ".join(told))
        self.setMinimumHeight(_HEAD + _ROW * len(self._pairs) + 4)
        self.setVisible(bool(self._all))
        self.update()

    @property
    def _hidden(self) -> str:
        hidden = len(self._all) - len(self._pairs)
        return trn("{n} task is not shown", "{n} tasks are not shown", hidden) if hidden else ""

    def _tip(self, y: float) -> str:
        """Whole what is cut there, and how the times are to be read."""
        at = int(y - _HEAD) // _ROW
        shown = [tr("Durations of the tasks"), self._hidden] if y < _HEAD else [
            f"{each.label}: {duration(each.old_ms)} → {duration(each.new_ms)}" for each in self._pairs[at : at + 1]
        ]  # fmt: skip
        meaning = tr("A task takes from its first start to its last end, with the waits between")
        return "\n".join(filter(None, (*shown, meaning)))

    # Qt

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self._tip(event.y())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._head(painter)
        longest = max((ms or 0 for pair in self._pairs for ms in (pair.old_ms, pair.new_ms)), default=0) or 1
        for number, pair in enumerate(self._pairs):
            self._row(painter, _HEAD + number * _ROW, pair, longest)
        painter.end()

    def _head(self, painter: QPainter) -> None:
        painting.text(painter, QRectF(0, 0, 200, _HEAD), tr("Durations of the tasks"), "text", theme.font("body", 600))
        x, font = 220.0, theme.font("small")
        for name, colour in zip(self._names, ("outline", "running"), strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(colour))
            painter.drawRoundedRect(QRectF(x, _HEAD / 2 - 3, 16, 6), 3, 3)
            width = QFontMetrics(font).horizontalAdvance(name) + 4
            painting.text(painter, QRectF(x + 22, 0, width, _HEAD), name, "text2", font)
            x += width + 38
        if words := self._hidden:
            painting.text(painter, QRectF(x, 0, self.width() - x - 6, _HEAD), words, "text3", font, _RIGHT)

    def _row(self, painter: QPainter, y: int, pair: TaskPair, longest: int) -> None:
        status = task_status(pair.new) if pair.new else "skipped"
        shown = status_style(status)
        painting.status_icon(painter, QRectF(0, y + 7, 14, 14), shown.icon, shown.colour)
        painting.text(painter, QRectF(22, y, _NAME - 30, _ROW), pair.label, "text", theme.font("body", 500))
        right = self.width() - _WORDS - _CHANGE - 6
        painter.setPen(Qt.PenStyle.NoPen)
        for side, (ms, colour) in enumerate(((pair.old_ms, "outline"), (pair.new_ms, _colour(status)))):
            if ms is not None:
                painter.setBrush(theme.colour(colour))
                width = max(4.0, (right - _NAME) * ms / longest)
                painter.drawRoundedRect(QRectF(_NAME, y + 7 + side * 8, width, 6), 3, 3)
        self._words(painter, QRectF(right + 6, y, _WORDS, _ROW), pair)
        painter.fillRect(QRectF(0, y + _ROW - 1, self.width(), 1), theme.colour("line"))

    def _words(self, painter: QPainter, room: QRectF, pair: TaskPair) -> None:
        old, new = pair.old_ms, pair.new_ms
        painting.text(painter, room, f"{duration(old)} → {duration(new)}", "text2", theme.font("small"), _RIGHT)
        beside = QRectF(room.right(), room.top(), _CHANGE - 6, _ROW)
        if pair.new is not None and pair.new.status == "skipped":
            painting.text(painter, beside, tr("skipped"), "text2", theme.font("small", 500), _RIGHT)
        elif old and new is not None:
            change = round((new - old) / old * 100)
            colour = "failed" if change > 100 else "text2"
            painting.text(painter, beside, f"{change:+d} %", colour, theme.font("small", 500), _RIGHT)


def _differs(pair: TaskPair) -> bool:
    old, new = pair.old_ms, pair.new_ms
    if not pair.same_end or not pair.same_outputs:
        return True
    if old is None or new is None:
        return old is not new
    return abs(new - old) >= max(_NOTABLE_MS, _NOTABLE_PART * old)


def _colour(status: str) -> str:
    return "running" if status in _QUIET else status
