"""Executions that ran elsewhere and have ended: JSON Lines, one execution a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from smartspec.domain import times
from smartspec.domain.imported_execution import ImportedExecution, ImportedTask
from smartspec.domain.json_errors import explain
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid, NotFound, Problem, reason
from smartspec.formatting import format_number
from smartspec.importers import fields
from smartspec.messages import _, join

MOST_LINES = 1_000_000
MOST_TASKS = 10_000  # of an execution
_Values = dict[str, Any]  # what its reader made of each field of a line, by name


def read_file(path: Path, now: datetime) -> tuple[list[ImportedExecution], list[Problem]]:
    """As `read_lines`. Raises NotFound where the file cannot be read, and Invalid where it is not UTF-8 text."""
    try:
        with path.open(encoding="utf-8") as opened:
            read, problems = read_lines(islice(opened, MOST_LINES + 1), now)
            if next(opened, None) is not None or len(read) > MOST_LINES:
                most = format_number(MOST_LINES)
                problems.append(Problem("", _("At most {most} lines are imported at once; split the file.", most=most)))
    except FileNotFoundError:
        raise NotFound(_("There is no file {path}.", path=path)) from None
    except UnicodeDecodeError as error:
        why = _("{path} is not UTF-8 text (byte {at}); save it as UTF-8.", path=path, at=error.start)
        raise Invalid(why) from error
    except OSError as error:
        raise NotFound(_("{path} cannot be read: {why}.", path=path, why=reason(error))) from error
    return read, problems


def read_lines(lines: Iterator[str], now: datetime) -> tuple[list[ImportedExecution], list[Problem]]:
    """Every line that holds something, and everything that is wrong with any of them, at its line (from 1).

    A line that does not hold up is told of, and the next one is read: only what `lines` itself raises gets out (a file
    that cannot be read or decoded). What ends later than a day after `now` is taken for a mistake.
    """
    read, problems = [], list[Problem]()
    seen: dict[str, int] = {}
    latest = times.to_ms(now)
    for number, line in enumerate(lines, start=1):
        line = line.strip().removeprefix("\ufeff")
        if not line:
            continue
        try:
            execution = _read(number, _object(line), latest)
        except (json.JSONDecodeError, RecursionError, Invalid) as error:
            problems += _problems(error, number)
            continue
        first = number if execution.id is None else seen.setdefault(execution.id, number)
        if first == number:
            read.append(execution)
        else:
            sentence = _("The id {id} is that of line {line} too.", id=execution.id, line=first)
            problems.append(Problem("id", sentence, number, 1))
    return read, problems


def _problems(error: Exception, line: int) -> list[Problem]:
    """What keeps a line from being read."""
    if isinstance(error, Invalid):
        return [Problem(each.path, each.sentence, line, 1) for each in error.problems]
    if isinstance(error, json.JSONDecodeError):
        return [Problem("", _("This is not JSON: {why}", why=explain(error)), line, error.colno)]
    return [Problem("", _("This is nested too deeply."), line, 1)]


def _object(line: str) -> dict[str, Json]:
    """Raises Invalid for anything but one JSON object, and what the decoder raises where the text is no JSON."""
    try:
        given, end = _decode(line)
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # Python reads whole numbers of at most 4,300 digits
        raise Invalid(_("{what} holds a number that is too long to be read.", what=_("This"))) from error
    if end != len(line):
        raise Invalid(_("Something follows the object, in column {column}.", column=end + 1))
    if not isinstance(given, dict):
        raise Invalid(_("A line must be a JSON object."))
    return given


def _refuse(constant: str) -> Json:
    raise Invalid(_("{word} is no JSON.", word=constant))


_decode = json.JSONDecoder(parse_constant=_refuse).raw_decode


def _read(line: int, given: dict[str, Json], latest: int) -> ImportedExecution:
    """Raises Invalid with everything that is wrong."""
    problems: list[Problem] = []
    values: _Values = {}
    for name, value in given.items():
        reader = _READERS.get(name)
        if reader is None:
            end = did_you_mean(name, _READERS)
            problems.append(Problem(name, _("There is no field “{name}”{end}", name=name, end=end)))
        elif value is not None:
            try:
                values[name] = reader(value)
            except Invalid as error:
                problems.append(Problem(name, error.sentence))
    if "workflow" not in values or "status" not in values:
        missing = [name for name in ("workflow", "status") if given.get(name) is None]
        problems += [Problem(name, _("“{name}” is missing.", name=name)) for name in missing]
    problems += _fill_span(values, given, latest)
    if problems:
        raise Invalid("", problems)
    values["status"], values["reason"] = values["status"]
    if values.get("tasks") is not None:
        values["tasks"] = tuple(_placed(values["tasks"], values["completed_at"]))
    values["line"] = line
    values.setdefault("trigger", "external")
    return ImportedExecution._make(map(values.get, ImportedExecution._fields))


def _fill_span(values: _Values, given: dict[str, Json], latest: int) -> tuple[Problem, ...]:
    """Fill in when it was made, began and ended: what is missing follows from the rest."""
    get = values.get
    created, started, completed, lasted = get("created_at"), get("started_at"), get("completed_at"), get("duration_ms")
    if started is None and completed is not None:
        started = completed - lasted if lasted is not None else completed if created is None else created
    if started is None:
        if given.get("started_at") is not None or given.get("completed_at") is not None:
            return ()  # told already
        return (Problem("started_at", _("When it ran is missing: give started_at or completed_at.")),)
    if completed is None:
        completed = started + (lasted or 0)
    if completed < started:
        return (Problem("completed_at", _("It ends before it starts.")),)
    if completed > latest + 86_400_000:
        return (Problem("completed_at", _("It ends in the future; only what has ended can be imported.")),)
    values["created_at"] = started if created is None or created > started else created
    values["started_at"], values["completed_at"] = started, completed
    return ()


def _tasks(value: object) -> list[_Values]:
    """What each says of itself, read. Raises Invalid with the first that is wrong."""
    if not isinstance(value, list) or len(value) > MOST_TASKS:
        raise Invalid(_("The tasks are a list of at most {most} objects.", most=format_number(MOST_TASKS)))
    return [_task(each, f"tasks[{number}]") for number, each in enumerate(value)]


def _task(given: object, where: str) -> _Values:
    if not isinstance(given, dict):
        raise Invalid(_("{where} must be an object with name and status.", where=where))
    values: _Values = {}
    for name, value in given.items():
        reader = _TASK_READERS.get(name)
        if reader is None:
            end = did_you_mean(name, _TASK_READERS)
            raise Invalid(_("{where}: there is no field “{name}”{end}", where=where, name=name, end=end))
        if value is not None:
            try:
                values[name] = reader(value)
            except Invalid as error:
                raise Invalid(join(": ", (f"{where}.{name}", error.sentence))) from error
    for name in ("name", "status"):
        if name not in values:
            raise Invalid(_("{where}: “{name}” is missing.", where=where, name=name))
    if values.get("started_at") is not None and values["started_at"] > values.get("completed_at", fields.LAST_MS):
        raise Invalid(_("{where}: it ends before it starts.", where=where))
    return values


def _placed(read: list[_Values], ended: int) -> Iterator[ImportedTask]:
    """In their order, attempts counted where they are not told; one without a time of its own ended with the rest."""
    places: dict[str, int] = {}
    attempts: dict[tuple[str, int], int] = {}
    for values in read:
        get = values.get
        key = (values["name"], get("item_index", 0))
        attempts[key] = attempt = max(get("attempt", 0), attempts.get(key, 0) + 1)
        started, lasted, completed = get("started_at"), get("duration_ms"), get("completed_at")
        if completed is None:
            completed = started + lasted if started is not None and lasted is not None else max(ended, started or 0)
        if lasted is None and started is not None:
            lasted = completed - started
        yield ImportedTask(
            values["name"], values["status"], _reason(values), places.setdefault(values["name"], len(places)), attempt,
            key[1], started, completed, lasted, get("input"), get("output"), get("error"), get("exit_code"),
            get("item"),
        )  # fmt: skip


def _reason(values: _Values) -> str | None:
    code = values.get("exit_code")
    return f"exit {code}" if code and values["status"] == "failed" else None


_READERS: dict[str, Callable[[Json], object]] = {
    "workflow": fields.text("workflow", 200), "status": fields.status, "id": fields.execution_id,
    "version": fields.text("version", 200), "created_at": fields.moment, "started_at": fields.moment,
    "completed_at": fields.moment, "duration_ms": fields.duration_ms, "input": dump, "output": dump,
    "error": fields.text("error", 1_048_576), "note": fields.text("note", 10_000), "trigger": fields.trigger,
    "triggered_by": fields.text("triggered_by", 500), "user_name": fields.text("user_name", 500),
    "session_id": fields.text("session_id", 500), "correlation_id": fields.text("correlation_id", 500),
    "tasks": _tasks,
}  # fmt: skip
_TASK_READERS: dict[str, Callable[[Json], object]] = {
    "name": fields.text("name", 200), "status": fields.task_status, "started_at": fields.moment,
    "completed_at": fields.moment, "duration_ms": fields.duration_ms, "input": dump, "output": dump,
    "error": fields.text("error", 1_048_576), "exit_code": fields.whole_number(-255, 2**32), "item": dump,
    "item_index": fields.whole_number(0, 99_999), "attempt": fields.whole_number(1, 1_000_000),
}  # fmt: skip
