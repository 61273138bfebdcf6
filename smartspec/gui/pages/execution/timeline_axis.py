"""The header of a timeline: an axis of time over the bars."""

from __future__ import annotations

from PySide6.QtCore import (
    QRectF,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QWidget,
)

from smartspec.gui.pages.execution.timeline_model import BARS, TOOK
from smartspec.gui.pages.execution.timeline_scale import TimeScale
from smartspec.gui.style import painting, theme
from smartspec.messages import tr

ROW = 26
NAME_WIDTH, TOOK_WIDTH = 252, 92
_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class TimeAxis(QHeaderView):
    """The header: a time axis over the bars."""

    def __init__(self, timeline: QWidget, scale: TimeScale) -> None:
        super().__init__(Qt.Orientation.Horizontal, timeline)
        self._scale = scale
        self.setMinimumHeight(ROW)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("line"))
        font = theme.font("caption", 500)
        painting.text(painter, QRectF(16, 0, 100, self.height()), tr("Task"), "text2", font)
        legend = QRectF(NAME_WIDTH - 92, 0, 84, self.height())
        painter.fillRect(QRectF(legend.left(), self.height() / 2, 14, 1.5), theme.colour("outline"))
        painting.text(painter, legend.adjusted(20, 0, 0, 0), tr("usual end"), "text2", theme.font("caption"))
        bars = QRectF(self.sectionViewportPosition(BARS) + 8, 0, self.sectionSize(BARS) - 16, self.height())
        caption = theme.font("caption")
        for tick in self._scale.ticks():
            x = self._scale.x_of(tick, bars)
            if x < bars.right() - 20:
                room = QRectF(x - 30, 0, 60, self.height())
                painting.text(painter, room, _clock(tick, self._scale.step), "text2", caption, _MIDDLE)
        took_ = QRectF(self.sectionViewportPosition(TOOK), 0, self.sectionSize(TOOK) - 16, self.height())
        painting.text(painter, took_, tr("Duration"), "text2", font, Qt.AlignmentFlag.AlignRight)
        painter.end()


def _clock(ms: float, step: int) -> str:
    """A moment on the axis: in the unit of its step, the same for all."""
    if step < 100:
        return tr("{number} ms", number=f"{ms:g}")
    if step < 1_000:
        return tr("{number} s", number=f"{ms / 1000:.1f}")
    seconds = int(ms // 1000)
    if seconds < 3_600:
        return f"{seconds // 60}:{seconds % 60:02d}"
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
