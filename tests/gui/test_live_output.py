"""While a workflow runs, the output of what runs stands beside its graph, and the log beside an execution's graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smartspec.commands import executions
from tests.gui.conftest import CHAIN, Desktop

GATE = """smartspec: 1
name: gate
tasks:
  first: {run: "printf '\\\\033[32mone\\\\033[0m\\\\n'; while [ ! -e go ]; do sleep 0.02; done; echo more"}
  second: {needs: [first], run: "echo two; while [ ! -e on ]; do sleep 0.02; done"}
"""


def lines_of(view: Any) -> list[str | None]:
    return [view.line(number) for number in range(view.count)]


def begin(desktop: Desktop, id_: str) -> None:
    desktop.go("workflows", id_, "overview")
    desktop.do("run")
    desktop.wait(lambda: executions.get_execution("gate#1").status == "running")


def test_the_output_of_what_runs_is_beside_the_graph_and_goes_on(
    desktop: Desktop, imported: Callable[..., str]
) -> None:
    begin(desktop, imported(GATE))
    live = desktop.workflows.tabs.content("overview").live
    desktop.wait(lambda: live.isVisible() and lines_of(live.view) == ["one"])
    assert live.name.full_text == "first"
    (desktop.file.parent / "go").touch()
    desktop.wait(lambda: live.name.full_text == "second" and lines_of(live.view) == ["two"])
    (desktop.file.parent / "on").touch()
    desktop.wait(lambda: live.row.status == "completed")
    assert live.isVisible(), "its last lines can be read"
    desktop.click(live.open_button)
    assert (
        desktop.execution.tabs.name == "timeline" and desktop.execution.tabs.content("timeline").chosen_task == "second"
    )


def test_it_can_be_closed_and_is_gone_with_another_workflow(desktop: Desktop, imported: Callable[..., str]) -> None:
    begin(desktop, imported(GATE))
    live = desktop.workflows.tabs.content("overview").live
    desktop.wait(live.isVisible)
    desktop.settle()
    desktop.click(live.close_button)
    (desktop.file.parent / "go").touch()
    desktop.wait(lambda: live.row.task == "second")
    assert not live.isVisible()
    (desktop.file.parent / "on").touch()
    desktop.wait(lambda: executions.get_execution("gate#1").status == "completed")
    desktop.go("workflows", imported(CHAIN, "other.yaml"), "overview")
    assert live.row is None


def test_what_has_ended_before_it_was_looked_at_shows_none(desktop: Desktop, ran: Callable[..., Any]) -> None:
    execution = ran(CHAIN)
    desktop.go("workflows", "", "overview")
    desktop.go("workflows", executions.get_execution(execution.id).workflow_name, "overview")
    assert not desktop.workflows.tabs.content("overview").live.isVisible()


def test_the_log_beside_the_graph_of_an_execution_goes_along(desktop: Desktop, imported: Callable[..., str]) -> None:
    begin(desktop, imported(GATE))
    desktop.go("execution", executions.get_execution("gate#1").id, "graph")
    tab = desktop.execution.tabs.content("graph")
    desktop.wait(lambda: tab.log.row is not None and tab.log.row.task == "first" and tab.log.view.count)
    (desktop.file.parent / "go").touch()
    desktop.wait(lambda: tab.log.row.task == "second")
    (desktop.file.parent / "on").touch()
    desktop.wait(lambda: executions.get_execution("gate#1").status == "completed")
    desktop.settle()
