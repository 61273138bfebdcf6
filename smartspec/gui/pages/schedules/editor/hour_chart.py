"""The starts of a day by hour: those of this schedule on top of those of all others."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartspec.commands.schedule_insights import ScheduleInsights
from smartspec.formatting import format_number
from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr, trn

_HEIGHT, _LABELS, _GAP = 62, 18, 2
_NAMED_HOURS = (0, 6, 12, 18)


class HourChart(QWidget):
    """Its description says in words what the bars show."""

    def __init__(self) -> None:
        super().__init__()
        self._found: ScheduleInsights | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Starts per hour"))

    def show_insights(self, found: ScheduleInsights) -> None:
        self._found = found
        self.setAccessibleDescription(self._in_words())
        self.setToolTip(plain_tip(self._in_words()))
        self.update()

    def _in_words(self) -> str:
        """The hour in which most starts."""
        found = self._found
        assert found is not None, "nothing else is shown"
        totals = [own + other for own, other in zip(found.own, found.others, strict=True)]
        most = max(totals)
        hour = f"{totals.index(most):02d}"
        return trn(
            "Most between {hour}:00 and {hour}:59: {n} start", "Most between {hour}:00 and {hour}:59: {n} starts", most,
            hour=hour,
        )  # fmt: skip

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT + _LABELS)

    def paintEvent(self, event: QPaintEvent) -> None:
        found = self._found
        if found is None:
            return
        painter = QPainter(self)
        most = max(1, *(own + other for own, other in zip(found.own, found.others, strict=True)))
        width, base = self.width() / 24, float(_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        for hour in range(24):
            other, own = (count / most * (_HEIGHT - 4) for count in (found.others[hour], found.own[hour]))
            painter.fillRect(QRectF(hour * width, base - other, width - _GAP, other), theme.colour("line_strong"))
            painter.fillRect(QRectF(hour * width, base - other - own, width - _GAP, own), theme.colour("accent"))
        painter.fillRect(QRectF(0, base, self.width(), 1), theme.colour("line_strong"))
        for hour in _NAMED_HOURS:
            box = QRectF(hour * width, base + 2, width * 6, _LABELS)
            painting.text(painter, box, f"{hour:02d}", "text2", theme.font("caption"))
        end = QRectF(self.width() - 40, base + 2, 40, _LABELS)
        painting.text(painter, end, format_number(24), "text2", theme.font("caption"), Qt.AlignmentFlag.AlignRight)
        painter.end()
