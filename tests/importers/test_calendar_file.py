"""Calendar files: what their events take up, and what is refused by its line."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from smartspec.errors import Invalid
from smartspec.importers.calendar_file import stretches_of
from smartspec.importers.calendar_recurrence import parse_recurrence

_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
START, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def calendar(*events: str) -> str:
    within = "\r\n".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{within}\r\nEND:VCALENDAR\r\n"


def told(text: str) -> list[tuple[str, str, str]]:
    return [(each.first.isoformat(), each.end.isoformat(), each.name) for each in stretches_of(text, START, UNTIL)]


@pytest.mark.parametrize(
    ("event", "right"),
    [
        ("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Eve", [("2026-12-24T00:00:00", "2026-12-25T00:00:00", "Eve")]),
        ("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Long\r\n  name\\, folded",
         [("2026-12-24T00:00:00", "2026-12-27T00:00:00", "Long name, folded")]),
        ("DTSTART:20261224T170000Z\r\nDTEND:20261224T180000Z\r\nSUMMARY:a",
         [("2026-12-24T17:00:00+00:00", "2026-12-24T18:00:00+00:00", "a")]),
        ("DTSTART;TZID=Europe/Berlin:20260701T090000\r\nDURATION:PT1H30M\r\nSUMMARY:a",
         [("2026-07-01T07:00:00+00:00", "2026-07-01T08:30:00+00:00", "a")]),
        ("DTSTART:20260701T090000\r\nDURATION:P1D\r\nSUMMARY:whatever clock",
         [("2026-07-01T09:00:00", "2026-07-02T09:00:00", "whatever clock")]),
        ("DTSTART;VALUE=DATE:20260701\r\nSTATUS:CANCELLED", []),
        ("DTSTART:20260701T090000Z\r\nSUMMARY:takes no time", []),
        ("DTSTART;VALUE=DATE:20250701\r\nSUMMARY:over", []),
        ("DTSTART;VALUE=DATE:20280701\r\nSUMMARY:too far", []),
        ("DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\nTRANSP:TRANSPARENT\r\nSUMMARY:Christmas",
         [(f"{year}-12-25T00:00:00", f"{year}-12-26T00:00:00", "Christmas") for year in (2026, 2027)]),
    ],
)  # fmt: skip
def test_an_event_takes_up(event: str, right: list[tuple[str, str, str]]) -> None:
    assert told(calendar(event)) == right


def test_a_zone_s_hour_stays_the_same_through_the_change_of_the_clock() -> None:
    weekly = "DTSTART;TZID=Europe/Berlin:20261019T090000\r\nDTEND;TZID=Europe/Berlin:20261019T100000\r\nRRULE:FREQ=WEEKLY;COUNT=2"
    assert [each[0] for each in told(calendar(weekly))] == ["2026-10-19T07:00:00+00:00", "2026-10-26T08:00:00+00:00"]


def test_single_days_are_added_left_out_moved_and_cancelled() -> None:
    daily = (
        "UID:1\r\nDTSTART;TZID=Europe/Berlin:20260601T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20260605T070000Z\r\n"
        "EXDATE;TZID=Europe/Berlin:20260602T090000\r\nRDATE;TZID=Europe/Berlin:20260610T090000\r\nSUMMARY:daily"
    )
    moved = (
        "UID:1\r\nRECURRENCE-ID;TZID=Europe/Berlin:20260603T090000\r\nDTSTART;TZID=Europe/Berlin:20260603T150000\r\n"
        "DURATION:PT1H\r\nSUMMARY:moved"
    )
    cancelled = "UID:1\r\nRECURRENCE-ID;TZID=Europe/Berlin:20260604T090000\r\nDTSTART;TZID=Europe/Berlin:20260604T090000\r\nSTATUS:CANCELLED"
    found = told(calendar(daily, moved, cancelled))
    assert [(first[:16], name) for first, _end, name in found] == [
        ("2026-06-01T07:00", "daily"), ("2026-06-03T13:00", "moved"), ("2026-06-05T07:00", "daily"),
        ("2026-06-10T07:00", "daily"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "first", "days"),
    [
        ("FREQ=MONTHLY;BYDAY=-1FR", "20260130", ["01-30", "02-27", "03-27"]),
        ("FREQ=MONTHLY;BYDAY=2TU;INTERVAL=2", "20260113", ["01-13", "03-10", "05-12"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "20260131", ["01-31", "02-28", "03-31"]),
        ("FREQ=MONTHLY", "20260131", ["01-31", "03-31", "05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "20260213", ["02-13", "03-13", "11-13"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "20261126", ["11-26", "11-25"]),
        ("FREQ=YEARLY;BYDAY=1MO", "20260105", ["01-05", "01-04"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2;WKST=SU", "20260105", ["01-05", "01-07", "01-19"]),
        ("FREQ=DAILY;BYMONTH=2;BYDAY=SA", "20260207", ["02-07", "02-14", "02-21"]),
        ("FREQ=DAILY;COUNT=2", "20260207", ["02-07", "02-08"]),
        ("FREQ=DAILY;UNTIL=20260208", "20260207", ["02-07", "02-08"]),
        ("FREQ=WEEKLY", "20260107", ["01-07", "01-14", "01-21"]),
    ],
)  # fmt: skip
def test_it_comes_again(rule: str, first: str, days: list[str]) -> None:
    found = [each[0][5:10] for each in told(calendar(f"DTSTART;VALUE=DATE:{first}\r\nRRULE:{rule}"))]
    assert found[: len(days)] == days


def test_days_are_those_of_a_slow_reading() -> None:
    """Each day asked by itself, of random rules."""
    chance = random.Random(7)
    for _ in range(300):
        first = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
        interval, weekdays = chance.randint(1, 3), sorted(chance.sample(range(7), chance.randint(1, 4)))
        text = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY=" + ",".join(_NAMES[day] for day in weekdays)
        found = parse_recurrence(text).days(first)
        monday = first - timedelta(days=first.weekday())
        right = [first] + [
            day for day in (first + timedelta(days=number) for number in range(1, 60))
            if day.weekday() in weekdays and ((day - monday).days // 7) % interval == 0
        ]  # fmt: skip
        assert [next(found) for _ in right] == right, text


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("SUMMARY:x", "line 4: an event has no DTSTART"),
        ("DTSTART:soon", "line 5: “soon” is no date"),
        ("DTSTART;TZID=Mars/Crater:20260101T000000", "line 5: there is no time zone “Mars/Crater”"),
        ("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=HOURLY", "line 6: it comes again “HOURLY”"),
        ("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY;BYWEEKNO=20", "line 6: it comes again by BYWEEKNO"),
        ("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=MONTHLY;BYDAY=XX", "line 6: it comes again by .* no rule"),
        ("DTSTART;VALUE=DATE:20260101\r\nRDATE;VALUE=PERIOD:20260101T000000Z/PT1H", "line 6: a PERIOD"),
        ("DTSTART;VALUE=DATE:20260101\r\nDURATION:long", "line 6: “long” is no duration"),
        ("DTSTART:20260101T000000Z\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z", "line 6: a change of all"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_by_its_line(event: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        stretches_of(calendar(event), START, UNTIL)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(Invalid, match=r"line 5.*line 8.*and 2 more"):
        stretches_of(calendar(*["DTSTART:x"] * 7), START, UNTIL)


@pytest.mark.parametrize(
    "text", ["", "hello", "BEGIN:VCARD\r\nEND:VCARD", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260101T000000Z"]
)
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"no calendar|in the middle"):
        stretches_of(text, START, UNTIL)


def test_what_stands_in_other_parts_is_left_alone() -> None:
    text = calendar("DTSTART;VALUE=DATE:20260101\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nDURATION:nonsense\r\nEND:VALARM")
    text = text.replace(
        "VERSION:2.0", "VERSION:2.0\r\nBEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:x\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    assert len(told(text)) == 1


def test_more_than_ten_thousand_are_refused() -> None:
    days = calendar(*["DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY"] * 15)
    with pytest.raises(Invalid, match="more than 10,000"):
        stretches_of(days, START, UNTIL)


def test_an_event_of_another_zone_is_a_moment() -> None:
    (found,) = stretches_of(calendar("DTSTART;TZID=America/New_York:20260701T090000\r\nDURATION:PT1H"), START, UNTIL)
    assert found.first == datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("America/New_York"))
