"""The two executions of a comparison as cards: the one that is chosen to compare with, and this one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import ago, duration, number
from smartspec.gui.style.status import execution_style
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr

_WIDTH, _NARROWEST, _HEIGHT = 286, 150, 44
_RIGHT = Qt.AlignmentFlag.AlignRight


def caption(execution: Execution) -> str:
    """When it ran, and how long."""
    took = duration(execution.duration_ms)
    return " · ".join((ago(execution.started_at or execution.created_at, times.now()), took))


def _name(execution: Execution, word: str) -> str:
    return f"#{number(execution.number)}  {word}"


def _show_tip(event: QEvent, widget: QWidget, execution: Execution | None, word: str) -> bool:
    """All that the card says, as it is by now; the answer is whether that was asked for."""
    if execution is None or not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
        return False
    told = f"{_name(execution, word)}\n{caption(execution)}"
    QToolTip.showText(event.globalPos(), plain_tip(told), widget)
    return True


def _height() -> int:
    lines = QFontMetrics(theme.font("body", 600)).height() + QFontMetrics(theme.font("small")).height()
    return max(_HEIGHT, lines + 10)


def _paint_card(painter: QPainter, rect: QRectF, execution: Execution, word: str, room: int) -> None:
    """`room` is left for the caret."""
    shown = execution_style(execution)
    painting.status_icon(painter, QRectF(rect.left() + 12, rect.center().y() - 7, 14, 14), shown.icon, shown.colour)
    inner = rect.adjusted(38, 5, -12 - room, -5)
    upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
    version = f"v{execution.workflow_version}" if execution.workflow_version else ""
    width = QFontMetrics(theme.font("small", 500)).horizontalAdvance(version) + 8 if version else 0
    painting.text(painter, upper.adjusted(0, 0, -width, 0), _name(execution, word), "text", theme.font("body", 600))
    if version:
        painting.text(painter, upper, version, "text2", theme.font("small", 500), _RIGHT)
    lower = upper.translated(0, upper.height())
    painting.text(painter, lower, caption(execution), "text2", theme.font("small"))


def _paint_frame(painter: QPainter, widget: QWidget, *, hovered: bool, focused: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.colour("hover" if hovered else "pane"))
    painter.setPen(QPen(theme.colour("focus" if focused else "line_strong"), 2 if focused else 1))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), 6, 6)


class OtherSide(Choice):
    """Opens what can be compared with; the data of an entry is the id of an execution."""

    _side: Execution | None = None  # of the class: events come while it is made
    _word = ""

    def __init__(self) -> None:
        super().__init__(tr("Compare with"))
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_side(self, execution: Execution | None, word: str) -> None:
        """Whose card it is by now, and what it is besides its number."""
        self._side, self._word = execution, word
        said = f"#{execution.number} {word}, {execution_style(execution).in_text}" if execution else ""
        self.setAccessibleName(f"{tr('Compare with')}: {said}" if said else tr("Compare with"))
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, _height())

    def event(self, event: QEvent) -> bool:
        return _show_tip(event, self, self._side, self._word) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._side is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        _paint_frame(painter, self, hovered=self.underMouse(), focused=self.hasFocus())
        _paint_card(painter, QRectF(self.rect()), self._side, self._word, 18)
        icons.paint(painter, QRectF(self.width() - 22, self.height() / 2 - 5, 10, 10), "caret-down", "text2")
        painter.end()


class ThisSide(QWidget):
    """It is what the page is about: nothing to choose."""

    _side: Execution | None = None

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_side(self, execution: Execution) -> None:
        self._side = execution
        status = execution_style(execution).in_text
        self.setAccessibleName(tr("#{number} this execution · {status}", number=execution.number, status=status))
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _height())

    def event(self, event: QEvent) -> bool:
        return _show_tip(event, self, self._side, tr("this execution")) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._side is None:
            return
        painter = QPainter(self)
        _paint_frame(painter, self, hovered=False, focused=False)
        _paint_card(painter, QRectF(self.rect()), self._side, tr("this execution"), 0)
        painter.end()
