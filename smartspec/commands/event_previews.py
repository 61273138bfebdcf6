"""What an event would have started in the last days, and what of it lies there already: before there is a schedule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from smartspec.commands.environment import home
from smartspec.commands.file_scans import FileScans
from smartspec.commands.folder_scan import absolute
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.jsontext import as_mapping, dump
from smartspec.domain.schedule.event_matching import fits_end
from smartspec.domain.schedule.events import (
    ComputerWoke,
    FileEvent,
    NamedEvent,
    WorkflowEvent,
    parse_event,
    with_folder,
)
from smartspec.domain.schedule.file_watch import FileStamp, Place, problem_of
from smartspec.domain.schedule.watch_words import problem_in_words
from smartspec.domain.text import escape_undecodable, one_line
from smartspec.formatting import format_duration
from smartspec.messages import Message
from smartspec.store import outcomes, past_events, workspaces
from smartspec.value import frozen

DAYS = 7
_PATIENCE_S = 2.0
_MOST = 500
_LONGEST = 200
_scans = FileScans(patience_s=_PATIENCE_S)  # what did not answer is not asked again with each letter


@frozen
class PastEvent:
    """`what` tells it apart from others: the name of a file, #12, the data that were said."""

    at: datetime
    what: str


@frozen
class EventPreview:
    """`past` is what happened in the last `DAYS`, the newest first; None: nobody knows. Of files it is when they were
    changed last. `fitting` are those that lie there, by their names below the folder, the newest first; `problem` is
    why they, or some of them, cannot be seen."""

    past: tuple[PastEvent, ...] | None
    fitting: tuple[str, ...] = ()
    folder: str = ""
    problem: Message | None = None


def preview_event(expression: str, workspace: str = DEFAULT) -> EventPreview:
    """Raises Invalid for what is no event, WorkflowNotFound."""
    event, now = parse_event(expression), times.now()
    since = now - timedelta(days=DAYS)
    match event:
        case FileEvent():
            return _of_files(with_folder(event, home()), since)
        case WorkflowEvent():
            return EventPreview(tuple(_ends(event, since, workspace)))
        case NamedEvent():
            return EventPreview(tuple(_said(event, since, workspace)))
        case ComputerWoke():
            return EventPreview(tuple(_woke(since)))
    return EventPreview(None)


def _of_files(event: FileEvent, since: datetime) -> EventPreview:
    sight = _scans.scan(event).sight
    newest = sorted(sight.files.items(), key=lambda each: each[1].modified_ns, reverse=True)
    past = [PastEvent(at, _name(event, name)) for name, stamp in newest if (at := _changed_at(stamp)) >= since]
    code = problem_of(event, sight)
    is_seen = not sight.problem and sight.place is not Place.MISSING
    return EventPreview(
        tuple(past) if is_seen else None, tuple(_name(event, name) for name, _stamp in newest), absolute(event.path),
        problem_in_words(code, event.path) if code else None,
    )  # fmt: skip


def _name(event: FileEvent, name: str) -> str:
    return escape_undecodable(name or event.path)


def _changed_at(stamp: FileStamp) -> datetime:
    try:
        return times.from_ms(stamp.modified_ns // 1_000_000)
    except (OverflowError, ValueError):  # a disk may say anything
        return times.from_ms(0)


def _ends(event: WorkflowEvent, since: datetime, workspace: str) -> Iterator[PastEvent]:
    workflow = get_workflow(event.ref, workspace)
    for pk, number, status, at in past_events.ended(workflow.pk, since, _MOST):
        if fits_end(event, event.ref, status, outcomes.before(workflow.pk, pk)):
            yield PastEvent(at, f"#{number}")


def _said(event: NamedEvent, since: datetime, workspace: str) -> Iterator[PastEvent]:
    here = workspaces.get(workspace).pk
    for each in past_events.of_type(EventType.SCHEDULE_EVENT, since):
        said = as_mapping(each.data)
        if (said.get("name"), said.get("workspace")) == (event.name, here):
            yield PastEvent(each.at, "" if said.get("data") is None else one_line(dump(said["data"]), _LONGEST))


def _woke(since: datetime) -> Iterator[PastEvent]:
    for each in past_events.of_type(EventType.CLOCK_SLEPT, since):
        slept = as_mapping(each.data)
        begin, end = slept.get("from"), slept.get("until")
        if isinstance(begin, int) and isinstance(end, int):
            yield PastEvent(each.at, format_duration(end - begin))
