"""The due times that were decided about, one row each; consecutive ones that were passed over alike are one row.

A row stands before anything starts: that there is no second one for a due time and cause is a fact of the table.
"""

from __future__ import annotations

from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.event import EventType, Level
from smartspec.domain.ids import EventPk, ExecutionPk, FiringPk, SchedulePk
from smartspec.domain.page import Page
from smartspec.domain.schedule.firing import CLOCK, Decision, Firing
from smartspec.domain.schedule.policy import Misfire
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.store import database, events, paging, schedules
from smartspec.store.models.fields import LATEST_MS, find
from smartspec.store.models.schedules import FiringRow

EVENT = "event "  # how the causes begin of what the ledger has a line about
BY_HAND = "hand"  # how the causes begin of a period that somebody asked for
_MISSED = (Decision.SKIPPED_MISSED, Decision.SKIPPED_ASLEEP)
_LAST_TO = (
    "SELECT decision, fired_at, coalesce(until, scheduled_for) FROM schedule_firings"
    " WHERE schedule = ? AND scheduled_for <= ? AND cause = '' ORDER BY scheduled_for DESC LIMIT 1"
)
_ADD = (
    "INSERT INTO schedule_firings (schedule, scheduled_for, cause, until, count, decision, reason, fired_at, execution)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# Only the last row of a schedule grows, and only by what is like it and later.
_GROW = (
    "UPDATE schedule_firings SET until = ?, count = count + ? WHERE pk = ("
    "SELECT pk FROM schedule_firings WHERE schedule = ? AND cause = '' ORDER BY scheduled_for DESC LIMIT 1)"
    " AND decision = ? AND reason IS ? AND execution IS NULL AND coalesce(until, scheduled_for) < ?"
)
# A pause ends what waited when it began, but what somebody asked for.
_END_WAITING = (
    "UPDATE schedule_firings SET decision = ?, reason = ? WHERE schedule = ? AND execution IS NULL"
    " AND decision IN ('caught_up', 'queued', 'replaced') AND scheduled_for < ? AND cause NOT LIKE ?"
)
# Of events: the last row of all, whenever it was; several may come in one moment.
_GROW_EVENT = (
    "UPDATE schedule_firings SET count = count + ?1,"
    " until = CASE WHEN ?2 > coalesce(until, scheduled_for) THEN ?2 ELSE until END WHERE pk = ("
    "SELECT max(pk) FROM schedule_firings WHERE schedule = ?3)"
    " AND cause <> '' AND decision = ?4 AND reason IS ?5 AND execution IS NULL"
)
_COUNT_MISSED = "UPDATE schedules SET missed_count = missed_count + ? WHERE pk = ?"
_COUNT_FAILED = "UPDATE schedules SET failure_count = failure_count + 1 WHERE pk = ?"
# As the index schedule_firings_waiting has it.
_WAITS = (
    "SELECT 1 FROM schedule_firings WHERE schedule = ? AND execution IS NULL"
    " AND decision IN ('caught_up', 'queued', 'replaced')"
)
_QUEUED = (
    "SELECT count(*) FROM schedule_firings WHERE schedule = ? AND execution IS NULL"
    " AND decision IN ('caught_up', 'queued', 'replaced') AND decision <> 'caught_up'"
)


def free_cause(schedule: SchedulePk, due: datetime, now: datetime) -> str | None:
    """Under which cause a row for this due time can be written; None: it was decided about.

    What was passed over at a moment that is still to come was passed over by a clock that was wrong. Inside a
    transaction nobody else writes one meanwhile.
    """
    at = times.to_ms(due)
    decision, fired_at, until = next(iter(database.rows(_LAST_TO, (schedule, at))), (None, 0, at - 1))
    if until < at:  # of a row for several, none is in it
        return ""
    was_wrong = Decision(decision) in _MISSED and fired_at > times.to_ms(now)
    return CLOCK if was_wrong and not is_decided(schedule, due, CLOCK) else None


def decided_until(schedule: SchedulePk) -> datetime | None:
    """The last due time that was decided about; it is still to come where the clock was wrong."""
    found = database.rows(_LAST_TO, (schedule, LATEST_MS))
    return times.from_ms(found[0][2]) if found else None


def add(schedule: Schedule, firing: Firing, now: datetime) -> None:
    """Inside a transaction. What is like the row before it makes that row longer, unless something starts for it.

    Raises QueryFailed where there is a row for this due time and cause.
    """
    first, last = times.to_ms(firing.scheduled_for), times.to_ms(firing.last)
    alike = (firing.decision.value, firing.reason or None)
    if _stands_alone(schedule, firing) or not _grow(schedule, firing, alike):
        end = last if firing.count > 1 else None
        values = (schedule.pk, first, firing.cause, end, firing.count, *alike, times.to_ms(now), firing.execution)
        database.execute(_ADD, values)
        _tell(schedule, firing, now)
    if firing.decision is Decision.SKIPPED_PAUSED:
        database.execute(_END_WAITING, (*alike, schedule.pk, first, f"{BY_HAND} %"))
    if firing.execution is not None:
        schedules.count_run(schedule.pk, now)
    elif firing.decision in _MISSED:
        database.execute(_COUNT_MISSED, (firing.count, schedule.pk))
    elif firing.decision is Decision.COULD_NOT_START:
        database.execute(_COUNT_FAILED, (schedule.pk,))
    database.record_change(Topic.SCHEDULES, schedule.pk)


def _grow(schedule: Schedule, firing: Firing, alike: tuple[str, str | None]) -> bool:
    """Whether the row before is like it, and stands for both now."""
    first, last = times.to_ms(firing.scheduled_for), times.to_ms(firing.last)
    if firing.cause.startswith(EVENT):
        return database.execute(_GROW_EVENT, (firing.count, last, schedule.pk, *alike)).rowcount > 0
    return not firing.cause and (database.execute(_GROW, (last, firing.count, schedule.pk, *alike, first)).rowcount > 0)


def _stands_alone(schedule: Schedule, firing: Firing) -> bool:
    """Something starts for it, or will: for each that a condition held up where all are made up for, or are events."""
    is_held_up = firing.decision is Decision.SKIPPED_CONDITION
    return firing.decision.starts or (is_held_up and (schedule.misfire is Misfire.ALL or bool(firing.cause)))


def waits(firing: FiringPk) -> bool:
    """Whether nothing has been started for a row; inside a transaction nobody else does meanwhile."""
    return bool(database.rows("SELECT 1 FROM schedule_firings WHERE pk = ? AND execution IS NULL", (firing,)))


def start(schedule: SchedulePk, waiting: FiringPk, execution: ExecutionPk, now: datetime) -> None:
    """Note what runs for a row that waited. Inside a transaction."""
    database.execute("UPDATE schedule_firings SET execution = ? WHERE pk = ?", (execution, waiting))
    schedules.count_run(schedule, now)


def _tell(schedule: Schedule, firing: Firing, now: datetime) -> None:
    is_missed, decision = firing.decision in _MISSED, firing.decision
    events.add(
        EventType.SCHEDULE_FIRED if decision.starts else EventType.SCHEDULE_SKIPPED,
        workflow=None if firing.execution is None else schedule.workflow,  # else it would stand among its changes
        schedule=schedule.pk, execution=firing.execution,
        level=Level.ERROR if decision is Decision.COULD_NOT_START else Level.WARN if is_missed else Level.INFO,
        message=firing.reason or None, data={"decision": decision.value}, at_ms=times.to_ms(now),
    )  # fmt: skip


def has_waiting(schedule: SchedulePk) -> bool:
    """Whether anything of it was decided and is still to be started, paused or not."""
    return database.scalar(_WAITS, (schedule,)) is not None


def is_decided(schedule: SchedulePk, at: datetime, cause: str) -> bool:
    """Whether there is a row for this cause; inside a transaction nobody else makes one meanwhile."""
    sql = "SELECT 1 FROM schedule_firings WHERE schedule = ? AND scheduled_for = ? AND cause = ?"
    return bool(database.rows(sql, (schedule, times.to_ms(at), cause)))


def take_event(schedule: SchedulePk, event: EventPk) -> bool:
    """Whether it is the first time that this event is decided about for the schedule. Inside the transaction of that:
    events are looked at in their order, by each runner."""
    sql = "UPDATE schedules SET decided_event = ?1 WHERE pk = ?2 AND coalesce(decided_event, 0) < ?1"
    return database.execute(sql, (event, schedule)).rowcount > 0


def started_since(schedule: SchedulePk, since: datetime, now: datetime) -> int:
    """How many of its rows of this time started something, or will."""
    return int(database.scalar(_STARTED, (schedule, times.to_ms(since), times.to_ms(now))))


_STARTED = (
    "SELECT count(*) FROM schedule_firings WHERE schedule = ? AND scheduled_for > ? AND scheduled_for <= ?"
    " AND decision IN ('ran', 'caught_up', 'queued', 'replaced')"
)


def caught_up_since(schedule: SchedulePk, since: datetime) -> int:
    """How many of its rows make up for something, of those that were written from then on."""
    sql = "SELECT count(*) FROM schedule_firings WHERE schedule = ? AND fired_at >= ? AND decision = 'caught_up'"
    return int(database.scalar(sql, (schedule, times.to_ms(since))))


def cause_of(execution: ExecutionPk) -> str:
    """What an execution was started for beside a time; empty: nothing."""
    sql = "SELECT cause FROM schedule_firings WHERE execution = ? AND execution IS NOT NULL LIMIT 1"
    return str(database.scalar(sql, (execution,)) or "")


def last_before(schedule: SchedulePk, now: datetime) -> datetime | None:
    """The last due time up to now that was decided about."""
    found = database.scalar(_LAST, (schedule, times.to_ms(now)))
    return None if found is None else min(times.from_ms(found), now)


_LAST = (
    "SELECT coalesce(until, scheduled_for) FROM schedule_firings WHERE schedule = ? AND scheduled_for <= ?"
    " AND cause = '' ORDER BY scheduled_for DESC LIMIT 1"
)


def queued(schedule: SchedulePk) -> int:
    """How many of its rows wait for what is active to end."""
    return int(database.scalar(_QUEUED, (schedule,)))


def newest(schedule: SchedulePk, limit: int) -> tuple[StoredFiring, ...]:
    """The latest due time first, without those of a period that somebody asked for."""
    where = "schedule = ? AND cause NOT LIKE ? ORDER BY scheduled_for DESC, pk DESC LIMIT ?"
    return tuple(find(StoredFiring, FiringRow, where, (schedule, f"{BY_HAND} %", limit)))


def page(schedule: SchedulePk, after: str | None = None, limit: int = 50) -> Page[StoredFiring]:
    """Those of a schedule, the latest due time first."""
    where, values = "schedule = ?", list[object]([schedule])
    if after is not None:
        where, values = f"{where} AND (scheduled_for, pk) < (?, ?)", [*values, *map(int, paging.cursor(after, 2))]
    where += " ORDER BY scheduled_for DESC, pk DESC LIMIT ?"
    found = tuple(find(StoredFiring, FiringRow, where, [*values, limit + 1]))
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], cursor_after(found[limit - 1]))


def cursor_after(firing: StoredFiring) -> str:
    """Where a page goes on that ended with this one."""
    return paging.next_key(times.to_ms(firing.scheduled_for), firing.pk)
