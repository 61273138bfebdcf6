"""When which byte was written: at most ten marks a second, packed small, and never too many."""

import pytest

from smartspec.store.logs import timestamps
from smartspec.store.logs.timestamps import Times, pack, unpack

NOW = 1_764_000_000_000


@pytest.mark.parametrize(
    "marks",
    [
        [], [(0, NOW)], [(0, NOW), (40, NOW + 100), (1 << 40, NOW + 86_400_000)],
        [(0, NOW), (10, NOW - 3_600_000), (11, NOW)],  # the clock was set back
        [(0, 0), (0, 1)],
    ],
)  # fmt: skip
def test_what_is_packed_is_unpacked(marks: list[timestamps.TimeMark]) -> None:
    assert unpack(pack(marks) or b"") == marks


def test_one_mark_is_small() -> None:
    assert len(pack([(0, NOW)]) or b"") <= 8


def test_ten_a_second() -> None:
    times = Times()
    noted = [times.note(n, NOW + 10 * n) for n in range(101)]
    assert times.marks == [(n, NOW + 10 * n) for n in range(0, 101, 10)]
    assert [n for n, each in enumerate(noted) if each] == list(range(0, 101, 10))


def test_a_clock_that_was_set_back_is_noted() -> None:
    times = Times()
    times.note(0, NOW)
    assert times.note(5, NOW - 1000) and times.marks[-1] == (5, NOW - 1000)


def test_what_lasts_for_days_has_no_more_marks_than_the_most() -> None:
    times = Times()
    for n in range(200_000):
        times.note(n, NOW + 100 * n)
    assert timestamps.MOST / 4 < len(times.marks) <= timestamps.MOST
    assert times.marks[0] == (0, NOW) and times.marks[-1][0] > 199_000
    assert times.marks == sorted(times.marks)
