"""The lanes of a day, below the hours: a table that is read out row by row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from smartspec.commands.schedule_forecasts import ScheduleForecast
from smartspec.domain.schedule.situation import Absence
from smartspec.gui.pages.schedules.simulation.day_model import NAME, ROW, TIMES, DayModel, DayRow
from smartspec.gui.pages.schedules.simulation.day_painter import DayPainter
from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.paged_model import Index
from smartspec.gui.widgets.table.rows import RowDelegate, RowsView
from smartspec.messages import tr

_NAMES, _LEFT, _RIGHT = 150, 12, 28
ROW_HEIGHT, AXIS = 26, 22


class DayView(RowsView):
    """Enter opens the schedule."""

    def __init__(self) -> None:
        super().__init__(tr("The chosen day"))
        self.day = DayModel(self)
        self.sleeps: tuple[Absence, ...] = ()
        self.setModel(self.day)
        self.setItemDelegate(_LaneDelegate(self))
        self.setSelectionMode(RowsView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(TIMES, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(NAME, _NAMES)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)

    def show_forecast(self, found: ScheduleForecast) -> None:
        self.sleeps = found.simulation.sleeps

    def painter_in(self, room: QRectF) -> DayPainter | None:
        """For a stretch as wide as its cells."""
        return DayPainter(self.day.scale, self.sleeps, room) if self.day.scale is not None else None

    def plot(self) -> QRectF:
        """Where the day lies across, in its own coordinates."""
        return lane_room(QRectF(_NAMES, 0, max(1, self.viewport().width() - _NAMES), AXIS))

    # Qt

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid() and index.column() == TIMES:
                painter = self.painter_in(lane_room(QRectF(self.visualRect(index))))
                row: DayRow = index.data(ROW)
                said = painter.said_at(row, event.pos().x()) if painter is not None else ""
                QToolTip.showText(event.globalPos(), plain_tip(said or row.note), self)
                return True
        return super().viewportEvent(event)


class DayAxis(QWidget):
    """The hours above the lanes; what they are is in each lane's words."""

    def __init__(self, view: DayView) -> None:
        super().__init__()
        self._view = view
        self.setFixedHeight(AXIS)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        day = self._view.painter_in(self._view.plot())
        if day is not None:
            day.paint_hours(painter)
        painter.end()


def lane_room(cell: QRectF) -> QRectF:
    return cell.adjusted(_LEFT, 0, -_RIGHT, 0)


class _LaneDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index | QPersistentModelIndex) -> None:
        row: DayRow = index.data(ROW)
        view = self.parent()
        assert isinstance(view, DayView)
        if index.column() == NAME:
            is_quiet = bool(row.note)
            colour, font = ("text2" if is_quiet else "text"), theme.font("body", 400 if is_quiet else 500)
            painting.text(painter, rect.adjusted(20, 0, -4, 0), row.lane.schedule.name, colour, font)
            return
        day = view.painter_in(lane_room(rect))
        if day is not None:
            day.paint_ground(painter)
            day.paint_lane(painter, row)

    # Qt

    def sizeHint(self, option: object, index: Index | QPersistentModelIndex) -> QSize:
        return QSize(80, ROW_HEIGHT)
