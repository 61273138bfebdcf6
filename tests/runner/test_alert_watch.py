"""When a runner looks at the limits: each minute, and soon after a commit at what that may have changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from smartspec.commands import alert_look, alerts, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain import times
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.errors import QueryFailed
from smartspec.runner.alert_watch import AGAIN_EVERY_S, WHOLE_EVERY_S, AlertWatch
from smartspec.runner.scheduler import Scheduler
from smartspec.store import database
from tests.runner.machine import Machine


class Runner:
    """Its two clocks, and which kind of look there was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.takes, self.now, self.looks = 0.0, 0.0, times.now(), list[str]()
        monkeypatch.setattr(times, "now", lambda: self.now)
        for name in ("look", "look_again"):
            monkeypatch.setattr(alert_look, name, self._noting(name))
        self.since: datetime | None = self.now
        self.watch = AlertWatch(lambda: self.since, lambda: self.clock)

    def _noting(self, name: str) -> Callable[..., object]:
        real = getattr(alert_look, name)

        def look(now: datetime, since: datetime) -> object:
            self.looks.append(name)
            self.clock += self.takes
            return real(now, since)

        return look

    def passes(self, seconds: float) -> None:
        self.clock += seconds
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def runner(db: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    return Runner(monkeypatch)


def elsewhere(act: Callable[[], object]) -> None:
    """By another connection, as every other process has one."""

    def work() -> None:
        act()
        database.close_connection()

    thread = Thread(target=work)
    thread.start()
    thread.join()


def test_without_news_it_looks_once_a_minute(runner: Runner) -> None:
    assert runner.watch.turn() == WHOLE_EVERY_S and runner.looks == ["look"]
    runner.passes(WHOLE_EVERY_S - 1)
    assert runner.watch.turn() == 1 and runner.looks == ["look"]
    runner.passes(1)
    assert runner.watch.turn() == WHOLE_EVERY_S and runner.looks == ["look"] * 2


def test_after_a_commit_it_looks_at_once_and_then_not_again_for_a_while(runner: Runner) -> None:
    runner.watch.turn()
    runner.passes(AGAIN_EVERY_S)
    elsewhere(lambda: workflows.create_workflow("one"))
    runner.watch.turn()
    assert runner.looks == ["look", "look_again"]
    elsewhere(lambda: workflows.create_workflow("two"))
    assert runner.watch.turn() == AGAIN_EVERY_S, "it is not forgotten"
    assert runner.looks == ["look", "look_again"]
    runner.passes(AGAIN_EVERY_S)
    assert runner.watch.turn() == WHOLE_EVERY_S - 2 * AGAIN_EVERY_S
    assert runner.looks == ["look", "look_again", "look_again"]


def test_a_machine_that_just_woke_waits_until_somebody_has_looked_at_its_clocks(runner: Runner) -> None:
    runner.since = None
    assert runner.watch.turn() == AGAIN_EVERY_S and runner.looks == []
    runner.since = runner.now
    runner.passes(AGAIN_EVERY_S)
    runner.watch.turn()
    assert runner.looks == ["look"]


def test_the_scheduler_says_since_when_it_looks_unless_it_has_not_for_a_while(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(datetime(2026, 11, 20, 12, 0, tzinfo=UTC), monkeypatch)
    scheduler = Scheduler(machine.read)
    begun = machine.now
    machine.goes_on(seconds=30)
    scheduler.turn()
    assert scheduler.looked_since() == begun
    machine.sleeps(hours=8)
    assert scheduler.looked_since() is None, "it does not know yet that it slept"
    scheduler.turn()
    assert scheduler.looked_since() == machine.now


def test_what_takes_long_has_a_long_rest(runner: Runner) -> None:
    runner.takes = 2.0
    assert runner.watch.turn() == 98, "a fiftieth of a core"
    elsewhere(lambda: workflows.create_workflow("one"))
    runner.passes(WHOLE_EVERY_S)
    assert runner.watch.turn() == 38 and runner.looks == ["look"]
    runner.passes(38)
    runner.watch.turn()
    assert runner.looks == ["look", "look"]


def test_what_runs_long_is_raised_by_itself_and_closes_with_its_end(runner: Runner) -> None:
    elsewhere(lambda: workflows.create_workflow("job"))
    elsewhere(lambda: recording.begin_execution("job"))
    runner.watch.turn()
    runner.passes(3_601)
    runner.watch.turn()
    assert [each.kind for each in alerts.list_alerts()] == [AlertKind.LONG_RUNNING]
    elsewhere(lambda: recording.end_execution("job#1", Report(ExecutionStatus.COMPLETED)))
    runner.passes(AGAIN_EVERY_S)
    runner.watch.turn()
    assert alerts.list_alerts() == (), "not a minute later"


@pytest.mark.parametrize(
    ("error", "wait_s"), [(QueryFailed("busy"), AGAIN_EVERY_S), (ValueError("ours"), WHOLE_EVERY_S)]
)
def test_a_look_that_fails_keeps_no_other(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, wait_s: float
) -> None:
    def fails(_now: datetime, _since: datetime) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(alert_look, "look", fails)
        assert runner.watch.turn() == wait_s
    assert "look" in caplog.text
    runner.passes(WHOLE_EVERY_S)
    runner.watch.turn()
    assert runner.looks == ["look"]
