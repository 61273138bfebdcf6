"""The table of schedules: one is chosen, and each has a switch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from smartspec.domain.schedule.summary import ScheduleSummary
from smartspec.gui.widgets.schedules.model import (
    CONDITIONS,
    COUNTS,
    LAST,
    NAME,
    NEXT,
    ON,
    RESULT,
    WHEN,
    WORKFLOW,
    ScheduleDelegate,
    SchedulesModel,
)
from smartspec.gui.widgets.table.rows import RowsView
from smartspec.messages import tr

_WIDTHS = {ON: 48, NAME: 170, WORKFLOW: 190, NEXT: 200, LAST: 110, RESULT: 160, COUNTS: 132, CONDITIONS: 170}
_GIVE_WAY = (CONDITIONS, COUNTS, LAST, WORKFLOW, RESULT)  # where the rule in words would have too little room
_ROOM_FOR_WHEN = 200
OF_ALL = (ON, NAME, WORKFLOW, WHEN, NEXT, CONDITIONS, LAST)
OF_A_WORKFLOW = (ON, NAME, WHEN, NEXT, RESULT, COUNTS)


class ScheduleList(RowsView):
    """`chosen` carries the ScheduleSummary that is current now, also when it was read anew; `switched` the Schedule
    whose switch was pressed, by the mouse or with Space.
    """

    chosen = Signal(object)
    switched = Signal(object)

    def __init__(self, kinds: Sequence[int] = OF_ALL) -> None:
        super().__init__(tr("Schedules"))
        self.schedules = SchedulesModel(kinds, self)
        self.setModel(self.schedules)
        self.setItemDelegate(ScheduleDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(self.schedules.kinds.index(WHEN), QHeaderView.ResizeMode.Stretch)
        for section, kind in enumerate(self.schedules.kinds):
            if kind in _WIDTHS:
                self.setColumnWidth(section, _WIDTHS[kind])
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell_chosen())

    def _fit_columns(self) -> None:
        kinds = self.schedules.kinds
        room = self.viewport().width() - sum(_WIDTHS.get(kind, 0) for kind in kinds)
        if CONDITIONS in kinds and not any(each.schedule.conditions for each in self.schedules.rows):
            self.setColumnHidden(kinds.index(CONDITIONS), True)
            kinds, room = tuple(each for each in kinds if each != CONDITIONS), room + _WIDTHS[CONDITIONS]
        for kind in (each for each in _GIVE_WAY if each in kinds):
            self.setColumnHidden(self.schedules.kinds.index(kind), room < _ROOM_FOR_WHEN)
            room += _WIDTHS[kind] if room < _ROOM_FOR_WHEN else 0

    def show_schedules(self, rows: Sequence[ScheduleSummary], now: datetime) -> None:
        """The chosen one stays, wherever it stands now; where it is gone, what came in its place; else the first."""
        before, row = self.current, self.currentIndex().row()
        self.schedules.show(rows, now)
        self._fit_columns()
        self._choose_row(self._row_of(before.schedule.id if before else "", min(max(0, row), len(rows) - 1)))

    def choose(self, schedule_id: str) -> None:
        """The one with this id, else the first."""
        self._choose_row(self._row_of(schedule_id, 0))

    def _row_of(self, schedule_id: str, otherwise: int) -> int:
        return next((n for n, each in enumerate(self.schedules.rows) if each.schedule.id == schedule_id), otherwise)

    def _choose_row(self, row: int) -> None:
        if self.currentIndex().row() == row:
            self._tell_chosen()
        else:
            self.setCurrentIndex(self.schedules.index(row, self.schedules.kinds.index(NAME)))

    @property
    def current(self) -> ScheduleSummary | None:
        index = self.currentIndex()
        return self.schedules.rows[index.row()] if index.isValid() else None

    def _tell_chosen(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_columns()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if (
            event.button() is Qt.MouseButton.LeftButton
            and index.isValid()
            and self.schedules.kinds[index.column()] == ON
        ):
            self.switched.emit(self.schedules.rows[index.row()].schedule)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and self.current is not None:
            self.switched.emit(self.current.schedule)
            return
        super().keyPressEvent(event)
