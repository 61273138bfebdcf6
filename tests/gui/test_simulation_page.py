"""The page of the simulation: what would run in the days to come, reached by keyboard, without running anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton

from smartspec.commands import executions, machine_sleep, schedule_forecasts, schedule_lookup, schedules, settings
from smartspec.domain import times
from smartspec.domain.progress_callback import report_progress
from smartspec.domain.schedule.policy import Overlap
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.schedules.simulation.choose_dialog import ChooseDialog
from smartspec.gui.pages.schedules.simulation.day_view import lane_room
from smartspec.gui.pages.schedules.simulation.sleep_dialog import SleepDialog
from smartspec.store import database
from tests.gui.conftest import BROKEN, CHAIN, Desktop, write

Import = Callable[..., str]
_MANY_LOOKS = 60_000
NOW = datetime(2027, 3, 25, 13, 32, tzinfo=UTC)


@pytest.fixture(autouse=True)
def stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "now", lambda: NOW)
    monkeypatch.setenv("TZ", "Europe/Berlin")


@pytest.fixture
def nightly(desktop: Desktop, imported: Import) -> Schedule:
    return schedules.create_schedule(imported(CHAIN), "0 2 * * *", name="Nightly")


def page_of(desktop: Desktop, key: str = "") -> Any:
    desktop.go("simulation", key)
    page = desktop.window.page("simulation")
    desktop.settle()
    return page


def figures(page: Any) -> list[str]:
    return [each.text() for each in page.figures.values]


def cells(page: Any) -> list[str]:
    model = page.calendar.calendar
    return [str(model.index(row, column).data()) for row in range(model.rowCount()) for column in range(7)]


def verb(part: Any, text: str) -> QPushButton:
    """The button with this word that is there now."""
    buttons: list[QPushButton] = part.findChildren(QPushButton)
    return next(each for each in buttons if each.text() == text and each.isVisible())


def day_lines(page: Any) -> list[tuple[str, str]]:
    model = page.day.view.day
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def test_it_says_what_would_run_and_runs_nothing(desktop: Desktop, nightly: Schedule) -> None:
    settings.set_setting("runner.at_once", 4)
    page = page_of(desktop)
    assert figures(page) == ["29", "29 m", "1, limit 4", "0", "never asleep", "1, Sun 28 Mar"]
    assert page.title.text() == "Simulate 30 days" and "nothing is run" in page.told.text()
    said = cells(page)
    assert "Thu, Thu 25 Mar, 0 starts, from now" in said and "Sun, Sun 28 Mar, 1 start, 23 h" in said
    assert "Fri, Fri 23 Apr, 1 start, the last day" in said
    assert not executions.list_executions().rows


def test_the_day_that_is_worth_knowing_is_shown_first(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    desktop.wait(lambda: page.day.title.text() == "Sun 28 Mar 2027")
    assert page.day.told.full_text.startswith("1 start in 23 hours · Sun 28 Mar has no 02:00–03:00")
    assert day_lines(page) == [("Nightly", "1 start, how long it takes is estimated")]


def test_arrows_move_the_day_and_enter_goes_into_it(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    page.calendar.setFocus()
    for keys, day in (("Left", 27), ("Down", 3), ("Up", 27), ("Right", 28), ("PgUp", 25), ("PgDown", 22)):
        desktop.press(keys, page.calendar)
        assert page.calendar.day.day == day, keys
    for keys, column in (("Home", 0), ("End", 6)):
        page.calendar.choose(datetime(2027, 4, 7).date())  # noqa: DTZ001
        desktop.press(keys, page.calendar)
        assert page.calendar.currentIndex().column() == column, keys
    page.calendar.choose(datetime(2027, 4, 22).date())  # noqa: DTZ001
    desktop.press("Return", page.calendar)
    assert page.day.view.hasFocus()
    desktop.click(page.day.after)
    assert page.calendar.day.day == 23
    desktop.wait(lambda: page.day.title.text() == "Fri 23 Apr 2027")


def test_a_day_without_a_start_says_when_there_is_one(desktop: Desktop, imported: Import) -> None:
    schedules.create_schedule(imported(CHAIN), "30 7 * * 1-5", name="Mornings")
    page = page_of(desktop)
    page.calendar.choose(datetime(2027, 3, 27).date())  # noqa: DTZ001
    desktop.wait(lambda: day_lines(page) == [("Mornings", "nothing on this day: every weekday at 07:30")])


def test_what_cannot_be_simulated_has_its_sentence_and_a_way(desktop: Desktop, nightly: Schedule) -> None:
    with database.transaction():
        database.execute("UPDATE schedules SET timezone = 'Europe/Berln' WHERE name = 'Nightly'", ())
    page = page_of(desktop)
    desktop.wait(lambda: bool(day_lines(page)))
    name, said = day_lines(page)[0]
    assert name == "Nightly" and said.startswith("cannot be simulated: ") and "Berln" in said
    opened = verb(page.findings, "Open")
    desktop.click(opened)
    assert desktop.shows(desktop.window.page("schedules"))


# What can be done


def test_queue_instead_changes_the_schedule_and_undo_takes_it_back(desktop: Desktop, nightly: Schedule) -> None:
    schedules.create_schedule("chain", "0 2 * * *", name="Beside")
    page = page_of(desktop)
    row = next(each for each in page.findings.rows if "still active" in each.accessibleName())
    assert "they are skipped" in row.accessibleName()
    changed = page._forecast.lane_of(row.finding.schedule).schedule.name
    desktop.click(verb(page.findings, "Queue instead"))
    desktop.wait(lambda: "waits from now on" in desktop.toast)
    assert schedule_lookup.get_schedule(changed).overlap is Overlap.QUEUE
    desktop.wait(lambda: any("they wait until" in each.accessibleName() for each in page.findings.rows))
    desktop.window.toast.undo()
    desktop.wait(lambda: schedule_lookup.get_schedule(changed).overlap is Overlap.SKIP)


def test_the_limit_is_a_way_away(desktop: Desktop, nightly: Schedule) -> None:
    settings.set_setting("runner.at_once", 1)
    schedules.create_schedule("chain", "0 2 * * *", name="Beside", overlap=Overlap.ALLOW)
    page = page_of(desktop)
    assert figures(page)[2] == "2, limit 1"
    desktop.click(verb(page.findings, "Set limit…"))
    assert desktop.window.context.navigator.location == Location("settings", "runner.at_once")


def test_a_change_of_a_schedule_is_simulated_anew_and_a_firing_is_not(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    before = page._forecast
    with database.transaction():
        database.execute("UPDATE schedules SET next_run_at = next_run_at + 1 WHERE pk = ?", (nightly.pk,))
    page.invalidate()
    desktop.settle()
    assert page._forecast is before
    schedules.update_schedule(nightly.id, "0 */12 * * *")
    desktop.wait(lambda: figures(page)[0] == "58")


# What is asked for


def menu_of(chip: Any) -> dict[str, Any]:
    chip.click()
    menu = next(each for each in chip.window().findChildren(QMenu) if each.isVisible())
    found = {each.text(): each for each in menu.actions()}
    menu.close()
    return found


def test_another_period_and_other_schedules(desktop: Desktop, nightly: Schedule, imported: Import) -> None:
    other = schedules.create_schedule(imported(BROKEN), "0 12 * * *", name="Noon")
    schedules.pause_schedule("Noon")
    page = page_of(desktop)
    assert page.chips.which.accessibleName() == "1 schedule"
    menu_of(page.chips.period)["7 days from now"].trigger()
    desktop.wait(lambda: figures(page)[0] == "6")
    page.chips.choose()
    desktop.settle()
    dialog: Any = desktop.dialog(ChooseDialog)
    assert dialog.ticked == (nightly.id,)
    write(dialog.search, "noon")
    assert dialog.list.model().rowCount() == 1 and "Noon (off)" in dialog.list.model().index(0, 0).data()
    model = dialog.list.model()
    model.setData(model.index(0, 0), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    dialog.press_primary()
    desktop.wait(lambda: figures(page)[0] == "12")
    assert {each.schedule.id for each in page._forecast.lanes} == {nightly.id, other.id}
    page.chips._on_days("2027-10-30", "2027-11-02")
    desktop.wait(lambda: page.title.text() == "Simulate 3 days" and figures(page)[5] == "1, Sun 31 Oct")
    page.chips._on_days("2027-03-01", "2027-03-02")
    desktop.wait(lambda: page.states.currentWidget() is not page.states.content)


def test_one_schedule_is_simulated_where_a_location_names_it(desktop: Desktop, nightly: Schedule) -> None:
    schedules.create_schedule("chain", "0 12 * * *", name="Noon")
    page = page_of(desktop, nightly.id)
    desktop.wait(lambda: page.chips.which.accessibleName() == "Nightly" and figures(page)[0] == "29")
    desktop.go("schedules")
    page_of(desktop)
    desktop.wait(lambda: page.chips.which.accessibleName() == "All 2 schedules" and figures(page)[0] == "58")


def test_of_very_many_findings_the_first_are_shown(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    page.findings.show_findings([*page._forecast.findings] * 40, lambda _: None)
    desktop.settle()
    assert len(page.findings.rows) == 30 and page.findings.focusProxy() is page.findings.rows[0]
    said = [each.text() for each in page.findings.findChildren(QLabel) if each.isVisibleTo(page)]
    assert said == ["and 50 more"]


def test_sleep_is_said_as_usual_only_where_it_was_learned(
    desktop: Desktop, nightly: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(machine_sleep, "learned_sleep", lambda: NightlySleep(time(23, 10), time(7, 14)))
    page = page_of(desktop)
    assert page.chips.sleep.accessibleName() == "Asleep as usual, 23:10–07:14" and page.chips.sleep.isChecked()
    assert figures(page)[4] == "29 due times, 29 starts"
    page.calendar.choose(datetime(2027, 3, 26).date())  # noqa: DTZ001
    desktop.wait(lambda: "caught up at 07:14" in day_lines(page)[0][1])
    menu_of(page.chips.sleep)["Never asleep"].trigger()
    desktop.wait(lambda: figures(page)[4] == "never asleep")
    page.chips._ask_hours()
    dialog: Any = desktop.dialog(SleepDialog)
    write(dialog.begin, "soon")
    assert "“soon” is not a time of day" in dialog.problem
    write(dialog.begin, "01:00")
    dialog.press_primary()
    desktop.wait(lambda: page.chips.sleep.accessibleName() == "Asleep 01:00–07:14")


def test_without_learned_sleep_it_is_never_asleep(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    assert page.chips.sleep.accessibleName() == "Never asleep" and not page.chips.sleep.isChecked()
    assert [text for text in menu_of(page.chips.sleep) if "As usual" in text] == []
    assert not page.chips.sleep.isChecked(), "a look into the menu changes nothing"


# Long, empty, taken along


class Endless:
    """The first simulation goes on until nobody wants it; those after it are as ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = schedule_forecasts.forecast_schedules
        self.begun = self.ended = 0
        monkeypatch.setattr(schedule_forecasts, "forecast_schedules", self)

    def __call__(self, request: Any, workspace: str, *, on_progress: Any) -> Any:
        self.begun += 1
        if self.begun > 1:
            return self._real(request, workspace, on_progress=on_progress)
        try:
            for _look in range(_MANY_LOOKS):
                report_progress(on_progress, 0.5)
                sleep(0.001)
        finally:
            self.ended += 1
        raise AssertionError("nobody has ended it")


def begin(desktop: Desktop, endless: Endless) -> Any:
    desktop.window.context.navigator.go(Location("simulation"))
    desktop.wait(lambda: endless.begun)
    return desktop.window.page("simulation")


def test_who_leaves_ends_it_and_who_comes_back_has_it(
    desktop: Desktop, nightly: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    endless = Endless(monkeypatch)
    page = begin(desktop, endless)
    desktop.go("history")
    desktop.wait(lambda: endless.ended)
    desktop.settle()
    assert page._forecast is None and not page.run.is_open
    desktop.go("simulation")
    desktop.wait(lambda: page._forecast is not None)
    assert endless.begun == 2


def test_it_ends_with_the_program(desktop: Desktop, nightly: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Endless(monkeypatch)
    begin(desktop, endless)
    desktop.program.close()
    assert (endless.begun, endless.ended) == (1, 1)


def test_it_can_be_cancelled_and_begun_again(
    desktop: Desktop, nightly: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    endless = Endless(monkeypatch)
    page = begin(desktop, endless)
    page._long.timeout.emit()
    desktop.wait(lambda: page.progress.isVisible() and "50 %" in page._far.text())
    page.progress.findChild(QPushButton).click()
    desktop.settle()
    assert not page.progress.isVisible() and endless.ended
    desktop.click(verb(page.states, "Simulate again"))
    desktop.wait(lambda: page._forecast is not None and figures(page)[0] == "29")


def test_what_was_shown_stays_where_another_one_is_cancelled(
    desktop: Desktop, nightly: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    page = page_of(desktop)
    endless = Endless(monkeypatch)
    menu_of(page.chips.period)["7 days from now"].trigger()
    desktop.wait(lambda: endless.begun)
    page._cancel()
    desktop.wait(lambda: endless.ended)
    desktop.settle()
    assert (page.title.text(), figures(page)[0]) == ("Simulate 30 days", "29")
    assert page.states.currentWidget() is page.states.content and page.chips.request.days == 30


def test_without_a_schedule_there_is_nothing_to_simulate(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    page = page_of(desktop)
    assert page.states.currentWidget() is not page.states.content
    desktop.click(verb(page.states, "To the schedules"))
    assert desktop.shows(desktop.window.page("schedules"))


def test_every_due_time_goes_into_a_file(desktop: Desktop, nightly: Schedule, tmp_path: Path) -> None:
    page = page_of(desktop)
    page.export_to(tmp_path / "days.json", page._forecast)
    desktop.wait(lambda: "Wrote 29 lines to days.json" in desktop.toast)
    assert len(json.loads((tmp_path / "days.json").read_text(encoding="utf-8"))) == 29
    page.export_to(tmp_path / "none" / "days.csv", page._forecast)
    desktop.wait(lambda: "days.csv" in desktop.message)


def test_a_mark_says_its_times_below_the_mouse(desktop: Desktop, nightly: Schedule) -> None:
    page = page_of(desktop)
    page.calendar.choose(datetime(2027, 3, 26).date())  # noqa: DTZ001
    desktop.wait(lambda: page.day.title.text() == "Fri 26 Mar 2027")
    view = page.day.view
    cell = QRectF(view.visualRect(view.day.index(0, 1)))
    painter = view.painter_in(lane_room(cell))
    at = painter.x(datetime(2027, 3, 26, 1, tzinfo=UTC))
    assert cell.contains(QPoint(int(at), int(cell.center().y())).toPointF())
    assert painter.said_at(view.day.rows[0], at) == "02:00: from 02:00 to 02:01"
    assert painter.said_at(view.day.rows[0], at + 60) == ""


def test_the_page_of_schedules_leads_there(desktop: Desktop, nightly: Schedule) -> None:
    desktop.go("schedules")
    page: Any = desktop.window.page("schedules")
    desktop.click(page.simulate_button)
    assert desktop.shows(desktop.window.page("simulation"))
    assert timedelta(days=29) < page_of(desktop)._forecast.simulation.asked_until - NOW
