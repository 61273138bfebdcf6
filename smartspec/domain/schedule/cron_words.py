"""An expression of cron in words: “every weekday at 07:30”, “every 7 minutes from 07:00 to 18:56, on weekdays”."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from smartspec.domain.schedule.cron import CronRule
from smartspec.formatting import MONTHS, WEEKDAYS
from smartspec.messages import Message, _, _n, _p, listed

_MOST_TIMES = 8  # listed one by one
_WORK, _WEEKEND = (1, 2, 3, 4, 5), (0, 6)
_EVERY_WEEKDAY = _("every weekday")
_LONG_WEEKDAYS = (
    _p("a day of each week", "Sunday"), _p("a day of each week", "Monday"), _p("a day of each week", "Tuesday"),
    _p("a day of each week", "Wednesday"), _p("a day of each week", "Thursday"), _p("a day of each week", "Friday"),
    _p("a day of each week", "Saturday"),
)  # fmt: skip


def cron_in_words(rule: CronRule) -> Message:
    """Within a sentence; what is true of it on a day without a change of the clock."""
    days, months, times = _days(rule), _months(rule.months), _times(rule)
    if times:
        said = _("{days} at {times}", days=days or _("every day"), times=times)
    else:
        said = _("{clock}, {days}", clock=_clock(rule), days=_behind(days)) if days else _clock(rule)
    return _("{when}, in {months}", when=said, months=months) if months else said


def _behind(days: Message) -> Message:
    return _("on weekdays") if days == _EVERY_WEEKDAY else days


def _times(rule: CronRule) -> Message | None:
    """Times of day one by one, where they are few."""
    is_run = len(rule.minutes) > 2 and (len(rule.hours) == 1 and _is_range(rule.minutes))
    is_step = len(rule.minutes) == 1 and len(rule.hours) > 2 and _step(rule.hours, 24)
    if len(rule.minutes) * len(rule.hours) > _MOST_TIMES or _is_whole(rule.hours, 24) or is_run or is_step:
        return None
    return _and([_time(hour, minute) for hour in rule.hours for minute in rule.minutes])


def _clock(rule: CronRule) -> Message:
    """What happens within a day, of many times."""
    step = _step(rule.minutes, 60)
    if len(rule.minutes) == 1:
        return _at_one_minute(rule.minutes[0], rule.hours)
    often = _n("every {n} minute", "every {n} minutes", step) if step and step > 1 else _("every minute")
    if step and _is_whole(rule.hours, 24):
        return often
    if len(rule.hours) == 1 and _is_range(rule.minutes):
        step, often = 1, _("every minute")
    if step and _is_range(rule.hours):
        first, last = _time(rule.hours[0], rule.minutes[0]), _time(rule.hours[-1], rule.minutes[-1])
        return _("{often} from {first} to {last}", often=often, first=first, last=last)
    if _is_whole(rule.hours, 24):
        return _("at {minutes} of every hour", minutes=_and([f":{minute:02d}" for minute in rule.minutes]))
    return _n(
        "at {minutes} of the hour {hours}", "at {minutes} of the hours {hours}", len(rule.hours),
        minutes=_compact(rule.minutes, [f":{minute:02d}" for minute in range(60)]),
        hours=_compact(rule.hours, [str(hour) for hour in range(24)]),
    )  # fmt: skip


def _at_one_minute(minute: int, hours: Sequence[int]) -> Message:
    """Once an hour, in all of them, every few, or some."""
    if _is_whole(hours, 24):
        return _("every hour") if minute == 0 else _("every hour at :{minute}", minute=f"{minute:02d}")
    if step := _step(hours, 24):
        every = _n("every {n} hour", "every {n} hours", step)
        return every if minute == 0 else _("{every} at :{minute}", every=every, minute=f"{minute:02d}")
    if _is_range(hours):
        return _("every hour from {first} to {last}", first=_time(hours[0], minute), last=_time(hours[-1], minute))
    return _("at {times}", times=_and([_time(hour, minute) for hour in hours]))


def _days(rule: CronRule) -> Message | None:
    """None: every day."""
    days = None if _is_whole(rule.days, 31, 1) else _days_of_month(rule.days)
    weekdays = None if len(rule.weekdays) == 7 else _weekdays(rule.weekdays)
    if not rule.either_day:
        if days and weekdays:
            return _("{days} if it is {weekdays}", days=days, weekdays=_names(rule.weekdays))
        return days or weekdays
    if days is None or weekdays is None:  # either is enough, and one is always so
        return None
    return _("{days} and {weekdays}", days=days, weekdays=weekdays)


def _days_of_month(days: Sequence[int]) -> Message:
    listing = _compact(days, [str(day) for day in range(32)])
    return _n("on day {days} of the month", "on the days {days} of the month", len(days), days=listing)


def _weekdays(weekdays: Sequence[int]) -> Message:
    if tuple(weekdays) == _WORK:
        return _EVERY_WEEKDAY
    if tuple(weekdays) == _WEEKEND:
        return _("on weekends")
    if len(weekdays) == 1:
        return _("every {weekday}", weekday=_LONG_WEEKDAYS[weekdays[0]])
    return _("on {weekdays}", weekdays=_names(weekdays))


def _names(weekdays: Sequence[int]) -> Message:
    """In the order of the week that begins on Monday."""
    from_monday = sorted((day - 1) % 7 for day in weekdays)
    return _compact(from_monday, WEEKDAYS)


def _months(months: Sequence[int]) -> Message | None:
    return None if len(months) == 12 else _compact([month - 1 for month in months], MONTHS)


def _compact(numbers: Sequence[int], names: Sequence[str]) -> Message:
    """Their names, three and more in a row as from one to another: `1, 5 to 9 and 30`."""
    if (
        len(numbers) > _MOST_TIMES
        and len({after - before for before, after in pairwise(numbers)}) == 1 < numbers[1] - numbers[0]
    ):
        first, second, third, *__, last = (names[number] for number in numbers)
        return _("{first}, {second}, {third} … {last}", first=first, second=second, third=third, last=last)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts: list[str] = []
    for run in runs:
        if len(run) > 2:
            parts.append(_("{first} to {last}", first=names[run[0]], last=names[run[-1]]))
        else:
            parts += [names[number] for number in run]
    return _and(parts)


def _and(parts: Sequence[str]) -> Message:
    if len(parts) == 1:
        return parts[0] if isinstance(parts[0], Message) else Message("{it}", {"it": parts[0]})
    return _p("the last two of a list", "{list} and {last}", list=listed(parts[:-1]), last=parts[-1])


def _time(hour: int, minute: int) -> str:
    return f"{hour:02d}:{minute:02d}"


def _is_whole(numbers: Sequence[int], length: int, least: int = 0) -> bool:
    return len(numbers) == length and numbers[0] == least


def _is_range(numbers: Sequence[int]) -> bool:
    return numbers[-1] - numbers[0] == len(numbers) - 1


def _step(numbers: Sequence[int], length: int) -> int | None:
    """Of numbers from 0 through the whole of a field."""
    if len(numbers) < 2 or numbers[0] != 0:
        return None
    step = numbers[1]
    return step if tuple(numbers) == tuple(range(0, length, step)) else None
