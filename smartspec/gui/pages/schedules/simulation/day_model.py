"""A day of a simulation as rows: a schedule, what of it runs then and what does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from smartspec.commands.schedule_forecasts import ScheduleForecast, SimulatedLane
from smartspec.domain.schedule.day_scale import DayScale
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.simulate import SimulatedSchedule
from smartspec.domain.schedule.simulated_day import DayLane
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.schedules.words import decision_style
from smartspec.gui.widgets.table.paged_model import ROOT, Index
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen

ROW = int(Qt.ItemDataRole.UserRole) + 1
NAME, TIMES = range(2)
_NOTHING = DayLane()


@frozen
class DayRow:
    """`schedule` is None of one that is not simulated."""

    lane: SimulatedLane
    schedule: SimulatedSchedule | None
    day: DayLane

    @property
    def note(self) -> str:
        """In place of marks."""
        if self.lane.problem is not None:
            return tr("cannot be simulated: {why}", why=translate(self.lane.problem))
        if self.schedule is None:
            return tr("its times are not known: {when}", when=translate(self.lane.when))
        if self.day.is_empty:
            return tr("nothing on this day: {when}", when=translate(self.lane.when))
        return ""


class DayModel(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[DayRow] = []
        self.scale: DayScale | None = None

    def show_day(self, found: ScheduleForecast, scale: DayScale, lanes: Sequence[DayLane]) -> None:
        """`lanes` are those of the simulation."""
        self.beginResetModel()
        self.scale = scale
        self.rows = [
            DayRow(each, None, _NOTHING) if each.number is None
            else DayRow(each, found.schedules[each.number], lanes[each.number])
            for each in found.lanes
        ]  # fmt: skip
        self.endResetModel()

    def said(self, row: DayRow) -> str:
        """What its marks mean."""
        if row.note:
            return row.note
        assert self.scale is not None
        begun = [each for each in row.day.starts if each.begins >= self.scale.begin]
        parts = [trn("{n} start", "{n} starts", len(begun))]
        if caught_up := [each for each in begun if each.is_catch_up]:
            at = caught_up[0].begins.astimezone(self.scale.zone)
            parts.append(tr("caught up at {clock}", clock=f"{at:%H:%M}"))
        counts = Counter(decision for _due, decision in row.day.passed if decision is not Decision.CAUGHT_UP)
        parts += [f"{decision_style(each).word}: {count}" for each, count in counts.items()]
        if row.schedule is not None and row.schedule.usual_ms is None:
            parts.append(tr("how long it takes is estimated"))
        return ", ".join(parts)

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        said = row.lane.schedule.name if index.column() == NAME else self.said(row)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return said
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == NAME:
            return plain_tip(f"{said}\n{row.lane.workflow_name}\n{translate(row.lane.when)}")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr("Schedule") if section == NAME else tr("Its day")
        return None
