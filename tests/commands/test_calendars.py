"""Days without from a calendar file: read when it is named, again when it has changed, held when it is gone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartspec.commands import calendars, executions, files, schedule_lookup, schedules
from smartspec.commands.schedule_plan import plan_of
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.schedule.calendar import HORIZON, RENEWED
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Invalid
from smartspec.runner.calendar_reader import CalendarReader
from smartspec.runner.scheduler import Scheduler
from smartspec.store import database as rows
from tests.clock import HANGS_AFTER_S, until
from tests.conftest import Said, run_on
from tests.runner.machine import Machine

Terminal = Callable[..., Said]
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("TZ", "UTC")
    return Machine(TUESDAY, monkeypatch)


@pytest.fixture
def job(store: Callable[..., files.Imported]) -> str:
    return store({"name": "job", "tasks": {"a": {"run": "true"}}}).workflow.id


def write(file: Path, *days: str) -> Path:
    events = "".join(f"BEGIN:VEVENT\nDTSTART;VALUE=DATE:{day}\nSUMMARY:day {day[-2:]}\nEND:VEVENT\n" for day in days)
    file.write_text(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n", encoding="utf-8")
    return file


def changed(file: Path, *days: str) -> None:
    """Also where the clock of the disk is coarse."""
    before = file.stat().st_mtime_ns
    write(file, *days)
    os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))


def run_all() -> None:
    for each in executions.list_executions(ExecutionFilter(status=frozenset({ExecutionStatus.PENDING}))).rows:
        run_on(each)


def ledger(name: str) -> list[tuple[str, str, str | None]]:
    found = schedule_lookup.list_firings(name).rows
    return [(f"{each.scheduled_for:%d}", each.decision.value, each.reason) for each in found][::-1]


def test_on_the_days_of_a_calendar_it_keeps_still(job: str, machine: Machine, tmp_path: Path) -> None:
    file = write(tmp_path / "free.ics", "20261125", "20261127")
    schedules.create_schedule(job, "0 9 * * *", name="daily", calendars=[str(file)])
    scheduler = Scheduler(machine.read)
    for _ in range(4 * 24):
        machine.goes_on(hours=1)
        scheduler.turn()
        run_all()
    assert ledger("daily") == [
        ("24", "ran", None), ("25", "skipped_blackout", "blackout: day 25"), ("26", "ran", None),
        ("27", "skipped_blackout", "blackout: day 27"),
    ]  # fmt: skip


def test_a_calendar_that_changes_is_read_again_and_one_that_is_gone_holds(
    job: str, machine: Machine, tmp_path: Path
) -> None:
    file = write(tmp_path / "free.ics", "20261125")
    schedule = schedules.create_schedule(job, "0 9 * * *", name="daily", calendars=[str(file)])

    def names() -> list[str]:
        return [each.name for each in plan_of(schedule_lookup.get_schedule("daily")).blackouts]

    changed(file, "20261126")
    assert names() == ["day 25"]
    calendars.refresh(machine.now)
    assert names() == ["day 26"] and not calendars.problems()
    file.rename(tmp_path / "away.ics")
    calendars.refresh(machine.now)
    (problem,) = calendars.problems()
    assert names() == ["day 26"] and "free.ics cannot be read: no such file" in str(problem).lower()
    assert "24 Nov 2026 holds" in str(problem)
    assert schedule_lookup.get_schedule("daily").row_version == schedule.row_version, "no change of whoever edits it"
    (tmp_path / "away.ics").rename(file)
    calendars.refresh(machine.now)
    assert not calendars.problems() and names() == ["day 26"]
    changed(file, "soon")
    calendars.refresh(machine.now)
    assert names() == ["day 26"] and "line 3" in str(calendars.problems()[0])


def test_it_is_read_again_before_its_end_is_near(job: str, machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "free.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n",
        "utf-8",
    )
    schedules.create_schedule(job, "0 9 * * *", name="daily", calendars=[str(file)])
    (known,) = calendars.of(schedule_lookup.get_schedule("daily"))
    assert [each.first.year for each in known.blackouts] == [2026, 2027] and known.until == TUESDAY + HORIZON
    machine.goes_on(days=(HORIZON - RENEWED).days - 1)
    calendars.refresh(machine.now)
    assert calendars.of(schedule_lookup.get_schedule("daily")) == (known,)
    machine.goes_on(days=2)
    calendars.refresh(machine.now)
    (known,) = calendars.of(schedule_lookup.get_schedule("daily"))
    assert [each.first.year for each in known.blackouts] == [2027, 2028]


def test_what_nobody_names_any_more_is_forgotten(job: str, machine: Machine, tmp_path: Path) -> None:
    file = write(tmp_path / "free.ics", "20261125")
    schedules.create_schedule(job, "0 9 * * *", name="daily", calendars=[str(file)])
    schedules.update_schedule("daily", calendars=[])
    assert not calendars.any_in_use()
    calendars.refresh(machine.now)
    assert rows.scalar("SELECT count(*) FROM calendars") == 0


@pytest.mark.parametrize(
    "content", [None, b"\xff\xfe", b"hello", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x\nEND:VEVENT\nEND:VCALENDAR"]
)
def test_what_cannot_be_taken_is_refused_when_it_is_named(content: bytes | None, job: str, tmp_path: Path) -> None:
    file = tmp_path / "free.ics"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match=r"free\.ics cannot be taken: "):
        schedules.create_schedule(job, "0 9 * * *", calendars=[str(file)])
    assert schedule_lookup.list_schedules() == ()


def test_a_runner_looks_at_calendars_once_one_is_named(job: str, db: Path, tmp_path: Path) -> None:
    """It sleeps until then, and reads what has changed when it begins."""
    file = write(tmp_path / "free.ics", "20261125")
    schedules.create_schedule(job, "0 9 * * *", name="daily", calendars=[str(file)])
    changed(file, "20261126")
    reader = CalendarReader()
    reader.start()
    until(
        lambda: [each.name for each in calendars.of(schedule_lookup.get_schedule("daily"))[0].blackouts] == ["day 26"]
    )
    began = times.now()
    reader.stop()
    assert times.now() - began < timedelta(seconds=HANGS_AFTER_S)
    assert "calendars" not in [each.name for each in threading.enumerate()]


def test_in_the_terminal(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.yaml").write_text("smartspec: 1\nname: job\ntasks:\n  a: {run: 'true'}\n", "utf-8")
    write(tmp_path / "free.ics", "20270101", "20270501")
    terminal("import", "w.yaml")
    assert (
        terminal("schedule", "add", "job", "0 9 * * *", "--name", "daily", "--blackout-calendar", "free.ics").code == 0
    )
    shown = terminal("schedule", "show", "daily").out
    assert f"{tmp_path}/free.ics, 2 to come, read " in shown
    (tmp_path / "free.ics").unlink()
    calendars.refresh(times.now())
    assert "cannot be read now: " in terminal("schedule", "show", "daily").out
    assert "free.ics cannot be read: " in terminal("schedule", "list").err
    assert terminal("schedule", "edit", "daily", "--blackout-calendar", "").code == 0
    assert "free.ics" not in terminal("schedule", "show", "daily").out
    refused = terminal("schedule", "edit", "daily", "--blackout-calendar", "free.ics")
    assert refused.code == 2 and "cannot be taken: no such file" in refused.err.lower()
