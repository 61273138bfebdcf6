"""What a schedule wants of the machine, in the list, beside the ledger and in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from smartspec.commands import schedules
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.gui.widgets.schedules.model import CONDITIONS
from smartspec.store import database, firings
from tests.gui.conftest import CHAIN, Desktop


def page_of(desktop: Desktop) -> Any:
    desktop.go("schedules")
    return desktop.window.page("schedules")


def said(fact: Any) -> str:
    """Without the places where a line may end."""
    return str(fact.text()).replace("\u200b", "")


def test_conditions_are_said_and_asked_now(desktop: Desktop, imported: Callable[..., str], tmp_path: Path) -> None:
    nightly = schedules.create_schedule(imported(CHAIN), "0 5 * * *", name="Nightly")
    page = page_of(desktop)
    rows = page.list.schedules
    only = rows.kinds.index(CONDITIONS)
    assert page.list.isColumnHidden(only), "an empty column takes no room"
    disk, ran = tmp_path / "disk", tmp_path / "ran"
    wanted = {"path": str(disk), "networks": ["home"], "command": f"touch '{ran}'"}
    schedules.update_schedule(nightly.id, conditions=wanted)
    desktop.settle()
    assert not page.list.isColumnHidden(only)
    assert rows.index(0, only).data() == f"home, {disk}, “touch '{ran}'”"
    assert said(page.next.conditions) == (
        f"on the network home, when {disk} is there, when “touch '{ran}'” succeeds"
    )  # fmt: skip
    assert said(page.next.check) == f"does not hold: {disk} was not there"
    disk.mkdir()
    page.invalidate()
    desktop.settle()
    assert said(page.next.check) == "holds, as far as is known"
    assert "the system does not tell its network, which counts as met" in page.next.check.toolTip()
    assert not ran.exists(), "looking runs no command"
    schedules.update_schedule(nightly.id, conditions={"path": str(disk)})
    desktop.settle()
    assert said(page.next.check) == "holds"


def test_what_a_condition_held_up_and_was_made_up_for_was_caught_up(
    desktop: Desktop, ran: Callable[..., Execution]
) -> None:
    done = ran(CHAIN)
    hourly = schedules.create_schedule("chain", "0 * * * *", name="Hourly")
    at = times.now().replace(minute=0, second=0, microsecond=0)
    with database.transaction():
        for hours, execution in ((3, None), (2, done.pk)):
            due, why = at - timedelta(hours=hours), f"battery: {hours}"
            held = Firing(scheduled_for=due, decision=Decision.SKIPPED_CONDITION, reason=why, execution=execution)
            firings.add(hourly, held, times.now())
    ledger = page_of(desktop).ledger.view.ledger
    desktop.wait(lambda: ledger.rowCount() == 2)
    assert [(ledger.index(row, 0).data(), ledger.index(row, 2).data()) for row in (0, 1)] == [
        ("Caught up", "on battery, 2 %; made up for when that was over"), ("Skipped", "on battery, 3 %"),
    ]  # fmt: skip
