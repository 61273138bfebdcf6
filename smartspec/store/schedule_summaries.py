"""What a list of schedules shows beside their rows: how their executions went, and what was decided in a time."""

from __future__ import annotations

import json
from datetime import datetime

from smartspec.domain import times
from smartspec.domain.ids import SchedulePk, WorkflowPk, WorkspacePk
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.summary import DueMark
from smartspec.store import database

# The label of the pinned version or "", id and name of the workflow, and the newest executions, the oldest first:
# status and duration in milliseconds.
Facts = tuple[str, str, str, tuple[tuple[str, int | None], ...]]
LAST = 14
MOST_MARKS = 500  # of one schedule
# Newest first; one statement for all schedules, whose every part is found by an index.
_LAST = f"""
    SELECT s.pk, coalesce(v.version, ''), w.id, w.name, (
        SELECT json_group_array(json_array(status, duration_ms)) FROM (
            SELECT e.status, e.duration_ms FROM schedule_firings AS f JOIN executions AS e ON e.pk = f.execution
            WHERE f.schedule = s.pk ORDER BY f.scheduled_for DESC, f.pk DESC LIMIT {LAST}
        )
    )
    FROM schedules AS s JOIN workflows AS w ON w.pk = s.workflow LEFT JOIN workflow_versions AS v ON v.pk = s.version
    WHERE s.deleted_at IS NULL AND w.deleted_at IS NULL
"""  # noqa: S608 - a number of our own
_MARKS = f"""
    SELECT f.scheduled_for, f.decision, coalesce(e.status, ''), f.until
    FROM schedule_firings AS f LEFT JOIN executions AS e ON e.pk = f.execution
    WHERE f.schedule = ? AND coalesce(f.until, f.scheduled_for) >= ?
    ORDER BY f.scheduled_for DESC LIMIT {MOST_MARKS}
"""  # noqa: S608 - a number of our own
_COUNTS = "SELECT decision, sum(count) FROM schedule_firings WHERE schedule = ? GROUP BY decision"


def of_workspace(workspace: WorkspacePk) -> dict[SchedulePk, Facts]:
    """Of each schedule that is not in the trash."""
    return _facts("w.workspace = ?", workspace)


def of_workflow(workflow: WorkflowPk) -> dict[SchedulePk, Facts]:
    """The same of those of one workflow."""
    return _facts("w.pk = ?", workflow)


def _facts(condition: str, key: int) -> dict[SchedulePk, Facts]:
    return {
        SchedulePk(pk): (version, id_, name, tuple((status, ms) for status, ms in reversed(json.loads(last))))
        for pk, version, id_, name, last in database.rows(f"{_LAST} AND {condition}", (key,))
    }


def marks(schedule: SchedulePk, since: datetime) -> tuple[DueMark, ...]:
    """What was decided about its due times since then, the newest `MOST_MARKS`."""
    found = database.rows(_MARKS, (schedule, times.to_ms(since)))
    return tuple(
        DueMark(times.from_ms(at), Decision(decision), status, until and times.from_ms(until))
        for at, decision, status, until in found
    )


def counts(schedule: SchedulePk) -> dict[Decision, int]:
    """How many due times there were of each decision."""
    return {Decision(decision): int(count) for decision, count in database.rows(_COUNTS, (schedule,))}
