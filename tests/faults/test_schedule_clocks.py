"""R34, R37 on the real program: a clock that is set to and fro under a runner, and what is due beside what still runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from smartspec.commands import files, schedule_lookup, schedules
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.store import database as rows
from tests.clock import judge, until
from tests.faults.test_schedules import FAKETIME, count, runner

Store = Callable[..., files.Imported]
STEPS = ("+1", "-1", "+1h", "+0", "-1h", "+1d", "-1d", "-20000d", "+0")


@pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed")
def test_a_clock_that_is_set_to_and_fro_under_a_runner(store: Store, db: Path) -> None:
    """By a second to a day, to 1972, and right again: told, nothing twice, nothing negative, and no busy loop."""
    store({"name": "job", "tasks": {"a": {"run": "true"}}})
    clock = db.parent / "clock"
    clock.write_text("+0")
    schedules.create_schedule(
        "job", "* * * * *", name="often", timezone="UTC", misfire=Misfire.ALL, overlap=Overlap.ALLOW
    )
    with _on(clock, db) as process:
        for number, step in enumerate(STEPS):
            clock.write_text(step)
            schedules.update_schedule("often", jitter=1 + number)  # any commit is a nudge: nobody waits for the timer
            until(partial(_are_told, len(_large_steps(number + 1))), what=f"nobody saw {step}")
        used, began = _cpu(process.pid), time.monotonic()
        time.sleep(1)
        judge("CPU after the steps", (_cpu(process.pid) - used) / (time.monotonic() - began), 0.05)
    assert count("(SELECT 1 FROM schedule_firings GROUP BY schedule, scheduled_for, cause HAVING count(*) > 1)") == 0
    assert count("(SELECT 1 FROM executions GROUP BY schedule, scheduled_for HAVING count(*) > 1)") == 0
    assert count("executions WHERE duration_ms < 0") + count("task_executions WHERE duration_ms < 0") == 0
    assert count("events WHERE type = 'clock_changed'") == len(_large_steps(len(STEPS)))


def _are_told(steps: int) -> bool:
    return count("events WHERE type = 'clock_changed'") >= steps


def _large_steps(many: int) -> list[tuple[str, str]]:
    """Those of the first steps that are more than five seconds: less is a clock that is kept right."""
    pairs = list(zip(("+0", *STEPS), STEPS, strict=False))[:many]
    return [(before, after) for before, after in pairs if abs(_seconds(after) - _seconds(before)) > 5]


def _seconds(step: str) -> int:
    units = {"h": 3600, "d": 86_400}
    return int(step.rstrip("hd")) * units.get(step[-1], 1)


def _on(clock: Path, db: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return runner(
        db, LD_PRELOAD=str(FAKETIME), FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_NO_CACHE="1",
        DONT_FAKE_MONOTONIC="1", FAKETIME_DONT_FAKE_MONOTONIC="1",
    )  # fmt: skip


def _cpu(pid: int) -> float:
    """Seconds of all its threads (proc(5), schedstat)."""
    told = (each / "schedstat" for each in Path(f"/proc/{pid}/task").iterdir())
    return sum(int(each.read_text("ascii").split()[0]) for each in told) / 1e9


def test_what_is_due_beside_what_runs_is_told_of_as_each_policy_says(store: Store, db: Path) -> None:
    """Four workflows, each longer than its second. What ends soon is the control: nothing of it overlaps."""
    for overlap in Overlap:
        store({"name": overlap.value, "tasks": {"a": {"run": "sleep 1.6"}}})
        schedules.create_schedule(
            overlap.value, "1s", trigger_type=TriggerType.INTERVAL, name=overlap.value, overlap=overlap
        )
    store({"name": "short", "tasks": {"a": {"run": "true"}}})
    schedules.create_schedule("short", "1s", trigger_type=TriggerType.INTERVAL, name="short", overlap=Overlap.ALLOW)
    wanted = {"skip": "skipped_overlap", "queue": "queued", "replace": "replaced"}
    with runner(db):
        until(lambda: all(decision in decisions(name) for name, decision in wanted.items()))
        until(lambda: count("executions WHERE status = 'cancelled'") > 0, what="nothing made room")
        until(lambda: decisions("allow").count("ran") > 2)
    for name, decision in wanted.items():
        reasons = [each.reason or "" for each in schedule_lookup.list_firings(name).rows if each.decision == decision]
        assert all(reason.startswith("overlap") for reason in reasons)
        assert any(reason.removeprefix("overlap: ").isdigit() for reason in reasons), "it names the one that was active"
    assert set(decisions("allow")) <= {"ran", "skipped_missed"} and set(decisions("short")) <= {"ran", "skipped_missed"}
    reasons_of_ends = {
        reason for (reason,) in rows.rows("SELECT status_reason FROM executions WHERE status = 'cancelled'")
    }
    assert reasons_of_ends == {"replaced"}


def decisions(name: str) -> list[str]:
    return [each.decision.value for each in schedule_lookup.list_firings(name).rows]
