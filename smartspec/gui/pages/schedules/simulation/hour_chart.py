"""Starts per hour of the day, the mean of all days: what waits for a place stands on top in amber."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from smartspec.commands.schedule_forecasts import ScheduleForecast
from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.domain.schedule.simulated_load import HourLoad
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.schedules.marks import hatch_area
from smartspec.messages import tr, trn

_TITLE, _AXIS, _LEFT = 26, 18, 24
_HEIGHT = 136


class HourChart(QWidget):
    """To a screen reader one sentence, with the busiest hour."""

    def __init__(self) -> None:
        super().__init__()
        self._hours: tuple[HourLoad, ...] = ()
        self._sleep: NightlySleep | None = None
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_forecast(self, found: ScheduleForecast) -> None:
        self._hours, self._sleep = found.hours, found.request.sleep
        self._title = trn("Starts per hour of {n} day", "Starts per hour, mean of {n} days", len(found.days))
        busiest = max(range(len(self._hours)), key=lambda hour: self._hours[hour].starts)
        said = tr("most at {hour}: {n}", hour=f"{busiest:02d}:00", n=_mean(self._hours[busiest].starts))
        self.setAccessibleName(f"{self._title}: {said}")
        self.update()

    @property
    def _plot(self) -> QRectF:
        return QRectF(_LEFT, _TITLE + 4, max(1, self.width() - _LEFT), self.height() - _TITLE - _AXIS - 4)

    def _bar(self, hour: int) -> QRectF:
        width = self._plot.width() / 24
        return QRectF(self._plot.left() + hour * width, self._plot.top(), max(1.0, width - 3), self._plot.height())

    def _asleep(self) -> list[tuple[float, float]]:
        """In hours of the day."""
        if self._sleep is None:
            return []
        begin, end = _hours(self._sleep.begin), _hours(self._sleep.end)
        return [(begin, end)] if begin < end else [(0, end), (begin, 24)]

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(380, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter)
        self._paint_ground(painter)
        self._paint_bars(painter)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        painting.text(painter, QRectF(0, 0, self.width(), 20), self._title, "text", theme.font("small", 600))
        if any(each.waiting for each in self._hours):
            words, font = tr("waits for a place"), theme.font("caption")
            width = QFontMetrics(font).horizontalAdvance(words)
            right = Qt.AlignmentFlag.AlignRight
            painting.text(painter, QRectF(0, 0, self.width(), 20), words, "text2", font, right)
            painter.fillRect(QRectF(self.width() - width - 18, 5, 10, 10), theme.colour("retrying"))

    def _paint_ground(self, painter: QPainter) -> None:
        plot, font = self._plot, theme.font("caption")
        for begin, end in self._asleep():
            room = QRectF(plot.left() + begin * plot.width() / 24, plot.top(), (end - begin) * plot.width() / 24,
                          plot.height())  # fmt: skip
            hatch_area(painter, room, "pane", "line_strong")
            if room.width() > 84:
                icons.paint(painter, QRectF(room.left() + 8, room.top() + 6, 12, 12), "moon", "text2")
                said = QRectF(room.left() + 24, room.top() + 3, room.width() - 28, 18)
                painting.text(painter, said, tr("asleep"), "text2", font)
        painter.setPen(QPen(theme.colour("line_strong"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        middle = Qt.AlignmentFlag.AlignHCenter
        for hour in (0, 6, 12, 18):
            room = QRectF(self._bar(hour).left() - 4, plot.bottom() + 2, 28, 14)
            painting.text(painter, room, f"{hour:02d}", "text2", font, Qt.AlignmentFlag.AlignLeft)
        painting.text(painter, QRectF(plot.right() - 24, plot.bottom() + 2, 24, 14), "24", "text2", font, middle)

    def _paint_bars(self, painter: QPainter) -> None:
        most = max((each.starts for each in self._hours), default=0) or 1
        top = QRectF(0, self._plot.top() - 8, _LEFT - 4, 16)
        painting.text(painter, top, _mean(most), "text2", theme.font("caption"), Qt.AlignmentFlag.AlignRight)
        painter.setPen(Qt.PenStyle.NoPen)
        for hour, load in enumerate(self._hours):
            bar = self._bar(hour)
            height = bar.height() * load.starts / most
            waiting = max(2.0, bar.height() * load.waiting / most) if load.waiting else 0.0
            colour = theme.colour("accent")
            colour.setAlphaF(1.0 if load.starts == most else 0.6)
            painter.fillRect(QRectF(bar.left(), bar.bottom() - height, bar.width(), height), colour)
            painter.fillRect(QRectF(bar.left(), bar.bottom() - height, bar.width(), waiting), theme.colour("retrying"))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            point = QPointF(event.pos())
            for hour, load in enumerate(self._hours):
                if self._bar(hour).adjusted(-1, 0, 2, 0).contains(point):
                    QToolTip.showText(event.globalPos(), _tip(hour, load), self)
                    return True
        return super().event(event)


def _hours(at: time) -> float:
    return at.hour + at.minute / 60


def _mean(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _tip(hour: int, load: HourLoad) -> str:
    span = f"{hour:02d}:00–{hour + 1:02d}:00"
    if load.waiting:
        return tr("{span}: {n} starts a day, of which {waiting} wait for a place", span=span, n=_mean(load.starts),
                  waiting=_mean(load.waiting))  # fmt: skip
    return tr("{span}: {n} starts a day", span=span, n=_mean(load.starts))
