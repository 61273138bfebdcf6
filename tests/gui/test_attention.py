"""The dot in the rail follows what failed, whatever page is shown."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands import workflows
from smartspec.domain.execution import Execution
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]


def says(desktop: Desktop) -> str:
    """What the item of the workflows says beside its name."""
    return desktop.window.rail._buttons["workflows"].accessibleDescription()


def test_a_failure_is_seen_from_another_page(desktop: Desktop, ran: Ran) -> None:
    desktop.go("history")
    assert says(desktop) == ""
    ran(BROKEN)
    desktop.wait(lambda: says(desktop) == "needs attention")


def test_it_goes_when_nothing_that_counts_has_failed(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    ran(BROKEN)
    desktop.wait(lambda: says(desktop) == "needs attention")
    desktop.workflows.workflow_list.search.setText("chain")  # what is listed is not what there is
    desktop.settle()
    assert says(desktop) == "needs attention"
    workflows.archive_workflow("broken")
    desktop.wait(lambda: says(desktop) == "")
