"""Small values: times, durations, ids, slugs, labels, JSON, settings."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartspec.domain import config, ids, jsontext, times, version, workflow
from smartspec.domain.config import ValueType
from smartspec.domain.jsontext import Json
from smartspec.domain.text import check_text, one_line
from smartspec.errors import Invalid


@pytest.mark.parametrize(
    ("written", "ms"),
    [("500ms", 500), ("5s", 5_000), ("10m", 600_000), ("1h", 3_600_000), ("2d", 172_800_000), ("1w", 604_800_000),
     ("1.5h", 5_400_000), (3, 3_000), (0.25, 250), ("90", 90_000), (0, 0)],
)  # fmt: skip
def test_durations_are_read(written: object, ms: int) -> None:
    assert times.parse_duration_ms(written) == ms


@pytest.mark.parametrize(
    "written", ["", "5 x", "-1s", "1h30m", True, None, [], "1e3s", "nan", float("inf"), float("nan"), -(10**400)]
)
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(Invalid, match="not a duration"):
        times.parse_duration_ms(written)


@pytest.mark.parametrize("written", [1e30, 10**400, "9" * 400 + "d", "36501d"])
def test_what_is_too_long_is_refused(written: object) -> None:
    with pytest.raises(Invalid, match="is too long: the most is a hundred years"):
        times.parse_duration_ms(written)


@given(st.integers(0, 2**47).map(times.from_ms))
def test_moments_keep_their_milliseconds(moment: datetime) -> None:
    assert abs(times.from_ms(times.to_ms(moment)) - moment) < timedelta(milliseconds=1)


def test_moments_that_a_person_writes() -> None:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert times.parse_moment("2026-11-19T10:00:00+02:00", now) == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert times.parse_moment("7d", now) == now - timedelta(days=7)
    assert times.parse_moment("now", now) == now
    assert times.parse_moment("yesterday", now).astimezone().hour == 0
    with pytest.raises(Invalid, match="“soon” is not a time"):
        times.parse_moment("soon", now)
    with pytest.raises(Invalid, match="is not a time"):
        times.parse_moment("9999-12-31T23:59:59-12:00", now)  # in UTC it is the year 10000


def test_ids_are_ordered_by_time_and_never_the_same() -> None:
    first = ids.new_id()
    time.sleep(0.002)
    later = [ids.new_id() for _ in range(1000)]
    assert all(first < each for each in later)
    assert len({*later}) == 1000
    assert all(ids.is_id(each) and each[14] == "7" and each[19] in "89ab" for each in later)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Nightly Report", "nightly-report"), ("  Ümläute & Ströme! ", "ümläute-ströme"), ("每日 报告", "每日-报告"),
     ("a__b--c", "a-b-c"), ("!!!", "workflow"), ("v1.2", "v1-2"), ("İstanbul", "i̇stanbul".replace("̇", "-"))],
)  # fmt: skip
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert workflow.slug(name) == slug


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\0b", "\ud800"])
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        workflow.check_name(name)


@pytest.mark.parametrize("pack", ["", "a.b", "a b", "x" * 101, "pâck"])
def test_a_pack_that_cannot_be_kept_is_refused(pack: str) -> None:
    with pytest.raises(Invalid, match=r"cannot be a pack|A pack may be"):
        workflow.check_pack(pack)


@pytest.mark.parametrize(
    ("wanted", "taken", "given"),
    [(None, [], "1.0.0"), ("2.1", [], "2.1"), (None, ["1.0.0"], "1.0.1"), ("1.0.0", ["1.0.0", "1.9.3"], "1.9.4"),
     (None, ["beta", "2.0"], "1.0.0"), (None, ["1.2.9", "1.2.10"], "1.2.11")],
)  # fmt: skip
def test_a_version_gets_a_free_label(wanted: str | None, taken: list[str], given: str) -> None:
    assert version.next_label(wanted, taken) == given


def test_texts_are_the_same_whatever_the_newlines() -> None:
    assert version.same_text("a\r\nb\r", "a\nb\n")
    assert not version.same_text("a", "b")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner, max_size=4),
)  # fmt: skip


@given(json_values)
def test_json_comes_back_as_it_was(value: Json) -> None:
    assert jsontext.load(jsontext.dump(value)) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "a\0b", {"k\0": 1}, "\ud800", {1, 2}, object()])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(Invalid):
        jsontext.dump(value)


@pytest.mark.parametrize("text", ["{", "NaN", "[1,]", "[" * 100_000, '{"a": Infinity}'])
def test_what_is_no_json_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(Invalid, match="The input"):
        jsontext.load(text, "The input")


def test_the_same_meaning_has_the_same_canonical_text() -> None:
    assert jsontext.canonical({"b": 1, "a": [1, {"d": 2, "c": 3}]}) == jsontext.canonical(
        {"a": [1, {"c": 3, "d": 2}], "b": 1}
    )


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [("5", "number", 5), ("5.5", "number", 5.5), ("1e3", "number", 1000.0), (str(2**70), "number", 2**70),
     ("TRUE", "boolean", True), ("false", "boolean", False), ('{"a": [1]}', "json", {"a": [1]}), ("", "string", "")],
)  # fmt: skip
def test_a_setting_is_read_by_its_type(text: str, kind: str, value: object) -> None:
    assert config.read_value(text, ValueType(kind), "key") == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1e400", "number"), ("five", "number"), ("", "number"), ("yes", "boolean"), ("{", "json"), ("nan", "number")],
)
def test_a_setting_that_does_not_fit_is_refused_naming_it(text: str, kind: str) -> None:
    with pytest.raises(Invalid, match="“limit”"):
        config.read_value(text, ValueType(kind), "limit")


def test_an_unknown_type_of_setting_is_named() -> None:
    with pytest.raises(Invalid, match=r"Invalid value type: blob\. The types are string, number"):
        config.value_type("blob")


@pytest.mark.parametrize("key", ["", "1a", "a-b", "a b", "a\0"])
def test_a_key_that_cannot_be_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        config.check_key(key)


def test_text_is_shortened_on_one_line() -> None:
    assert one_line("a\n  b   c", 10) == "a b c"
    assert one_line("abcdefgh", 5) == "abcd…"
    with pytest.raises(Invalid, match="3 characters long, not 4"):
        check_text("abcd", "It", 3)
