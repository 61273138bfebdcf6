"""Durations and sizes as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartspec import languages, messages
from smartspec.domain.quantities import Kind, parse_number, parse_quantity, quantity
from smartspec.errors import Invalid
from smartspec.formatting import format_duration
from smartspec.messages import translate

MINUTE, MIB = 60_000, 1024**2


@pytest.mark.parametrize(
    ("text", "ms"),
    [("30 s", 30_000), ("14 days", 14 * 24 * 60 * MINUTE), ("1 h 30 m", 90 * MINUTE), ("1.5h", 90 * MINUTE), ("5", 5 * MINUTE),
     ("2 Minutes", 2 * MINUTE), ("1,024 s", 1_024_000), (".5 s", 500), ("250ms", 250), (" 2 w ", 14 * 24 * 60 * MINUTE)],
)  # fmt: skip
def test_a_duration_has_a_unit_or_that_of_its_field(text: str, ms: int) -> None:
    assert parse_quantity(text, Kind.DURATION, MINUTE) == ms


@pytest.mark.parametrize(
    ("text", "bytes_"), [("2 GB", 2048 * MIB), ("64 MiB", 64 * MIB), ("512k", MIB // 2), ("100", 100 * MIB), ("1.5 GiB", 1536 * MIB)]
)  # fmt: skip
def test_so_has_a_size(text: str, bytes_: int) -> None:
    assert parse_quantity(text, Kind.SIZE, MIB) == bytes_


@pytest.mark.parametrize("text", ["", "x", "1 parsec", "3 4", "1,5 h", "-5 s", "1 h 30", "5 s s", "9" * 100])
def test_what_is_none_is_refused(text: str) -> None:
    for kind in Kind:
        with pytest.raises(Invalid, match="is not a"):
            parse_quantity(text, kind, 1)


@pytest.mark.parametrize(("text", "number"), [("1,024", 1024), (" 7 ", 7), ("-3", -3)])
def test_whole_numbers_may_be_grouped(text: str, number: int) -> None:
    assert parse_number(text) == number
    with pytest.raises(Invalid, match="not a whole number"):
        parse_number(f"{text}.5")


@given(st.integers(0, 10**14))
def test_what_is_written_is_exact(value: int) -> None:
    for kind in Kind:
        shown = quantity(value, kind)
        assert parse_quantity(shown.words, kind, 1) == value
        assert parse_quantity(shown.number, kind, shown.unit.factor) == value


@pytest.mark.parametrize(
    ("value", "words"), [(3_600_000, "1 hour"), (90 * MINUTE, "90 minutes"), (1_500, "1.5 seconds"), (14 * 24 * 60 * MINUTE, "14 days")]
)  # fmt: skip
def test_the_unit_is_the_one_that_a_person_would_take(value: int, words: str) -> None:
    assert quantity(value, Kind.DURATION).words == words


def test_the_units_of_the_language_that_is_spoken_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    languages.use("zh_CN")
    try:
        assert parse_quantity(translate(format_duration(90 * MINUTE)), Kind.DURATION, 1) == 90 * MINUTE
        assert parse_quantity("30 秒", Kind.DURATION, 1) == 30_000
        assert parse_quantity("30 s", Kind.DURATION, 1) == 30_000
    finally:
        languages.use("en")
        assert messages.is_english()
