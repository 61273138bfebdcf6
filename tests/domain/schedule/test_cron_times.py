"""Due times over every change of the clock: against a model of Debian's cron that lives through each minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartspec.domain.schedule.clock_changes import changes_between, offset_at
from smartspec.domain.schedule.cron import CronRule, parse_cron
from smartspec.domain.schedule.due import due_times, next_due
from smartspec.domain.schedule.rule import Rule, parse_rule

MINUTE = timedelta(minutes=1)
FIRST, LAST = datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2030-01-01")
# by half an hour, by two and by three hours, at midnight, before it, against the sun, within Ramadan, without any
ZONES = (
    "America/New_York", "Europe/London", "Australia/Lord_Howe", "Antarctica/Troll", "Antarctica/Casey", "America/Havana",
    "America/Nuuk", "Europe/Dublin", "Africa/Casablanca", "America/Santiago", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia",
)  # fmt: skip
CHANGES = [
    (zone, change.at)
    for zone in ZONES
    for change in changes_between(ZoneInfo(zone), datetime(2008, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
]


def debian(rule: CronRule, zone: tzinfo, start: datetime, end: datetime) -> set[datetime]:
    """What cron.c of Debian runs, minute by minute: `virtual` is its own clock, which no change moves back."""
    found, virtual = set(), wall_minute(zone, start)
    moment = start
    while (moment := moment + MINUTE) <= end:
        shown = wall_minute(zone, moment)
        passed = shown - virtual
        if passed == 1:
            virtual, hit = shown, fits(rule, shown)
        elif 1 < passed <= 180:
            skipped, virtual = range(virtual + 1, shown + 1), shown
            hit = fits(rule, shown) if rule.is_wild else any(fits(rule, each) for each in skipped)
        elif -180 < passed <= 0:
            hit = rule.is_wild and fits(rule, shown)
        else:
            virtual, hit = shown, fits(rule, shown)
        if hit:
            found.add(moment)
    return found


def wall_minute(zone: tzinfo, moment: datetime) -> int:
    return int((moment + offset_at(zone, moment)).timestamp() // 60)


def fits(rule: CronRule, minute: int) -> bool:
    shown = datetime.fromtimestamp(minute * 60, UTC)
    day, weekday = shown.day in rule.days, shown.isoweekday() % 7 in rule.weekdays
    return (
        shown.minute in rule.minutes
        and shown.hour in rule.hours
        and shown.month in rule.months
        and (day or weekday if rule.either_day else day and weekday)
    )


@st.composite
def fields(draw: st.DrawFn, least: int, most: int) -> str:
    number = st.integers(least, most)
    first, last = sorted((draw(number), draw(number)))
    return draw(
        st.sampled_from(
            ["*", "*", f"*/{draw(st.integers(1, 40))}", str(first), f"{first}-{last}", f"{first},{last}",
             f"{first}-{last}/{draw(st.integers(1, 9))}"]
        )
    )  # fmt: skip


# Hours of the night, and days that are many: most changes are then
times_of_night = st.tuples(
    fields(0, 59), fields(0, 4), st.sampled_from(["*", "*/2", "1-31", "28-31"]), st.just("*"), fields(0, 7)
)
any_times = st.tuples(fields(0, 59), fields(0, 23), fields(1, 28), fields(1, 12), fields(0, 7))
expressions = st.one_of(times_of_night, any_times).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(expressions, st.sampled_from(CHANGES), st.integers(-40, 40))
def test_as_debian_cron_would_have_lived_through_it(expression: str, near: tuple[str, datetime], hours: int) -> None:
    zone, rule = ZoneInfo(near[0]), parse_cron(expression)
    change = near[1].replace(second=0)
    start, end = change - timedelta(hours=26), change + timedelta(hours=26)
    expected = {due for due in debian(rule, zone, start, end) if due > change + hours * MINUTE * 10}
    found = takewhile(lambda due: due <= end, due_times(rule, zone, max(start, change + hours * MINUTE * 10)))
    assert set(found) == expected


rules = st.one_of(
    expressions.map(parse_cron),
    st.integers(1_000, 10**9).map(lambda ms: parse_rule("interval", f"{ms}ms", datetime(2026, 1, 1, tzinfo=UTC))),
    st.datetimes(FIRST, LAST).map(lambda at: parse_rule("once", at.isoformat())),
)
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@settings(max_examples=200, deadline=None)
@given(rules, st.sampled_from(ZONES), moments)
def test_due_times_are_later_in_order_and_the_same_from_wherever_one_asks(
    rule: Rule, name: str, after: datetime
) -> None:
    zone = ZoneInfo(name)
    found = list(islice(due_times(rule, zone, after), 20))
    assert all(due > after and due.tzinfo is UTC for due in found)
    assert all(first < second for first, second in pairwise(found))
    for before, due in pairwise([after, *found]):
        assert next_due(rule, zone, before) == due
        assert next_due(rule, zone, due - timedelta(microseconds=1)) == due
        assert next_due(rule, zone, before + (due - before) / 2) == due


def test_within_the_second_pass_of_an_hour_none_lies_behind() -> None:
    """Nothing that was asked for can be due before it was asked."""
    zone, rule = ZoneInfo("America/New_York"), parse_cron("30 1 * * *")
    for asked in each_minute(datetime(2026, 11, 1, 4, tzinfo=UTC), hours=4):
        due = next_due(rule, zone, asked)
        assert due is not None
        assert due > asked


def each_minute(start: datetime, hours: int) -> Iterator[datetime]:
    return (start + minute * MINUTE for minute in range(60 * hours))


@pytest.mark.parametrize("expression", ["* * * * *", "0 0 29 2 *", "59 23 31 12 *"])
def test_after_the_last_day_of_the_calendar_nothing_comes(expression: str) -> None:
    assert next_due(parse_cron(expression), UTC, datetime(9999, 12, 31, 23, 59, tzinfo=UTC)) is None
    assert next_due(parse_rule("interval", "10 w"), UTC, datetime(9999, 12, 31, 23, 59, tzinfo=UTC)) is None


def test_a_moment_of_the_clock_that_does_not_exist_comes_right_after_the_gap() -> None:
    zone = ZoneInfo("America/New_York")
    rule = parse_rule("once", "2026-03-08T02:30")
    assert next_due(rule, zone, datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2026, 3, 8, 7, tzinfo=UTC)
    twice = parse_rule("once", "2026-11-01T01:30")
    assert next_due(twice, zone, datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
