"""An execution that ran elsewhere and has ended, as a line of JSON tells it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from smartspec.domain import ids, times
from smartspec.domain.execution import Trigger
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.states import FINAL, FOREIGN, UNFINISHED, execution_status
from smartspec.domain.text import did_you_mean, plain
from smartspec.errors import Invalid, Problem

FIELDS = (
    "workflow", "status", "id", "version", "created_at", "started_at", "completed_at", "duration_ms", "input", "output",
    "error", "note", "trigger", "triggered_by", "user_name", "session_id", "correlation_id",
)  # fmt: skip
_KNOWN = frozenset(FIELDS)
_TEXTS = {"version": 200, "error": 1_048_576, "note": 10_000, "triggered_by": 500, "user_name": 500,
          "session_id": 500, "correlation_id": 500}  # fmt: skip
_FIRST_MS, _LAST_MS = 0, 253_402_300_799_999  # 1970 to 9999
_MILLISECONDS_FROM = 100_000_000_000  # a number above is milliseconds: as seconds it would be the year 5138
_TRIGGERS = frozenset(each.value for each in Trigger)


@dataclass(frozen=True, slots=True)
class Imported:
    """`line` counts from 1; times and durations are milliseconds; `input` and `output` JSON text."""

    line: int
    workflow: str
    status: str
    reason: str | None
    id: str | None
    version: str | None
    created: int
    started: int
    completed: int
    input: str | None
    output: str | None
    error: str | None
    note: str | None
    trigger: str
    triggered_by: str | None
    user_name: str | None
    session_id: str | None
    correlation_id: str | None


def read_lines(lines: Iterator[str], now: datetime) -> tuple[list[Imported], list[Problem]]:
    """Every line that holds something, and everything that is wrong with any of them."""
    read, problems = [], list[Problem]()
    seen: dict[str, int] = {}
    latest = times.to_ms(now)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line, parse_constant=_refuse)
            if not isinstance(given, dict):
                raise Invalid("A line must be a JSON object.")
            execution = _read(number, given, latest)
            if execution.id is not None and seen.setdefault(execution.id, number) != number:
                raise Invalid("", [Problem("id", f"The id {execution.id} is that of line {seen[execution.id]} too.")])
            read.append(execution)
        except json.JSONDecodeError as error:
            problems.append(Problem("", f"This is not JSON: {error.msg}.", number, error.colno))
        except RecursionError:
            problems.append(Problem("", "This is nested too deeply.", number, 1))
        except Invalid as error:
            problems += [Problem(each.path, each.sentence, number, 1) for each in error.problems]
    return read, problems


def _refuse(constant: str) -> Json:
    raise Invalid(f"{constant} is no JSON.")


def _read(line: int, given: dict[str, Any], latest: int) -> Imported:
    """Raises Invalid with everything that is wrong."""
    problems: list[Problem] = []

    def checked(name: str, check: Callable[[Any], Any], otherwise: Any = None) -> Any:
        value = given.get(name)
        if value is None:
            return otherwise
        try:
            return check(value)
        except Invalid as error:
            problems.append(Problem(name, str(error)))
            return otherwise

    if not _KNOWN.issuperset(given):
        unknown = sorted(given.keys() - _KNOWN)
        problems += [Problem(name, f"There is no field “{name}”{did_you_mean(name, FIELDS)}") for name in unknown]
    problems += [Problem(name, f"“{name}” is missing.") for name in ("workflow", "status") if given.get(name) is None]
    created, started, completed = (checked(name, _moment) for name in ("created_at", "started_at", "completed_at"))
    span = _span(created, started, completed, checked("duration_ms", _duration), problems, latest)
    status, reason = checked("status", _status, ("", None))
    texts = {name: checked(name, _text(name, longest)) for name, longest in _TEXTS.items() if name in given}
    workflow, id_ = checked("workflow", _text("workflow", 200), ""), checked("id", _id)
    imported = Imported(
        line, workflow, status, reason, id_, texts.get("version"), *span,
        checked("input", dump), checked("output", dump), texts.get("error"), texts.get("note"),
        checked("trigger", _trigger, "external"), texts.get("triggered_by"), texts.get("user_name"),
        texts.get("session_id"), texts.get("correlation_id"),
    )  # fmt: skip
    if problems:
        raise Invalid("", problems)
    return imported


def _span(
    created: int | None, started: int | None, completed: int | None, lasted: int | None, problems: list[Problem],
    latest: int,
) -> tuple[int, int, int]:  # fmt: skip
    """When it was made, began and ended: what is missing follows from the rest."""
    if started is None and completed is not None:
        started = completed - lasted if lasted is not None else completed if created is None else created
    if started is None:
        if not any(problem.path in ("started_at", "completed_at") for problem in problems):
            problems.append(Problem("started_at", "When it ran is missing: give started_at or completed_at."))
        return 0, 0, 0
    if completed is None:
        completed = started + (lasted or 0)
    created = min(started, created if created is not None else started)
    if completed < started:
        problems.append(Problem("completed_at", "It ends before it starts."))
    if completed > latest + 86_400_000:
        problems.append(Problem("completed_at", "It ends in the future; only what has ended can be imported."))
    return created, started, completed


def _status(word: Any) -> tuple[str, str | None]:
    if not isinstance(word, str):
        raise Invalid("The status must be a text.")
    lower = word.strip().lower()
    if lower in UNFINISHED:
        raise Invalid(f"“{word}” has not ended; only what has ended can be imported.")
    status = execution_status(lower)
    if status not in FINAL:
        raise Invalid(f"“{word}” has not ended; only what has ended can be imported.")
    return status.value, FOREIGN[lower][1] if lower in FOREIGN else None


def _moment(value: Any) -> int:
    """ISO text, local time without an offset; or seconds or milliseconds since the epoch."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
            ms = times.to_ms(moment if moment.tzinfo is not None else moment.astimezone(UTC))
        except (ValueError, OverflowError, OSError):
            raise Invalid(f"“{value[:60]}” is not a time; write 2026-11-20T14:30:00Z, or seconds since 1970.") from None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        ms = round(value) if abs(value) >= _MILLISECONDS_FROM else round(value * 1000)
    else:
        raise Invalid("A time must be a text or a number.")
    if not _FIRST_MS <= ms <= _LAST_MS:
        raise Invalid("A time must lie between 1970 and 9999.")
    return ms


def _duration(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_MS:
        raise Invalid("A duration must be a number of milliseconds that is not negative.")
    return round(value)


def _trigger(value: Any) -> str:
    if value not in _TRIGGERS:
        raise Invalid(f"There is no trigger “{value}”: the triggers are {', '.join(Trigger)}.")
    return str(value)


def _id(value: Any) -> str:
    if not isinstance(value, str) or not ids.is_id(value):
        raise Invalid("An id must be a UUID in lower case; leave it out, and one is made.")
    return value


def _text(name: str, longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or (name == "workflow" and not value.strip()):
            raise Invalid(f"“{name}” must be a text.")
        return plain(value, f"“{name}”", longest)

    return check
