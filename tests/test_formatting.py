"""Numbers, sizes, durations and moments as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smartspec import formatting, vocabulary
from smartspec.domain import times
from smartspec.domain.damage import DAMAGED
from smartspec.domain.engine import states
from smartspec.domain.event import EventType, Level
from smartspec.domain.execution import Kind, Trigger
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.schedule import ScheduleStatus
from smartspec.formatting import format_age, format_duration, format_size
from smartspec.messages import Message


@pytest.mark.parametrize(
    ("ms", "said"),
    [(None, "–"), (0, "0 ms"), (12, "12 ms"), (999, "999 ms"), (1_500, "1.5 s"), (59_900, "59.9 s"), (60_000, "1 m"),
     (165_000, "2 m 45 s"), (3_900_000, "1 h 5 m"), (7_200_000, "2 h"), (86_400_000, "1 d"), (277_200_000, "3 d 5 h")],
)  # fmt: skip
def test_durations(ms: int | None, said: str) -> None:
    assert format_duration(ms) == said


@pytest.mark.parametrize(
    ("bytes_", "said"),
    [(None, "–"), (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_048_575, "1.0 MiB"), (1_500_000, "1.4 MiB"),
     (2**31, "2.0 GiB"), (2**40, "1.0 TiB"), (2**60, "1048576.0 TiB")],
)  # fmt: skip
def test_sizes(bytes_: int | None, said: str) -> None:
    assert format_size(bytes_) == said


def test_numbers() -> None:
    assert formatting.format_number(1_204_331) == "1,204,331"
    assert formatting.format_count(10_000) == "10,000"
    assert formatting.format_count(10_001) == "10,000+"


def test_ages() -> None:
    now = times.midnight(datetime(2026, 11, 20, 12, tzinfo=UTC)) + timedelta(hours=15)
    assert format_age(None, now) == "–"
    assert format_age(now - timedelta(seconds=5), now) == "just now"
    assert format_age(now - timedelta(minutes=12), now) == "12 min ago"
    assert format_age(now - timedelta(hours=5), now) == "today 10:00"
    assert format_age(now - timedelta(hours=20), now) == "yesterday 19:00"
    assert format_age(now - timedelta(days=4), now) == "Mon 15:00"
    assert format_age(now - timedelta(days=30), now) == "21 Oct 15:00"
    assert format_age(now - timedelta(days=400), now) == "16 Oct 2025"
    assert format_age(now + timedelta(hours=1), now) == "today 16:00"


def test_moments() -> None:
    moment = datetime(2024, 11, 3, 14, 3, 59, 123_000).astimezone()
    assert formatting.format_moment(moment) == "Sun 3 Nov 2024, 14:03:59"
    assert formatting.format_iso(moment) == "2024-11-03 14:03:59"
    assert formatting.format_milliseconds(moment) == "14:03:59.123"
    assert formatting.format_day(moment) == "Sun 3"
    assert formatting.format_date(moment) == "3 Nov 2024"
    assert formatting.format_moment(None) == formatting.format_iso(None) == "–"


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ((vocabulary.STATUS_WORDS, vocabulary.STATUS_IN_TEXT),
         {*states.ExecutionStatus, *states.TaskStatus, *states.WorkflowStatus, "retrying", DAMAGED}),
        ((vocabulary.TRIGGER_WORDS, vocabulary.TRIGGER_IN_TEXT), set(Trigger)),
        ((vocabulary.KIND_WORDS,), set(Kind)),
        ((vocabulary.LEVEL_WORDS,), set(Level)),
        ((vocabulary.EVENT_WORDS,), set(EventType)),
        ((vocabulary.SCHEDULE_STATUS_IN_TEXT,), set(ScheduleStatus)),
        ((vocabulary.DECISION_IN_TEXT,), set(Decision)),
    ],
)  # fmt: skip
def test_every_stored_word_has_one_for_people(words: tuple[dict[str, Message], ...], kinds: set[str]) -> None:
    for table in words:
        assert set(table) == kinds


def test_in_english_the_words_in_a_text_are_those_that_are_stored() -> None:
    for table in (vocabulary.STATUS_IN_TEXT, vocabulary.TRIGGER_IN_TEXT):
        assert {word: str(message) for word, message in table.items()} == {word: word for word in table}
