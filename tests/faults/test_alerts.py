"""Many look at the limits at once, some of them killed in between: what is raised is raised once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from smartspec.commands import alerts, database, recording, settings, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.store import database as rows
from tests.clock import FULL, until
from tests.conftest import ROOT, Said, without_a_screen

ROUNDS = 10 if FULL else 1
MANY = 6


def failed(number: int) -> None:
    """A workflow of which everything fails."""
    workflows.create_workflow(f"w{number}")
    for _execution in range(2):
        recording.end_execution(recording.begin_execution(f"w{number}").id, Report(ExecutionStatus.FAILED))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_many_that_look_at_once_one_raises_whoever_is_killed(
    smartspec: Callable[..., Said], home: Path, _round: int
) -> None:
    database.open_database(home / "data" / "smartspec.db")
    settings.set_setting("alerts.failure_rate_least", 2)
    for number in range(20):
        failed(number)
    database.close_database()
    command = [sys.executable, "-m", "smartspec", "alerts"]
    environment = {**without_a_screen(), "PYTHONPATH": str(ROOT)}
    looking = [
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _number in range(MANY)
    ]
    until(lambda: any(each.poll() is not None for each in looking))  # the first is through, the others are at it
    for each in looking[: MANY // 2]:
        with suppress(ProcessLookupError):
            each.kill()
    codes = [each.wait(60) for each in looking]
    assert set(codes[MANY // 2 :]) == {1}, "something is raised"
    said = smartspec("alerts", "--json")
    assert said.code == 1 and len(json.loads(said.out)) == 20
    database.open_database(home / "data" / "smartspec.db")
    assert rows.scalar("SELECT count(*) FROM events WHERE type = 'alert_raised'") == 20
    assert len(alerts.list_alerts()) == 20 and alerts.list_closed_alerts().rows == ()
    database.close_database()
