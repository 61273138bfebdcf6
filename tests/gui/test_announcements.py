"""What changes by itself while it is shown is said at once, once."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands import starting
from smartspec.domain.execution import Origin, Trigger
from tests.conftest import run_on
from tests.gui.conftest import CHAIN, Desktop

Imported = Callable[..., str]


def test_the_page_of_an_execution_says_how_it_ended(desktop: Desktop, imported: Imported) -> None:
    started = starting.start_execution(imported(CHAIN), {}, origin=Origin(Trigger.CLI))
    desktop.go("execution", started.id)
    said: list[str] = []
    desktop.execution.header.announcer.said.connect(said.append)
    desktop.execution.reload()
    desktop.settle()
    assert said == []
    run_on(started)
    desktop.wait(lambda: "completed" in desktop.execution.header.title.text())
    desktop.execution.reload()
    desktop.settle()
    assert [text for text in said if "completed" in text] == [f"chain {desktop.execution.header.title.text()}"]


def test_the_page_of_another_one_says_nothing(desktop: Desktop, imported: Imported) -> None:
    key = imported(CHAIN)
    done = run_on(starting.start_execution(key, {}, origin=Origin(Trigger.CLI))).execution
    waiting = starting.start_execution(key, {}, origin=Origin(Trigger.CLI))
    desktop.go("execution", done.id)
    said: list[str] = []
    desktop.execution.header.announcer.said.connect(said.append)
    desktop.go("execution", waiting.id)
    assert said == []


def test_the_executions_of_a_workflow_are_told_as_they_end(desktop: Desktop, imported: Imported) -> None:
    key = imported(CHAIN)
    started = starting.start_execution(key, {}, origin=Origin(Trigger.CLI))
    desktop.go("workflows", key, "overview")
    desktop.wait(lambda: desktop.workflows.executions.view.executions.rows)
    said: list[str] = []
    desktop.workflows.executions.changes.announcer.said.connect(said.append)
    run_on(started)
    desktop.wait(lambda: any("Completed" in text for text in said))
    desktop.workflows.executions.reload()
    desktop.settle()
    assert [text for text in said if "Completed" in text] == [f"{started.label}: Completed"]
