"""What the schedules that wait for files have told of, file by file; only what differs is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.event import EventType, Level
from smartspec.domain.ids import SchedulePk
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.schedule.file_watch import FileStamp, Place, Seen, Watch
from smartspec.store import database, events

_GET = "SELECT expression, revision, place, device, problem, looked_at FROM schedule_watches WHERE schedule = ?"
_FILES = "SELECT name, modified_ns, size, inode, changed_ns FROM watched_files WHERE schedule = ?"
_BEGIN = (
    "INSERT INTO schedule_watches (schedule, expression, place, device, problem, looked_at) VALUES (?, ?, ?, ?, ?, ?)"
)
_ADVANCE = (
    "UPDATE schedule_watches SET revision = revision + 1, place = ?, device = ?, problem = ?, looked_at = ?"
    " WHERE schedule = ? AND revision = ?"
)
_SET_FILE = "INSERT OR REPLACE INTO watched_files VALUES (?, ?, ?, ?, ?, ?)"
_DROP_FILE = "DELETE FROM watched_files WHERE schedule = ? AND name = ?"


def find(schedule: SchedulePk) -> Watch | None:
    for expression, revision, place, device, problem, looked_at in database.rows(_GET, (schedule,)):
        seen = None if place is None else Seen(Place(place), _files(schedule), device)
        return Watch(schedule, expression, seen, problem, times.from_ms(looked_at), revision)
    return None


def problem_of(schedule: SchedulePk) -> str:
    return str(database.scalar("SELECT problem FROM schedule_watches WHERE schedule = ?", (schedule,)) or "")


def begin(watch: Watch) -> None:
    """Anew, with what is there. Inside a transaction."""
    database.execute("DELETE FROM schedule_watches WHERE schedule = ?", (watch.schedule,))
    place, device = (None, None) if watch.seen is None else (watch.seen.place.value, watch.seen.device)
    at = times.to_ms(watch.looked_at)
    database.execute(_BEGIN, (watch.schedule, watch.expression, place, device, watch.problem, at))
    _write(watch.schedule, {}, {} if watch.seen is None else watch.seen.files)
    _tell(watch, "")


def advance(before: Watch, after: Watch) -> bool:
    """Whether it was as `before` still is; else another runner has looked. Inside a transaction."""
    place, device = (None, None) if after.seen is None else (after.seen.place.value, after.seen.device)
    at = times.to_ms(after.looked_at)
    values = (place, device, after.problem, at, before.schedule, before.revision)
    if not database.execute(_ADVANCE, values).rowcount:
        return False
    _write(after.schedule, _files_of(before), _files_of(after))
    _tell(after, before.problem)
    return True


def tell(schedule: SchedulePk, data: JsonObject, now: datetime) -> None:
    """That something happened to its files. Inside the transaction of what was seen."""
    events.add(EventType.SCHEDULE_FILE, schedule=schedule, data=data, at_ms=times.to_ms(now))


def _tell(watch: Watch, before: str) -> None:
    if watch.problem == before:
        return
    type_, level = EventType.SCHEDULE_FILES_SEEN, Level.INFO
    if watch.problem:
        type_, level = EventType.SCHEDULE_FILES_UNSEEN, Level.WARN
    at = times.to_ms(watch.looked_at)
    events.add(type_, schedule=watch.schedule, level=level, message=watch.problem or None, at_ms=at)
    database.record_change(Topic.SCHEDULES, watch.schedule)


def _files_of(watch: Watch) -> Mapping[str, FileStamp]:
    return {} if watch.seen is None else watch.seen.files


def _files(schedule: SchedulePk) -> dict[str, FileStamp]:
    return {os.fsdecode(name): FileStamp(*stamp) for name, *stamp in database.rows(_FILES, (schedule,))}


def _write(schedule: SchedulePk, before: Mapping[str, FileStamp], after: Mapping[str, FileStamp]) -> None:
    for name in before.keys() - after.keys():
        database.execute(_DROP_FILE, (schedule, os.fsencode(name)))
    for name, each in after.items():
        if before.get(name) != each:
            values = (each.modified_ns, each.size, each.inode, each.changed_ns)
            database.execute(_SET_FILE, (schedule, os.fsencode(name), *values))
