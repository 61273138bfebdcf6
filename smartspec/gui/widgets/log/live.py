"""Beside a graph: the last lines of whatever runs, as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.task_status import word_of
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import painting
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.log.index import LogIndex
from smartspec.gui.widgets.log.source import LogLine
from smartspec.gui.widgets.log.view import LogView
from smartspec.messages import tr, trn

_LOOK_EVERY_MS = 250
_OPENS_AFTER_MS = 300  # what ends sooner would only flicker


class LiveOutput(QWidget):
    """It goes from one running task to the next, and stays at the last one until it is closed or something else is
    shown. `opened` carries the task.
    """

    opened = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._execution: ExecutionPk | None = None
        self._is_closed = self._is_reading = False
        self._index: LogIndex | None = None
        self._next: TaskExecution | None = None
        self._status, self.name, self.told = _Status(), Elided("heading"), label("", "caption")
        self.view = LogView()
        self.view.wanted.connect(self._on_wanted)
        self.open_button = icon_button("arrow-square-out", tr("Open the log"), self._open_log)
        self.close_button = icon_button("x", tr("Close the output"), self._close)
        head = frame("surface")
        inside = row(self._status, self.name, self.told, self.open_button, self.close_button, margins=(14, 4, 8, 4))
        inside.setStretchFactor(self.name, 1)
        head.setLayout(inside)
        inner = row(line(vertical=True), spacing=0)
        inner.addLayout(column(head, line(), self.view, spacing=0, fill=self.view), 1)
        self.setLayout(inner)
        self._looking = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looking.timeout.connect(self._read_on)
        self._soon = QTimer(self, singleShot=True, interval=_OPENS_AFTER_MS)
        self._soon.timeout.connect(self._open_next)
        self.hide()

    @property
    def row(self) -> TaskExecution | None:
        """The attempt whose output is shown."""
        return self._index.row if self._index is not None else None

    def follow(self, execution: Execution | None, rows: Sequence[TaskExecution]) -> None:
        """`rows` are the last attempts of its tasks, as they are now."""
        pk = execution.pk if execution is not None else None
        if pk != self._execution:
            self._forget()
            self._execution = pk
        running = [each for each in rows if each.status == "running" and each.task_type == "executor"]
        shown = self.row
        now = next((each for each in rows if shown is not None and each.pk == shown.pk), None)
        if now is not None and self._index is not None:
            self._index.row = now
            self._show_head(now)
        if running and (now is None or now.status != "running"):
            self._next = running[-1]
            self._soon.start()
        elif not running:
            self._soon.stop()

    def _forget(self) -> None:
        self._soon.stop()
        self._index, self._next, self._is_closed = None, None, False
        self.view.clear()
        self.hide()

    def _open_next(self) -> None:
        row_ = self._next
        if row_ is None or (self.row is not None and self.row.pk == row_.pk):
            return
        self._index, self._is_reading = LogIndex(row_), False
        self.view.clear()
        self.view.set_follows(True)
        self.view.setAccessibleName(tr("Output of {task}", task=row_.task))
        self.told.setText("")
        self._show_head(row_)
        self.setVisible(not self._is_closed)
        self._read_on()

    def _show_head(self, row_: TaskExecution) -> None:
        attempt = tr("attempt {number}", number=row_.attempt) if row_.attempt > 1 else ""
        self._status.show_status(word_of(row_))
        self.name.setText(" · ".join(filter(None, (row_.label, attempt))))

    # Reading: on the thread for logs

    def _read_on(self) -> None:
        index = self._index
        if index is not None and not self._is_reading and self.isVisible():
            self._is_reading = True
            self._context.run(self, partial(_read_on, index), partial(self._on_read, index), worker="logs")

    def _on_read(self, index: LogIndex, found: tuple[int, bool]) -> None:
        if index is not self._index:
            return
        self._is_reading = False
        count, is_more = found
        self.view.show_count(count)
        self.told.setText(trn("{n} line", "{n} lines", count))
        if is_more:
            self._read_on()
        elif index.row.status == "running":
            self._looking.start()
        else:
            self._looking.stop()

    def _on_wanted(self, first: int, count: int) -> None:
        index = self._index
        if index is not None:
            read = partial(index.read, first, count)
            self._context.run(self, read, partial(self._on_lines, index, first), worker="logs")

    def _on_lines(self, index: LogIndex, first: int, lines: list[LogLine]) -> None:
        if index is self._index:
            self.view.take(first, lines)

    # Its buttons

    def _open_log(self) -> None:
        if self.row is not None:
            self.opened.emit(self.row.task)

    def _close(self) -> None:
        self._is_closed = True
        self.hide()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_on()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looking.stop()


def _read_on(index: LogIndex) -> tuple[int, bool]:
    """How many lines there are, and whether there is more to read now."""
    is_more = index.read_on()
    return index.count, is_more


class _Status(QWidget):
    """The icon of a status, which turns while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = "running"
        self.setFixedSize(QSize(14, 20))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._turning = QTimer(self, interval=100)
        self._turning.timeout.connect(self.update)

    def show_status(self, status: str) -> None:
        self._shown = status
        self.setAccessibleName(status_style(status).word)
        self.setToolTip(status_style(status).word)
        if status == "running":
            self._turning.start()
        else:
            self._turning.stop()
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = status_style(self._shown)
        painting.status_icon(painter, QRectF(0, 3, 14, 14), shown.icon, shown.colour)
        painter.end()
