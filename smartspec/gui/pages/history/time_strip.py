"""How much ran when: a bar for each hour or day of the time that is asked for, the part that went wrong in colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from smartspec.commands.metrics import Outcomes
from smartspec.formatting import format_clock, format_date, format_day
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import number
from smartspec.messages import tr, translate, trn

_LEFT, _TITLE, _BARS, _AXIS = 20, 20, 26, 18


class TimeStrip(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcomes: tuple[Outcomes, ...] = ()
        self._hourly = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_outcomes(self, found: tuple[Outcomes, ...], hourly: bool) -> None:
        """Nothing to show hides it."""
        self._outcomes, self._hourly = found, hourly
        bad = sum(each.bad for each in found)
        self.setAccessibleName(trn(
            "{n} execution, {bad} did not complete", "{n} executions, {bad} did not complete",
            sum(each.completed + each.bad for each in found), bad=number(bad),
        ))  # fmt: skip
        self.setVisible(any(each.completed + each.bad for each in found))
        self.update()

    def _box(self, at: int) -> QRectF:
        width = (self.width() - 2 * _LEFT) / max(1, len(self._outcomes))
        return QRectF(_LEFT + at * width, _TITLE, max(1.0, width - 2), _BARS)

    def _tip(self, found: Outcomes) -> str:
        begin = found.begin.astimezone()
        day, ok, bad = format_date(begin), number(found.completed), number(found.bad)
        if self._hourly:
            return tr(
                "{day}, {clock}: {ok} completed, {bad} did not", day=day, clock=format_clock(begin), ok=ok, bad=bad
            )
        return tr("{day}: {ok} completed, {bad} did not", day=day, ok=ok, bad=bad)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(600, _TITLE + _BARS + _AXIS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        caption = theme.font("caption")
        title = tr("Executions per hour, coloured part did not complete") if self._hourly else (
            tr("Executions per day, coloured part did not complete")
        )  # fmt: skip
        painting.text(painter, QRectF(_LEFT, 2, self.width() - 40, 16), title, "text2", caption)
        most = max((each.completed + each.bad for each in self._outcomes), default=0) or 1
        shown, last_right = "", -100.0
        for at, each in enumerate(self._outcomes):
            box = self._box(at)
            whole = box.height() * (each.completed + each.bad) / most
            bad = max(2.0, box.height() * each.bad / most) if each.bad else 0.0
            painter.fillRect(QRectF(box.left(), box.bottom() - whole, box.width(), whole), theme.colour("line_strong"))
            painter.fillRect(QRectF(box.left(), box.bottom() - bad, box.width(), bad), theme.colour("failed"))
            day = translate(format_day(each.begin.astimezone()))
            if day != shown and box.left() - last_right > 74:
                painting.text(painter, QRectF(box.left(), box.bottom() + 2, 72, 14), day, "text2", caption)
                last_right = box.left()
            shown = day
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for at, each in enumerate(self._outcomes):
                if self._box(at).adjusted(-1, 0, 1, 0).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), self._tip(each), self)
                    return True
        return super().event(event)
