"""The days of a simulation as weeks, with the days around them that fill up the first and the last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QAbstractTableModel, QLocale, QObject, Qt

from smartspec.commands.schedule_forecasts import ScheduleForecast
from smartspec.domain.schedule.simulated_findings import day_text
from smartspec.domain.schedule.simulated_load import SimulatedDay
from smartspec.formatting import format_weekday
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.paged_model import ROOT, Index
from smartspec.messages import tr, translate, trn

DAY = int(Qt.ItemDataRole.UserRole) + 1
_WEEK = 7
_ONE, _WHOLE = timedelta(days=1), timedelta(hours=24)


class CalendarModel(QAbstractTableModel):
    """A row for each week, which begins as the language has it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.days: tuple[SimulatedDay, ...] = ()
        self._begin = date.min
        self._is_partial = False  # the first day has begun already
        self._first_weekday = QLocale().firstDayOfWeek().value - 1

    def show_forecast(self, found: ScheduleForecast) -> None:
        self.beginResetModel()
        self.days = found.days
        first = found.days[0].day
        self._begin = first - (first.weekday() - self._first_weekday) % _WEEK * _ONE
        self._is_partial = found.simulation.start.astimezone(found.zone).time().hour > 0
        self.endResetModel()

    def date_at(self, index: Index) -> date:
        return self._begin + (index.row() * _WEEK + index.column()) * _ONE

    def day_at(self, index: Index) -> SimulatedDay | None:
        """None of a day that is not simulated."""
        number = (self.date_at(index) - self.days[0].day).days if self.days and index.isValid() else -1
        return self.days[number] if 0 <= number < len(self.days) else None

    def index_of(self, day: date) -> Index:
        place = (day - self._begin).days
        return self.index(place // _WEEK, place % _WEEK)

    def flags_of(self, day: SimulatedDay) -> Sequence[tuple[str, str, str]]:
        """What is worth a word: icon, words, and what is said where there is no room for them."""
        found = []
        if day.length != _WHOLE:
            hours = tr("{n} h", n=f"{day.length.total_seconds() / 3600:g}")
            found.append(("clock-counter-clockwise", hours, hours))
        if day.overlaps:
            found.append(("stack", trn("{n} overlap", "{n} overlaps", day.overlaps), number(day.overlaps)))
        if not day.is_whole:
            found.append(("", tr("left out"), ""))
        elif day is self.days[0] and self._is_partial:
            found.append(("", tr("from now"), ""))
        elif day is self.days[-1] and len(self.days) > 1:
            found.append(("", tr("the last day"), ""))
        return found

    def _said(self, day: SimulatedDay) -> str:
        starts = trn("{n} start", "{n} starts", day.starts)
        flags = [words for _icon, words, _short in self.flags_of(day)]
        return ", ".join([translate(format_weekday(day.day)), translate(day_text(day.day)), starts, *flags])

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        if parent.isValid() or not self.days:
            return 0
        return (self.days[-1].day - self._begin).days // _WEEK + 1

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else _WEEK

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            monday = date(2024, 1, 1)
            return translate(format_weekday(monday + (self._first_weekday + section) % _WEEK * _ONE))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        on = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return on if self.day_at(index) is not None else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        day = self.day_at(index)
        if role == DAY:
            return day
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._said(day) if day is not None else translate(day_text(self.date_at(index)))
        if role == Qt.ItemDataRole.ToolTipRole and day is not None:
            return plain_tip(_by_hour(day))
        return None


def _by_hour(day: SimulatedDay) -> str:
    """The hours in which most starts."""
    busiest = sorted(range(len(day.hours)), key=lambda hour: (-day.hours[hour], hour))[:3]
    lines = [f"{hour:02d}:00  {number(day.hours[hour])}" for hour in sorted(busiest) if day.hours[hour]]
    return "\n".join(lines) or tr("Nothing starts")
