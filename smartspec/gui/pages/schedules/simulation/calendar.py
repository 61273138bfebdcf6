"""The calendar of a simulation: of each day the date, how much starts, in which hours, and what is worth a word."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from smartspec.commands.schedule_forecasts import ScheduleForecast
from smartspec.domain.schedule.simulated_load import SimulatedDay
from smartspec.formatting import format_month
from smartspec.gui.pages.schedules.simulation.calendar_model import CalendarModel
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.table.paged_model import Index
from smartspec.messages import tr, translate

HEIGHT = 58
_HEAD = 26
_ROOMY = 60  # pixels of a cell
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7, Qt.Key.Key_PageUp: -28,
    Qt.Key.Key_PageDown: 28,
}  # fmt: skip


class Calendar(QTableView):
    """Arrows go from day to day, Home and End through the week, Page up and down by four weeks. `chosen` carries the
    day that is current, `entered` it when Enter was pressed.
    """

    chosen = Signal(object)
    entered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.calendar = CalendarModel(self)
        self.setModel(self.calendar)
        self.setItemDelegate(_DayDelegate(self))
        self.setAccessibleName(tr("Calendar of the simulation"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(HEIGHT)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setFixedHeight(_HEAD)
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_forecast(self, found: ScheduleForecast) -> None:
        """The day that was chosen stays, where it is there still; else what is worth knowing comes first."""
        before = self.day
        self.calendar.show_forecast(found)
        days = [each.day for each in found.days]
        told = next((each.day for each in found.findings if each.day in days), None)
        self.choose(before if before in days else told or days[0])

    @property
    def day(self) -> date | None:
        """The chosen one."""
        found = self.calendar.day_at(self.currentIndex())
        return found.day if found else None

    def choose(self, day: date) -> None:
        """The nearest that there is."""
        days = self.calendar.days
        if days:
            self.setCurrentIndex(self.calendar.index_of(min(max(day, days[0].day), days[-1].day)))

    def step(self, days: int) -> None:
        if (day := self.day) is not None:
            self.choose(day + timedelta(days=days))

    def _on_current(self, index: Index) -> None:
        if (day := self.calendar.day_at(index)) is not None:
            self.scrollTo(self.calendar.index_of(day.day))
            self.chosen.emit(day)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(735, _HEAD + HEIGHT * min(6, max(1, self.calendar.rowCount())) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, _HEAD + HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, day = Qt.Key(event.key()), self.day
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or day is None:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.step(_STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            column = self.currentIndex().column()
            self.step(-column if key == Qt.Key.Key_Home else 6 - column)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(day)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())


class _DayDelegate(QStyledItemDelegate):
    """A cell: the date and the number, a strip of 24 hours, the first flag in words, the others as icons."""

    def __init__(self, view: Calendar) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index | QPersistentModelIndex) -> None:
        model, rect = self._view.calendar, QRectF(option.rect)
        day, at = model.day_at(index), model.date_at(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, theme.colour("surface" if day is not None else "pane"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        is_chosen = self._view.currentIndex() == index
        if is_chosen:
            self._paint_ring(painter, rect)
        aside = 8 if rect.width() >= _ROOMY else 4
        inner = rect.adjusted(aside, 5, -aside, -4)
        is_first = at.day == 1 or (day is not None and day is model.days[0]) or (index.row() == index.column() == 0)
        said = f"{at.day} {translate(format_month(at))}" if is_first else str(at.day)
        top = QRectF(inner.left(), inner.top(), inner.width(), 16)
        if day is None:
            painting.text(painter, top, said, "text3", theme.font("small"))
        else:
            self._paint_day(painter, inner, top, said, day)
        painter.restore()

    def _paint_ring(self, painter: QPainter, rect: QRectF) -> None:
        painter.setBrush(theme.colour("accent_soft"))
        painter.setPen(QPen(theme.colour("focus" if self._view.hasFocus() else "accent"), 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -2, -2), 4, 4)

    def _paint_day(self, painter: QPainter, inner: QRectF, top: QRectF, said: str, day: SimulatedDay) -> None:
        starts, metrics = number(day.starts), QFontMetrics(theme.font("small", 600))
        room = top.width() - metrics.horizontalAdvance(starts) - 4
        said = said if metrics.horizontalAdvance(said) <= room else str(day.day.day)
        painting.text(painter, top, said, "text", theme.font("small", 600))
        painting.text(painter, top, starts, "text2", theme.font("small"), Qt.AlignmentFlag.AlignRight)
        self._paint_strip(painter, QRectF(inner.left(), inner.top() + 20, inner.width(), 8), day)
        self._paint_flags(painter, QRectF(inner.left(), inner.top() + 31, inner.width(), 16), day)

    def _paint_flags(self, painter: QPainter, room: QRectF, day: SimulatedDay) -> None:
        """The first in words, in short where there is no room; of the others there is the icon."""
        flags = self._view.calendar.flags_of(day)
        x, end = room.left(), room.right() - 16 * sum(bool(icon) for icon, _words, _short in flags[1:])
        for place, (icon, words, short) in enumerate(flags):
            if icon:
                icons.paint(painter, QRectF(x, room.top() + 2, 12, 12), icon, "retrying")
                x += 16
            if not place:
                font = theme.font("caption", 600 if icon else 400)
                fits = QFontMetrics(font).horizontalAdvance(words) <= end - x
                said = QRectF(x, room.top(), end - x, room.height())
                painting.text(painter, said, words if fits else short, "retrying" if icon else "text2", font)
                x = end + 4

    def _paint_strip(self, painter: QPainter, room: QRectF, day: SimulatedDay) -> None:
        """As dark as the hour is full, against the fullest of all days."""
        most = max((max(each.hours) for each in self._view.calendar.days), default=0) or 1
        width = room.width() / len(day.hours)
        painter.setPen(Qt.PenStyle.NoPen)
        for hour, starts in enumerate(day.hours):
            colour = theme.colour("accent" if starts else "sunken")
            if starts:
                colour.setAlphaF(0.35 + 0.65 * starts / most)
            painter.setBrush(colour)
            painter.drawRect(QRectF(room.left() + hour * width, room.top(), max(1.0, width - 1), room.height()))
