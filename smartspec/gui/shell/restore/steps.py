"""The steps of a restoring: which are done and how long they took, which is done now and how far, and which come."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from smartspec.gui.shell.restore import estimate
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import duration, size
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr
from smartspec.value import frozen

_PITCH, _ICON, _LEFT = 54, 16, 30
_TELLING_S = 1.0  # from then on it is told how much is left


@frozen
class StepLine:
    """`name` is the step's of the command; `size` the bytes that are gone through, where that is told."""

    name: str
    title: str
    caption: str
    size: int = 0


class StepList(QWidget):
    """Painted; what it says is its accessible description."""

    _steps: tuple[StepLine, ...] = ()  # of the class: events come while it is made

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Steps"))
        self.at = -1  # the step that is done now; none yet
        self._share = 0.0
        self._took: dict[int, float] = {}  # seconds, of those that are done
        self._begun_at = self._step_begun_at = 0.0
        self._turning = QTimer(self, interval=80)
        self._turning.timeout.connect(self.update)
        self.setMinimumWidth(220)

    def show_steps(self, steps: Sequence[StepLine], done: int = 0, took_s: float = 0) -> None:
        """So many of them are done, in so many seconds."""
        self._steps, self.at, self._share = tuple(steps), done if done else -1, 0.0
        self._took = dict.fromkeys(range(done), took_s)
        self.setFixedHeight(_PITCH * len(self._steps))
        self._turning.stop()
        self._update_description()

    @property
    def is_begun(self) -> bool:
        """Whether any of them is done."""
        return self.at >= 0

    def begin(self) -> None:
        """From now on the time counts."""
        self.at, self._took = -1, {}
        self._begun_at = self._step_begun_at = time.monotonic()

    @property
    def so_far_s(self) -> float:
        return time.monotonic() - self._begun_at

    def move_to(self, name: str, share: float) -> None:
        found = next((n for n, each in enumerate(self._steps) if each.name == name), self.at)
        is_other = found != self.at
        if is_other:
            self._note_time()
        self.at, self._share = max(found, 0), share
        if not theme.is_still():
            self._turning.start()
        if is_other:
            self._update_description()
        self.update()

    def end(self) -> None:
        """All are done."""
        self._note_time()
        self.at = len(self._steps)
        self._turning.stop()
        self._update_description()

    def _note_time(self) -> None:
        now = time.monotonic()
        if self.at >= 0:
            self._took[self.at] = self._took.get(self.at, 0) + now - self._step_begun_at
        self._step_begun_at = now

    def _line(self, number: int) -> str:
        """What stands below its title: how long it took, how far it is, or what it does."""
        step = self._steps[number]
        if number < self.at and (took := self._took.get(number)):
            return f"{step.caption} · {duration(round(took * 1000))}"
        if number != self.at or not self._share or not step.size:
            return step.caption
        told = tr("{percent} % of {size}", percent=int(100 * self._share), size=size(step.size))
        lasted = time.monotonic() - self._step_begun_at
        if lasted < _TELLING_S:
            return told
        left = estimate.whole(lasted / self._share - lasted)
        return tr("{told} · {duration} left", told=told, duration=left)

    def _update_description(self) -> None:
        words = [f"{each.title}: {self._state_word(n)}" for n, each in enumerate(self._steps)]
        self.setAccessibleDescription("; ".join(words))
        self.update()

    def _state_word(self, number: int) -> str:
        return tr("done") if number < self.at else tr("now") if number == self.at else tr("to come")

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(240, _PITCH * len(self._steps))

    def event(self, event: QEvent) -> bool:
        """The tooltip of a step says it whole, however narrow it is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._steps:
            at = max(0, min(len(self._steps) - 1, event.y() // _PITCH))
            step = self._steps[at]
            QToolTip.showText(event.globalPos(), plain_tip(f"{step.title}\n{self._line(at)}"), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, each in enumerate(self._steps):
            self._paint_step(painter, number, each)
        painter.end()

    def _paint_step(self, painter: QPainter, number: int, step: StepLine) -> None:
        top, box = number * _PITCH, QRectF(0, number * _PITCH + 1, _ICON, _ICON)
        if number < len(self._steps) - 1:
            painter.setPen(QPen(theme.colour("line_strong"), 1))
            painter.drawLine(8, top + _ICON + 4, 8, top + _PITCH - 4)
        is_now = number == self.at and self._turning.isActive()
        if is_now:
            painting.status_icon(painter, box, "play-circle", "running")
        elif number < self.at:
            icons.paint(painter, box, "check-circle-fill", "completed")
        else:
            icons.paint(painter, box, "circle-dashed", "pending")
        name, small = theme.font("body", 500), theme.font("small")
        height = QFontMetrics(name).height()
        width = self.width() - _LEFT
        painting.text(painter, QRectF(_LEFT, top, width, height), step.title, "text", name)
        painting.text(painter, QRectF(_LEFT, top + height, width, height), self._line(number), "text2", small)
        if is_now and self._share:
            painter.setPen(Qt.PenStyle.NoPen)
            for part, colour in ((1.0, "sunken"), (self._share, "accent")):
                painter.setBrush(theme.colour(colour))
                painter.drawRoundedRect(QRectF(_LEFT, top + 2 * height + 2, width * part, 5), 2.5, 2.5)
