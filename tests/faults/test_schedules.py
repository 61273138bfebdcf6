"""R33, R34, R36: real runners that are killed, stopped, or whose clock is set; every due time is there once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from smartspec.commands import files, schedule_lookup, schedules, settings
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.store import database as rows
from tests.clock import FULL, until
from tests.conftest import ROOT
from tests.faults.conftest import times_

Store = Callable[..., files.Imported]
DUE_AT_ONCE = times_(60, 1_000)
FILES = times_(30, 500)
FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)


@contextmanager
def runner(file: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real one; it is there when it has said so in the ledger."""
    before = len(living())
    process = subprocess.Popen(
        [sys.executable, "-m", "smartspec", "--db", str(file), "runner", "--until-idle"],
        cwd=ROOT, env={**os.environ, "TZ": "UTC", **environment}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: len(living()) > before, what="no runner came up")
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(60)


def living() -> list[tuple[object, ...]]:
    return rows.rows("SELECT pk FROM runners")


def count(table: str) -> int:
    return int(rows.scalar(f"SELECT count(*) FROM {table}"))


@pytest.fixture
def job(store: Store) -> str:
    return store({"name": "job", "tasks": {"a": {"run": "true"}}}).workflow.id


def copies(name: str, many: int) -> None:
    """As if the schedule had been made so many times in all."""
    names = ", ".join(
        each for (_, each, *_) in rows.rows("PRAGMA table_info(schedules)") if each not in ("pk", "id", "name")
    )
    with rows.transaction():
        rows.execute(
            f"WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {many})"
            f" INSERT INTO schedules (id, name, {names})"
            f" SELECT id || '-' || i, name || ' ' || i, {names} FROM schedules, n WHERE name = ?",
            (name,),
        )


def test_of_two_runners_one_is_killed_and_every_due_time_fires_once(job: str, db: Path) -> None:
    due = datetime.now(UTC) + timedelta(seconds=5)
    schedules.create_schedule(
        job, due.isoformat(), trigger_type=TriggerType.ONCE, name="once", overlap=Overlap.ALLOW
    )  # fmt: skip
    copies("once", DUE_AT_ONCE)
    with runner(db), runner(db) as victim:
        until(lambda: count("schedule_firings") > DUE_AT_ONCE // 3, what="nothing fires")
        victim.kill()
        until(lambda: count("schedule_firings") == DUE_AT_ONCE, what="the other one does not fire the rest")
    assert count("executions") == DUE_AT_ONCE
    assert (
        count("(SELECT DISTINCT schedule, scheduled_for FROM schedule_firings WHERE decision = 'ran')") == DUE_AT_ONCE
    )
    assert count("(SELECT DISTINCT execution FROM schedule_firings)") == DUE_AT_ONCE
    assert rows.scalar("SELECT min(created_at - scheduled_for) FROM executions") >= 0, "none is early"


@pytest.mark.parametrize("places", [3, 50])
def test_many_due_at_once_start_in_their_order_and_no_more_than_may(places: int, store: Store, db: Path) -> None:
    """The due time first, of the same the schedule that was made first. Fifty places are the control: more run then."""
    store({"name": "slow", "tasks": {"a": {"run": "sleep 0.2"}}})
    settings.set_setting("runner.at_once", places)
    many, now = times_(24, 100), datetime.now(UTC)
    tomorrow = (now + timedelta(days=1)).isoformat()
    schedules.create_schedule(
        "slow", tomorrow, trigger_type=TriggerType.ONCE, name="once", overlap=Overlap.ALLOW
    )  # fmt: skip
    copies("once", many)
    dues = {pk: now.replace(microsecond=0) - timedelta(seconds=9 + pk * 7 % 5) for pk in range(1, many + 1)}
    with rows.transaction():
        for pk, due in dues.items():
            rows.execute(_DUE, (int(due.timestamp() * 1000), due.isoformat(), pk))
    with runner(db):
        until(lambda: count("executions WHERE status = 'completed'") == many, what="they do not run")
    order = sorted(dues, key=lambda pk: (dues[pk], pk))
    assert order != sorted(dues), "the order of their keys would prove nothing"
    assert [pk for (pk,) in rows.rows("SELECT schedule FROM executions ORDER BY pk")] == order
    assert [pk for (pk,) in rows.rows("SELECT schedule FROM executions ORDER BY started_at, pk")] == order
    assert (most_at_once() > 3) == (places > 3)


_DUE = "UPDATE schedules SET next_run_at = ?1, created_at = ?1 - 1000, expression = ?2 WHERE pk = ?3"


def most_at_once() -> int:
    """Of executions, by what stands in the ledger: one that ends in the millisecond in which another begins is gone."""
    spans = rows.rows("SELECT started_at, completed_at FROM executions")
    edges = sorted([(end, -1) for _begin, end in spans] + [(begin, 1) for begin, _end in spans])
    found = running = 0
    for _at, step in edges:
        running += step
        found = max(found, running)
    return found


def test_of_two_runners_that_watch_a_folder_one_is_killed_and_every_file_starts_one(
    job: str, db: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    schedules.create_schedule(
        job, f"file appeared '{folder}' quiet 0s", trigger_type=TriggerType.EVENT, name="files", overlap=Overlap.ALLOW
    )  # fmt: skip
    with runner(db), runner(db) as victim:
        for number in range(FILES):
            (folder / f"{number}").touch()
        until(lambda: count("schedule_firings") > 0, what="nothing is noticed")
        victim.kill()
        victim.wait()
        (folder / "last").touch()
        until(lambda: "last" in told(), what="the other one notices nothing")
    assert sorted(told()) == sorted([*map(str, range(FILES)), "last"]), "each of them once"
    assert count("schedule_firings") == count("executions") == FILES + 1


def told() -> list[str]:
    """The files that anything was started for."""
    return [str(name) for (name,) in rows.rows(_TOLD)]


_TOLD = (
    "SELECT json_extract(e.data, '$.name') FROM schedule_firings AS f JOIN events AS e ON f.cause = 'event ' || e.pk"
)


def one_after_another() -> bool:
    """Whether none of what is made up for began before the one before had ended."""
    spans = rows.rows("SELECT created_at, completed_at FROM executions WHERE trigger = 'catchup' ORDER BY created_at")
    return all(end <= begin for (_created, end), (begin, _end) in pairwise(spans))


def ledger(name: str) -> list[tuple[str, int]]:
    return [(each.decision.value, each.count) for each in schedule_lookup.list_firings(name).rows][::-1]


def test_a_runner_that_is_stopped_for_a_while_goes_on_with_what_is_due(job: str, db: Path) -> None:
    schedules.create_schedule(job, "1s", trigger_type=TriggerType.INTERVAL, name="often", overlap=Overlap.ALLOW)
    with runner(db) as stopped:
        until(lambda: ledger("often")[-1:] == [("ran", 1)])
        stopped.send_signal(signal.SIGSTOP)
        asleep = datetime.now(UTC)
        until(lambda: datetime.now(UTC) - asleep > timedelta(seconds=4))
        before = sum(count for _, count in ledger("often"))
        stopped.send_signal(signal.SIGCONT)
        until(lambda: sum(count for _, count in ledger("often")) > before + 2)
    dues = [each.scheduled_for for each in schedule_lookup.list_firings("often").rows]
    assert len(dues) == len(set(dues))
    decided = sum(count for _, count in ledger("often"))
    first, last = min(dues), max(dues)
    assert decided == (last - first).total_seconds() + 1, "every due time is in the ledger"
    assert ("skipped_missed" in dict(ledger("often"))) and dict(ledger("often"))["skipped_missed"] >= 2


@pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed")
def test_a_clock_that_is_set_while_the_runner_is_stopped_is_as_three_days_asleep(job: str, db: Path) -> None:
    """The machine cannot be put to sleep here: the process is stopped, and its clock set on."""
    moved = db.parent / "clock"
    moved.write_text("+0")
    policies = {"skip": Misfire.SKIP} | ({"once": Misfire.ONCE, "all": Misfire.ALL} if FULL else {})
    for name, misfire in policies.items():
        schedules.create_schedule(job, "0 * * * *", name=name, timezone="UTC", misfire=misfire, overlap=Overlap.ALLOW)
    faked = {
        "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(moved), "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    with runner(db, **faked) as asleep:
        asleep.send_signal(signal.SIGSTOP)
        moved.write_text("+3d")
        asleep.send_signal(signal.SIGCONT)
        schedules.update_schedule("skip", jitter=1)  # any commit is a nudge: nobody waits for the timer
        until(lambda: "skipped_missed" in dict(ledger("skip")))
        if FULL:
            until(lambda: count("executions WHERE trigger = 'catchup' AND status = 'completed'") == 1 + 24, 120)
            assert count("(SELECT 1 FROM executions WHERE trigger = 'catchup' AND schedule = 2)") == 1
            assert one_after_another()
    for name in policies:
        assert sum(count for _, count in ledger(name)) in (72, 73)
    assert dict(ledger("skip"))["skipped_missed"] >= 71
    assert rows.scalar("SELECT count(*) FROM events WHERE type = 'clock_changed'") == 1
    assert count("(SELECT 1 FROM schedule_firings GROUP BY schedule, scheduled_for HAVING count(*) > 1)") == 0
