"""Expressions of cron as choices, and choices as expressions: nothing of either is lost."""

from __future__ import annotations

import pytest

from smartspec.domain.schedule.cron import parse_cron
from smartspec.domain.schedule.cron_choices import (
    AtTimes,
    InSteps,
    StepUnit,
    choices_of,
    cron_expression,
    parse_month_days,
    parse_time,
)
from smartspec.errors import Invalid


@pytest.mark.parametrize(
    ("expression", "choice"),
    [
        ("30 7 * * 1-5", AtTimes(((7, 30),), (1, 2, 3, 4, 5))),
        ("0,30 7,9 * * *", AtTimes(((7, 0), (7, 30), (9, 0), (9, 30)))),
        ("0 2 1,15 * *", AtTimes(((2, 0),), month_days=(1, 15))),
        ("5 4 * 1,2 0,6", AtTimes(((4, 5),), (0, 6), months=(1, 2))),
        ("*/7 7-18 * * 1-5", InSteps(7, StepUnit.MINUTES, (7, 0), (18, 59), (1, 2, 3, 4, 5))),
        ("*/10 7 * * *", InSteps(10, StepUnit.MINUTES, (7, 0), (7, 59))),
        ("0 */2 * * *", InSteps(2, StepUnit.HOURS)),
        ("15 8-18/2 * * *", InSteps(2, StepUnit.HOURS, (8, 15), (18, 15))),
        ("0 * * * *", InSteps(1, StepUnit.HOURS)),
        ("* * * * *", InSteps(1, StepUnit.MINUTES)),
    ],
)
def test_an_expression_and_its_choices_write_each_other(expression: str, choice: AtTimes | InSteps) -> None:
    assert choices_of(parse_cron(expression)) == choice
    assert cron_expression(choice) == expression


@pytest.mark.parametrize("written", ["@daily", "0 7 * * MON-FRI", "0 7 * * 7"])
def test_another_way_to_write_it_means_the_same(written: str) -> None:
    rule = parse_cron(written)
    choice = choices_of(rule)
    assert choice is not None
    again = parse_cron(cron_expression(choice))
    assert (again.minutes, again.hours, again.weekdays) == (rule.minutes, rule.hours, rule.weekdays)


@pytest.mark.parametrize(
    "own", ["0 0 13 * 5", "*/90 * * * *", "*/7 */2 * * *", "0 2 */2 * 1", "0 0-23/2 * * *", "1-50/7 3-9 * * *"]
)
def test_what_no_choice_says_just_so_stays_an_own_expression(own: str) -> None:
    assert choices_of(parse_cron(own)) is None


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (AtTimes(((7, 30), (8, 45))), "07:45"),
        (AtTimes(()), "time of day"),
        (AtTimes(((7, 0),), weekdays=()), "day of the week"),
        (AtTimes(((7, 0),), months=()), "month"),
        (InSteps(7, StepUnit.MINUTES, (7, 10), (18, 59)), "whole hours"),
        (InSteps(7, StepUnit.MINUTES, (7, 0), (18, 0)), "whole hours"),
        (InSteps(90, StepUnit.MINUTES), "from 1 to 59"),
        (InSteps(0, StepUnit.HOURS), "from 1 to 23"),
        (InSteps(2, StepUnit.HOURS, (18, 0), (8, 0)), "08:00 is earlier than 18:00"),
        (InSteps(2, StepUnit.HOURS, (8, 30), (8, 40)), ""),
        (InSteps(2, StepUnit.HOURS, (8, 30), (9, 10)), ""),
    ],
)
def test_choices_that_one_expression_cannot_hold_say_why(choice: AtTimes | InSteps, says: str) -> None:
    if not says:
        assert cron_expression(choice) == "30 8 * * *"
        return
    with pytest.raises(Invalid, match=says):
        cron_expression(choice)


@pytest.mark.parametrize("text", ["7", "24:00", "7:5", "noon", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    assert parse_time(" 7:05 ") == (7, 5)
    with pytest.raises(Invalid, match="07:30"):
        parse_time(text)


@pytest.mark.parametrize("text", ["0", "32", "1, x", "", "100"])
def test_what_are_no_days_of_a_month_is_refused(text: str) -> None:
    assert parse_month_days("15, 1 1") == (1, 15)
    with pytest.raises(Invalid, match="1, 15"):
        parse_month_days(text)
