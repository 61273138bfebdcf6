"""The ribbon: 36 hours of several schedules, what became of each due time and when the next ones are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from smartspec.domain import times
from smartspec.domain.schedule.summary import DueMark
from smartspec.formatting import format_clock, format_day
from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.schedules.marks import paint_mark
from smartspec.gui.widgets.schedules.words import mark_text
from smartspec.messages import tr, translate
from smartspec.value import frozen

HOURS = 36
PAST_HOURS = 15
MOST_LANES = 5
_HEAD, _LANE, _FOOT = 26, 20, 10
_NAMES, _LEFT, _RIGHT = 104, 20, 20
_HOUR = timedelta(hours=1)


@frozen
class Lane:
    """One schedule and its due times; the chosen one is tinted."""

    name: str
    marks: tuple[DueMark, ...]
    is_chosen: bool = False


def span(now: datetime) -> tuple[datetime, datetime]:
    """What is shown at a moment: whole hours, the larger part of it to come."""
    begin = now.replace(minute=0, second=0, microsecond=0) - PAST_HOURS * _HOUR
    return begin, begin + HOURS * _HOUR


class Ribbon(QWidget):
    """To a screen reader one sentence: the list and the ledger below say the same line by line."""

    def __init__(self) -> None:
        super().__init__()
        self._lanes: tuple[Lane, ...] = ()
        self._now = times.now()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            tr("The last {past} and next {coming} hours", past=PAST_HOURS, coming=HOURS - PAST_HOURS)
        )

    def show_lanes(self, lanes: Sequence[Lane], now: datetime) -> None:
        self._lanes, self._now = tuple(lanes[:MOST_LANES]), now
        self.updateGeometry()
        self.update()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return self._lanes

    def _plot(self) -> QRectF:
        left = _LEFT + _NAMES + 8
        return QRectF(left, _HEAD, max(1, self.width() - left - _RIGHT), len(self._lanes) * _LANE)

    def _x(self, at: datetime) -> float:
        begin, end = span(self._now)
        plot = self._plot()
        return plot.left() + plot.width() * ((at - begin) / (end - begin))

    def _at(self, point: QPointF) -> DueMark | None:
        number = int((point.y() - _HEAD) // _LANE)
        if not 0 <= number < len(self._lanes):
            return None
        begin, end = span(self._now)
        near = [
            (abs(self._x(mark.at) - point.x()), index)
            for index, mark in enumerate(self._lanes[number].marks)
            if begin <= mark.at <= end
        ]
        if not near or min(near)[0] > 6:
            return None
        return self._lanes[number].marks[min(near)[1]]

    # Painting

    def _paint_axis(self, painter: QPainter) -> None:
        begin, end = span(self._now)
        local = begin.astimezone()
        at = begin + timedelta(hours=(3 - local.hour % 3) % 3)
        title = QRectF(_LEFT, 0, _NAMES, _HEAD)
        painting.text(painter, title, tr("{n} hours", n=HOURS), "text", theme.font("caption", 600))
        plot, now_at = self._plot(), self._x(self._now)
        while at <= end:
            x = self._x(at)
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(x, plot.top() - 2), QPointF(x, plot.bottom()))
            if abs(x - now_at) > 44 and x + 24 < self.width():
                is_day = at.astimezone().hour == 0
                word = translate(format_day(at.astimezone())) if is_day else format_clock(at)
                font = theme.font("caption", 600 if is_day else 400)
                middle = Qt.AlignmentFlag.AlignHCenter
                colour = "text" if is_day else "text2"
                painting.text(painter, QRectF(x - 32, 0, 64, _HEAD), word, colour, font, middle)
            at += 3 * _HOUR

    def _paint_now(self, painter: QPainter) -> None:
        x, plot = self._x(self._now), self._plot()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRect(QRectF(x - 1, _HEAD - 4, 2, plot.height() + 6))
        tag = QRectF(x - 20, 4, 40, 18)
        painter.drawRoundedRect(tag, 4, 4)
        font = theme.font("caption", 600)
        painting.text(painter, tag, format_clock(self._now), "on_accent", font, Qt.AlignmentFlag.AlignHCenter)

    def _paint_lane(self, painter: QPainter, number: int, lane: Lane) -> None:
        top = _HEAD + number * _LANE
        if lane.is_chosen:
            painting.plate(painter, QRectF(_LEFT - 8, top + 1, self.width() - 2 * _LEFT + 16, _LANE - 2), "accent_soft")
        font = theme.font("small", 600 if lane.is_chosen else 400)
        painting.text(painter, QRectF(_LEFT, top, _NAMES, _LANE), lane.name, "text", font)

    def _paint_marks(self, painter: QPainter, number: int, lane: Lane) -> None:
        begin, end = span(self._now)
        middle = _HEAD + number * _LANE + _LANE / 2
        for mark in lane.marks:
            if mark.until is not None and mark.until >= begin:
                pen = QPen(theme.colour("outline"), 1, Qt.PenStyle.DotLine)
                painter.setPen(pen)
                first, last = max(self._x(begin), self._x(mark.at)), min(self._x(end), self._x(mark.until))
                painter.drawLine(QPointF(first, middle), QPointF(last, middle))
            if begin <= mark.at <= end:
                paint_mark(painter, QPointF(self._x(mark.at), middle), mark)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(600, _HEAD + max(1, len(self._lanes)) * _LANE + _FOOT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, lane in enumerate(self._lanes):
            self._paint_lane(painter, number, lane)
        self._paint_axis(painter)
        for number, lane in enumerate(self._lanes):
            self._paint_marks(painter, number, lane)
        self._paint_now(painter)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), mark_text(mark, self._now) if mark else "", self)
            return True
        return super().event(event)
