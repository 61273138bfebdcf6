"""The search language: `status:failed,timeout wf:backup after:mon dur:>5m tag:x "exact words"`.

Words narrow each other. A bare word is looked for as the beginning of a word, quoted ones as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from smartspec.domain import times
from smartspec.domain.engine.states import ACTIVE, PROBLEM, ExecutionStatus, execution_status
from smartspec.domain.execution import Trigger, unknown_trigger
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.text import check_text, did_you_mean
from smartspec.errors import Invalid, Problem
from smartspec.messages import _, sentences
from smartspec.value import field, frozen, mutable, replace

LONGEST_QUERY = 10_000
_TOKEN = re.compile(r'(?:(?P<key>[A-Za-z_-]+):)?(?P<value>(?:"[^"]*"|[^\s"])+)|(?P<open>")')
_SETS: dict[str, frozenset[ExecutionStatus]] = {"problem": PROBLEM, "active": ACTIVE}
_NAMES = {
    "wf": "workflow", "corr": "correlation", "since": "after", "until": "before", "duration": "dur",
    "session_id": "session", "user_name": "user", "correlation_id": "correlation",
}  # fmt: skip
Change = dict[str, Any]


@frozen
class Query:
    """What was asked: a filter, and the workflow as it was named (the one thing that only the ledger can look up)."""

    filter: ExecutionFilter
    workflow: str | None = None


@mutable
class _Read:
    """What was read so far."""

    changes: Change = field(default_factory=dict)
    workflow: str | None = None
    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)


def parse(text: str, now: datetime, keys: Mapping[str, str] | None = None) -> Query:
    """Read a query; `now` is what its times count from, `keys` are further filters whose values need no quotes.

    Raises Invalid with every problem and its column.
    """
    check_text(text, _("A search"), LONGEST_QUERY)
    read = _Read()
    problems = list(_problems(text, now, read))
    for key, value in (keys or {}).items():
        problems += _taken(key, value, now, read)
    if problems:
        raise Invalid(sentences(problem.sentence for problem in problems), problems)
    wanted = replace(ExecutionFilter(), words=tuple(read.words), phrases=tuple(read.phrases), **read.changes)
    return Query(wanted, read.workflow)


def _problems(text: str, now: datetime, read: _Read) -> Iterator[Problem]:
    for match in _TOKEN.finditer(text):
        column = match.start() + 1
        if match["open"]:
            yield Problem("", _("A quotation mark is not closed."), 1, column)
        elif match["key"] is None:
            _take_text(match["value"], read)
        else:
            yield from _taken(match["key"], match["value"].replace('"', ""), now, read, column)


def _taken(key: str, value: str, now: datetime, read: _Read, column: int | None = None) -> Iterator[Problem]:
    try:
        _take(key.lower(), value, now, read)
    except Invalid as error:
        yield Problem(key, error.sentence, column and 1, column)


def _take_text(value: str, read: _Read) -> None:
    if '"' in value:
        read.phrases += [value.replace('"', "")] if value.strip('"') else []
    else:
        read.words.append(value)


def _take(key: str, value: str, now: datetime, read: _Read) -> None:
    key = _NAMES.get(key, key)
    if key == "workflow":
        read.workflow = value
        return
    if key not in _KEYS:
        known = [*_KEYS, "workflow", *_NAMES]
        end = did_you_mean(key, known)
        raise Invalid(_("There is no filter “{key}:”{end} Quote it to look for the text.", key=key, end=end))
    read.changes |= _KEYS[key](value, now)


def _status(value: str, now: datetime) -> Change:
    found: set[ExecutionStatus] = set()
    for word in value.split(","):
        found |= _SETS.get(word.lower(), frozenset()) or {execution_status(word)}
    return {"status": frozenset(found)}


def _trigger(value: str, now: datetime) -> Change:
    try:
        return {"trigger": Trigger(value.lower()).value}
    except ValueError:
        raise unknown_trigger(value) from None


def _text_of(name: str) -> Callable[[str, datetime], Change]:
    return lambda value, now: {name: value}


def _after(value: str, now: datetime) -> Change:
    return {"since": times.parse_moment(value, now)}


def _before(value: str, now: datetime) -> Change:
    return {"until": times.parse_moment(value, now)}


def _on(value: str, now: datetime) -> Change:
    day = times.parse_moment(value, now)
    return {"since": times.midnight(day), "until": times.midnight(day, -1)}


def _duration(value: str, now: datetime) -> Change:
    if match := re.fullmatch(r"(.+?)\.\.(.+)", value):
        return {"longer_ms": times.parse_duration_ms(match[1]), "shorter_ms": times.parse_duration_ms(match[2])}
    match = re.fullmatch(r"([<>])(=?)(.+)", value)
    if match is None:
        raise Invalid(_("“dur:{value}” is not a range: write dur:>5m, dur:<1h or dur:1m..5m.", value=value))
    ms = times.parse_duration_ms(match[3])
    if match[1] == ">":
        return {"longer_ms": ms if match[2] else ms + 1}
    return {"shorter_ms": ms if match[2] else max(0, ms - 1)}


def _flag(name: str) -> Callable[[str, datetime], Change]:
    def read(value: str, now: datetime) -> Change:
        if value.lower() not in ("yes", "no", "true", "false"):
            raise Invalid(_("“{value}” is neither yes nor no.", value=value))
        return {name: value.lower() in ("yes", "true")}

    return read


_KEYS: dict[str, Callable[[str, datetime], Change]] = {
    "status": _status, "trigger": _trigger, "user": _text_of("user_name"), "session": _text_of("session_id"),
    "correlation": _text_of("correlation_id"), "after": _after, "before": _before, "on": _on, "dur": _duration,
    "tag": _text_of("tag"), "pinned": _flag("pinned"), "trash": _flag("deleted"),
}  # fmt: skip


# A query as it is written: what a view of it shows, and changes, without losing the rest


def filter_values(text: str) -> dict[str, str]:
    """The value of each filter, as it stands, by the full name of the filter; the last where one is written twice."""
    found = {}
    for match in _TOKEN.finditer(text):
        if match["key"] is not None:
            key = match["key"].lower()
            found[_NAMES.get(key, key)] = match["value"].replace('"', "")
    return found


def with_filter(text: str, key: str, value: str | None) -> str:
    """The query with another value for a filter (its full name); None takes the filter out."""
    kept = []
    for match in _TOKEN.finditer(text):
        named = (match["key"] or "").lower()
        if _NAMES.get(named, named) != key:
            kept.append(match[0])
    if value is not None:
        kept.append(f'{key}:"{value}"' if re.search(r"\s", value) else f"{key}:{value}")
    return " ".join(kept)
