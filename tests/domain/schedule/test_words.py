"""Rules in words, what is uneven about them, and the next times with every change of the clock."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.schedule.cron import parse_cron
from smartspec.domain.schedule.cron_warnings import cron_warnings
from smartspec.domain.schedule.cron_words import cron_in_words
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.upcoming import upcoming
from smartspec.domain.schedule.words import rule_in_words
from smartspec.messages import translate
from tests.pseudo import untranslated

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("expression", "words"),
    [("30 7 * * 1-5", "every weekday at 07:30"), ("*/5 * * * *", "every 5 minutes"), ("0 * * * *", "every hour"),
     ("*/7 7-18 * * 1-5", "every 7 minutes from 07:00 to 18:56, on weekdays"), ("0 */3 * * *", "every 3 hours"),
     ("0 8,18,23 * * *", "every day at 08:00, 18:00 and 23:00"), ("0 9 1 * *", "on day 1 of the month at 09:00"),
     ("* * * * *", "every minute"), ("15 * * * *", "every hour at :15"), ("0 0 13 * FRI", "on day 13 of the month and every Friday at 00:00"),
     ("* 2 * * *", "every minute from 02:00 to 02:59"), ("0 9 * * 6,0", "on weekends at 09:00"), ("@yearly", "on day 1 of the month at 00:00, in Jan"),
     ("0 0 */2 * 1", "on the days 1, 3, 5 … 31 of the month if it is Mon at 00:00"), ("30 8-18 * * *", "every hour from 08:30 to 18:30"),
     ("*/90 * * * *", "every hour"), ("1,2,7 3,9,11 * * *", "at :01, :02 and :07 of the hours 3, 9 and 11")],
)  # fmt: skip
def test_an_expression_in_words(expression: str, words: str) -> None:
    assert cron_in_words(parse_cron(expression)) == words


def test_two_expressions_that_are_said_alike_are_due_alike() -> None:
    said: dict[str, set[object]] = defaultdict(set)
    minutes = (
        "*",
        "0",
        "7",
        "*/5",
        "*/7",
        "0-5",
        "1-5",
        "0,30",
        "5-59/10",
        "1,2,7",
        "58,59",
        "*/45",
        "0-30",
        "1-9,20-29",
    )
    hours = ("*", "0", "7", "*/3", "*/5", "7-18", "8,18,23", "0-9", "1-23/2", "22,23", "0,12")
    days = ("*", "1", "*/2", "2-30/2", "13", "1,15", "8-14", "29-31", "1-31")
    for each in product(minutes, hours, days, ("*", "1", "6-8"), ("*", "1-5", "0,6", "5", "1,3,5", "0-6")):
        rule = parse_cron(" ".join(each))
        always = rule.either_day and (len(rule.days) == 31 or len(rule.weekdays) == 7)
        on = "every day" if always else (rule.days, rule.weekdays, rule.either_day and len(rule.weekdays) < 7)
        if not always and len(rule.days) == 31 and len(rule.weekdays) == 7:
            on = "every day"
        said[cron_in_words(rule)].add((rule.minutes, rule.hours, on, rule.months))
    assert {words: meant for words, meant in said.items() if len(meant) > 1} == {}


@pytest.mark.parametrize(
    ("trigger_type", "expression", "words"),
    [("interval", "90m", "every 90 minutes"), ("interval", "3600s", "every hour"), ("interval", "1 h 30 m", "every 90 minutes"),
     ("once", "2026-03-29T02:30", "once, on Sun 29 Mar 2026 at 03:00"), ("manual", "", "by hand"),
     ("event", "file appeared '~/My papers' named *.pdf quiet 30s", "when a file *.pdf appears in ~/My papers and has been quiet for 30 seconds"),
     ("event", "file changed notes.txt quiet 0s", "when notes.txt changes"), ("event", "file changed notes.txt", "when notes.txt changes and has been quiet for 5 seconds"),
     ("event", "file quiet ~/in for 1m recursive", "when anything in ~/in or a folder in it has changed and has been quiet for 1 minute"), ("event", "workflow recovered default.backup", "when default.backup completes after a failure"),
     ("event", "application started", "when SmartSpec starts"), ("event", "computer woke", "when the computer wakes"),
     ("event", "event paper-arrived", "on the event paper-arrived")],
)  # fmt: skip
def test_every_rule_has_words(trigger_type: str, expression: str, words: str) -> None:
    assert rule_in_words(parse_rule(trigger_type, expression), BERLIN) == words


@pytest.mark.parametrize(
    ("expression", "said", "fixes"),
    [("*/7 * * * *", "60 is no multiple of 7. After :56 comes :00, 4 minutes later.", ["*/6 * * * *", "*/10 * * * *", "7 m"]),
     ("*/7 7-18 * * 1-5", "60 is no multiple of 7", ["*/6 7-18 * * 1-5", "*/10 7-18 * * 1-5"]), ("*/90 * * * *", "every hour at :00", ["90 m"]),
     ("0 */5 * * *", "After 20:00 comes 00:00, 4 hours later.", ["0 */4 * * *", "0 */6 * * *", "5 h"]), ("*/31 * * * *", "29 minutes later", ["*/30 * * * *", "31 m"]),
     ("0-59/7 * * * *", "60 is no multiple of 7", ["*/6 * * * *", "*/10 * * * *", "7 m"]), ("0 0 */2 * *", "anew with each month", []),
     ("0 0 * * */2", "anew with each week", []), ("0 0 1 */5 *", "anew with each year", []), ("0 0 31 * *", "Months without a day 31", []),
     ("0 0 29 2 *", "leap years only", []), ("0 0 30 * *", "February", []), ("0 0 13 * FRI", "either is enough", []), ("* 2 * * *", "every minute from 02:00", ["0 2 * * *"])],
)  # fmt: skip
def test_what_most_people_do_not_expect_is_said(expression: str, said: str, fixes: list[str]) -> None:
    (warning,) = cron_warnings(parse_cron(expression))
    assert said in warning.sentence
    assert [fix.expression for fix in warning.fixes] == fixes
    for fix in warning.fixes:
        parse_rule(fix.trigger_type, fix.expression)


@pytest.mark.parametrize(
    "expression", ["*/5 * * * *", "0 */6 * * *", "30 7 * * 1-5", "0 8-18/2 * * *", "0 9 1,15 * *", "@daily"]
)
def test_of_the_others_nothing_is_said(expression: str) -> None:
    assert cron_warnings(parse_cron(expression)) == ()


@pytest.mark.parametrize(
    ("expression", "effect"),
    [("30 7 * * 1-5", "No time falls into what is left out."), ("30 2 * * *", "02:30 does not exist; it runs at 03:00."),
     ("*/20 * * * *", "3 times fall out."), ("0,30 2 * * *", "02:00 and what follows up to 03:00 does not exist; it runs once, at 03:00.")],
)  # fmt: skip
def test_a_change_of_the_clock_says_what_it_does(expression: str, effect: str) -> None:
    found = upcoming(parse_cron(expression), BERLIN, datetime(2027, 3, 25, 13, 32, tzinfo=UTC))
    assert len(found.times) == 5
    (noted,) = found.changes
    assert (noted.headline, noted.effect) == ("Sun 28 Mar: the clock moves forward, 02:00 → 03:00", effect)


@pytest.mark.parametrize(
    ("expression", "effect"),
    [("30 7 * * *", "No time falls into what comes twice."), ("30 2 * * *", "02:30 comes twice; it runs the first time."),
     ("0,30 2 * * *", "2 times come twice; they run the first time."), ("*/20 * * * *", "3 times come twice and run twice.")],
)  # fmt: skip
def test_so_does_one_back(expression: str, effect: str) -> None:
    (noted,) = upcoming(parse_cron(expression), BERLIN, datetime(2026, 10, 24, tzinfo=UTC)).changes
    assert (noted.headline, noted.effect) == ("Sun 25 Oct: the clock moves back, 03:00 → 02:00", effect)


def test_no_more_times_than_there_are() -> None:
    after = datetime(2026, 1, 1, tzinfo=UTC)
    assert len(upcoming(parse_rule("once", "2026-02-01T10:00Z"), BERLIN, after).times) == 1
    assert upcoming(parse_rule("manual", ""), BERLIN, after).times == ()


@pytest.mark.usefixtures("pseudo")
def test_all_of_it_can_be_in_another_language() -> None:
    rules = [
        parse_cron("*/7 7-18 1,15 6-8 1-5"),
        parse_cron("30 7 * * 6"),
        parse_rule("interval", "90m"),
        parse_rule("event", "computer woke"),
    ]
    assert [untranslated(translate(rule_in_words(rule, BERLIN))) for rule in rules] == [[]] * len(rules)
