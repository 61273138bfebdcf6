"""The tab Events, and what is said of an execution that was cancelled."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands import control, executions, starting
from smartspec.domain.execution import Execution
from smartspec.errors import Invalid
from smartspec.gui.pages.execution.events_model import MORE, TASK, WHAT
from smartspec.gui.style.status import result
from smartspec.gui.widgets.table.rows import RowsView
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]


def test_an_event_says_which_task_and_why(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id, "events")
    tab = desktop.execution.tabs.content("events")
    assert isinstance(tab.view, RowsView)
    rows = [[tab.model.index(at, column).data() for column in (WHAT, TASK, MORE)] for at in range(tab.model.rowCount())]
    assert ["task failed", "bad", "error: no route to host (exit code 3)"] in rows
    assert ["task skipped", "after", "what it needs failed"] in rows
    assert rows[-1] == ["execution failed", "", "bad: error: no route to host (exit code 3)"]


def test_what_a_person_cancelled_says_so_and_shows_no_code(desktop: Desktop, imported: Callable[..., str]) -> None:
    started = starting.start_execution(imported(CHAIN), {})
    control.cancel_execution(started.id)
    cancelled = executions.get_execution(started.id)
    assert result(cancelled) == "cancelled by you"
    desktop.go("execution", cancelled.id, "events")
    model = desktop.execution.tabs.content("events").model
    told = [model.index(at, MORE).data() for at in range(model.rowCount())]
    assert told[-1] == "cancelled by you"


def test_events_that_could_not_be_read_are_read_again(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id, "events")
    tab = desktop.execution.tabs.content("events")
    tab.model.failed.emit(Invalid("The database is locked."))
    assert not tab.view.isVisible()
    before = tab.model.rowCount()
    tab.model.read_on()
    desktop.settle()
    assert tab.model.rowCount() == before and tab.view.isVisible()
