"""The search language: what people type, and what is made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartspec.domain import times
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.search.query import parse
from smartspec.domain.search.tokens import index_text, tokenize
from smartspec.errors import Invalid
from smartspec.messages import Message

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # a Friday


def asked(text: str) -> ExecutionFilter:
    return parse(text, NOW).filter


def test_the_example_of_the_help() -> None:
    query = parse('status:failed,timeout wf:backup after:mon dur:>5m tag:x "exact words" more', NOW)
    assert query.workflow == "backup"
    wanted = query.filter
    assert wanted.status == {"failed", "timeout"} and wanted.tag == "x"
    assert (wanted.longer_ms, wanted.shorter_ms) == (300_001, None)
    assert (wanted.phrases, wanted.words) == (("exact words",), ("more",))
    assert wanted.since == times.midnight(NOW, 4)


@pytest.mark.parametrize(("text", "field", "value"), [
    ("status:stopped", "status", {"cancelled"}), ("status:problem", "status", {"failed", "timeout", "interrupted"}),
    ("STATUS:Failed", "status", {"failed"}), ("trigger:cron", "trigger", "cron"), ('user:"Ada L"', "user_name", "Ada L"),
    ("session:s", "session_id", "s"), ("correlation:c", "correlation_id", "c"), ("corr:c", "correlation_id", "c"),
    ("after:7d", "since", NOW - timedelta(days=7)), ("since:7d", "since", NOW - timedelta(days=7)),
    ("before:2026-11-01T00:00+00:00", "until", datetime(2026, 11, 1, tzinfo=UTC)),
    ("after:today", "since", times.midnight(NOW)), ("after:fri", "since", times.midnight(NOW)),
    ("after:saturday", "since", times.midnight(NOW, 6)), ("dur:>=5m", "longer_ms", 300_000), ("dur:<1h", "shorter_ms", 3_599_999),
    ("pinned:yes", "pinned", True), ("pinned:no", "pinned", False), ("trash:yes", "deleted", True), ("", "words", ()),
])  # fmt: skip
def test_each_key(text: str, field: str, value: object) -> None:
    assert getattr(asked(text), field) == value


def test_ranges_of_durations_and_days() -> None:
    assert (asked("dur:1m..5m").longer_ms, asked("dur:1m..5m").shorter_ms) == (60_000, 300_000)
    assert (asked("on:yesterday").since, asked("on:yesterday").until) == (times.midnight(NOW, 1), times.midnight(NOW))


def test_everything_wrong_is_told_at_once_with_its_column() -> None:
    with pytest.raises(Invalid) as raised:
        parse('stats:failed dur:5m after:someday trigger:hand pinned:maybe x "open', NOW)
    assert [problem.column for problem in raised.value.problems] == [1, 14, 21, 35, 48, 63]
    assert all(isinstance(problem.sentence, Message) for problem in raised.value.problems)
    told = str(raised.value)
    for words in (
        "did you mean “status”",
        "write dur:>5m",
        "is not a time",
        "There is no trigger",
        "neither yes nor no",
        "not closed",
    ):
        assert words in told


def test_a_quoted_key_is_text() -> None:
    assert asked('"http://x"').phrases == ("http://x",)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        parse(text, NOW)
    except Invalid as error:
        assert error.problems


def test_han_and_kana_are_split_into_pairs() -> None:
    assert index_text("备份失败 x").split() == ["备份", "份失", "失败", "败", "x"]
    assert index_text("backup备份ok").split() == ["backup", "备份", "份", "ok"]
    assert tokenize("备份失败") == ["备份", "份失", "失败"] and tokenize("备") == ["备"]
    assert tokenize("node-7 in カタカナ") == ["node", "7", "in", "カタ", "タカ", "カナ"]


@given(st.text("备份失败ab -", max_size=12))
def test_every_pair_that_is_asked_for_is_in_the_index_of_its_text(text: str) -> None:
    known = set(index_text(text).replace("-", " ").split())
    assert all(any(each.startswith(token) for each in known) for token in tokenize(text))
