"""The tab Schedules of a workflow: its own schedules, how they went, and a past period run by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from smartspec.commands import schedule_lookup, schedules, workflows
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.gui.widgets.schedules.past_period_dialog import PastPeriodDialog
from smartspec.store import database, firings
from tests.gui.conftest import BROKEN, Desktop, write

Import = Callable[..., str]


@pytest.fixture
def nightly(chain: str) -> Schedule:
    return schedules.create_schedule(chain, "0 5 * * *", name="Nightly")


def tab_of(desktop: Desktop, workflow_id: str) -> Any:
    desktop.go("workflows", workflow_id, "workflow-schedules")
    return desktop.workflows.tabs.content("workflow-schedules")


def lines(tab: Any) -> list[list[str]]:
    model = tab.list.schedules
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def decided(schedule: Schedule, decision: Decision, reason: str = "", ran: Execution | None = None) -> None:
    at = times.now() - timedelta(hours=1)
    firing = Firing(scheduled_for=at, decision=decision, reason=reason, execution=ran.pk if ran else None)
    with database.transaction():
        firings.add(schedule, firing, times.now())


def test_without_one_it_says_what_a_schedule_is_and_makes_one(desktop: Desktop, chain: str) -> None:
    tab = tab_of(desktop, chain)
    assert tab.states.currentWidget() is not tab.states.content
    offered = [each for each in tab.states.findChildren(QPushButton) if each.text() == "New schedule"]
    desktop.click(offered[0])
    editor: Any = desktop.window.page("schedule")
    assert editor.form.what.workflow.currentText() == "chain"
    QTest.keyClicks(editor.form.what.name, "Mornings")
    desktop.settle()
    desktop.do("save")
    desktop.wait(lambda: desktop.shows(desktop.workflows) and tab.list.schedules.rowCount() == 1)
    assert schedule_lookup.get_schedule("Mornings").workflow == workflows.get_workflow(chain).pk
    assert lines(tab)[0][1:3] == ["Mornings", "every weekday at 07:00"]
    assert lines(tab)[0][4:] == ["not due yet", "0 · 0"]
    counts = tab.list.schedules.index(0, 5).data(Qt.ItemDataRole.AccessibleTextRole)
    assert counts == "0 completed, 0 failed"


def test_it_shows_the_schedules_of_this_workflow_alone(desktop: Desktop, nightly: Schedule, imported: Import) -> None:
    other = imported(BROKEN)
    schedules.create_schedule(other, "0 6 * * *", name="Elsewhere")
    assert [line[1] for line in lines(tab_of(desktop, nightly_workflow()))] == ["Nightly"]
    desktop.go("workflows", other)
    desktop.wait(lambda: [line[1] for line in lines(tab_of(desktop, other))] == ["Elsewhere"])


def nightly_workflow() -> str:
    return workflows.get_workflow("chain").id


def test_the_last_result_has_its_reason(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    failed = ran(BROKEN)
    often = schedules.create_schedule("broken", "*/5 * * * *", name="Often")
    decided(often, Decision.RAN, ran=failed)
    tab = tab_of(desktop, workflows.get_workflow("broken").id)
    desktop.wait(lambda: lines(tab)[0][4].startswith("failed: "))
    decided(often, Decision.SKIPPED_OVERLAP, "overlap: 7")
    schedules.pause_schedule(often.id)
    desktop.wait(lambda: lines(tab)[0][4] == "Skipped: #7 was still active")


def test_switch_run_now_and_next_times(desktop: Desktop, nightly: Schedule) -> None:
    tab = tab_of(desktop, nightly_workflow())
    assert tab.detail.next._times.count() >= 5
    QTest.keyClick(tab.list, Qt.Key.Key_Space)
    desktop.wait(lambda: lines(tab)[0][0] == "off")
    assert schedule_lookup.get_schedule("Nightly").status is ScheduleStatus.PAUSED
    tab.list.row_opened.emit(0)
    desktop.settle()
    editor: Any = desktop.window.page("schedule")
    assert desktop.shows(editor) and editor.form.what.name.text() == "Nightly"
    editor.cancel()
    desktop.wait(lambda: desktop.shows(desktop.workflows))


def test_del_puts_the_schedule_into_the_trash_and_not_the_workflow(desktop: Desktop, nightly: Schedule) -> None:
    tab = tab_of(desktop, nightly_workflow())
    tab.list.setFocus()
    desktop.press("Del", tab.list)
    desktop.wait(lambda: not schedule_lookup.list_schedules())
    assert workflows.get_workflow("chain").deleted_at is None
    desktop.window.toast.undo()
    desktop.wait(lambda: bool(schedule_lookup.list_schedules()))


def test_one_of_a_workflow_that_is_not_active_is_not_offered(desktop: Desktop, chain: str) -> None:
    workflows.archive_workflow(chain)
    tab = tab_of(desktop, chain)
    desktop.click(tab.new_button)
    assert "“chain” is not active" in desktop.toast


# A past period


def past(desktop: Desktop, tab: Any) -> Any:
    tab.actions_.run_past(tab.list.current.schedule)
    desktop.settle()
    return desktop.dialog(PastPeriodDialog)


def test_a_past_period_is_counted_before_it_runs(desktop: Desktop, nightly: Schedule) -> None:
    dialog = past(desktop, tab_of(desktop, nightly_workflow()))
    write(dialog.first, "2026-03-01 00:00")
    write(dialog.last, "2026-03-04 05:00")
    desktop.wait(lambda: dialog.run_button.text() == "Run 4 times")
    assert dialog.told.text().startswith("4 due times, from ")
    assert not firings.newest(nightly.pk, 10), "nothing runs by being counted"
    dialog.press_primary()
    desktop.wait(lambda: "makes up for 4 due times" in desktop.toast)
    rows = schedule_lookup.list_firings("Nightly").rows
    assert {each.decision for each in rows} == {Decision.CAUGHT_UP} and len(rows) == 4
    assert all((each.reason or "").startswith("by hand: ") for each in rows)


def test_a_period_that_cannot_be_run_says_why(desktop: Desktop, nightly: Schedule) -> None:
    dialog = past(desktop, tab_of(desktop, nightly_workflow()))
    for first, last, said in (
        ("2026-03-02 00:00", "2026-03-01 00:00", "end before it begins"),
        ("soon", "2026-03-01 00:00", "“soon” is not a date with a time"),
        ("2026-03-01 06:00", "2026-03-01 07:00", "no due time in that period"),
        ("2010-01-01 00:00", "2026-01-01 00:00", "more than 1,000"),
        ("", "", "Write both"),
    ):
        write(dialog.first, first)
        write(dialog.last, last)
        desktop.wait(partial(_says, dialog, said))
        assert not dialog.run_button.isEnabled()


def _says(dialog: Any, sentence: str) -> bool:
    return sentence in dialog.problem


def test_what_is_paused_or_has_no_times_has_no_past_period(desktop: Desktop, nightly: Schedule) -> None:
    tab = tab_of(desktop, nightly_workflow())

    def entry() -> bool:
        menu = tab.actions_.menu(tab, tab.list.current)
        try:
            return any(each.isEnabled() for each in menu.actions() if "past period" in each.text())
        finally:
            menu.close()

    assert entry()
    schedules.pause_schedule("Nightly")
    desktop.wait(lambda: lines(tab)[0][0] == "off")
    assert not entry()
