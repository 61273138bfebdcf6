"""The schedules that are stored, and which of them are due."""

from __future__ import annotations

from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.event import EventType, Level
from smartspec.domain.ids import EventPk, SchedulePk, WorkflowPk, WorkspacePk, new_id
from smartspec.domain.jsontext import Json
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.errors import Conflict, ScheduleNotFound
from smartspec.messages import _
from smartspec.store import database, events, row_versions
from smartspec.store.models.fields import find
from smartspec.store.models.schedules import ScheduleRow
from smartspec.value import field_names

# As the index schedules_next has it: whoever is due is found by its key alone.
_ACTIVE = "status = 'active' AND deleted_at IS NULL"
_DUE = f"SELECT pk FROM schedules WHERE {_ACTIVE} AND next_run_at <= ? ORDER BY next_run_at, pk"  # noqa: S608
_NEXT = f"SELECT min(next_run_at) FROM schedules WHERE {_ACTIVE} AND next_run_at > ?"  # noqa: S608 - our own words
_ANY = """
    SELECT 1 FROM schedules AS s JOIN workflows AS w ON w.pk = s.workflow
    WHERE s.status = 'active' AND s.deleted_at IS NULL AND s.trigger_type <> 'manual'
    AND w.status = 'active' AND w.deleted_at IS NULL LIMIT 1
"""
_MOVE = f"UPDATE schedules SET next_run_at = ? WHERE pk = ? AND next_run_at IS ? AND {_ACTIVE}"  # noqa: S608
_IN_WORKSPACE = "workflow IN (SELECT pk FROM workflows WHERE workspace = ? AND deleted_at IS NULL)"


def add(schedule: Schedule, by: str | None) -> Schedule:
    """One that has no key and no id yet. Raises Conflict where another one of the workflow has this name."""
    values = {name: getattr(schedule, name) for name in field_names(Schedule) if name not in ("pk", "id")}
    with database.transaction():
        _check_free(schedule.workflow, schedule.name)
        made = get(SchedulePk(ScheduleRow.insert(id=new_id(), **values).execute()))
        _tell(made, EventType.SCHEDULE_CREATED, by)
    return made


def get(pk: SchedulePk | None) -> Schedule:
    """In the trash or not. Raises ScheduleNotFound."""
    for each in find(Schedule, ScheduleRow, "pk = ?", (pk,)):
        return each
    raise ScheduleNotFound(_("There is no such schedule any more."))


def by_id(id_: str) -> Schedule | None:
    """In the trash or not."""
    return next(find(Schedule, ScheduleRow, "id = ?", (id_,)), None)


def by_prefix(prefix: str) -> tuple[Schedule, ...]:
    """Up to two whose id begins so."""
    return tuple(find(Schedule, ScheduleRow, "id >= ? AND id < ? LIMIT 2", (prefix, prefix + "g")))


def named(workspace: WorkspacePk, name: str, *, deleted: bool = False) -> tuple[Schedule, ...]:
    """Those of a workspace with exactly this name, the newest first."""
    there = f"deleted_at IS {'NOT ' if deleted else ''}NULL"
    where = f"name = ? AND {there} AND {_IN_WORKSPACE} ORDER BY pk DESC"
    return tuple(find(Schedule, ScheduleRow, where, (name, workspace)))


def of_workflow(workflow: WorkflowPk, *, deleted: bool = False) -> tuple[Schedule, ...]:
    """Those that are not in the trash, or those that are; the next to be due first."""
    there = f"deleted_at IS {'NOT ' if deleted else ''}NULL"
    return tuple(find(Schedule, ScheduleRow, f"workflow = ? AND {there} ORDER BY {_ORDER}", (workflow,)))


def all_(workspace: WorkspacePk) -> tuple[Schedule, ...]:
    """Those of a workspace, the next to be due first; without what is in the trash, and of workflows that are."""
    where = f"deleted_at IS NULL AND {_IN_WORKSPACE} ORDER BY {_ORDER}"
    return tuple(find(Schedule, ScheduleRow, where, (workspace,)))


_ORDER = "status <> 'active', next_run_at IS NULL, next_run_at, pk"


def _check_free(workflow: WorkflowPk, name: str, but: SchedulePk | None = None) -> None:
    if database.rows(_NAMED, (workflow, name, but)):
        raise Conflict(_("There is already a schedule “{name}” of this workflow.", name=name))


_NAMED = "SELECT 1 FROM schedules WHERE workflow = ? AND name = ? AND deleted_at IS NULL AND pk IS NOT ?"


def update(
    schedule: Schedule, event: EventType, *, by: str | None = None, message: str | None = None,
    level: Level = Level.INFO, data: Json = None, **values: object,
) -> Schedule:  # fmt: skip
    """Change the values given. Raises Conflict where the row was changed since it was looked at, or a name is taken."""
    with database.transaction():
        if "name" in values:
            _check_free(schedule.workflow, str(values["name"]), schedule.pk)
        row_versions.change(ScheduleRow, schedule, values)
        changed = get(schedule.pk)
        _tell(changed, event, by, message, level, data)
    return changed


def _tell(
    schedule: Schedule, type_: EventType, by: str | None, message: str | None = None, level: Level = Level.INFO,
    data: Json = None,
) -> None:  # fmt: skip
    events.add(
        type_, workflow=schedule.workflow, schedule=schedule.pk, level=level, message=message,
        data=data if data is not None else {"name": schedule.name}, actor=by,
    )  # fmt: skip
    database.record_change(Topic.SCHEDULES, schedule.pk)


# What a runner asks


def due(now: datetime) -> tuple[SchedulePk, ...]:
    """Active ones whose next due time has come, the one that waits longest first. (A hot path.)"""
    return tuple(pk for (pk,) in database.rows(_DUE, (times.to_ms(now),)))


def next_due(after: datetime) -> datetime | None:
    """The first later due time of any active one. (A hot path.)"""
    found = database.scalar(_NEXT, (times.to_ms(after),))
    return None if found is None else times.from_ms(found)


def active() -> tuple[Schedule, ...]:
    return tuple(find(Schedule, ScheduleRow, f"{_ACTIVE} ORDER BY pk"))


def waiting_for_events() -> tuple[Schedule, ...]:
    """The active ones that something else than the time starts. (A hot path.)"""
    where = f"{_ACTIVE} AND next_run_at IS NULL AND trigger_type = 'event' ORDER BY pk"
    return tuple(find(Schedule, ScheduleRow, where))


def waiting_for_files() -> tuple[Schedule, ...]:
    """Those of them that files start. (A hot path.)"""
    where = f"{_ACTIVE} AND next_run_at IS NULL AND trigger_type = 'event' AND expression LIKE 'file %' ORDER BY pk"
    return tuple(find(Schedule, ScheduleRow, where))


def first_due(workspace: WorkspacePk) -> Schedule | None:
    """Of those of a workspace that fire the one that is due first."""
    where = f"{_ACTIVE} AND next_run_at IS NOT NULL AND {_IN_WORKSPACE} ORDER BY next_run_at, pk LIMIT 1"
    return next(find(Schedule, ScheduleRow, where, (workspace,)), None)


def any_in_error(workspace: WorkspacePk) -> bool:
    where = f"status = 'error' AND deleted_at IS NULL AND {_IN_WORKSPACE}"
    return database.scalar(f"SELECT 1 FROM schedules WHERE {where} LIMIT 1", (workspace,)) is not None  # noqa: S608


def count_in_error(workspace: WorkspacePk) -> int:
    where = f"status = 'error' AND deleted_at IS NULL AND {_IN_WORKSPACE}"
    return int(database.scalar(f"SELECT count(*) FROM schedules WHERE {where}", (workspace,)) or 0)  # noqa: S608


def count_active() -> int:
    """How many are to start something by themselves, in all workspaces."""
    where = f"{_ACTIVE} AND trigger_type <> 'manual'"
    return int(database.scalar(f"SELECT count(*) FROM schedules WHERE {where}") or 0)  # noqa: S608


def any_active() -> bool:
    """Whether anything is to start by itself: its workflow is in use."""
    return database.scalar(_ANY) is not None


def move(schedule: Schedule, next_run_at: datetime | None) -> bool:
    """Its next due time, if nobody has moved it since it was looked at. Inside a transaction."""
    before, after = (None if each is None else times.to_ms(each) for each in (schedule.next_run_at, next_run_at))
    moved = database.execute(_MOVE, (after, schedule.pk, before)).rowcount
    database.record_change(Topic.SCHEDULES, schedule.pk)
    return bool(moved)


def move_or_end(schedule: Schedule, next_run_at: datetime | None) -> None:
    """Its next due time; without one it has expired. Inside a transaction."""
    if next_run_at is None:
        end(schedule, ScheduleStatus.EXPIRED)
    else:
        move(schedule, next_run_at)


def put_away_at(workflow: WorkflowPk) -> datetime | None:
    """When a workflow was last taken out of use, into the archive or the trash; None: that is not known."""
    found = database.scalar(_PUT_AWAY, (workflow,))
    return None if found is None else times.from_ms(found)


_PUT_AWAY = """
    SELECT min(at) FROM events WHERE workflow = ?1 AND execution IS NULL
    AND type IN ('workflow_deactivated', 'workflow_archived', 'workflow_deleted')
    AND pk > coalesce((
        SELECT max(pk) FROM events WHERE workflow = ?1 AND execution IS NULL
        AND type IN ('workflow_created', 'workflow_activated', 'workflow_restored')
    ), 0)
"""


def last_change(schedule: Schedule) -> EventPk:
    """The event of its last change: what is older was before it."""
    return EventPk(database.scalar(_LAST_CHANGE, (schedule.workflow, schedule.pk)) or 0)


_LAST_CHANGE = (
    "SELECT max(pk) FROM events WHERE workflow = ? AND execution IS NULL AND schedule = ?"
    " AND type IN ('schedule_created', 'schedule_updated', 'schedule_resumed', 'schedule_restored')"
)


def pause_of(schedule: Schedule) -> tuple[datetime, str]:
    """Since when it is paused, and by whom."""
    found = database.rows(_PAUSED, (schedule.workflow, schedule.pk))
    return (times.from_ms(found[0][0]), found[0][1] or "") if found else (schedule.updated_at, "")


_PAUSED = (
    "SELECT at, actor FROM events WHERE workflow = ? AND execution IS NULL AND schedule = ?"
    " AND type = 'schedule_paused' ORDER BY pk DESC LIMIT 1"
)


def end(schedule: Schedule, status: ScheduleStatus, error: str | None = None) -> Schedule:
    """It will not be due again: it has expired, or nobody can tell when it would be."""
    is_error = status is ScheduleStatus.ERROR
    type_ = EventType.SCHEDULE_ERROR if is_error else EventType.SCHEDULE_EXPIRED
    level = Level.ERROR if is_error else Level.INFO
    return update(schedule, type_, message=error, level=level, status=status, error=error, next_run_at=None)


def count_run(schedule: SchedulePk, now: datetime) -> None:
    """One of its executions begins. Inside the transaction that makes it."""
    database.execute(_COUNT_RUN, (times.to_ms(now), schedule))
    database.record_change(Topic.SCHEDULES, schedule)


_COUNT_RUN = (
    "UPDATE schedules SET run_count = run_count + 1, last_run_at = max(coalesce(last_run_at, ?1), ?1) WHERE pk = ?2"
)
_COUNTED = {"completed": "success_count", "failed": "failure_count", "timeout": "failure_count"}


def count_ended(schedule: int | None, status: str, by: int = 1) -> None:
    """One of its executions has ended so; with -1 it has not any more. Inside the transaction of that change."""
    if schedule is not None and status in _COUNTED:
        column = _COUNTED[status]
        sql = f"UPDATE schedules SET {column} = {column} + ? WHERE pk = ?"  # noqa: S608 - our own columns
        database.execute(sql, (by, schedule))
        database.record_change(Topic.SCHEDULES, SchedulePk(schedule))
