"""The page Schedules: switched off and on, and every due time with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from smartspec.commands import calendars, execution_trash, executions, schedule_lookup, schedules, workflows
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.gui.shell.status_item import StatusItem
from smartspec.gui.widgets.schedules.ledger import NUMBER
from smartspec.store import database, firings
from tests.gui.conftest import CHAIN, Desktop

Import = Callable[..., str]


@pytest.fixture
def nightly(desktop: Desktop, imported: Import) -> Schedule:
    """A workflow that is due every day at five: no zone moves its clock then."""
    return schedules.create_schedule(imported(CHAIN), "0 5 * * *", name="Nightly")


def page_of(desktop: Desktop) -> Any:
    desktop.go("schedules")
    return desktop.window.page("schedules")


def lines(model: Any) -> list[list[str]]:
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def passed_over(schedule: Schedule, days_ago: int, decision: Decision, reason: str) -> None:
    at = times.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    with database.transaction():
        firings.add(schedule, Firing(scheduled_for=at, decision=decision, reason=reason), times.now())


def test_one_without_due_times_has_no_lines_of_another(desktop: Desktop, nightly: Schedule) -> None:
    passed_over(nightly, 1, Decision.SKIPPED_OVERLAP, "overlap: 7")
    quiet = schedules.create_schedule(workflows.get_workflow("chain").id, "0 3 * * *", name="Quiet")
    page = page_of(desktop)
    page.list.choose(nightly.id)
    desktop.wait(lambda: page.ledger.view.ledger.rowCount() == 1)
    page.list.choose(quiet.id)
    desktop.settle()
    assert page.ledger.view.ledger.rowCount() == 0
    assert page.ledger.states.currentWidget() is not page.ledger.states.content


def test_space_switches_it_off_and_on(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Space)
    desktop.wait(lambda: lines(page.list.schedules)[0][0] == "off")
    assert schedule_lookup.get_schedule("Nightly").status is ScheduleStatus.PAUSED
    assert lines(page.list.schedules)[0][4] == "paused"
    QTest.keyClick(page.list, Qt.Key.Key_Space)
    desktop.wait(lambda: lines(page.list.schedules)[0][0] == "on")


def test_all_are_paused_and_undo_resumes_exactly_those(desktop: Desktop, nightly: Schedule) -> None:
    id_ = workflows.get_workflow("chain").id
    schedules.create_schedule(id_, "0 3 * * *", name="off already")
    schedules.pause_schedule("off already")
    page = page_of(desktop)
    desktop.click(page.pause_all)
    desktop.wait(lambda: not page.pause_all.isEnabled() and desktop.window.toast.can_undo)
    assert {each.status for each in schedule_lookup.list_schedules()} == {ScheduleStatus.PAUSED}
    desktop.window.toast.undo()
    desktop.wait(lambda: page.pause_all.isEnabled())
    assert {each.name: each.status.value for each in schedule_lookup.list_schedules()} == {
        "Nightly": "active", "off already": "paused"
    }  # fmt: skip


def test_every_due_time_has_its_line_and_its_reason(desktop: Desktop, nightly: Schedule) -> None:
    passed_over(nightly, 3, Decision.SKIPPED_OVERLAP, "overlap: 7")
    passed_over(nightly, 2, Decision.COULD_NOT_START, "start: The keyring is locked.")
    page = page_of(desktop)
    desktop.wait(lambda: page.ledger.view.ledger.rowCount() == 2)
    found = [(line[0], line[2]) for line in lines(page.ledger.view.ledger)]
    assert found == [("Not started", "The keyring is locked."), ("Skipped", "#7 was still active")]


def test_the_number_of_what_was_deleted_is_no_link(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    done = ran(CHAIN)
    hourly = schedules.create_schedule("chain", "0 * * * *", name="Hourly")
    with database.transaction():
        firings.add(hourly, Firing(scheduled_for=times.now(), decision=Decision.RAN, execution=done.pk), times.now())
    page = page_of(desktop)
    view = page.ledger.view
    desktop.wait(lambda: view.ledger.rowCount() == 1)
    cell = view.visualRect(view.ledger.index(0, NUMBER))
    link = view.viewport().grab(cell).toImage()
    execution_trash.delete_execution(done.id)
    desktop.wait(lambda: view.ledger.rows[0].execution.deleted_at is not None)
    assert view.viewport().grab(cell).toImage() != link
    view.row_opened.emit(0)
    desktop.settle()
    assert desktop.shows(page)


def test_deleting_one_can_be_undone(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    page._delete()
    desktop.wait(lambda: desktop.window.toast.can_undo)
    assert not schedule_lookup.list_schedules()
    desktop.window.toast.undo()
    desktop.wait(lambda: [each.status.value for each in schedule_lookup.list_schedules()] == ["active"])


def test_in_place_of_one_that_was_deleted_what_follows_is_chosen(desktop: Desktop, nightly: Schedule) -> None:
    for name, rule in (("Later", "0 3 * * *"), ("Latest", "0 4 * * *")):
        schedules.create_schedule(workflows.get_workflow("chain").id, rule, name=name)
    page = page_of(desktop)
    names = [line[1] for line in lines(page.list.schedules)]
    for deleted, then in ((names[1], names[2]), (names[2], names[0])):
        page.list.choose(schedule_lookup.get_schedule(deleted).id)
        page._delete()
        desktop.wait(partial(lambda gone: gone not in [line[1] for line in lines(page.list.schedules)], deleted))
        assert page.list.current.schedule.name == then


def test_many_changes_of_the_clock_take_no_room_from_the_list(desktop: Desktop, imported: Import) -> None:
    id_ = imported(CHAIN)
    schedules.create_schedule(id_, "0 3 * * *", timezone="UTC", name="Nightly")
    spring = schedules.create_schedule(id_, "30 2 26-29 3 *", timezone="Europe/Berlin", name="Spring")
    page = page_of(desktop)
    page.list.choose(schedule_lookup.get_schedule("Nightly").id)
    desktop.settle()
    before = page.split.sizes()
    page.list.choose(spring.id)
    desktop.settle()
    assert page.split.sizes()[0] == before[0]


def test_chips_narrow_the_list(desktop: Desktop, nightly: Schedule) -> None:
    schedules.create_schedule(workflows.get_workflow("chain").id, "0 3 * * *", name="resting")
    schedules.pause_schedule("resting")
    page = page_of(desktop)
    desktop.click(page.chips[ScheduleStatus.PAUSED])
    assert [line[1] for line in lines(page.list.schedules)] == ["resting"]
    schedules.resume_schedule("resting")
    desktop.wait(lambda: page.states.currentWidget() is not page.states.content)
    show_all = next(each for each in page.states.findChildren(QPushButton) if each.text() == "Show all")
    desktop.click(show_all)
    assert len(lines(page.list.schedules)) == 2


def test_the_header_of_the_workflow_says_when_it_is_due_and_leads_there(desktop: Desktop, nightly: Schedule) -> None:
    chip = desktop.workflows.header.next_due.chip
    desktop.go("workflows", workflows.get_workflow("chain").id)
    desktop.wait(chip.isVisible)
    assert chip.accessibleName().startswith("Due t") and "05:00" in chip.accessibleName()
    schedules.pause_schedule("Nightly")
    desktop.wait(chip.isHidden)
    schedules.resume_schedule("Nightly")
    desktop.wait(chip.isVisible)
    desktop.click(chip)
    page: Any = desktop.window.page("schedules")
    desktop.wait(lambda: desktop.shows(page) and page.list.current is not None)
    assert page.list.current.schedule.name == "Nightly"


def test_the_bar_speaks_of_schedules_only_while_one_is_on(desktop: Desktop, nightly: Schedule) -> None:
    item = desktop.window.status.next_due
    desktop.wait(item.isVisible)
    schedules.pause_schedule("Nightly")
    desktop.wait(item.isHidden)
    for is_narrow in (True, False):
        desktop.window.status.show_narrow(is_narrow)
    assert item.isHidden()


def test_a_name_is_no_markup_in_the_bar(qapp: QApplication) -> None:
    item = StatusItem("Schedules")
    item.show_text("Next: <b>Nightly</b>, today 02:00")
    assert "&lt;b&gt;Nightly" in item.toolTip()


def test_what_was_scrolled_to_stays_while_nothing_new_was_due(desktop: Desktop, nightly: Schedule) -> None:
    for days in range(120, 0, -1):
        passed_over(nightly, days, Decision.SKIPPED_OVERLAP, f"overlap: {days}")
    page = page_of(desktop)
    view, model = page.ledger.view, page.ledger.view.ledger
    desktop.wait(lambda: model.rowCount() == 50)
    model.fetchMore(model.index(-1, -1))
    desktop.wait(lambda: model.rowCount() == 100)
    view.selectRow(60)
    view.scrollTo(view.currentIndex())
    top = view.verticalScrollBar().value()
    page.show_ages()
    desktop.settle()
    assert model.rowCount() >= 100 and (view.currentIndex().row(), view.verticalScrollBar().value()) == (60, top)
    view.scrollToBottom()
    desktop.wait(lambda: model.rowCount() == 120)


def test_what_is_come_for_is_shown_though_the_list_was_narrowed(desktop: Desktop, nightly: Schedule) -> None:
    other = schedules.create_schedule(workflows.get_workflow("chain").id, "0 3 * * *", name="resting")
    schedules.pause_schedule("resting")
    page = page_of(desktop)
    desktop.click(page.chips[ScheduleStatus.ACTIVE])
    desktop.go("schedules", other.id)
    assert page.chips[""].isChecked() and page.list.current.schedule.name == "resting"
    page.list.choose(nightly.id)
    page.invalidate()
    desktop.settle()
    assert page.list.current.schedule.name == "Nightly"


def test_pausing_all_leaves_out_what_was_paused_elsewhere_meanwhile(desktop: Desktop, nightly: Schedule) -> None:
    schedules.create_schedule(workflows.get_workflow("chain").id, "0 3 * * *", name="resting")
    page = page_of(desktop)
    seen = page._active()
    schedules.pause_schedule("Nightly")
    page.actions_.pause_all(seen)
    desktop.wait(lambda: desktop.window.toast.can_undo)
    assert desktop.toast == "Paused 1 schedule"
    desktop.window.toast.undo()
    desktop.wait(lambda: schedule_lookup.get_schedule("resting").status is ScheduleStatus.ACTIVE)
    assert schedule_lookup.get_schedule("Nightly").status is ScheduleStatus.PAUSED


def test_one_that_does_not_see_its_files_says_so(desktop: Desktop, imported: Import, tmp_path: Path) -> None:
    event = f"file appeared {tmp_path}/papers named *"
    made = schedules.create_schedule(
        imported(CHAIN), event, trigger_type=TriggerType.EVENT, name="Papers", events_per_hour=9
    )
    page = page_of(desktop)
    desktop.settle()
    sentence = f"{tmp_path}/papers is not there."
    assert sentence in lines(page.list.schedules)[0]
    assert sentence in words(page.detail.next) and "9 an hour" in words(page.detail.next)
    (tmp_path / "papers").mkdir()
    schedules.update_schedule(made.id, f"{event} quiet 1s")
    desktop.settle()
    assert sentence not in lines(page.list.schedules)[0] and sentence not in words(page.detail.next)


def words(inside: QWidget) -> list[str]:
    return [each.text().replace("\u200b", "") for each in inside.findChildren(QLabel) if each.isVisibleTo(inside)]


def test_one_whose_input_names_a_file_is_run_for_one(
    desktop: Desktop, imported: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").touch()
    asked: list[str] = []

    def choose(_parent: QWidget, _title: str, folder: str) -> tuple[str, str]:
        asked.append(folder)
        return ("" if len(asked) == 1 else f"{tmp_path}/a.pdf"), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    schedules.create_schedule(
        imported(CHAIN), f"file appeared {tmp_path}", trigger_type=TriggerType.EVENT, name="Papers",
        input={"word": "{{ event.path }}"},
    )  # fmt: skip
    page = page_of(desktop)
    assert page.detail.run_button.text() == "Run for a file…"
    page.detail.run()
    page.detail.run()
    desktop.wait(lambda: len(executions.list_executions(ExecutionFilter()).rows) == 1)
    (made,) = executions.list_executions(ExecutionFilter()).rows
    assert (made.input, asked) == ({"word": f"{tmp_path}/a.pdf"}, [str(tmp_path)] * 2), "nothing runs for none"


def test_a_calendar_that_is_gone_is_said(desktop: Desktop, nightly: Schedule, tmp_path: Path) -> None:
    file = tmp_path / "free.ics"
    file.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR\n", "utf-8")
    schedules.update_schedule("Nightly", calendars=[str(file)])
    page = page_of(desktop)
    desktop.wait(lambda: page._all)
    assert not page.calendars.isVisible()
    file.unlink()
    calendars.refresh(times.now())
    desktop.wait(page.calendars.isVisible)
    assert "free.ics cannot be read: " in page.calendars.findChild(QLabel).text()
