"""The quiet hours: from when to when, on which days, and a bar of the day that shows them."""

from __future__ import annotations

from datetime import datetime, time

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartspec.domain import times
from smartspec.domain.jsontext import Json
from smartspec.domain.notification import quiet_hours
from smartspec.domain.notification.quiet_hours import DAYS, EVERY_DAY, QuietHours
from smartspec.errors import Invalid
from smartspec.gui.pages.settings.control import Control
from smartspec.gui.pages.settings.item import Item
from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.buttons import Switch
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, restyle, row
from smartspec.gui.widgets.moment_edit import MomentEdit
from smartspec.messages import _, tr, translate

_USUAL = QuietHours(time(22), time(7))
_DAYS = (
    (EVERY_DAY, _("every day")), (frozenset(range(5)), _("Monday to Friday")), (frozenset({5, 6}), _("at weekends")),
)  # fmt: skip
_MINUTES = 24 * 60
_EVERY_MS = 60_000
_WIDTH = 72


class QuietControl(Control):
    """Saved when a line is left, or the switch or the days are chosen."""

    def __init__(self, item: Item) -> None:
        super().__init__(item)
        self.switch = self.field = Switch(translate(item.title))
        self.begin, self.end = MomentEdit(tr("From"), "time"), MomentEdit(tr("To"), "time")
        self.days = Choice(tr("On which days they begin"))
        self.bar = DayBar()
        self._shown = ""
        self._hours = _USUAL
        self.switch.clicked.connect(lambda _on: self._save())
        self.days.activated.connect(lambda _at: self._save())
        for each in (self.begin, self.end):
            each.setFixedWidth(_WIDTH)
            each.editingFinished.connect(self._on_left)
        self._lines = QWidget()
        self._lines.setLayout(row(self.begin, label(tr("to"), "secondary"), self.end, None))
        first = row(self.switch, self._lines, None, spacing=10)
        self.setLayout(column(first, row(self.days, None), self.bar, spacing=6))
        self.show_value("")

    def show_value(self, value: Json) -> None:
        self._shown = str(value or "")
        try:
            found = quiet_hours.parse(self._shown)
        except Invalid:  # of another program
            found = None
        self._hours = found or self._hours
        self.switch.setChecked(found is not None)
        self.begin.setText(f"{self._hours.begin:%H:%M}")
        self.end.setText(f"{self._hours.end:%H:%M}")
        self._show_days(self._hours.days)
        self.bar.show_hours(found)
        for each in (self._lines, self.days):
            each.setVisible(found is not None)

    def _show_days(self, days: frozenset[int]) -> None:
        """Others than the usual ones by their names."""
        known = [*_DAYS] if any(days == each for each, _word in _DAYS) else [*_DAYS, (days, _names(days))]
        self.days.clear()
        for each, word in known:
            self.days.addItem(translate(word), sorted(each))
        self.days.setCurrentIndex([each for each, _word in known].index(days))

    @property
    def is_edited(self) -> bool:
        shown = (f"{self._hours.begin:%H:%M}", f"{self._hours.end:%H:%M}")
        return (self.begin.text(), self.end.text()) != shown

    def _on_left(self) -> None:
        if self.is_edited:
            self._save()
        else:
            self.left.emit()

    def _save(self) -> None:
        days = ",".join(DAYS[each] for each in self.days.currentData())
        text = f"{self.begin.text()}-{self.end.text()} {days}" if self.switch.isChecked() else ""
        try:
            found = quiet_hours.parse(text)
        except Invalid as error:
            self.refused.emit(error)
        else:
            self.chosen.emit(found.written if found is not None else "")

    def mark_wrong(self, wrong: bool) -> None:
        for each in (self.begin, self.end):
            restyle(each, invalid=wrong)


def _names(days: frozenset[int]) -> str:
    return ", ".join(DAYS[each] for each in sorted(days))


class DayBar(QWidget):
    """A day from midnight to midnight, with what is quiet of today, and the moment that it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(420)
        self._hours: QuietHours | None = None
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.update)
        self._timer.start()

    def show_hours(self, hours: QuietHours | None) -> None:
        self._hours = hours
        self.setVisible(hours is not None)
        self.setAccessibleName(tr("The hours of the day"))
        self.update()

    def _spans(self, now: datetime) -> list[tuple[int, int]]:
        """From and to which minute of today it is quiet."""
        if self._hours is None:
            return []
        begin, end = (each.hour * 60 + each.minute for each in (self._hours.begin, self._hours.end))
        today, before = now.weekday() in self._hours.days, (now.weekday() - 1) % 7 in self._hours.days
        if begin < end:
            return [(begin, end)] if today else []
        return [*([(0, end)] if before else []), *([(begin, _MINUTES)] if today else [])]

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(360, 14 + QFontMetrics(theme.font("caption")).height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now, width = times.now().astimezone(), float(self.width())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(0, 3, width, 8), 4, 4)
        painter.setBrush(theme.colour("paused"))
        for begin, end in self._spans(now):
            painter.drawRoundedRect(QRectF(width * begin / _MINUTES, 3, width * (end - begin) / _MINUTES, 8), 4, 4)
        at = width * (now.hour * 60 + now.minute) / _MINUTES
        painter.fillRect(QRectF(min(at, width - 2), 0, 2, 14), theme.colour("accent"))
        font, height = theme.font("caption"), self.height() - 14
        for hour in (0, 6, 12, 18, 24):
            side = Qt.AlignmentFlag.AlignLeft if not hour else Qt.AlignmentFlag.AlignRight
            side = Qt.AlignmentFlag.AlignHCenter if hour in (6, 12, 18) else side
            rect = QRectF(width * hour / 24 - (0 if not hour else 40 if hour == 24 else 20), 14, 40, height)
            painting.text(painter, rect, f"{hour:02}", "text2", font, side)
        painter.end()
