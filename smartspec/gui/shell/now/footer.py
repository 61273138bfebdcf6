"""The foot of the panel: the runner, and how many places are taken."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from smartspec.domain import times
from smartspec.domain.activity import Now, State
from smartspec.formatting import format_duration
from smartspec.gui.style import theme
from smartspec.gui.style.formatting import exact, number
from smartspec.gui.widgets.buttons import button, fold
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

_MOST_SQUARES = 8


class NowFooter(QFrame):
    """`limit_asked`: how many may run at once is to be changed; `runner_asked`: one is to be started; `pause_asked`:
    nothing is to run for now.
    """

    limit_asked = Signal()
    runner_asked = Signal()
    pause_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "nowFooter")
        self._dot = _Dot()
        self._runner = label("", "small")
        self.start = button(tr("Start a runner"), "link", then=self.runner_asked.emit)
        self._words = label(tr("Executions at once"), "small")
        self._squares = _Squares()
        self._used = label("", "small")
        self.change = button(tr("Change"), "link", then=self.limit_asked.emit)
        self.change.setAccessibleName(tr("Change how many run at once"))
        self.pause = button(tr("Pause all"), "", "pause", self.pause_asked.emit)
        policy = self.pause.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the panel is as high as it needs with it
        self.pause.setSizePolicy(policy)
        self.setLayout(
            row(self._dot, self._runner, self.start, 8, self._words, self._squares, self._used, self.change, None,
                self.pause, margins=(16, 6, 14, 6))
        )  # fmt: skip

    def show_now(self, now: Now) -> None:
        serving = now.serving
        self._dot.show_colour("completed" if serving else "pending")
        if serving:
            alive = format_duration(times.elapsed_ms(serving[0].started_at, times.now()) // 60_000 * 60_000)
            lately = times.elapsed_ms(serving[0].started_at, times.now()) < 60_000
            told = tr("Runner alive since just now") if lately else tr("Runner alive for {duration}", duration=alive)
            self._runner.setText(told)
            self._runner.setToolTip(tr("since {moment}", moment=exact(serving[0].started_at)))
        else:
            self._runner.setText(tr("No runner; it comes with work"))
            self._runner.setToolTip("")
        self.start.setVisible(not serving and bool(now.counts.get(State.WAITING, 0)))
        self.pause.setVisible(now.can_be_paused)
        self._used.setText(tr("{used} of {most}", used=number(now.used_at_once), most=number(now.most_at_once)))
        self._squares.show_places(now.used_at_once, now.most_at_once)

    def show_compact(self, is_compact: bool) -> None:
        self._words.setVisible(not is_compact)
        fold(self.pause, is_compact)


class _Dot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._colour = "pending"
        self.setFixedSize(8, 8)

    def show_colour(self, colour: str) -> None:
        self._colour = colour
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._colour))
        painter.drawEllipse(self.rect())
        painter.end()


class _Squares(QWidget):
    """A square for each place; with very many of them there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._used, self._most = 0, 0

    def show_places(self, used: int, most: int) -> None:
        self._used, self._most = used, most
        self.setVisible(most <= _MOST_SQUARES)
        self.setFixedSize(self.sizeHint())
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(16 * self._most, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in range(self._most):
            taken = place < self._used
            painter.setPen(QPen(theme.colour("running" if taken else "outline"), 1))
            painter.setBrush(theme.colour("running" if taken else "surface"))
            painter.drawRoundedRect(QRectF(16 * place + 1.5, 1.5, 11, 11), 3, 3)
        painter.end()
