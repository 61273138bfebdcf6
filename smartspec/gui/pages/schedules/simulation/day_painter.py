"""A schedule's day as marks: bars as long as it usually takes, × for what sleep took, a ring for what is caught up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from smartspec.domain.schedule.day_scale import DayScale
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.simulate import SimulatedStart
from smartspec.domain.schedule.situation import Absence
from smartspec.gui.pages.schedules.simulation.day_model import DayRow
from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.schedules.marks import hatch_area, paint_cross, paint_dot, paint_ring, paint_square
from smartspec.messages import tr

_LEAST = 4  # pixels of a bar
_ASLEEP = frozenset({Decision.SKIPPED_ASLEEP, Decision.SKIPPED_MISSED, Decision.CAUGHT_UP})
_NEAR = 6  # pixels to a mark
_NIGHT = 0.5  # of a day


class DayPainter:
    """On a stretch of the screen that stands for a day."""

    def __init__(self, scale: DayScale, sleeps: Sequence[Absence], room: QRectF) -> None:
        self._scale, self._sleeps, self._room = scale, sleeps, room

    def x(self, at: datetime) -> float:
        place = min(1.0, max(0.0, self._scale.place(at)))
        return self._room.left() + place * self._room.width()

    def _place(self, place: float) -> float:
        return self._room.left() + place * self._room.width()

    # The ground

    def paint_ground(self, painter: QPainter) -> None:
        """What is slept through, every third hour, and the hour that is left out or comes twice."""
        room = self._room
        for each in self._sleeps:
            if each.end > self._scale.begin and each.start < self._scale.end:
                left, right = self.x(each.start), self.x(each.end)
                painter.fillRect(QRectF(left, room.top(), right - left, room.height()), theme.colour("sunken"))
        painter.setPen(QPen(theme.colour("line"), 1))
        for hour in self._scale.hours():
            if hour.hour % 3 == 0 and not hour.again:
                x = self._place(hour.place)
                painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        for change in self._scale.changes:
            first, last = (self._place(each) for each in self._scale.stretch(change))
            hatch_area(painter, QRectF(first, room.top(), last - first, room.height()), "warn_soft", "retrying")

    def paint_hours(self, painter: QPainter) -> None:
        """Every third hour above the lanes; one that comes twice says so."""
        font, middle = theme.font("caption"), Qt.AlignmentFlag.AlignHCenter
        for hour in self._scale.hours():
            if hour.hour % 3 and not hour.again:
                continue
            said = tr("again") if hour.again else f"{hour.hour:02d}:00"
            x = self._place(hour.place)
            painting.text(
                painter, QRectF(x - 24, self._room.top(), 48, self._room.height()), said, "text2", font, middle
            )

    # A lane

    def _clear_of_night(self) -> float:
        """How far from the left a sentence begins: behind what sleep and a change of the clock cover."""
        covered = [self._scale.stretch(each)[1] for each in self._scale.changes]
        covered += [self._scale.place(each.end) for each in self._sleeps if each.end > self._scale.begin]
        return max((each for each in covered if 0 < each < _NIGHT), default=0.0) * self._room.width()

    def paint_lane(self, painter: QPainter, row: DayRow) -> None:
        middle = self._room.center().y()
        if row.note:
            colour = "failed" if row.lane.problem is not None else "text2"
            room = self._room.adjusted(self._clear_of_night() + 8, 0, -8, 0)
            painting.text(painter, room, row.note, colour, theme.font("small"))
            return
        is_estimated = row.schedule is not None and row.schedule.usual_ms is None
        for start in row.day.starts:
            self._paint_start(painter, start, is_estimated)
        for due, decision in row.day.passed:  # what is skipped lies on the bar that it finds
            at = QPointF(self.x(due), middle)
            if decision in _ASLEEP:
                paint_cross(painter, at)
            else:
                painter.fillRect(QRectF(at.x() - 4, at.y() - 4, 8, 8), theme.colour("surface"))
                paint_square(painter, at, "outline", filled=False)

    def _paint_start(self, painter: QPainter, start: SimulatedStart, is_estimated: bool) -> None:
        left, right, middle = self.x(start.begins), self.x(start.ends), self._room.center().y()
        box = QRectF(left, middle - 5, max(_LEAST, right - left), 10)
        if left - self.x(start.at) > _LEAST:
            painter.setPen(QPen(theme.colour("retrying"), 1.4))
            painter.drawLine(QPointF(self.x(start.at), middle), QPointF(left, middle))
        if is_estimated:
            painter.setPen(QPen(theme.colour("running"), 1.2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0, 0, max(0, 8 - box.width()), 0), 2, 2)
        elif not start.is_catch_up or box.width() > 12:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("running"))
            painter.drawRoundedRect(box, 2, 2)
        if start.is_catch_up and start.begins >= self._scale.begin:
            _paint_caught_up(painter, QPointF(left, middle))

    # What is below the mouse

    def said_at(self, row: DayRow, x: float) -> str:
        """The marks there, each with its times; empty where there is none."""
        return "\n".join([*self._starts_at(row, x), *self._passed_at(row, x)][:6])

    def _starts_at(self, row: DayRow, x: float) -> Iterator[str]:
        for each in row.day.starts:
            if self.x(each.begins) - _NEAR <= x <= max(self.x(each.ends), self.x(each.begins) + _LEAST) + 2:
                due, begins, ends = (self._clock(at) for at in (each.due, each.begins, each.ends))
                if each.is_catch_up:
                    yield tr("{due}: caught up from {begins} to {ends}", due=due, begins=begins, ends=ends)
                elif each.begins > each.at:
                    yield tr("{due}: waits for a place, from {begins} to {ends}", due=due, begins=begins, ends=ends)
                else:
                    yield tr("{due}: from {begins} to {ends}", due=due, begins=begins, ends=ends)

    def _passed_at(self, row: DayRow, x: float) -> Iterator[str]:
        for due, decision in row.day.passed:
            if abs(self.x(due) - x) <= _NEAR:
                if decision is Decision.CAUGHT_UP:
                    yield tr("{due}: asleep, it is caught up with", due=self._clock(due))
                elif decision in _ASLEEP:
                    yield tr("{due}: asleep", due=self._clock(due))
                elif decision is Decision.SKIPPED_OVERLAP:
                    yield tr("{due}: skipped, the one before still runs", due=self._clock(due))
                else:
                    yield tr("{due}: passed over", due=self._clock(due))

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self._scale.zone):%H:%M}"


def paint_legend(painter: QPainter, room: QRectF, mark: str) -> None:
    """One of: asleep, skipped, caught_up, estimated."""
    at = room.center()
    if mark == "asleep":
        paint_cross(painter, at)
    elif mark == "skipped":
        paint_square(painter, at, "outline", filled=False)
    elif mark == "caught_up":
        _paint_caught_up(painter, at)
    else:
        painter.setPen(QPen(theme.colour("running"), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(at.x() - 7, at.y() - 5, 14, 10), 2, 2)


def _paint_caught_up(painter: QPainter, at: QPointF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("surface"))
    painter.drawEllipse(at, 6, 6)
    paint_dot(painter, at, "running")
    paint_ring(painter, at, "running", 5.5)
