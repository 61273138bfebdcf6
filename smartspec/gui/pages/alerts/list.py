"""The table of alerts: one is chosen; A acknowledges it, S puts it off, Enter opens what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from smartspec.domain.alert.alert import Alert
from smartspec.gui.pages.alerts.lines import AlertLine
from smartspec.gui.pages.alerts.model import (
    ASIDE,
    KIND,
    REASON,
    SINCE,
    VALUE,
    AlertDelegate,
    AlertsModel,
    row_height,
)
from smartspec.gui.widgets.table.rows import RowsView
from smartspec.messages import tr

_WIDTHS = {KIND: 148, SINCE: 150, VALUE: 104}
_ROOM_FOR_SINCE = 700


class AlertList(RowsView):
    """`chosen` carries the Alert that is current now, also when it was read anew; `reopen_asked` the one whose link was
    pressed.
    """

    chosen = Signal(object)
    reopen_asked = Signal(object)
    acknowledge_asked = Signal()
    snooze_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Alerts"))
        self.alerts = AlertsModel(self)
        self.setModel(self.alerts)
        self.setItemDelegate(AlertDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
        for section, width in _WIDTHS.items():
            self.setColumnWidth(section, width)
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell_chosen())

    def show_lines(self, lines: Sequence[AlertLine]) -> None:
        """The chosen one stays, wherever it stands now; where it is gone, what came in its place; else the first."""
        before, row = self.current, self.currentIndex().row()
        self.clearSpans()
        self.alerts.show(lines)
        for number, line in enumerate(lines):
            self.setRowHeight(number, row_height(line))
            if line.alert is None:
                self.setSpan(number, KIND, 1, VALUE + 1)
        self._choose_row(self._row_of(before.id if before else "", self._nearest(row)))

    def choose(self, alert_id: str) -> bool:
        """The one with this id; False where it is not among them."""
        row = self._row_of(alert_id, -1)
        if row >= 0:
            self._choose_row(row)
        return row >= 0

    def _row_of(self, alert_id: str, otherwise: int) -> int:
        rows = enumerate(self.alerts.lines)
        return next((row for row, line in rows if line.alert is not None and line.alert.id == alert_id), otherwise)

    def _nearest(self, row: int) -> int:
        """That of an alert, at this place or next to it; -1 where there is none."""
        rows = [number for number, line in enumerate(self.alerts.lines) if line.alert is not None]
        return min(rows, key=lambda each: (abs(each - max(0, row)), -each), default=-1)

    def _choose_row(self, row: int) -> None:
        if self.currentIndex().row() == row:
            self._tell_chosen()
        else:
            self.setCurrentIndex(self.alerts.index(row, REASON))

    @property
    def current(self) -> Alert | None:
        index = self.currentIndex()
        return self.alerts.lines[index.row()].alert if index.isValid() else None

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether it was one of A and S, which are done then."""
        signals = {Qt.Key.Key_A.value: self.acknowledge_asked, Qt.Key.Key_S.value: self.snooze_asked}
        if event.modifiers() or event.key() not in signals:
            return False
        signals[event.key()].emit()
        return True

    def _tell_chosen(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current)

    # Qt

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Past the heads of groups; at the first alert it stays."""
        index = super().moveCursor(action, modifiers)
        if not index.isValid() or self.alerts.lines[index.row()].alert is not None:
            return index
        step = 1 if index.row() > self.currentIndex().row() or index.row() == 0 else -1
        row = index.row() + step
        if step < 0 and row < 0:
            return self.currentIndex()
        return self.alerts.index(row, index.column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid() or index.column() != VALUE:
            return
        line, box = self.alerts.lines[index.row()], self.visualRect(index)
        if line.state in ASIDE and at.y() > box.center().y():
            self.reopen_asked.emit(line.alert)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the reason had too little room, since when it is stands beside it only."""
        self.setColumnHidden(SINCE, self.width() < _ROOM_FOR_SINCE)
        super().resizeEvent(event)
