"""Numbers, sizes, durations and moments as a person reads them, the same in the terminal, the window and sentences.

What holds a word or a unit is a Message: it may be a value of another text, and is shown by `messages.translate`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from smartspec.messages import Message, _, _p

DASH = Message("–")  # where there is no value
WEEKDAYS = (
    _p("weekday", "Mon"), _p("weekday", "Tue"), _p("weekday", "Wed"), _p("weekday", "Thu"), _p("weekday", "Fri"),
    _p("weekday", "Sat"), _p("weekday", "Sun"),
)  # fmt: skip
MONTHS = (
    _p("month", "Jan"), _p("month", "Feb"), _p("month", "Mar"), _p("month", "Apr"), _p("month", "May"),
    _p("month", "Jun"), _p("month", "Jul"), _p("month", "Aug"), _p("month", "Sep"), _p("month", "Oct"),
    _p("month", "Nov"), _p("month", "Dec"),
)  # fmt: skip


def format_number(value: int) -> str:
    """12,345: as English and Chinese group digits."""
    return f"{value:,}"


def format_count(value: int, limit: int = 10_000) -> str:
    """The same of what was counted up to a limit: 10,000+."""
    return f"{limit:,}+" if value > limit else format_number(value)


def format_size(bytes_: int | None) -> Message:
    """A number of bytes in powers of 1,024: 12 B, 1.5 KiB, 3.0 GiB (IEC 80000-13)."""
    if bytes_ is None:
        return DASH
    if bytes_ < 1024:
        return _("{number} B", number=bytes_)
    number = float(bytes_)
    for unit in ("KiB", "MiB", "GiB"):
        number /= 1024
        if number < 1023.95:  # what would be rounded to 1024.0 is said in the next unit
            return _("{number} {unit}", number=f"{number:.1f}", unit=unit)
    return _("{number} {unit}", number=f"{number / 1024:.1f}", unit="TiB")


def format_duration(ms: int | None) -> Message:
    """12 ms, 1.5 s, 3 m 20 s, 2 h 5 m, 4 d 3 h: the two largest units, the smaller one only where it is not 0."""
    if ms is None:
        return DASH
    if ms < 1_000:
        return _("{number} ms", number=ms)
    if ms < 60_000:
        return _("{number} s", number=f"{ms / 1000:.1f}")
    minutes, seconds = divmod(ms // 1000, 60)
    if minutes < 60:
        return _("{minutes} m {seconds} s", minutes=minutes, seconds=seconds) if seconds else _("{n} m", n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("{hours} h {minutes} m", hours=hours, minutes=minutes) if minutes else _("{n} h", n=hours)
    days, hours = divmod(hours, 24)
    return _("{days} d {hours} h", days=days, hours=hours) if hours else _("{n} d", n=days)


def format_age(moment: datetime | None, now: datetime) -> Message:
    """A moment of the past: just now, 5 min ago, today 14:03, yesterday 9:00, Mon 14:03, 3 Nov 14:03, 3 Nov 2024."""
    if moment is None:
        return DASH
    local, today, age = moment.astimezone(), now.astimezone(), now - moment
    if timedelta() <= age < timedelta(minutes=1):
        return _("just now")
    if timedelta() <= age < timedelta(hours=1):
        return _("{n} min ago", n=int(age.total_seconds() // 60))
    days, clock = (today.date() - local.date()).days, format_clock(moment)
    if days == 0:
        return _("today {clock}", clock=clock)
    if days == 1:
        return _("yesterday {clock}", clock=clock)
    if 1 < days < 7:
        return _("{weekday} {clock}", weekday=format_weekday(local), clock=clock)
    if local.year == today.year:
        return _("{day} {month} {clock}", day=local.day, month=format_month(local), clock=clock)
    return format_date(local)


def format_due(moment: datetime, now: datetime) -> Message:
    """A moment near now, to come or past: today 14:03, tomorrow 9:00, yesterday 9:00, Mon 3 Nov 14:03."""
    return _("{day} {clock}", day=format_near_day(moment, now), clock=format_clock(moment))


def format_near_day(moment: datetime, now: datetime) -> Message:
    """today, tomorrow, yesterday, Mon 3 Nov."""
    local = moment.astimezone()
    days = (local.date() - now.astimezone().date()).days
    if days in _NEAR_DAYS:
        return _NEAR_DAYS[days]
    return _("{day} {month}", day=format_day(local), month=format_month(local))


_NEAR_DAYS = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}


def format_date(day: date) -> Message:
    """3 Nov 2024."""
    return _("{day} {month} {year}", day=day.day, month=format_month(day), year=day.year)


def format_day(day: date) -> Message:
    """Mon 3."""
    return _("{weekday} {day}", weekday=format_weekday(day), day=day.day)


def format_weekday(day: date) -> Message:
    """Mon."""
    return WEEKDAYS[day.weekday()]


def format_month(day: date) -> Message:
    """Nov."""
    return MONTHS[day.month - 1]


def format_clock(moment: datetime) -> str:
    """The local time of day: 14:03."""
    return f"{moment.astimezone():%H:%M}"


def format_seconds(moment: datetime) -> str:
    """The same to the second: 14:03:59."""
    return f"{moment.astimezone():%H:%M:%S}"


def format_milliseconds(moment: datetime) -> str:
    """The same to the millisecond: 14:03:59.123."""
    return f"{format_seconds(moment)}.{moment.microsecond // 1000:03d}"


def format_moment(moment: datetime | None) -> Message:
    """Local, to the second: Mon 3 Nov 2024, 14:03:59."""
    if moment is None:
        return DASH
    local = moment.astimezone()
    return _(
        "{weekday} {day} {month} {year}, {clock}",
        weekday=format_weekday(local), day=local.day, month=format_month(local), year=local.year,
        clock=format_seconds(moment),
    )  # fmt: skip


def format_iso(moment: datetime | None) -> str:
    """Local, to the second, as columns of the terminal line up: 2024-11-03 14:03:59."""
    return DASH if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
