"""The schedule editor, as a person uses it: a nightly job in a minute, and everything else that can be said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton

from smartspec.commands import (
    executions,
    files,
    schedule_events,
    schedule_lookup,
    schedules,
    versions,
    workflow_sources,
    workflows,
)
from smartspec.domain import times
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.gui.pages.schedules.editor.when_section import When
from tests.gui.conftest import BROKEN, CHAIN, Desktop, line_of, problem_at, write

Import = Callable[..., str]


@pytest.fixture
def nightly(desktop: Desktop, imported: Import) -> Schedule:
    """A workflow that is due every day at five: no zone moves its clock then."""
    return schedules.create_schedule(imported(CHAIN), "0 5 * * *", name="Nightly", timezone="UTC")


def editor(desktop: Desktop, schedule: Schedule | None = None) -> Any:
    desktop.go("schedule", schedule.id if schedule is not None else "")
    return desktop.window.page("schedule")


def retype(desktop: Desktop, field: Any, text: str) -> None:
    """As a person types it, in place of what stands there."""
    write(field, text)
    field.textEdited.emit(text)
    desktop.settle()


def take(desktop: Desktop, choice: QComboBox, value: object) -> None:
    choice.setCurrentIndex(choice.findData(value))
    choice.activated.emit(choice.currentIndex())
    desktop.settle()


def choose(desktop: Desktop, page: Any, way: When) -> None:
    desktop.click(page.form.when.radios[way])


def stored(name: str = "Nightly") -> Schedule:
    return schedule_lookup.get_schedule(name)


def unsaved(page: Any) -> str:
    return str(page.head._unsaved.text()) if not page.head._unsaved.isHidden() else ""


# A new one


def test_a_nightly_job_takes_a_name_a_workflow_and_a_time(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    imported(BROKEN)
    desktop.go("schedules")
    desktop.click(desktop.window.page("schedules").new_button)  # type: ignore[attr-defined]
    page: Any = desktop.window.page("schedule")
    assert desktop.shows(page) and desktop.window.focusWidget() is page.form.what.name
    QTest.keyClicks(page.form.what.name, "Weekend")
    take(desktop, page.form.what.workflow, workflows.get_workflow("chain").id)
    take(desktop, page.form.when.times.days, "weekend")
    retype(desktop, page.form.when.times.times.lines[0], "18:30")
    assert page.form.when.expression.line.text() == "30 18 * * 0,6" and not page.form.when.row.problem
    desktop.press("Ctrl+S")
    assert (stored("Weekend").expression, stored("Weekend").status) == ("30 18 * * 0,6", ScheduleStatus.ACTIVE)
    assert desktop.toast == "Created “Weekend”"
    shown: Any = desktop.window.page("schedules")
    desktop.wait(lambda: desktop.shows(shown) and shown.list.current is not None)
    assert shown.list.current.schedule.name == "Weekend"


def test_nothing_is_called_wrong_before_anybody_has_written(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    imported(BROKEN)
    page = editor(desktop)
    assert not page.form.what.rows["name"].problem and not unsaved(page)
    assert page.preview.headline == "Every weekday at 07:00"
    desktop.press("Ctrl+S")
    assert (
        "Choose a workflow" in page.form.what.rows["name"].problem
        and desktop.window.focusWidget() is page.form.what.workflow
    )
    assert not schedule_lookup.list_schedules()


def test_the_only_workflow_is_chosen_already(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    page = editor(desktop)
    assert page.form.what.workflow.currentText() == "chain"
    desktop.click(page.head.switch)
    desktop.do("save")
    made = schedule_lookup.list_schedules()[0]
    assert (made.name, made.status) == ("0 7 * * 1-5", ScheduleStatus.PAUSED)


# Choices and expression


@pytest.mark.parametrize(
    ("written", "way", "says"),
    [
        ("*/7 7-18 * * 1-5", When.STEPS, ("7", "minutes", "07:00", "18:59")),
        ("0 8-18/2 * * *", When.STEPS, ("2", "hours", "08:00", "18:00")),
        ("0,30 7 * * 1", When.TIMES, ("some", "07:00", "07:30")),
        ("0 2 1,15 * *", When.TIMES, ("month_days", "02:00")),
        ("0 0 13 * 5", When.TIMES, ("own",)),
    ],
)
def test_an_expression_chooses_what_stands_for_it(
    desktop: Desktop, nightly: Schedule, written: str, way: When, says: tuple[str, ...]
) -> None:
    when = editor(desktop, nightly).form.when
    retype(desktop, when.expression.line, written)
    assert when.way is way and when.radios[way].isChecked()
    if way is When.STEPS:
        found = (
            when.steps.every.text(),
            when.steps.unit.currentData(),
            when.steps.first.text(),
            when.steps.last.text(),
        )
    else:
        days = when.times.days.currentData()
        found = (days, *(when.times.times.texts if days != "own" else ()))
    assert found == says and when.text == written


def test_several_times_that_one_expression_cannot_hold_say_why(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    when = page.form.when
    desktop.click(when.times.times.add_button)
    assert when.text == "0 5,6 * * *"
    retype(desktop, when.times.times.lines[1], "06:15")
    assert "05:15" in when.row.problem and not page.head.save.isEnabled()
    retype(desktop, when.times.times.lines[1], "6:00")
    assert not when.row.problem and when.times.times.texts == ["05:00", "6:00"] and page.head.save.isEnabled()


def test_days_are_taken_in_and_out_by_the_keyboard(desktop: Desktop, nightly: Schedule) -> None:
    when = editor(desktop, nightly).form.when
    when.times.weekdays.setFocus()
    desktop.press("Space")
    desktop.press("Right")
    desktop.press("Space")
    assert when.text == "0 5 * * 0,3-6" and when.times.days.currentData() == "some"
    menu = when.times.months.make_menu()
    for action in menu.actions()[2:5]:  # behind all of them and a line
        action.trigger()
    menu.close()
    desktop.settle()
    assert when.text == "0 5 * 4-12 0,3-6" and "9" in when.times.months.accessibleName()
    when.times.times.lines[0].setFocus()
    when.times.times.lines[0].setCursorPosition(5)
    desktop.press("Up")
    assert when.times.times.texts == ["05:01"] and when.text == "1 5 * 4-12 0,3-6"


def test_an_uneven_step_is_warned_of_and_can_be_saved_or_mended(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    line = page.form.when.expression.line
    retype(desktop, line, "*/7 * * * *")
    fixes = [each.text() for each in page.form.when.expression.findChildren(QPushButton) if each.isVisibleTo(page)]
    assert "Every 6 minutes" in fixes and page.head.save.isEnabled()
    page.preview.times.more.click()
    assert "only 4 m later" in [each.text() for each in page.preview.findChildren(type(page.preview._heading))]
    line.setFocus()
    desktop.press("Alt+Return", line)
    assert line.text() == "*/6 * * * *" and page.form.when.radios[When.STEPS].isChecked()
    retype(desktop, line, "*/7 * * * *")
    interval = next(
        each for each in page.form.when.expression.findChildren(QPushButton) if each.text().startswith("A true")
    )
    desktop.click(interval)
    assert page.form.when.radios[When.INTERVAL].isChecked() and page.form.when.interval.line.text() == "7 minutes"
    desktop.do("save")
    assert (stored().trigger_type, stored().expression) == (TriggerType.INTERVAL, "420s")


def test_what_was_written_for_another_way_comes_back_with_it(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    retype(desktop, page.form.when.expression.line, "1 2 3 4 5")
    for way in (When.ONCE, When.EVENT, When.MANUAL, When.INTERVAL, When.TIMES):
        choose(desktop, page, way)
        assert bool(page.form.when.row.problem) is (way is When.EVENT), way  # which misses its path
    assert page.form.when.text == "1 2 3 4 5"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("interval", "5400s"), ("event", "workflow failed default.chain"), ("event", "event paper-arrived"),
        ("event", "computer woke"), ("manual", ""), ("once", "2031-05-05T05:05:05"), ("cron", "0 0 13 * 5"),
        ("once", "2031-05-05T05:05:00+00:00"), ("cron", "@daily"),
        ("event", "file appeared /srv/papers named '*.pdf' quiet 30s recursive"), ("event", "file quiet /srv"),
    ],
)  # fmt: skip
def test_what_is_opened_is_as_it_was_whatever_else_is_changed(
    desktop: Desktop, imported: Import, kind: str, rule: str
) -> None:
    imported(BROKEN)
    made = schedules.create_schedule(imported(CHAIN), rule, trigger_type=TriggerType(kind), name="Other")
    page = editor(desktop, made)
    assert not unsaved(page) and not page.head.save.isEnabled() and not page.is_dirty
    retype(desktop, page.form.what.name, "Another")
    assert unsaved(page) == "1 unsaved change"
    desktop.do("save")
    assert (stored("Another").expression, stored("Another").trigger_type) == (made.expression, made.trigger_type)


def test_a_past_moment_is_refused_before_it_is_saved(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    choose(desktop, page, When.ONCE)
    assert page.head.save.isEnabled()
    write(page.form.when.once.line, "2020-02-02 02:02")
    desktop.settle()
    assert "past" in page.form.when.row.problem and not page.head.save.isEnabled()


def test_events_are_chosen_and_written(desktop: Desktop, nightly: Schedule, imported: Import) -> None:
    imported(BROKEN)
    page = editor(desktop, nightly)
    choose(desktop, page, When.EVENT)
    event = page.form.when.event_
    assert "path" in page.form.when.row.problem
    retype(desktop, event.files.path, "/srv/papers")
    retype(desktop, event.files.pattern, "*.pdf")
    retype(desktop, event.files.quiet, "30 s")
    assert page.form.when.text == "file appeared /srv/papers named '*.pdf' quiet 30s"
    retype(desktop, event.files.quiet, "a while")
    assert "a while" in page.form.when.row.problem
    retype(desktop, page.form.period.most, "0")
    assert "1" in page.form.period.rows["timezone"].problem
    retype(desktop, page.form.period.most, "10")
    take(desktop, event.of, "event")
    assert "name" in page.form.when.row.problem
    retype(desktop, event.name, "paper-arrived")
    assert page.form.when.text == "event paper-arrived" and "smartspec event paper-arrived" in event._how.text()
    take(desktop, event.of, "workflow")
    take(desktop, event.end, "failed")
    take(desktop, event.workflow, "default.broken")
    desktop.do("save")
    assert (stored().expression, stored().events_per_hour) == ("workflow failed default.broken", 10)


def test_what_an_event_starts_waits_for_another_unless_a_person_says_otherwise(desktop: Desktop, chain: str) -> None:
    page = editor(desktop)
    choose(desktop, page, When.EVENT)
    take(desktop, page.form.when.event_.of, "computer")
    assert str(page.form.policy.overlap.value) == "queue"
    choose(desktop, page, When.TIMES)
    assert str(page.form.policy.overlap.value) == "skip"
    choose(desktop, page, When.EVENT)
    desktop.click(page.form.policy.overlap.segments[0])
    desktop.do("save")
    assert schedule_lookup.list_schedules()[0].overlap is Overlap.SKIP


# Everything else that can be said


def test_all_that_the_terminal_can_say_can_be_said_here(
    desktop: Desktop, nightly: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_HOME", "/backups")
    page = editor(desktop, nightly)
    form = page.form
    take(desktop, form.what.version, "1.0.0")
    form.period.zone.setEditText("Europe/Berlin")
    take(desktop, form.period.period, "between")
    write(form.period.start, "2030-01-01 00:00")
    write(form.period.end, "2031-01-01 00:00")
    retype(desktop, form.period.jitter, "90 s")
    desktop.click(form.policy.misfire.segments[2])
    retype(desktop, form.policy.cap, "3")
    desktop.click(form.policy.overlap.segments[1])
    form.policy.blackouts.add(["12-24/01-02"])
    retype(desktop, form.surroundings.folder, "/srv")
    form.surroundings.variables.add(["BACKUP_HOME"])
    line_of(form.input.form, "word").setText("{{ schedule.name }}")
    desktop.settle()
    assert unsaved(page) == "12 unsaved changes"
    desktop.do("save")
    found = stored()
    assert (found.timezone, found.jitter, found.misfire, found.catch_up_cap, found.overlap) == (
        "Europe/Berlin", 90_000, Misfire.ALL, 3, Overlap.QUEUE
    )  # fmt: skip
    assert found.version and versions.get_version_by_key(found.version).version == "1.0.0"
    assert found.start_at is not None and found.start_at.isoformat() == "2029-12-31T23:00:00+00:00"
    assert found.blackouts == ["12-24/01-02"] and found.input == {"word": "{{ schedule.name }}"}
    assert found.environment is not None and found.environment["folder"] == "/srv"
    assert found.environment["variables"]["BACKUP_HOME"] == "/backups"  # type: ignore[index, call-overload]
    again = editor(desktop, found)
    assert not again.is_dirty and not unsaved(again)


def test_what_has_to_hold_is_ticked_and_said(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    section = page.form.conditions
    for key in ("mains", "networks", "idle", "path"):
        desktop.click(section.ticks[key])
    told = section.row.problem
    assert "Name a network" in told and "Name the path" in told and not page.head.save.isEnabled()
    section.networks.add(["home", "office"])
    retype(desktop, section.path, "/srv")
    assert not section.row.problem and "on mains power" in page.preview._more.text()
    desktop.do("save")
    asked = {"mains": True, "networks": ["home", "office"], "idle": "600000ms", "path": "/srv"}
    assert stored().conditions == asked
    page = editor(desktop, nightly)
    assert not page.is_dirty and page.form.conditions.idle.text() == "10 minutes"
    for key in ("mains", "networks", "idle", "path"):
        desktop.click(page.form.conditions.ticks[key])
    desktop.do("save")
    assert stored().conditions is None


def test_everything_that_is_wrong_is_told_beside_its_field_at_once(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    form = page.form
    form.period.zone.setEditText("Mars/Olympus")
    retype(desktop, form.period.jitter, "soon")
    form.policy.blackouts.add(["whenever"])
    line_of(form.input.form, "often").setText("lots")
    retype(desktop, form.when.expression.line, "0 25 * * *")
    assert "25" in form.when.expression.problem and "Mars/Olympus" in form.period.rows["timezone"].problem
    assert "soon" in form.period.rows["timezone"].problem and "whenever" in form.policy.rows["blackouts"].problem
    assert "number" in problem_at(form.input.form, "often") or "integer" in problem_at(form.input.form, "often")
    assert page.head._wrong.text() == "fix 5 problems to save" and not page.head.save.isEnabled()
    assert "Mars/Olympus" in form.period.zone.accessibleDescription()
    retype(desktop, form.when.expression.line, "0 5 * * *")
    form.period.zone.setEditText("UTC")
    retype(desktop, form.period.jitter, "")
    form.policy.blackouts.set_texts([])
    line_of(form.input.form, "often").setText("")
    desktop.settle()
    assert not page.is_dirty and not form.period.rows["timezone"].problem


def test_a_template_is_shown_as_it_comes_to_the_next_time(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    line_of(page.form.input.form, "word").setText("{{ schedule.due_at }}")
    desktop.settle()
    tomorrow = times.now().replace(hour=5, minute=0, second=0, microsecond=0)
    tomorrow += timedelta(days=1) if tomorrow <= times.now() else timedelta()
    assert page.form.input.form.group.fields["word"].note == f"next: {tomorrow.isoformat()}"
    assert page.form.input._fits.text == "fits v1.0.0"
    line_of(page.form.input.form, "often").setText("{{ event.count }}")
    desktop.settle()
    assert page.form.input.row.problem and not page.form.input._fits.text


def test_a_template_for_a_number_survives_the_way_to_json_and_back(desktop: Desktop, imported: Import) -> None:
    made = schedules.create_schedule(
        imported(CHAIN), "0 5 * * *", name="Nightly", input={"often": 2, "word": "{{ schedule.name }}"}
    )
    page = editor(desktop, made)
    desktop.click(page.form.input.raw)
    assert page.form.input.form.is_raw and not page.is_dirty
    desktop.click(page.form.input.raw)
    assert not page.form.input.form.is_raw and not page.is_dirty
    assert line_of(page.form.input.form, "word").text() == "{{ schedule.name }}"


def test_another_version_has_its_own_fields_and_says_how_many_are_newer(desktop: Desktop, nightly: Schedule) -> None:
    newer = CHAIN.replace("    often: {type: integer, default: 1}\n", "").replace("echo third", "echo 3rd")
    files.import_workflows([workflow_sources.Source("test.yaml", newer, "yaml", str(desktop.file.parent))])
    page = editor(desktop, nightly)
    assert {*page.form.input.form.group.names} == {"word"}
    take(desktop, page.form.what.version, "1.0.0")
    assert "1 newer, not used here" in page.form.what._hint.text
    assert {*page.form.input.form.group.names} == {"word", "often"}


# What is not saved


def test_what_is_written_is_kept_while_one_looks_elsewhere(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    retype(desktop, page.form.what.name, "Half written")
    retype(desktop, page.form.when.expression.line, "0 25 * *")
    desktop.go("schedules")
    editor(desktop)
    assert page.head.title.full_text == "New schedule"
    again = editor(desktop, nightly)
    assert again.form.what.name.text() == "Half written" and again.form.when.text == "0 25 * *"
    assert unsaved(again) == "2 unsaved changes" and stored() == nightly
    kept = desktop.program.ui_state.get("schedules.unsaved", {})
    assert [*kept] == [nightly.id]


def test_escape_asks_only_where_something_would_be_lost(desktop: Desktop, nightly: Schedule) -> None:
    desktop.go("schedules")
    page = editor(desktop, nightly)
    desktop.press("Escape", page.form.what.name)
    assert desktop.shows(desktop.window.page("schedules"))
    page = editor(desktop, nightly)
    retype(desktop, page.form.what.name, "Half written")
    desktop.press_in_question("Cancel")
    desktop.press("Escape", page.form.what.name)
    assert desktop.shows(page) and page.form.what.name.text() == "Half written"
    desktop.press_in_question("Discard")
    desktop.press("Escape", page.form.what.name)
    assert desktop.shows(desktop.window.page("schedules"))
    assert editor(desktop, nightly).form.what.name.text() == "Nightly"


def test_what_was_changed_elsewhere_is_not_overwritten(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    desktop.click(page.form.policy.overlap.segments[2])
    theirs = schedules.update_schedule(nightly.id, "0 6 * * *", overlap=Overlap.QUEUE, jitter=5_000)
    desktop.wait(lambda: not page.conflict.isHidden())
    told = page.conflict._told.text()
    assert "When" in told and "Jitter" in told and "You have changed If still running too" in told
    assert not page.head.save.isEnabled() and stored() == theirs
    desktop.click(page.conflict.mine)
    assert page.conflict.isHidden() and page.form.when.text == "0 6 * * *" and page.changed == ("overlap",)
    desktop.do("save")
    assert (stored().overlap, stored().jitter, stored().expression) == (Overlap.ALLOW, 5_000, "0 6 * * *")


def test_theirs_can_be_taken_and_what_nobody_has_touched_follows_by_itself(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    schedules.update_schedule(nightly.id, name="Renamed")
    desktop.wait(lambda: page.form.what.name.text() == "Renamed")
    assert page.conflict.isHidden() and not page.is_dirty
    retype(desktop, page.form.what.name, "Mine")
    schedules.update_schedule(nightly.id, name="Theirs")
    desktop.wait(lambda: not page.conflict.isHidden())
    desktop.go("schedules")
    again = editor(desktop, nightly)
    assert again.form.what.name.text() == "Mine" and not again.conflict.isHidden()
    desktop.click(again.conflict.theirs)
    assert again.form.what.name.text() == "Theirs" and not again.is_dirty


def test_one_that_is_deleted_meanwhile_says_so(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    schedules.delete_schedule(nightly.id)
    desktop.wait(lambda: page.states.currentWidget() is not page.states.content)


# Beside it


def test_the_next_times_stand_with_every_change_of_the_clock(desktop: Desktop, imported: Import) -> None:
    made = schedules.create_schedule(imported(CHAIN), "30 2 * * *", name="Nightly", timezone="Europe/Berlin")
    page = editor(desktop, made)
    take(desktop, page.form.period.period, "between")
    write(page.form.period.start, "2031-03-28 00:00")
    desktop.settle()
    words = [each.text() for each in page.preview.findChildren(type(page.preview._heading)) if each.isVisibleTo(page)]
    assert words.count("02:30") == 4 and "03:00" in words and "+01:00" in words and "+02:00" in words
    assert any("forward" in each for each in words) and any("does not exist" in each for each in words)
    page.preview.times.more.click()
    assert page.preview.times.more.text() == "Fewer"


def test_days_that_are_left_out_are_marked_among_the_times(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    day = (times.now() + timedelta(days=2)).date().isoformat()
    page.form.policy.blackouts.add([day])
    desktop.settle()
    words = [each.text() for each in page.preview.findChildren(type(page.preview._heading)) if each.isVisibleTo(page)]
    assert f"left out: {day}" in words


def test_what_starts_beside_it_is_known_and_a_free_time_can_be_taken(desktop: Desktop, nightly: Schedule) -> None:
    id_ = workflows.get_workflow("chain").id
    for name, rule in (("Invoices", "0 5 * * *"), ("DNS", "*/30 * * * *")):
        schedules.create_schedule(id_, rule, name=name, timezone="UTC")
    page = editor(desktop, nightly)
    words = [each.text() for each in page.preview.worth.findChildren(type(page.preview._heading))]
    assert any("2 others start in that minute" in each and "Invoices" in each and "DNS" in each for each in words)
    assert page.preview.worth._all.text() == "all 3 schedules"
    assert "05:00" in page.preview.worth.chart.accessibleDescription()
    take = next(each for each in page.preview.worth.findChildren(QPushButton) if each.text() == "Take 05:05")
    desktop.click(take)
    assert page.form.when.text == "5 5 * * *"
    assert not [each for each in page.preview.worth.findChildren(QPushButton) if each.isVisibleTo(page)]


def test_of_files_those_that_fit_and_lie_there_are_shown(desktop: Desktop, nightly: Schedule, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf", "note.txt"):
        (tmp_path / name).write_text("x")
    page = editor(desktop, nightly)
    choose(desktop, page, When.EVENT)
    files_ = page.form.when.event_.files
    retype(desktop, files_.path, str(tmp_path))
    retype(desktop, files_.pattern, "*.pdf")
    shown = page.preview.past
    words = [each.full_text if hasattr(each, "full_text") else each.text() for each in shown.findChildren(QLabel)]
    assert "2 files that fit lie there already: only what comes after saving counts." in words
    assert {"one.pdf", "two.pdf"} <= {*words} and "note.txt" not in words
    assert not shown.folder_link.isHidden()
    retype(desktop, files_.path, str(tmp_path / "nowhere"))
    words = [each.text() for each in shown.findChildren(QLabel) if each.isVisibleTo(page)]
    assert any("is not there" in each for each in words)
    choose(desktop, page, When.MANUAL)
    assert shown.isHidden() and "runs it" in page.preview._none.text()


def test_of_an_event_it_says_when_it_would_have_been(desktop: Desktop, nightly: Schedule) -> None:
    for number in range(2):
        schedule_events.fire_event("paper-arrived", {"n": number})
    page = editor(desktop, nightly)
    choose(desktop, page, When.EVENT)
    page.form.when.event_.show_expression("event paper-arrived")
    page.form.edited.emit()
    desktop.settle()
    shown = page.preview.past
    words = [each.full_text if hasattr(each, "full_text") else each.text() for each in shown.findChildren(QLabel)]
    assert "Would have been, last 7 days" in words and "2 times" in words and {'{"n":0}', '{"n":1}'} <= {*words}
    page.form.when.event_.show_expression("application started")
    page.form.edited.emit()
    desktop.settle()
    assert "Nobody knows when that was." in [each.text() for each in shown.findChildren(QLabel)]


def test_days_of_a_calendar_are_left_out(desktop: Desktop, nightly: Schedule, tmp_path: Path) -> None:
    day = (times.now() + timedelta(days=2)).date()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
             "SUMMARY:Away", "END:VEVENT", "END:VCALENDAR"]  # fmt: skip
    file = tmp_path / "away.ics"
    file.write_bytes("\r\n".join([*lines, ""]).encode())
    page = editor(desktop, nightly)
    page.form.policy.calendars.add([str(tmp_path / "nowhere.ics")])
    desktop.settle()
    assert "nowhere.ics" in page.form.policy.rows["calendars"].problem
    page.form.policy.calendars.set_texts([str(file)])
    desktop.settle()
    words = [each.text() for each in page.preview.findChildren(QLabel) if each.isVisibleTo(page)]
    assert any(each.startswith("left out: ") for each in words) and not page.form.policy.rows["calendars"].problem
    desktop.do("save")
    assert stored().calendars == [str(file)]
    assert not editor(desktop, nightly).is_dirty


def test_one_whose_input_names_a_file_runs_for_one_that_is_chosen(
    desktop: Desktop, chain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.pdf"
    file.write_text("x")
    made = schedules.create_schedule(
        chain, f"file appeared {tmp_path}", trigger_type=TriggerType.EVENT, name="Papers", timezone="UTC",
        input={"word": "{{ event.path }}"},
    )  # fmt: skip
    page = editor(desktop, made)
    assert page.preview.run_button.text() == "Run for a file…"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    desktop.click(page.preview.run_button)
    desktop.wait(lambda: executions.list_executions().rows)
    assert executions.list_executions().rows[0].input == {"word": str(file)}


def test_a_network_that_this_machine_does_not_know_is_warned_of(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    section = page.form.conditions
    desktop.click(section.ticks["networks"])
    section.offer_networks(["home", "office"])
    section.networks.add(["home", "cafe"])
    desktop.settle()
    assert section._unknown.text == "This machine knows no network “cafe”." and page.head.save.isEnabled()
    section.offer_networks(None)  # a system that does not tell
    assert section._unknown.isHidden()


def test_it_can_be_run_once_and_nothing_unsaved_runs(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    line_of(page.form.input.form, "word").setText("now")
    desktop.settle()
    assert page.preview.run_button.text() == "Save and run once"
    desktop.click(page.preview.run_button)
    desktop.wait(lambda: executions.list_executions().rows)
    assert stored().input == executions.list_executions().rows[0].input == {"word": "now"}


def test_what_is_saved_can_be_simulated(desktop: Desktop, nightly: Schedule) -> None:
    assert not editor(desktop).preview.simulate_button.isEnabled()
    page = editor(desktop, nightly)
    desktop.click(page.preview.simulate_button)
    assert desktop.shows(desktop.window.page("simulation"))
    assert desktop.window.context.navigator.location.key == nightly.id  # type: ignore[union-attr]


def test_in_a_narrow_window_the_preview_is_a_strip_that_unfolds(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    assert page.preview.isVisible() and not page.strip.isVisible()
    desktop.window.resize(960, 600)
    desktop.settle()
    assert not page.preview.isVisible() and "Every day at 05:00" in page.strip._words.full_text
    desktop.click(page.strip.button)
    assert page.preview.isVisible() and page.form.isVisible()


def test_tab_goes_through_the_form_as_it_is_read(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    page.form.what.name.setFocus()
    seen = []
    for _step in range(12):
        desktop.press("Tab")
        focused = desktop.window.focusWidget()
        assert focused is not None
        seen.append(focused.accessibleName())
    assert seen[:6] == ["Version", "At times", "Days", "Time of day", "", "Mon"], seen
    assert page.body.area.isAncestorOf(desktop.window.focusWidget())


def test_a_workflow_with_a_long_name_leaves_room_for_the_rest(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN.replace("name: chain", f"name: {'long ' * 39}name"))
    page = editor(desktop)
    right = page.form.what.workflow.mapTo(page.body.area, page.form.what.workflow.rect().topRight()).x()
    assert right <= page.body.area.viewport().width()


def test_the_switch_is_saved_with_the_rest(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop, nightly)
    desktop.click(page.head.switch)
    assert unsaved(page) == "1 unsaved change" and stored().status is ScheduleStatus.ACTIVE
    desktop.do("save")
    assert stored().status is ScheduleStatus.PAUSED
    page = editor(desktop, nightly)
    assert not page.head.switch.isChecked()
    QTest.keyClick(page.head.switch, Qt.Key.Key_Space)
    desktop.settle()
    desktop.do("save")
    assert stored().status is ScheduleStatus.ACTIVE


def test_a_name_that_is_taken_or_too_long_can_be_mended(desktop: Desktop, nightly: Schedule) -> None:
    page = editor(desktop)
    for name, refused in (("Nightly", "already"), ("x" * 300, "200")):
        retype(desktop, page.form.what.name, name)
        assert refused in page.form.what.rows["name"].problem and not page.head.save.isEnabled()
    retype(desktop, page.form.what.name, "Mornings")
    desktop.do("save")
    assert stored("Mornings")
