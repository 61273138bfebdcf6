"""How much ran when: a bar for each hour or day of the time that is asked for, the part that went wrong in colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from smartspec.commands.metrics import Outcomes
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import number
from smartspec.messages import tr

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
        self.setAccessibleName(tr("{0} executions, {1} did not complete").format(
            number(sum(each.completed + each.bad for each in found)), number(bad)
        ))  # fmt: skip
        self.setVisible(any(each.completed + each.bad for each in found))
        self.update()

    def _box(self, at: int) -> QRectF:
        width = (self.width() - 2 * _LEFT) / max(1, len(self._outcomes))
        return QRectF(_LEFT + at * width, _TITLE, max(1.0, width - 2), _BARS)

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
            day = f"{each.begin.astimezone():%a} {each.begin.astimezone().day}"
            if day != shown and box.left() - last_right > 60:
                painting.text(painter, QRectF(box.left(), box.bottom() + 2, 58, 14), day, "text2", caption)
                last_right = box.left()
            shown = day
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for at, each in enumerate(self._outcomes):
                if self._box(at).adjusted(-1, 0, 1, 0).contains(event.pos()):
                    moment = f"{each.begin.astimezone():%a %d %b, %H:%M}"
                    told = tr("{0}: {1} completed, {2} did not").format(
                        moment, number(each.completed), number(each.bad)
                    )
                    QToolTip.showText(event.globalPos(), told, self)
                    return True
        return super().event(event)
