"""The last executions of what an alert is about: height is duration, colour outcome; the limit as a dashed line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import duration
from smartspec.messages import tr, trn

Outcomes = Sequence[tuple[str, int | None]]
_HEIGHT, _BAR, _GAP = 96, 5, 2
LEAST, MOST = 5, 40  # executions: with fewer there is nothing to see


class OutcomeChart(QWidget):
    """`now_ms` is what runs still, at the right end; `limit_ms` is a line where the height is compared with it."""

    def __init__(self) -> None:
        super().__init__()
        self._outcomes: Outcomes = ()
        self._limit: int | None = None
        self._now: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_outcomes(self, outcomes: Outcomes, limit_ms: int | None, now_ms: int | None) -> None:
        """The newest first."""
        self._outcomes, self._limit, self._now = outcomes, limit_ms, now_ms
        bad = sum(status in ("failed", "timeout", "interrupted") for status, _ in outcomes)
        told = trn("{bad} of the last execution did not end well", "{bad} of the last {n} executions did not end well",
                   len(outcomes), bad=bad)  # fmt: skip
        if limit_ms is not None and now_ms is not None:
            told = tr("{told}; it has taken {now}, limit {limit}", told=told, now=duration(now_ms),
                      limit=duration(limit_ms))  # fmt: skip
        self.setAccessibleName(told)
        self.setToolTip(told)
        self.update()

    @property
    def _longest(self) -> int:
        return max([ms or 0 for _, ms in self._outcomes] + [self._limit or 0, self._now or 0]) or 1

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(280, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        room = QRectF(self.rect()).adjusted(12, 12, -12, -12)
        self._paint_bars(painter, room)
        if self._limit is not None:
            self._paint_limit(painter, room)
        painter.end()

    def _paint_bars(self, painter: QPainter, room: QRectF) -> None:
        """The newest at the right, what runs behind it."""
        shown = self._outcomes[: int(room.width() // (_BAR + _GAP)) - 1]
        bars = [("retrying", self._now)] if self._now is not None else []
        painter.setPen(Qt.PenStyle.NoPen)
        x = room.right() - _BAR
        for status, ms in [*bars, *shown]:
            height = max(3.0, room.height() * (ms or 0) / self._longest)
            painter.setBrush(theme.colour(status) if status == "retrying" else painting.outcome_colour(status))
            painter.drawRect(QRectF(x, room.bottom() - height, _BAR, height))
            x -= _BAR + _GAP

    def _paint_limit(self, painter: QPainter, room: QRectF) -> None:
        assert self._limit is not None
        y = room.bottom() - room.height() * self._limit / self._longest
        pen = QPen(theme.colour("retrying"), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        font, word = theme.font("caption", 600), tr("limit {time}", time=duration(self._limit))
        metrics = QFontMetrics(font)
        box = QRectF(room.left(), y - metrics.height() - 1, metrics.horizontalAdvance(word) + 6, metrics.height())
        if box.top() < 2:
            box.moveTop(y + 2)
        painter.fillRect(box, theme.colour("surface"))
        painting.text(painter, box, word, "retrying", font)
