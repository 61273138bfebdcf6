"""What happened, for schedules that wait for it: a name that somebody says, and what an event means to a template."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePath

from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.event import Event, EventType
from smartspec.domain.ids import ExecutionPk, WorkspacePk
from smartspec.domain.jsontext import Json, as_mapping, as_text, dump, texts
from smartspec.domain.schedule.events import NamedEvent, check_event_name, event_expression
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.messages import Message, _, _n
from smartspec.store import database, events, executions, firings, schedules, workflows, workspaces

_LARGEST_DATA = 65_536
_LONGEST_SHOWN = 60


@command
def fire_event(name: str, data: Json = None, workspace: str = DEFAULT) -> int:
    """Say that something happened: schedules that wait for this name start. The answer is how many do.

    `data` is what their inputs can name as `event.data`. What a task says is an event of its execution: a circle of
    executions and events ends. Raises Invalid for what is no name, or more than 64 KiB.
    """
    check_event_name(name)
    if len(dump(data)) > _LARGEST_DATA:
        raise Invalid(_("The data of an event are at most 64 KiB."))
    here = workspaces.get(workspace).pk
    with database.transaction():
        told: Json = {"name": name, "data": data, "workspace": here}
        events.add(EventType.SCHEDULE_EVENT, execution=_saying(), data=told, actor=user())
    return sum(_waits_for(each, name, here) for each in schedules.waiting_for_events())


def _saying() -> ExecutionPk | None:
    """The execution of this ledger whose task says it, by the environment that tasks have."""
    found = executions.by_id(os.environ.get("SMARTSPEC_EXECUTION_ID", ""))
    return None if found is None else found.pk


def _waits_for(schedule: Schedule, name: str, workspace: WorkspacePk) -> bool:
    is_here = workflows.get(schedule.workflow).workspace == workspace
    return is_here and schedule.expression == event_expression(NamedEvent(name))


def cause_of(event: Event) -> str:
    """The key of an event, as the ledger of due times has it."""
    return f"{firings.EVENT}{event.pk}"


def event_of(cause: str) -> Event | None:
    """The event that a cause names; None for another cause."""
    key = cause.removeprefix(firings.EVENT)
    return events.find(int(key)) if key != cause and key.isdecimal() else None


def what_happened(firing: StoredFiring) -> str:
    """What tells an event from others of its kind: a file, an execution, its data; empty for a due time."""
    if not (what := _what(names_of(event_of(firing.cause)))):
        return ""
    return what if firing.count == 1 else _and_more(what, firing.count - 1)


def _what(names: Mapping[str, Json]) -> str:
    if files := texts(names.get("files")):
        count = names.get("count")
        return _and_more(files[0], count - 1) if isinstance(count, int) and count > 1 else files[0]
    if shown := as_text(names.get("shown")):
        return PurePath(shown).name
    if "number" in names:
        return f"{names['workflow']} #{names['number']}"
    return "" if names.get("data") is None else one_line(dump(names["data"]), _LONGEST_SHOWN)


def _and_more(what: str, more: int) -> Message:
    return _n("{what} and {n} more", "{what} and {n} more", more, what=what)


def names_of(event: Event | None) -> Mapping[str, Json]:
    """What templates see as `event`."""
    if event is None:
        return {}
    if event.type is EventType.SCHEDULE_EVENT:
        data = as_mapping(event.data)
        return {"name": data.get("name"), "data": data.get("data")}
    if event.type is EventType.SCHEDULE_FILE:
        return {name: value for name, value in as_mapping(event.data).items() if name not in ("chain", "was_missed")}
    if event.execution is None:
        return {}
    ended = executions.get(event.execution)
    ref = workflows.get(ended.workflow).ref if ended.workflow is not None else ended.workflow_name
    return {"workflow": ref, "execution": ended.id, "number": ended.number, "status": ended.status.value}
