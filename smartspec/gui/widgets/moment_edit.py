"""A line for a day, a time of day, or both: typed, moved by the arrow keys, or taken from a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QToolButton, QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.errors import Invalid
from smartspec.gui.style import icons
from smartspec.messages import _, tr, translate

FORMATS = ("date", "time", "date-time")
_WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
_SHOWN = {"date": "2026-11-16", "time": "14:30", "date-time": "2026-11-16 14:30"}
_WIDTHS = {"date": 148, "time": 96, "date-time": 190}


class MomentEdit(QLineEdit):
    """`format` is one of FORMATS, as JSON Schema calls them; `value` is written as it wants them, times in UTC."""

    def __init__(self, name: str, format: str) -> None:
        super().__init__()
        self.format = format
        self.setAccessibleName(name)
        self.setAccessibleDescription(tr("such as {example}; the arrow keys move it", example=_SHOWN[format]))
        self.setPlaceholderText(_SHOWN[format].translate(str.maketrans("0123456789", "_" * 10)))
        self.setFixedWidth(_WIDTHS[format])
        if format != "time":
            calendar = self.addAction(icons.icon("calendar-blank"), QLineEdit.ActionPosition.TrailingPosition)
            calendar.setToolTip(tr("Calendar"))
            calendar.triggered.connect(self.open_calendar)
            for each in self.findChildren(QToolButton):
                each.setAccessibleName(tr("Calendar"))

    # What it holds

    @property
    def moment(self) -> datetime | None:
        """Local; None where nothing is typed. A time of day is one of today. Raises Invalid for what is none."""
        text = self.text().strip()
        if not text:
            return None
        found = _read(text, self.format)
        if found is None:
            words = {"date": _("a date"), "time": _("a time of day"), "date-time": _("a date with a time")}
            raise Invalid(
                _(
                    "“{text}” is not {what}; write it as {example}.",
                    text=text[:100], what=words[self.format], example=_SHOWN[self.format],
                )
            )  # fmt: skip
        return found

    @property
    def value(self) -> str | None:
        """Raises Invalid as `moment`."""
        moment = self.moment
        if moment is None:
            return None
        if self.format == "date":
            return moment.date().isoformat()
        in_utc = moment.astimezone(UTC).replace(tzinfo=None)
        if self.format == "time":
            return in_utc.time().isoformat(timespec="seconds") + "Z"
        return in_utc.isoformat(timespec="milliseconds" if in_utc.microsecond else "seconds") + "Z"

    def set_value(self, value: str) -> None:
        """One that JSON Schema would take; anything else stands there as it is."""
        found = _read(value, self.format)
        self.setText(value if found is None else _written(found, self.format))

    def set_day(self, day: date) -> None:
        """That day, at the time that is there, else at midnight."""
        try:
            moment = self.moment
        except Invalid:
            moment = None
        clock = moment.time() if moment is not None else time()
        self.setText(_written(datetime.combine(day, clock).astimezone(), self.format))

    def move(self, step: int) -> None:  # type: ignore[override]
        """A day, or the hour or minute where the cursor stands."""
        try:
            moment = self.moment or times.now().astimezone()
        except Invalid:
            return
        at = self.cursorPosition()
        place = at + 11 if self.format == "time" else at
        by = timedelta(days=step) if place <= 10 else timedelta(hours=step) if place <= 13 else timedelta(minutes=step)
        self.setText(_written(moment + by, self.format))
        self.setCursorPosition(at)

    # The calendar

    def open_calendar(self) -> None:
        popup = _Popup(self)
        popup.calendar.clicked.connect(self._on_day)
        popup.calendar.activated.connect(self._on_day)
        popup.open_below(self)

    def _on_day(self, day: QDate) -> None:
        self.set_day(date(day.year(), day.month(), day.day()))
        self.setFocus()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key == Qt.Key.Key_F4 or (alt and key == Qt.Key.Key_Down):
            if self.format != "time":
                self.open_calendar()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)


class _Popup(QFrame):
    """A calendar that closes once a day was taken, with Esc, or with a click elsewhere."""

    def __init__(self, edit: MomentEdit) -> None:
        super().__init__(edit, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "calendar")
        self.calendar = QCalendarWidget()
        self.calendar.setAccessibleName(tr("Calendar"))
        self.calendar.setLocale(QLocale())
        self.calendar.setFirstDayOfWeek(QLocale().firstDayOfWeek())
        self.calendar.setGridVisible(False)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(weekend, QTextCharFormat())
        self._dress_buttons()
        try:
            moment = edit.moment
        except Invalid:
            moment = None
        if moment is not None:
            self.calendar.setSelectedDate(QDate(moment.year, moment.month, moment.day))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.calendar)
        self.calendar.clicked.connect(self.close)
        self.calendar.activated.connect(self.close)

    def _dress_buttons(self) -> None:
        for part, icon, name in (("prevmonth", "caret-left", tr("Previous month")),
                                 ("nextmonth", "caret-right", tr("Next month"))):  # fmt: skip
            button = self.calendar.findChild(QToolButton, f"qt_calendar_{part}")
            if isinstance(button, QToolButton):
                button.setIcon(icons.icon(icon))
                button.setAccessibleName(name)
                button.setToolTip(name)

    def open_below(self, edit: QWidget) -> None:
        """Or above, where there is no room below."""
        self.adjustSize()
        below, room = edit.mapToGlobal(QPoint(0, edit.height() + 4)), edit.screen().availableGeometry()
        if below.y() + self.height() > room.bottom():
            below = edit.mapToGlobal(QPoint(0, -self.height() - 4))
        below.setX(max(room.left(), min(below.x(), room.right() - self.width())))
        self.move(below)
        self.show()
        self.calendar.setFocus()


def day_in_words(day: date, today: date) -> str:
    """Monday, 4 days ago."""
    days, name = (day - today).days, translate(_WEEKDAYS[day.weekday()])
    if abs(days) <= 1:
        near = {0: tr("today"), -1: tr("yesterday"), 1: tr("tomorrow")}
        return tr("{weekday}, {when}", weekday=name, when=near[days])
    if days < 0:
        return tr("{weekday}, {n} days ago", weekday=name, n=f"{-days:,}")
    return tr("{weekday}, in {n} days", weekday=name, n=f"{days:,}")


def _written(moment: datetime, format: str) -> str:
    if format == "date":
        return moment.date().isoformat()
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return clock if format == "time" else f"{moment.date().isoformat()} {clock}"


def _read(text: str, format: str) -> datetime | None:
    """As ISO 8601 has it, with or without an offset; a day also as the language writes it."""
    if format == "time":
        return _read_time(text)
    try:
        return datetime.fromisoformat(text.replace("/", "-")).astimezone()
    except ValueError:
        pass
    except OverflowError:  # years that no clock of the system has
        return None
    day = QLocale().toDate(text, QLocale.FormatType.ShortFormat)
    return datetime(_this_century(day.year()), day.month(), day.day()).astimezone() if day.isValid() else None


def _this_century(year: int) -> int:
    return year + 100 if 1900 <= year < 1970 else year


def _read_time(text: str) -> datetime | None:
    try:
        found = time.fromisoformat(text if len(text) != 4 or ":" not in text else f"0{text}")
    except ValueError:
        return None
    today = times.now().astimezone()
    return datetime.combine(today.date(), found, found.tzinfo or today.tzinfo).astimezone()
