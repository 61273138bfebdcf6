"""When the machine usually sleeps: learned where it is the same on enough days, else not said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from smartspec.domain.schedule.due import moment_of
from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.domain.schedule.situation import Absence, AbsenceKind
from smartspec.domain.schedule.usual_sleep import usual_sleep

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 25, 13, 32, tzinfo=UTC)
TODAY = date(2027, 3, 25)


def night(days_ago: int, begin: time = time(23, 10), end: time = time(7, 14)) -> Absence:
    day = TODAY - timedelta(days=days_ago)
    first = moment_of(datetime.combine(day, begin), BERLIN)
    last = moment_of(datetime.combine(day + timedelta(days=begin > end), end), BERLIN)
    return Absence(first, last, AbsenceKind.ASLEEP)


def learned(sleeps: list[Absence]) -> NightlySleep | None:
    return usual_sleep(sleeps, NOW, BERLIN)


def test_the_same_night_again_and_again_is_usual() -> None:
    assert learned([night(ago) for ago in range(1, 15)]) == NightlySleep(time(23, 10), time(7, 14))


def test_a_change_of_the_clock_does_not_move_it() -> None:
    nights = [night(ago) for ago in range(1, 20)]
    shifted = datetime(2027, 4, 5, 10, tzinfo=UTC)
    assert usual_sleep(nights, shifted, BERLIN) == NightlySleep(time(23, 10), time(7, 14))


def test_what_varies_is_usual_as_far_as_half_of_the_nights_agree() -> None:
    found = learned([night(ago, time(22 + ago % 2), time(6 + ago % 2)) for ago in range(1, 21)])
    assert found is not None and (found.begin, found.end) in (
        (time(22), time(6)), (time(22), time(7)), (time(23), time(6)), (time(23), time(7)),
    )  # fmt: skip


def test_a_nap_now_and_then_is_not() -> None:
    naps = [night(ago, time(13), time(14, 30)) for ago in range(1, 28, 4)]
    assert learned(naps) is None
    assert learned([*naps, *(night(ago) for ago in range(1, 28))]) == NightlySleep(time(23, 10), time(7, 14))


def test_a_few_nights_say_nothing_and_old_ones_neither() -> None:
    assert learned([]) is None
    assert learned([night(ago) for ago in (1, 2, 3)]) is None
    assert learned([night(ago) for ago in range(40, 70)]) is None


def test_minutes_are_no_sleep_and_always_is_none() -> None:
    assert learned([night(ago, time(3), time(3, 30)) for ago in range(1, 20)]) is None
    assert learned([Absence(NOW - timedelta(days=20), NOW, AbsenceKind.ASLEEP)]) is None
