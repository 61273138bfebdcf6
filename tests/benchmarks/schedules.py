"""P27 to P30: what schedules cost: a runner that has nothing to do, how soon it reacts, many due at once, one look."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from smartspec.commands import database, executions, files, firing, schedules, settings, starting
from smartspec.commands.firing_situation import Service
from smartspec.commands.workflow_sources import Source
from smartspec.domain import times
from smartspec.domain.schedule.policy import Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.store import database as rows
from smartspec.store.database import sqlite
from tests.benchmarks.figure import Figure, interleaved, median, ms

WATCHED_S = 120.0
AT_ONCE = 100
MANY = 5_000
_JOB = '{"smartspec": 1, "name": "job", "tasks": {"a": {"command": ["true"]}}}'
# The least that asks a ledger four times a second: no program around it.
_BARE = """
import sqlite3, sys, time
ledger = sqlite3.connect(sys.argv[1], isolation_level=None)
while True:
    ledger.execute("PRAGMA data_version").fetchone()
    time.sleep(0.25)
"""


def store(folder: Path) -> str:
    database.open_database(folder / "x.db")
    return files.import_workflows([Source("job", _JOB, "json", str(folder))])[0].workflow.id


def idle(folder: Path, _: int) -> Iterator[Figure]:
    """P27: CPU of a real runner with an hourly schedule and nothing due, beside a bare process that asks as often."""
    schedules.create_schedule(store(folder), "0 * * * *", name="hourly")
    with runner(folder) as ours, process([sys.executable, "-c", _BARE, str(folder / "x.db")]) as bare:
        time.sleep(8)  # what is done once has been done
        before = [cpu_of(each) for each in (ours, bare)]
        time.sleep(WATCHED_S)
        used, limit = (cpu_of(each) - was for each, was in zip((ours, bare), before, strict=True))
    share = used / WATCHED_S
    yield Figure(
        f"a core that an idle runner takes, in {WATCHED_S:.0f} s", f"{share:.3%}",
        f"{limit / WATCHED_S:.3%} bare", used / limit, "≤ 0.2 %", share <= 0.002,
    )  # fmt: skip
    database.close_database()


def reaction(folder: Path, _: int) -> Iterator[Figure]:
    """P28: from the commit that queues an execution to its claim, by a runner that has had nothing to do for a while."""
    workflow = store(folder)
    with runner(folder):
        wait_until(lambda: rows.scalar("SELECT count(*) FROM runners") == 1)
        waited = []
        for _number in range(25):
            time.sleep(2.5 + random.random() / 4)
            made = starting.start_execution(workflow)
            wait_until(partial(_has_ended, made.id))
            done = executions.get_execution(made.id)
            waited.append(((done.started_at or done.created_at) - done.created_at).total_seconds())
    each = median(waited)
    yield Figure(
        "from queued to claimed, by an idle runner (median of 25)", ms(each), "125 ms, asked four times a second",
        each / 0.125, "≤ 1", each <= 0.125,
    )  # fmt: skip
    database.close_database()


def at_once(folder: Path, _: int) -> Iterator[Figure]:
    """P29: 100 due at the same moment, a real runner, four at once: from the due time to the last end.

    Against the same executions, queued before the runner begins and run by it: what their schedules add.
    """
    workflow = store(folder)
    settings.set_setting("runner.at_once", 4)

    def scheduled() -> float:
        due = times.now() + timedelta(seconds=AT_ONCE / 10)
        for number in range(AT_ONCE):
            schedules.create_schedule(
                workflow, due.isoformat(), trigger_type=TriggerType.ONCE, name=f"{due} {number}", overlap=Overlap.ALLOW
            )
        return _run_all(folder, due)

    def queued() -> float:
        for _number in range(AT_ONCE):
            starting.start_execution(workflow)
        return _run_all(folder, None)

    ours, theirs = map(median, interleaved(scheduled, queued, 5))
    yield Figure(
        f"{AT_ONCE} due at once, from the due time to the last end (median of 5)", f"{ours:.2f} s",
        f"{theirs:.2f} s queued by hand", ours / theirs, "≤ 2 ×", ours <= 2 * theirs,
    )  # fmt: skip
    database.close_database()


def _run_all(folder: Path, since: datetime | None) -> float:
    """Seconds to the last end of all that are queued or come: from a moment on, else from the first begin."""
    last = int(rows.scalar("SELECT coalesce(max(pk), 0) FROM executions WHERE status = 'completed'"))
    with runner(folder):
        wait_until(lambda: rows.scalar(_ENDED, (last,)) == AT_ONCE)
    begin, end = rows.rows("SELECT min(started_at), max(completed_at) FROM executions WHERE pk > ?", (last,))[0]
    return (int(end) - (times.to_ms(since) if since else int(begin))) / 1000


_ENDED = "SELECT count(*) FROM executions WHERE status = 'completed' AND pk > ?"


def look(folder: Path, _: int) -> Iterator[Figure]:
    """P30: a look at 5,000 schedules of which none is due, and 1,000 wait for their turn behind what is made up for.

    Against one bare `SELECT` of the first that is due.
    """
    workflow = store(folder)
    schedules.create_schedule(workflow, "0 3 * * *", name="night")
    _copies("night", MANY)
    now, service = times.now(), Service(times.now() - timedelta(minutes=1))
    bare = sqlite.library.connect(folder / "x.db")
    limit = best(lambda: bare.execute(_FIRST, (times.to_ms(now),)).fetchall())
    yield _look_figure(f"a look at {MANY:,} schedules, none due", now, service, limit)
    with rows.transaction():
        rows.execute(_OWED, (times.to_ms(now - timedelta(hours=5)),))
        made = starting.start_execution(workflow)
        rows.execute("UPDATE executions SET trigger = 'catchup', schedule = 1 WHERE pk = ?", (made.pk,))
    yield _look_figure("the same, 1,000 to be made up for behind one that runs", now, service, limit)
    bare.close()
    database.close_database()


def _look_figure(what: str, now: datetime, service: Service, limit: float) -> Figure:
    each = best(lambda: firing.look(now, service))
    return Figure(f"{what} (best CPU)", ms(each), f"{ms(limit)} bare SELECT", each / limit, "≤ 5 ms", each <= 0.005)


_FIRST = "SELECT pk FROM schedules WHERE status = 'active' AND deleted_at IS NULL AND next_run_at <= ? LIMIT 1"
_OWED = (
    "INSERT INTO schedule_firings (schedule, scheduled_for, decision, fired_at)"
    " SELECT pk, ?1, 'caught_up', ?1 FROM schedules LIMIT 1000"
)


def best(act: Callable[[], object]) -> float:
    """Seconds of CPU of this thread."""
    found = []
    for _ in range(50):
        began = time.thread_time()
        act()
        found.append(time.thread_time() - began)
    return min(found)


def _copies(name: str, many: int) -> None:
    names = ", ".join(
        each for (_, each, *_) in rows.rows("PRAGMA table_info(schedules)") if each not in ("pk", "id", "name")
    )
    with rows.transaction():
        rows.execute(
            f"WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {many})"
            f" INSERT INTO schedules (id, name, {names}) SELECT id || i, name || i, {names} FROM schedules, n"
            " WHERE name = ?",
            (name,),
        )


@contextmanager
def process(argv: list[str]) -> Iterator[int]:
    made = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield made.pid
    finally:
        made.terminate()
        made.wait()


def runner(folder: Path) -> AbstractContextManager[int]:
    return process([sys.executable, "-m", "smartspec", "--db", str(folder / "x.db"), "runner"])


def cpu_of(pid: int) -> float:
    """Seconds of all threads of a process, to the nanosecond (proc(5), schedstat)."""
    told = (each / "schedstat" for each in Path(f"/proc/{pid}/task").iterdir())
    return sum(int(each.read_text("ascii").split()[0]) for each in told) / 1e9


def _has_ended(execution: str) -> bool:
    return executions.get_execution(execution).status == "completed"


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)
