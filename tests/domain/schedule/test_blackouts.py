"""When a schedule keeps still, and in which zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from smartspec.domain.schedule.blackouts import blackout_at, next_blackout, parse_blackout
from smartspec.domain.schedule.zones import parse_zone
from smartspec.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("blackout", "moment", "until"),
    [("2026-12-24", "2026-12-24T00:00", "2026-12-25T00:00"), ("2026-12-24", "2026-12-25T00:00", None), ("2026-12-24/2027-01-02", "2027-01-02T23:59", "2027-01-03T00:00"),
     ("2026-12-24T18:00/2026-12-24T23:00", "2026-12-24T22:59", "2026-12-24T23:00"), ("2026-12-24T18:00/2026-12-24T23:00", "2026-12-24T23:00", None),
     ("12-24/01-02", "2030-01-02T12:00", "2030-01-03T00:00"), ("12-24/01-02", "2030-12-31T12:00", "2031-01-03T00:00"), ("12-24/01-02", "2030-06-01T12:00", None),
     ("12-31", "2030-12-31T12:00", "2031-01-01T00:00"), ("02-29", "2027-03-01T12:00", None), ("02-29", "2028-02-29T12:00", "2028-03-01T00:00"),
     ("02-29", "2027-06-01T12:00", None), ("02-20/02-29", "2027-02-28T12:00", "2027-03-01T00:00"), ("2027-03-28", "2027-03-28T23:30", "2027-03-29T00:00"),
     ("03-01/02-28", "2027-06-01T12:00", "2028-02-29T00:00"), ("20261224/20261226", "2026-12-26T12:00", "2026-12-27T00:00")],
)  # fmt: skip
def test_it_holds_by_the_clock_of_the_zone(blackout: str, moment: str, until: str | None) -> None:
    found = blackout_at([parse_blackout(blackout)], at(moment), BERLIN)
    assert (found and found[1]) == (until and at(until))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026-13-01",
        "2026-12-24/2026-12-23",
        "01-01/12-31",
        "03-01/02-29",
        "12-24/12-23",
        "13-01",
        "2026-12-24/",
        "2026-12-24T10:00+01:00/2026-12-25",
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="no time to keep still"):
        parse_blackout(text)


def test_the_next_one() -> None:
    both = [parse_blackout("2027-03-01"), parse_blackout("12-24/01-02")]
    assert next_blackout(both, at("2026-12-01T00:00"), BERLIN) == at("2026-12-24T00:00")
    assert next_blackout(both, at("2026-12-25T00:00"), BERLIN) == at("2027-03-01T00:00")
    assert next_blackout([], at("2026-12-25T00:00"), BERLIN) is None


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "Etc/GMT+3", "America/Argentina/Buenos_Aires"])
def test_a_zone_by_its_name(name: str) -> None:
    assert parse_zone(name).key == name


@pytest.mark.parametrize(
    ("name", "said"),
    [("localtime", "no time zone “localtime”."), ("Europe/Berln", "did you mean “Europe/Berlin”"), ("", "no time zone"), ("Europe", "no time zone"), ("/etc/passwd", "no time zone"), ("../x", "no time zone"),
     ("posix/Europe/Berlin", "no time zone"), ("Europe/Berlin\0", "no time zone"), ("x" * 5_000, "no time zone")],
)  # fmt: skip
def test_what_is_no_zone_is_refused(name: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parse_zone(name)


@pytest.mark.parametrize(
    ("text", "zone"),
    [("+02:00", "Etc/GMT-2"), ("-5", "Etc/GMT+5"), ("UTC+2", "Etc/GMT-2"), ("gmt-03:00", "Etc/GMT+3"),
     ("+0530", "Asia/Kolkata"), ("+05:45", "Asia/Kathmandu"), ("-09:30", "Pacific/Marquesas"), ("+00:00", "Etc/UTC"),
     ("+14", "Etc/GMT-14"), ("+08:45", "Australia/Eucla"), ("+03:30", "Asia/Tehran"), ("+04:30", "Asia/Kabul"),
     ("+06:30", "Asia/Yangon"), ("+09:30", "Australia/Darwin")],
)  # fmt: skip
def test_an_offset_is_no_zone_and_one_with_that_offset_is_named(text: str, zone: str) -> None:
    with pytest.raises(Invalid, match=re.escape(zone)):
        parse_zone(text)
    sign, digits = (-1 if "-" in text else 1), re.sub(r"\D", "", text)
    hours, minutes = (int(digits[:2]), int(digits[2:] or 0)) if len(digits) > 1 else (int(digits), 0)
    offset = sign * timedelta(hours=hours, minutes=minutes)
    for month in (1, 7):
        assert datetime(2026, month, 1, tzinfo=parse_zone(zone)).utcoffset() == offset


@pytest.mark.parametrize("text", ["+15", "-13", "+01:15"])
def test_no_zone_is_named_for_an_offset_that_none_has(text: str) -> None:
    with pytest.raises(Invalid, match="There is no time zone"):
        parse_zone(text)
