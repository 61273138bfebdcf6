"""The chosen day of a simulation: what it comes to, what the marks mean, and its lanes."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from smartspec.commands.schedule_forecasts import ScheduleForecast
from smartspec.domain.schedule.day_scale import DayScale, day_scale
from smartspec.domain.schedule.simulated_day import DayLane, day_lanes
from smartspec.domain.schedule.simulated_findings import change_headline
from smartspec.domain.schedule.simulated_load import SimulatedDay
from smartspec.formatting import format_date, format_weekday
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.schedules.simulation.day_painter import paint_legend
from smartspec.gui.pages.schedules.simulation.day_view import DayAxis, DayView
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, line, row
from smartspec.messages import tr, translate, trn


class DayPane(QWidget):
    """`stepped`: the day before (-1) or after (1) is wanted."""

    stepped = Signal(int)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._wanted: date | None = None
        self.title, self.told = label("", "heading"), Elided("secondary")
        self.view = DayView()
        self.axis = DayAxis(self.view)
        self.view.row_opened.connect(self._open_schedule)
        self.before = icon_button("caret-left", tr("The day before"), lambda: self.stepped.emit(-1))
        self.after = icon_button("caret-right", tr("The day after"), lambda: self.stepped.emit(1))
        self.legend = row(
            *(_Legend(mark, word) for mark, word in (
                ("asleep", tr("asleep")), ("skipped", tr("skipped")), ("caught_up", tr("caught up")),
                ("estimated", tr("estimated")),
            )),
            spacing=14,
        )  # fmt: skip
        head = row(self.title, self.told, self.legend, self.before, self.after, margins=(20, 6, 12, 2), spacing=12)
        head.setStretchFactor(self.told, 1)
        self.setLayout(column(line(), head, self.axis, self.view, spacing=0, fill=self.view))

    def show_narrow(self, narrow: bool) -> None:
        for at in range(self.legend.count()):
            item = self.legend.itemAt(at)
            if item is not None and (widget := item.widget()) is not None:
                widget.setVisible(not narrow)

    def show_day(self, found: ScheduleForecast, day: SimulatedDay) -> None:
        """Read what is in it; many times are gone through for that."""
        self._wanted = day.day
        scale = day_scale(day.day, found.zone)
        read = partial(day_lanes, found.simulation, found.schedules, scale.begin, scale.end)
        show = partial(self._show_lanes, found, day, scale)
        self._context.run(self, read, show, lambda _: None, worker="slow")

    def _show_lanes(
        self, found: ScheduleForecast, day: SimulatedDay, scale: DayScale, lanes: tuple[DayLane, ...]
    ) -> None:
        if day.day != self._wanted:
            return  # another one is shown by now
        date_said = translate(format_date(day.day))
        self.title.setText(tr("{weekday} {date}", weekday=translate(format_weekday(day.day)), date=date_said))
        hours = f"{day.length.total_seconds() / 3600:g}"
        parts = [trn("{n} start in {hours} hours", "{n} starts in {hours} hours", day.starts, hours=hours)]
        parts += [translate(change_headline(each)) for each in scale.changes]
        if not day.is_whole:
            parts.append(tr("not looked at to its end"))
        self.told.setText(" · ".join([*parts, tr("bars are as long as that workflow usually takes")]))
        self.view.show_forecast(found)
        self.view.day.show_day(found, scale, lanes)
        self.axis.update()

    def _open_schedule(self, number: int) -> None:
        self._context.navigator.go(Location("schedules", self.view.day.rows[number].lane.schedule.id))


class _Legend(QWidget):
    """A mark with its word."""

    def __init__(self, mark: str, word: str) -> None:
        super().__init__()
        self._mark = mark
        self.setLayout(row(20, label(word, "small"), spacing=2))

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_legend(painter, QRectF(0, 0, 18, self.height()), self._mark)
        painter.end()
