"""On which days an event of a calendar comes again: RRULE (RFC 5545), as far as people's calendars write it.

`FREQ` DAILY, WEEKLY, MONTHLY or YEARLY with `INTERVAL`, `COUNT`, `UNTIL`, `BYDAY` (in months and years also the second,
or the last), `BYMONTHDAY`, `BYMONTH` and `WKST`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count

from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import frozen

_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(_WEEKDAYS)})")
_TAKEN = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST")
_LAST_YEAR = 9_000


@frozen(kw_only=True)
class Recurrence:
    """`until` is as it is written, empty where it goes on. `weekdays` are numbers from Monday, each with which of a
    month or year it is (negative: from its end), 0 for all."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    week_start: int = 0

    def days(self, first: date) -> Iterator[date]:
        """`first`, and all that follow, in their order; without `count` and `until`."""
        yield first
        for day in _PERIODS[self.freq](self, first):
            if day > first:
                yield day


def parse_recurrence(text: str) -> Recurrence:
    """Raises Invalid for what is not taken."""
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";") if part)
    if unknown := sorted(parts.keys() - set(_TAKEN)):
        raise Invalid(_("it comes again by {part}, which is not taken", part=unknown[0]))
    if parts.get("FREQ") not in _PERIODS:
        raise Invalid(
            _("it comes again “{freq}”: only days, weeks, months and years are taken", freq=parts.get("FREQ", ""))
        )
    try:
        return Recurrence(
            freq=parts["FREQ"], interval=_positive(parts.get("INTERVAL", "1")), until=parts.get("UNTIL", ""),
            count=_positive(parts["COUNT"]) if "COUNT" in parts else None,
            weekdays=tuple(map(_weekday, _items(parts.get("BYDAY")))),
            month_days=tuple(_within(each, 31) for each in _items(parts.get("BYMONTHDAY"))),
            months=tuple(_within(each, 12, least=1) for each in _items(parts.get("BYMONTH"))),
            week_start=_WEEKDAYS.index(parts.get("WKST", "MO")),
        )  # fmt: skip
    except ValueError:
        raise Invalid(_("it comes again by “{text}”, which is no rule", text=text[:60])) from None


def _items(text: str | None) -> list[str]:
    return text.split(",") if text else []


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _within(text: str, most: int, least: int | None = None) -> int:
    number = int(text)
    if number == 0 or not (-most if least is None else least) <= number <= most:
        raise ValueError(text)
    return number


def _weekday(text: str) -> tuple[int, int]:
    if (match := _BY_DAY.fullmatch(text)) is None or match[1] == "0":
        raise ValueError(text)
    return _WEEKDAYS.index(match[2]), int(match[1] or 0)


# The days of one period after another


def _daily(rule: Recurrence, first: date) -> Iterator[date]:
    for number in count():
        day = first + number * rule.interval * _DAY
        if day.year > _LAST_YEAR:
            return
        if _is_of_month(rule, day) and _is_of_month_days(rule, day) and _is_of_weekdays(rule, day):
            yield day


def _weekly(rule: Recurrence, first: date) -> Iterator[date]:
    begin = first - ((first.weekday() - rule.week_start) % 7) * _DAY
    wanted = {weekday for weekday, _which in rule.weekdays} or {first.weekday()}
    for number in count():
        week = begin + 7 * number * rule.interval * _DAY
        if week.year > _LAST_YEAR:
            return
        days = (week + offset * _DAY for offset in range(7))
        yield from (day for day in days if day.weekday() in wanted and _is_of_month(rule, day))


def _monthly(rule: Recurrence, first: date) -> Iterator[date]:
    for number in count():
        months = first.year * 12 + first.month - 1 + number * rule.interval
        year, month = months // 12, months % 12 + 1
        if year > _LAST_YEAR:
            return
        if not rule.months or month in rule.months:
            yield from _of_month(rule, year, month, first)


def _yearly(rule: Recurrence, first: date) -> Iterator[date]:
    for year in range(first.year, _LAST_YEAR, rule.interval):
        if rule.weekdays and not (rule.months or rule.month_days):
            days = [date(year, 1, 1) + number * _DAY for number in range(366)]
            yield from _chosen([day for day in days if day.year == year], rule.weekdays)
            continue
        months = rule.months or (range(1, 13) if rule.month_days else (first.month,))
        for month in sorted(months):
            yield from _of_month(rule, year, month, first)


_PERIODS: dict[str | None, Callable[[Recurrence, date], Iterator[date]]] = {
    "DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly,
}  # fmt: skip


def _of_month(rule: Recurrence, year: int, month: int, first: date) -> list[date]:
    length = monthrange(year, month)[1]
    days = [date(year, month, number + 1) for number in range(length)]
    if rule.month_days:
        wanted = {number if number > 0 else length + 1 + number for number in rule.month_days}
        days = [day for day in days if day.day in wanted]
        return [day for day in days if _is_of_weekdays(rule, day)]
    if rule.weekdays:
        return _chosen(days, rule.weekdays)
    return [day for day in days if day.day == first.day]


def _chosen(days: list[date], weekdays: tuple[tuple[int, int], ...]) -> list[date]:
    found = set[date]()
    for weekday, which in weekdays:
        alike = [day for day in days if day.weekday() == weekday]
        found.update(alike if not which else alike[which - 1 : which] if which > 0 else alike[which:][:1])
    return sorted(found)


def _is_of_month(rule: Recurrence, day: date) -> bool:
    return not rule.months or day.month in rule.months


def _is_of_month_days(rule: Recurrence, day: date) -> bool:
    from_end = day.day - 1 - monthrange(day.year, day.month)[1]
    return not rule.month_days or day.day in rule.month_days or from_end in rule.month_days


def _is_of_weekdays(rule: Recurrence, day: date) -> bool:
    return not rule.weekdays or day.weekday() in {weekday for weekday, _which in rule.weekdays}
