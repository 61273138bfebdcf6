"""The bar at the bottom and the check say the same of the database, and both say what is so."""

from __future__ import annotations

from smartspec.commands import recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.store import database as store
from tests.gui.conftest import Desktop


def record(name: str, count: int) -> None:
    for number in range(count):
        begun = recording.begin_execution(name)
        words = " ".join(str(number * 1_000 + each) for each in range(200))
        recording.end_execution(begun.id, Report(ExecutionStatus.FAILED, error=words))


def test_sample_data_that_come_and_go_leave_a_healthy_database(desktop: Desktop) -> None:
    workflows.create_workflow("mine")
    desktop.do("samples")
    for _ in range(4):
        desktop.window.status.check_every_page()
        desktop.settle()
        assert desktop.window.status.database.text().startswith("Database healthy")
        record("mine", 12)
    desktop.do("remove_samples")
    desktop.window.status.check_every_page()
    desktop.settle()
    assert desktop.window.status.database.text().startswith("Database healthy")
    desktop.do("check")
    assert "sound" in desktop.toast and not desktop.message


def test_what_the_check_finds_the_bar_says_too(desktop: Desktop) -> None:
    workflows.create_workflow("mine")
    desktop.window.status.check_every_page()
    desktop.settle()
    assert "healthy" in desktop.window.status.database.text()
    record("mine", 2)
    with store.transaction():
        store.execute("UPDATE workflows SET last_number = 0")
    desktop.do("check")
    assert desktop.message == "The check found 1 thing that is not in order."
    assert "needs attention" in desktop.window.status.database.text()
    assert "db repair" in desktop.window.message_bar._meaning.full_text
