"""An expression of cron as choices: at times of day on some days, or in steps of the clock; and written from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from smartspec.domain.schedule.cron import CronRule, parse_cron
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import frozen

ALL_WEEKDAYS, WORKDAYS, WEEKEND = tuple(range(7)), (1, 2, 3, 4, 5), (0, 6)
ALL_MONTHS = tuple(range(1, 13))
MOST_TIMES = 8  # more than these are no list of times any more
_ALL_DAYS = tuple(range(1, 32))
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_STEP = re.compile(r"\*(?:/(\d{1,2}))?|0-59/(\d{1,2})")
_HOURS = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")
_MINUTES_OF_AN_HOUR, _LAST_HOUR = 60, 23

TimeOfDay = tuple[int, int]  # hour and minute


class StepUnit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"


@frozen
class AtTimes:
    """Weekdays count from Sunday, 0. Where `month_days` are named, weekdays are all: cron would take either."""

    times: tuple[TimeOfDay, ...]
    weekdays: tuple[int, ...] = ALL_WEEKDAYS
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ALL_MONTHS


@frozen
class InSteps:
    """From `first` to `last`; steps of minutes begin at a full hour and go on to the end of one."""

    every: int
    unit: StepUnit
    first: TimeOfDay = (0, 0)
    last: TimeOfDay = (23, 59)
    weekdays: tuple[int, ...] = ALL_WEEKDAYS
    months: tuple[int, ...] = ALL_MONTHS


CronChoice = AtTimes | InSteps


def choices_of(rule: CronRule) -> CronChoice | None:
    """What an expression says, where these choices can say just that."""
    found = _in_steps(rule) or _at_times(rule)
    if found is None:
        return None
    try:
        again = parse_cron(cron_expression(found))
    except Invalid:
        return None
    return found if _meaning(again) == _meaning(rule) else None


def cron_expression(choice: CronChoice) -> str:
    """In five fields. Raises Invalid for choices that one expression cannot hold."""
    if not choice.weekdays:
        raise Invalid(_("Choose at least one day of the week."))
    if not choice.months:
        raise Invalid(_("Choose at least one month."))
    clock = _times(choice.times) if isinstance(choice, AtTimes) else _steps(choice)
    month_days = choice.month_days if isinstance(choice, AtTimes) else ()
    weekdays = ALL_WEEKDAYS if month_days else choice.weekdays
    return " ".join([
        *clock, _listed(month_days) if month_days else "*", _listed(choice.months, ALL_MONTHS),
        _listed(weekdays, ALL_WEEKDAYS),
    ])  # fmt: skip


def parse_time(text: str) -> TimeOfDay:
    """`7:30` or `07:30`. Raises Invalid."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise Invalid(_("“{text}” is no time of day: write it as in 07:30.", text=one_line(text, 20)))
    return int(found[1]), int(found[2])


def written_time(time: TimeOfDay) -> str:
    return f"{time[0]:02d}:{time[1]:02d}"


def parse_month_days(text: str) -> tuple[int, ...]:
    """`1, 15`. Raises Invalid."""
    words = [each for each in re.split(r"[\s,]+", text.strip()) if each]
    if not words or not all(re.fullmatch(r"\d{1,2}", each) and int(each) in _ALL_DAYS for each in words):
        raise Invalid(_("“{text}” are no days of a month: write them as in 1, 15.", text=one_line(text, 40)))
    return tuple(sorted({int(each) for each in words}))


# Reading


def _meaning(rule: CronRule) -> tuple[object, ...]:
    return rule.minutes, rule.hours, rule.days, rule.months, rule.weekdays, rule.either_day, rule.is_wild


def _at_times(rule: CronRule) -> AtTimes | None:
    if rule.is_wild or rule.either_day or len(rule.minutes) * len(rule.hours) > MOST_TIMES:
        return None
    month_days = () if rule.days == _ALL_DAYS else rule.days
    times = tuple((hour, minute) for hour in rule.hours for minute in rule.minutes)
    return AtTimes(times, rule.weekdays, month_days, rule.months)


def _in_steps(rule: CronRule) -> InSteps | None:
    minute, hour, *_rest = rule.fields
    if rule.days != _ALL_DAYS or rule.either_day or (hours := _HOURS.fullmatch(hour)) is None:
        return None
    first, last = int(hours[1] or 0), int(hours[2] or hours[1] or _LAST_HOUR)
    if (step := _STEP.fullmatch(minute)) is not None and hours[3] is None:
        every = int(step[1] or step[2] or 1)
        return InSteps(every, StepUnit.MINUTES, (first, 0), (last, 59), rule.weekdays, rule.months)
    if len(rule.minutes) != 1 or first == last:
        return None
    at = rule.minutes[0]
    end = 59 if last == _LAST_HOUR else at
    return InSteps(int(hours[3] or 1), StepUnit.HOURS, (first, at), (last, end), rule.weekdays, rule.months)


# Writing


def _times(times: Sequence[TimeOfDay]) -> tuple[str, str]:
    """Minutes and hours. Cron has the same minutes in each hour."""
    if not times:
        raise Invalid(_("Choose at least one time of day."))
    hours, minutes = sorted({hour for hour, _minute in times}), sorted({minute for _hour, minute in times})
    missing = [(hour, minute) for hour in hours for minute in minutes if (hour, minute) not in times]
    if missing:
        raise Invalid(
            _(
                "One expression would be due at {other} as well: cron has the same minutes in each hour. "
                "Take the same minutes, or make a schedule for each.",
                other=written_time(missing[0]),
            )
        )
    return _listed(minutes), _listed(hours)


def _steps(choice: InSteps) -> tuple[str, str]:
    (first, begin), (last, end) = choice.first, choice.last
    most = _MINUTES_OF_AN_HOUR - 1 if choice.unit is StepUnit.MINUTES else _LAST_HOUR
    if not 1 <= choice.every <= most:
        raise Invalid(
            _("A step of the clock is from 1 to {most}, not {n}; what is longer is an interval.",
              most=most, n=choice.every)
        )  # fmt: skip
    if choice.first > choice.last:
        raise Invalid(_("The steps end before they begin: {last} is earlier than {first}.",
                        last=written_time(choice.last), first=written_time(choice.first)))  # fmt: skip
    if choice.unit is StepUnit.MINUTES:
        if begin or end != _MINUTES_OF_AN_HOUR - 1:
            raise Invalid(_("Steps of minutes go through whole hours: write them as in 07:00 to 18:59."))
        return (f"*/{choice.every}" if choice.every > 1 else "*"), _hours(first, last, 1)
    if end < begin:
        last -= 1
    if last < first:
        raise Invalid(_("No full hour lies between {first} and {last}.", first=written_time(choice.first),
                        last=written_time(choice.last)))  # fmt: skip
    return str(begin), _hours(first, last, choice.every)


def _hours(first: int, last: int, step: int) -> str:
    if (first, last) == (0, _LAST_HOUR):
        return f"*/{step}" if step > 1 else "*"
    if first == last:
        return str(first)
    return f"{first}-{last}/{step}" if step > 1 else f"{first}-{last}"


def _listed(numbers: Iterable[int], whole: Sequence[int] = ()) -> str:
    """`1-5,9`; a star for all of them."""
    found = sorted(set(numbers))
    if whole and found == [*whole]:
        return "*"
    runs: list[list[int]] = []
    for each in found:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs)
