"""The gate in front of expressions of cron: what it takes, what it refuses and how it says so."""

from __future__ import annotations

import re

import pytest

from smartspec.domain.schedule.cron import NAMES, parse_cron
from smartspec.errors import Invalid


@pytest.mark.parametrize(
    ("expression", "field", "numbers"),
    [("5-5/10 * * * *", "minutes", (5,)), ("*/90 * * * *", "minutes", (0,)), ("1-10/4,30 * * * *", "minutes", (1, 5, 9, 30)),
     ("0 0 * * 7", "weekdays", (0,)), ("0 0 * * 5-7", "weekdays", (0, 5, 6)), ("0 0 * * mon-Fri", "weekdays", (1, 2, 3, 4, 5)),
     ("0 0 1 jan,DEC *", "months", (1, 12)), ("00 07 * * *", "hours", (7,)), ("\t0  0 * *\t* ", "hours", (0,))],
)  # fmt: skip
def test_a_field_stands_for_numbers(expression: str, field: str, numbers: tuple[int, ...]) -> None:
    assert getattr(parse_cron(expression), field) == numbers


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_for_five_fields(name: str) -> None:
    assert parse_cron(name.upper()).fields == parse_cron(NAMES[name]).fields


@pytest.mark.parametrize(
    ("expression", "said"),
    [("", "There is no expression"), ("* * * *", "4 of the five"), ("0 0 * * * *", "has six fields"), ("@ofen", "There is no"),
     ("@houly", "did you mean “@hourly”"), ("@reboot", "application started"), ("5/10 * * * *", "write 5-59/10"),
     ("0 0 L * *", "no last days"), ("0 0 15W * *", "no last days"), ("0 0 * * 5L", "no last days"), ("0 0 * * MON#2", "no last days"),
     ("0 0 ? * *", "write \\* for any day of the month"), ("0 24 * * *", "from 0 to 23"), ("60 * * * *", "from 0 to 59"),
     ("0 0 * * 8", "from 0 to 7"), ("0 0 * * FRI-MON", "write FRI,SAT,SUN,MON"), ("0 22-2 * * *", "write 22,23,0,1,2"),
     ("0 0 * * monday", "write MON"), ("* H * * *", "no hour"), ("1,,2 * * * *", "no minute"), ("-1 * * * *", "no minute"),
     ("*/ * * * *", "no minute"), ("~ * * * *", "no minute"), ("१ * * * *", "no minute"), ("1" * 2000 + " * * * *", "too long"),
     ("0 0 30 2 *", "never comes"), ("0 0 31 */5,9,11 */2", None), ("0 0 31 2,4,6,9,11 */2", "never comes")],
)  # fmt: skip
def test_what_is_refused_is_said_in_a_sentence(expression: str, said: str | None) -> None:
    if said is None:
        assert parse_cron(expression)
        return
    with pytest.raises(Invalid, match=said) as refused:
        parse_cron(expression)
    assert re.search(
        "[Ww]rite|as in|[Cc]hoose|did you mean|there are|from .* to|at most|the most", str(refused.value)
    ), "there is a way out"


def test_day_or_weekday_where_neither_is_a_star() -> None:
    assert parse_cron("0 0 30 2 MON").either_day
    assert not parse_cron("0 0 */30 2 MON").either_day
