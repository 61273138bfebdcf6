"""What schedules that wait for files have seen: begun when they are saved, gone on with by whoever looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from smartspec.commands.file_chains import chain_to
from smartspec.commands.file_scans import FileScans
from smartspec.commands.folder_scan import absolute
from smartspec.commands.schedule_input import names_event
from smartspec.domain import times
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.domain.schedule.events import FileChange, FileEvent, parse_event
from smartspec.domain.schedule.file_watch import WHOLE, FileHappening, FileStamp, Looked, Place, Sight, Watch, look
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.watch_words import problem_in_words
from smartspec.domain.text import escape_undecodable, replace_unstorable
from smartspec.errors import Invalid
from smartspec.messages import Message, _
from smartspec.store import database, schedules, watches, workflows
from smartspec.value import replace

_PATIENCE_S = 2.0  # of whoever saves; a runner has more
_MOST_NAMES = 100  # of the files that are told of together


def file_event(schedule: Schedule) -> FileEvent | None:
    """What it waits for; None: no files, or in words of another version of the program."""
    if schedule.trigger_type is not TriggerType.EVENT:
        return None
    try:
        event = parse_event(schedule.expression or "")
    except Invalid:
        return None
    return event if isinstance(event, FileEvent) else None


def check_event(event: FileEvent) -> FileEvent:
    """The same. Raises Invalid where the program itself would start it again and again."""
    folder, ledger = Path(absolute(event.path)), database.path().parent.absolute()
    if folder == ledger or (event.recursive and folder in ledger.parents):
        raise Invalid(_("SmartSpec itself writes into {ledger}: name another folder.", ledger=ledger))
    return event


def first_sight(schedule: Schedule) -> Sight | None:
    """What is there now, for a schedule that is about to be saved; None: it waits for no files, or for nothing yet."""
    event = file_event(schedule)
    if event is None or schedule.status is not ScheduleStatus.ACTIVE:
        return None
    return FileScans(patience_s=_PATIENCE_S).scan(event).sight


def begin(schedule: Schedule, sight: Sight | None, now: datetime) -> None:
    """What is there now has happened already. Inside the transaction that saves the schedule."""
    if sight is not None:
        event = file_event(schedule)
        assert event is not None, "it was looked at"
        watches.begin(_watch(schedule, _look(event, sight), now))


def waiting_for_files() -> list[tuple[Schedule, FileEvent]]:
    """The active schedules that a runner has to look for."""
    found = ((each, file_event(each)) for each in schedules.waiting_for_files())
    return [(schedule, event) for schedule, event in found if event is not None]


def stored(schedule: Schedule) -> Watch | None:
    """What was seen of what it waits for now."""
    found = watches.find(schedule.pk)
    return found if found is not None and found.expression == schedule.expression else None


def write(schedule: Schedule, event: FileEvent, before: Watch | None, looked: Looked, now: datetime) -> Watch | None:
    """What a look has found, with an event for all that happened; None: another runner was quicker, look again."""
    if before is not None and looked.seen is before.seen and looked.problem == before.problem:
        return before
    after = _watch(schedule, looked, now)
    workspace = workflows.get(schedule.workflow).workspace
    with database.transaction():
        current = schedules.by_id(schedule.id)
        if current is None or current.row_version != schedule.row_version:
            return None
        if before is None:
            if stored(schedule) is not None:
                return None
            watches.begin(after)
        elif not watches.advance(before, after):
            return None
        for each in looked.happenings:
            told = _told(event, each)
            if isinstance(path := told.get("path"), str):
                told["chain"] = chain_to(path, _moment(each.stamp.modified_ns), workspace)
            watches.tell(schedule.pk, told, now)
    return after if before is None else replace(after, revision=before.revision + 1)


def note_looks(seen: Iterable[Watch], now: datetime) -> None:
    """That up to now nothing else has happened."""
    with database.transaction():
        for each in seen:
            watches.advance(each, replace(each, looked_at=now))


def folder_to_choose_in(schedule: Schedule) -> str | None:
    """Where the files lie one of which it needs when it is run by hand; None: it needs none."""
    event = file_event(schedule)
    return None if event is None or not names_event(schedule) else absolute(event.path)


def as_if_noticed(schedule: Schedule, path: str) -> JsonObject:
    """What its input would see of a file. Raises Invalid where it waits for none, or the file is not there."""
    event = file_event(schedule)
    if event is None:
        raise Invalid(_("“{name}” waits for no files.", name=schedule.name))
    sight = FileScans(patience_s=_PATIENCE_S).scan(FileEvent(FileChange.CHANGED, path)).sight
    if sight.problem or sight.place is Place.MISSING:
        raise Invalid(problem_in_words(sight.problem or "missing", path))
    stamp = sight.files.get(WHOLE, FileStamp(0, 0))
    return _told(replace(event, path=path), FileHappening(WHOLE, stamp))


def problem(schedule: Schedule) -> Message | None:
    """Why nothing, or not all, is seen of what it waits for, in words; None: all is seen, or nobody looks."""
    if schedule.status is not ScheduleStatus.ACTIVE:
        return None
    event, code = file_event(schedule), watches.problem_of(schedule.pk)
    return None if event is None or not code else problem_in_words(code, event.path)


def _look(event: FileEvent, sight: Sight) -> Looked:
    return look(event, Looked(None), sight, elapsed_ms=0, now_ns=0)


def _watch(schedule: Schedule, looked: Looked, now: datetime) -> Watch:
    return Watch(schedule.pk, schedule.expression or "", looked.seen, looked.problem, now)


def _told(event: FileEvent, each: FileHappening) -> dict[str, Json]:
    """What templates see as `event`. A name that is not UTF-8 has no path that an input could hold."""
    of = Path(absolute(event.path), each.name)  # the whole has no name of its own
    path = str(of)
    told: dict[str, Json] = {"change": event.change.value, "shown": escape_undecodable(path)}
    if replace_unstorable(path) == path:
        told |= {"path": path, "name": of.name, "folder": str(of.parent)}
    if event.change is FileChange.QUIET:
        names = [name for name in each.names if replace_unstorable(name) == name]
        told |= {"files": [*names[:_MOST_NAMES]], "count": len(each.names)}
    else:
        told |= {"size": each.stamp.size, "modified_at": _moment(each.stamp.modified_ns).isoformat()}
    return told | ({"was_missed": True} if each.was_missed else {})


def _moment(modified_ns: int) -> datetime:
    """Within what a date can be: a disk may say anything."""
    try:
        return times.from_ms(modified_ns // 1_000_000)
    except (OverflowError, ValueError, OSError):
        return times.from_ms(0)
