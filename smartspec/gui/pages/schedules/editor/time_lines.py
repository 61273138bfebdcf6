"""Times of day side by side: one at least, each typed or moved by the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.domain.schedule.cron_choices import MOST_TIMES, TimeOfDay, parse_time, written_time
from smartspec.errors import Invalid
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

_MINUTES_OF_A_DAY = 24 * 60
_WIDTH = 68


class TimeLine(QLineEdit):
    """A time of day; the arrow keys move the hour or the minute where the cursor stands."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(text)
        self.setAccessibleName(name)
        self.setFixedWidth(_WIDTH)
        self.setMaxLength(5)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        try:
            hour, minute = parse_time(self.text())
        except Invalid:
            return
        at = self.cursorPosition()
        by = step * 60 if at <= self.text().find(":") else step
        moved = (hour * 60 + minute + by) % _MINUTES_OF_A_DAY
        self.setText(written_time(divmod(moved, 60)))
        self.setCursorPosition(at)
        self.textEdited.emit(self.text())


class TimeLines(QWidget):
    """`edited` after a person changed, added or took away one."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(self, spacing=6)
        self.lines: list[TimeLine] = []
        self._frames: list[QWidget] = []
        self.add_button = button(tr("Add a time"), "ghost", "plus", self._add_one)
        self._flow.addWidget(self.add_button)
        self.show_times(((7, 0),))

    @property
    def texts(self) -> list[str]:
        return [each.text() for each in self.lines]

    @property
    def times(self) -> tuple[TimeOfDay, ...]:
        """In their order of the day. Raises Invalid for what is none."""
        return tuple(sorted({parse_time(each) for each in self.texts}))

    def show_times(self, times: Sequence[TimeOfDay]) -> None:
        """Those that are typed stay as they are typed, where they mean the same."""
        try:
            if self.lines and self.times == tuple(sorted(times)):
                return
        except Invalid:
            pass
        for each in [*self.lines]:
            self._drop(each)
        for time in times:
            self._add(written_time(time))

    @property
    def is_single(self) -> bool:
        return len(self.lines) == 1

    def take(self, time: TimeOfDay) -> None:
        """In place of the only one."""
        self.lines[0].setText(written_time(time))
        self.edited.emit()

    def _add_one(self) -> None:
        """An hour after the last: cron can hold both in one expression."""
        try:
            hour, minute = self.times[-1]
        except (Invalid, IndexError):
            hour, minute = 7, 0
        made = self._add(written_time(((hour + 1) % 24, minute)))
        made.setFocus()
        made.selectAll()
        self.edited.emit()

    def _add(self, text: str) -> TimeLine:
        line = TimeLine(tr("Time of day"), text)
        line.textEdited.connect(lambda _text: self.edited.emit())
        frame = QWidget()
        remove = icon_button("x", tr("Take this time away"), lambda: self._remove(line))
        frame.setLayout(row(line, remove, spacing=0))
        self.lines.append(line)
        self._frames.append(frame)
        self._flow.insert_before_last(frame)
        frame.show()
        self.setTabOrder(line, remove)
        self.setTabOrder(remove, self.add_button)
        self.add_button.raise_()  # it is come to, and read out, after them
        self._fit()
        return line

    def _remove(self, line: TimeLine) -> None:
        at = self.lines.index(line)
        self._drop(line)
        self.lines[max(0, at - 1)].setFocus()
        self.edited.emit()

    def _drop(self, line: TimeLine) -> None:
        at = self.lines.index(line)
        self.lines.pop(at)
        frame = self._frames.pop(at)
        self._flow.removeWidget(frame)
        frame.hide()
        frame.deleteLater()
        self._fit()

    def _fit(self) -> None:
        """The only one cannot be taken away."""
        for each in self._frames:
            each.findChildren(QWidget)[-1].setVisible(len(self.lines) > 1)
        self.add_button.setVisible(len(self.lines) < MOST_TIMES)
        self.updateGeometry()
