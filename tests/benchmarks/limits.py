"""P31: what a look at the limits costs, by which alerts are raised and closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smartspec.commands import alert_look, alerts, database
from smartspec.domain import times
from smartspec.store import database as rows
from smartspec.store.database import sqlite
from tests.benchmarks.figure import Figure, ms
from tests.benchmarks.schedules import MANY, best, store

WORKFLOWS = 1_000
HOUR = 3_600_000
BUDGET_S = 0.03  # once a minute: a two-thousandth of a core
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
_WORKFLOWS = (
    f"{_NUMBERS} INSERT INTO workflows (id, workspace, pack, ref, name, tags, status, last_number, row_version,"
    " created_at, updated_at) SELECT hex(randomblob(16)), 1, 'default', 'm' || i, 'm' || i, '[]', 'active', 0, 1, ?2, ?2"
    " FROM n"
)
# Two years of them; the newest of each schedule within the hour, and completed, but for one in a hundred.
_EXECUTIONS = (
    f"{_NUMBERS}, e(i, at) AS (SELECT i, ?2 - 60000 - iif(i < ?4, i * 600, 3600000 + i * (63072000000 / ?1)) FROM n)"
    " INSERT INTO executions (id, workspace, workflow, workflow_name, kind, number, status, trigger, schedule,"
    " created_at, started_at, completed_at, duration_ms, running_ms, attempt)"
    " SELECT hex(randomblob(16)), 1, 1 + i % ?3, 'm', 'workflow', i,"
    " iif(iif(i < ?4, i % 100, i % 11), 'completed', 'failed'), 'cron', 1 + (i - 1) % ?4, at, at, at + 1000, 1000, 1000, 1"
    " FROM e"
)
_SCHEDULES = (
    f"{_NUMBERS} INSERT INTO schedules (id, workflow, name, trigger_type, expression, timezone, status, next_run_at,"
    " created_at, updated_at) SELECT hex(randomblob(16)), 1 + i % ?3, 's' || i, 'cron', '0 * * * *', 'UTC', 'active',"
    " ?2 + 1800000, ?2 - 8640000000, ?2 - 8640000000 FROM n"
)
_FIRINGS = (
    "INSERT INTO schedule_firings (schedule, scheduled_for, decision, fired_at)"
    " SELECT s.pk, ?1 - h.value * 3600000, 'ran', ?1 - h.value * 3600000 FROM schedules AS s"
    " JOIN json_each('[1,2,3,4,5,6,7,8,9,10,11,12]') AS h"
)


def look(folder: Path, size: int) -> Iterator[Figure]:
    """P31: a whole look, as a runner has it once a minute, and the one after a commit, which is at what is open.

    Of 5,000 schedules of 1,000 workflows with so many executions. Against one bare count of what failed in 24 hours.
    """
    store(folder)
    now = times.now()
    _fill(times.to_ms(now), size)
    bare = sqlite.library.connect(folder / "x.db")
    limit = best(lambda: bare.execute(_FAILED, (times.to_ms(now) - 24 * HOUR,)).fetchall())
    alert_look.look(now)
    found = len(alerts.list_alerts())
    for what, act in (("a look at all limits", alert_look.look), ("the same after a commit", alert_look.look_again)):
        each = best(lambda act=act: act(now))  # type: ignore[misc]
        yield Figure(
            f"{what}, {found:,} open (best CPU)", ms(each), f"{ms(limit)} bare count", each / limit, "≤ 30 ms",
            each <= BUDGET_S,
        )  # fmt: skip
    bare.close()
    database.close_database()


_FAILED = (
    "SELECT workflow, count(*) FROM executions WHERE status IN ('failed', 'timeout') AND deleted_at IS NULL"
    " AND created_at >= ? GROUP BY workflow"
)


def _fill(now_ms: int, size: int) -> None:
    with rows.transaction():
        rows.execute(_WORKFLOWS, (WORKFLOWS - 1, now_ms))
        rows.execute(_SCHEDULES, (MANY, now_ms, WORKFLOWS))
        rows.execute(_EXECUTIONS, (size, now_ms, WORKFLOWS, MANY))
        rows.execute(_FIRINGS, (now_ms,))
    database.optimize_database()
