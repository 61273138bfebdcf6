"""What alerts are raised by, as the rows have it: what runs, what failed, what was due and has not succeeded.

Every statement leaves out in SQL what is well: of thousands of schedules a look reads a few.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from smartspec.domain import times
from smartspec.domain.alert import rules
from smartspec.domain.alert.rules import WorkflowRules
from smartspec.domain.ids import EventPk, ExecutionPk, SchedulePk, WorkflowPk
from smartspec.domain.jsontext import Json, dump
from smartspec.store import database
from smartspec.value import frozen

_ENDED = "('completed', 'failed', 'timeout', 'cancelled')"
_TIMED = "('cron', 'interval', 'once')"
_NOT_OWED = "('skipped_paused', 'skipped_blackout')"  # a person said so


@frozen
class Owner:
    """The workflow that something is of."""

    pk: WorkflowPk
    id: str
    name: str
    rules: WorkflowRules


@frozen
class RunningFact:
    """An execution that runs, and is no part of another; `begun` is when it began last, after a pause or a re-run, and
    `event` the one that says so, 0 where none does.
    """

    pk: ExecutionPk
    id: str
    number: int
    name: str
    begun: datetime
    event: EventPk
    owner: Owner | None


@frozen
class FailingFact:
    owner: Owner
    failed: int
    total: int


@frozen
class ScheduleFact:
    """`success` is when the last one was; `undecided` a due time that has come and that nobody decided about."""

    pk: SchedulePk
    id: str
    name: str
    owner: Owner
    success: datetime | None
    undecided: datetime | None


@frozen
class DueFact:
    """A due time that was to be: when it was decided about, how, and why so."""

    due: datetime
    decided_at: datetime
    decision: str
    reason: str


@frozen
class RecordedFact:
    """A workflow that no schedule of ours starts; `success` is when the last one began."""

    owner: Owner
    success: datetime | None


_RUNNING = """
WITH runs AS MATERIALIZED (
    SELECT e.pk, e.id, e.number, e.workflow_name, e.workflow, coalesce(e.started_at, e.created_at) AS first, (
        SELECT v.pk FROM events AS v WHERE v.execution = e.pk AND v.type = 'execution_started'
        ORDER BY v.pk DESC LIMIT 1
    ) AS event
    FROM executions AS e
    WHERE e.status = 'running' AND e.deleted_at IS NULL AND e.parent IS NULL ORDER BY e.created_at LIMIT 1000
)
SELECT r.pk, r.id, r.number, r.workflow_name, w.pk, w.id, w.name, w.preferences, coalesce(v.at, r.first),
    coalesce(r.event, 0)
FROM runs AS r LEFT JOIN workflows AS w ON w.pk = r.workflow LEFT JOIN events AS v ON v.pk = r.event
"""
_SLEPT = """
SELECT coalesce(sum(max(0, min(?3, data ->> 'until') - max(?2, data ->> 'from'))), 0) FROM events
WHERE pk > ?1 AND type = 'clock_slept' AND json_valid(data)
"""
_FAILING = f"""
WITH bad AS MATERIALIZED (
    SELECT workflow, count(*) AS failed FROM executions
    WHERE status IN ('failed', 'timeout') AND deleted_at IS NULL AND created_at >= ?1 AND workflow IS NOT NULL
    GROUP BY workflow
)
SELECT w.pk, w.id, w.name, w.preferences, bad.failed, (
    SELECT count(*) FROM executions AS e
    WHERE e.workflow = w.pk AND e.status IN {_ENDED} AND e.deleted_at IS NULL AND e.created_at >= ?1
)
FROM bad JOIN workflows AS w ON w.pk = bad.workflow WHERE w.deleted_at IS NULL AND w.status <> 'archived'
"""  # noqa: S608 - our own words
# An execution by hand makes up for a schedule's; what another schedule of the workflow started does not.
_SUCCESS = """
    SELECT e.completed_at FROM executions AS e
    WHERE e.workflow = s.workflow AND e.status = 'completed' AND e.deleted_at IS NULL
    AND (e.schedule = s.pk OR e.schedule IS NULL) ORDER BY e.created_at DESC LIMIT 1
"""
_OWED = f"""
    SELECT 1 FROM schedule_firings AS f
    WHERE f.schedule = s.pk AND f.scheduled_for > coalesce(success, 0) AND f.scheduled_for <= ?1 AND f.fired_at <= ?1
    AND f.cause = '' AND f.decision NOT IN {_NOT_OWED}
"""  # noqa: S608 - our own words
_UNDECIDED = "(s.status = 'active' AND s.next_run_at <= ?1 AND s.next_run_at > coalesce(success, 0))"
_SCHEDULES = f"""
WITH timed AS MATERIALIZED (
    SELECT s.pk, s.id, s.name, s.workflow, s.next_run_at, s.status, ({_SUCCESS}) AS success FROM schedules AS s
    WHERE s.deleted_at IS NULL AND s.trigger_type IN {_TIMED}
    AND (s.status = 'active' OR (s.status = 'expired' AND s.updated_at >= ?2))
    AND (?3 IS NULL OR s.pk IN (SELECT value FROM json_each(?3)))
)
SELECT s.pk, s.id, s.name, w.pk, w.id, w.name, w.preferences, s.success, iif({_UNDECIDED}, s.next_run_at, NULL)
FROM timed AS s JOIN workflows AS w ON w.pk = s.workflow
WHERE w.deleted_at IS NULL AND w.status = 'active' AND ({_UNDECIDED} OR EXISTS ({_OWED}))
"""  # noqa: S608 - our own words
_FIRST_OWED = f"""
SELECT scheduled_for, fired_at, decision, coalesce(reason, '') FROM schedule_firings
WHERE schedule = ? AND scheduled_for > ? AND cause = '' AND decision NOT IN {_NOT_OWED} ORDER BY scheduled_for LIMIT 1
"""  # noqa: S608 - our own words
_BEGAN = """
SELECT max(at) FROM events WHERE workflow = ?1 AND execution IS NULL AND (
    (schedule = ?2 AND type IN ('schedule_created', 'schedule_resumed', 'schedule_restored'))
    OR type IN ('workflow_activated', 'workflow_restored')
)
"""
_NEWEST = """
    SELECT {wanted} FROM executions AS e
    WHERE e.workflow = w.pk AND e.status = 'completed' AND e.deleted_at IS NULL ORDER BY e.created_at DESC LIMIT 1
"""
# What was entered by hand or imported has no beginning: nobody was there to see it.
_SEEN = """e.kind = 'command' OR (e.kind = 'external' AND EXISTS (
    SELECT 1 FROM events AS v WHERE v.execution = e.pk AND v.type = 'execution_started'
))"""
_RECORDED = f"""
WITH others AS MATERIALIZED (
    SELECT w.pk, w.id, w.name, w.preferences, ({_NEWEST.format(wanted="e.created_at")}) AS success FROM workflows AS w
    WHERE w.deleted_at IS NULL AND w.status NOT IN ('archived', 'inactive')
    AND (?3 IS NULL OR w.pk IN (SELECT value FROM json_each(?3))) AND NOT EXISTS (
        SELECT 1 FROM schedules AS s WHERE s.workflow = w.pk AND s.deleted_at IS NULL AND s.status = 'active'
        AND s.trigger_type IN {_TIMED}
    )
)
SELECT w.pk, w.id, w.name, w.preferences, success FROM others AS w
WHERE (w.preferences IS NOT NULL AND json_extract(w.preferences, '$.alerts.every_ms') IS NOT NULL)
OR (success <= ?1 AND success >= ?2 AND ({_NEWEST.format(wanted=_SEEN)}))
"""  # noqa: S608 - our own words
_BEGUN = (
    "SELECT created_at FROM executions WHERE workflow = ? AND status = 'completed' AND deleted_at IS NULL"
    " ORDER BY created_at DESC LIMIT ?"
)


def running() -> tuple[RunningFact, ...]:
    """What runs now, the oldest thousand."""
    found = database.rows(_RUNNING)
    return tuple(
        RunningFact(
            ExecutionPk(pk), id_, number, name, times.from_ms(at), EventPk(event), None if of[0] is None else _owner(of)
        )
        for pk, id_, number, name, *of, at, event in found
    )


def slept(fact: RunningFact, now: datetime) -> timedelta:
    """For how long the machine has slept since it began, as far as that was noted."""
    values = (fact.event, times.to_ms(fact.begun), times.to_ms(now))
    return timedelta(milliseconds=int(database.scalar(_SLEPT, values)))


def failing(since: datetime) -> tuple[FailingFact, ...]:
    """The workflows of which something failed or timed out since then, and how much of what ended."""
    return tuple(
        FailingFact(_owner(of), failed, total) for *of, failed, total in database.rows(_FAILING, (times.to_ms(since),))
    )


def owing(
    until: datetime, expired_since: datetime, among: Collection[SchedulePk] | None = None
) -> tuple[ScheduleFact, ...]:
    """The schedules, of all or these, with a due time up to `until` after which nothing has succeeded; one that will
    not be due again counts if it ended after `expired_since`.
    """
    found = database.rows(_SCHEDULES, (times.to_ms(until), times.to_ms(expired_since), _among(among)))
    return tuple(
        ScheduleFact(SchedulePk(pk), id_, name, _owner(of), _moment(success), _moment(undecided))
        for pk, id_, name, *of, success, undecided in found
    )


def first_owed(schedule: SchedulePk, after: datetime | None) -> DueFact | None:
    """Its first due time after a moment that was decided about, and that nobody wanted to be passed over."""
    for due, at, decision, reason in database.rows(_FIRST_OWED, (schedule, times.to_ms(after) if after else -1)):
        return DueFact(times.from_ms(due), times.from_ms(at), decision, reason)
    return None


def began(schedule: SchedulePk, workflow: WorkflowPk) -> datetime | None:
    """From when on it is to be counted with: made, resumed, its workflow activated."""
    return _moment(database.scalar(_BEGAN, (workflow, schedule)))


def recorded(until: datetime, since: datetime, among: Collection[WorkflowPk] | None = None) -> tuple[RecordedFact, ...]:
    """The workflows, of all or these, with a stated rhythm, and those that others start and that succeeded last between
    two moments.
    """
    found = database.rows(_RECORDED, (times.to_ms(until), times.to_ms(since), _among(among)))
    return tuple(RecordedFact(_owner(of), _moment(success)) for *of, success in found)


def begun(workflow: WorkflowPk, limit: int) -> tuple[datetime, ...]:
    """When its last successes began, the newest first."""
    return tuple(times.from_ms(at) for (at,) in database.rows(_BEGUN, (workflow, limit)))


def any_running(workflow: WorkflowPk) -> bool:
    sql = "SELECT 1 FROM executions WHERE workflow = ? AND status = 'running' AND deleted_at IS NULL LIMIT 1"
    return database.scalar(sql, (workflow,)) is not None


def last_success(workflow: WorkflowPk, schedule: SchedulePk | None) -> tuple[datetime, str] | None:
    """When the last execution completed that counts for a schedule, or for the workflow, and its label."""
    other = "" if schedule is None else " AND (schedule = ? OR schedule IS NULL)"
    sql = (
        "SELECT completed_at, workflow_name || ' #' || number FROM executions WHERE workflow = ?"  # noqa: S608
        f" AND status = 'completed' AND deleted_at IS NULL{other} ORDER BY created_at DESC LIMIT 1"
    )
    for at, label in database.rows(sql, (workflow,) if schedule is None else (workflow, schedule)):
        return times.from_ms(at), label
    return None


def succeeded_since(workflow: WorkflowPk, schedule: SchedulePk | None, moment: datetime) -> bool:
    """Whether an execution that counts has completed after it."""
    found = last_success(workflow, schedule)
    return found is not None and found[0] > moment


def written_since(moment: datetime) -> bool:
    """Whether anything but a backup, an alert or a message was written down after it."""
    sql = (
        "SELECT 1 FROM events WHERE at > ? AND pk > (SELECT max(pk) - 1000 FROM events) AND type NOT LIKE 'database%'"
        " AND type NOT LIKE 'alert%' AND type NOT LIKE 'notification%' AND type NOT LIKE 'clock%' LIMIT 1"
    )
    return database.scalar(sql, (times.to_ms(moment),)) is not None


def made_at() -> datetime | None:
    """When the ledger was begun."""
    found = database.scalar("SELECT value FROM metadata WHERE key = 'created_at'")
    return None if found is None else times.from_ms(int(found))


def _owner(row: Iterable[object]) -> Owner:
    pk, id_, name, preferences = row
    return Owner(WorkflowPk(int(str(pk))), str(id_), str(name), _rules(preferences))


def _rules(preferences: object) -> WorkflowRules:
    found: Json = json.loads(preferences) if isinstance(preferences, str) else None
    return rules.from_json(found.get("alerts") if isinstance(found, dict) else None)


def _among(keys: Collection[int] | None) -> str | None:
    return None if keys is None else dump([*keys])


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else times.from_ms(ms)
