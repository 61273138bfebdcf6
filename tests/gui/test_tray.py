"""The icon in the notification area: what its menu says and does, and that there is none where there is no place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QApplication

from smartspec.commands.overview import PROBLEMS
from smartspec.domain.activity import Activity, Cause, Now, Progress, State
from smartspec.domain.overview import Due, Overview, Recent, Standing
from smartspec.formatting import format_clock
from smartspec.gui.app import FEATURES
from smartspec.gui.shell.tray.choices import TrayChoices
from smartspec.gui.shell.tray.icon_painting import tray_icon
from smartspec.gui.shell.tray.lines import Line, Verb, lines
from smartspec.gui.shell.tray.menu import TrayMenu
from smartspec.gui.shell.tray.tray import Tray
from smartspec.value import replace
from tests.gui.conftest import Desktop

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RUNS = Activity(
    state=State.RUNNING, cause=Cause.TASK, execution="e1", workflow_name="Nightly & photos", number=42,
    workspace="default", words="", since=NOW - timedelta(minutes=102), progress=Progress(28, 100, is_items=True),
)  # fmt: skip
LATE = replace(RUNS, execution="e2", workflow_name="Corpus", progress=None, usual_ms=60_000, late_after_ms=120_000)
IDLE = Overview(Now((), {}, 0, (), 0, 2), 0, None, 0, None, 0, False, None, False, None, ())
BUSY = replace(
    IDLE, now=Now((RUNS, LATE), {State.RUNNING: 2}, 0, (), 2, 2), problems=3, newest_problem=NOW - timedelta(hours=1),
    next_due=Due("DNS", NOW + timedelta(minutes=20)), active=1, recent=(Recent("w1", "Nightly & photos"),),
)  # fmt: skip


def texts(found: tuple[Line, ...]) -> list[str]:
    return [each.text for each in found if each.verb is not Verb.SEPARATOR]


def test_the_menu_says_what_is_wrong_what_runs_and_what_comes() -> None:
    at = format_clock(NOW + timedelta(minutes=20))
    assert texts(lines(BUSY, None, NOW)) == [
        "3 problems since yesterday", "Nightly & photos · 28 %", "Corpus · 1 h 42 m, late", f"Next: DNS, {at}",
        "Run", "Pause all", "Quiet until", "Open SmartSpec", "Quit…",
    ]  # fmt: skip
    assert texts(lines(replace(IDLE, alerts=1), None, NOW))[0] == "1 alert"
    assert texts(lines(IDLE, None, NOW))[:2] == ["All well", "Nothing runs"]


def test_more_than_a_few_that_run_are_counted() -> None:
    many = tuple(replace(RUNS, execution=f"e{n}") for n in range(8))
    found = lines(replace(BUSY, now=replace(BUSY.now, activities=many)), None, NOW)
    assert "3 more run" in texts(found) and sum(each.verb is Verb.EXECUTION for each in found) == 5


def test_what_cannot_be_done_is_grey_and_what_was_paused_goes_on() -> None:
    def line(overview: Overview, verb: Verb) -> Line | None:
        return next((each for each in lines(overview, None, NOW) if each.verb is verb), None)

    for overview, pause, resume in (
        (IDLE, False, None), (BUSY, True, None), (replace(IDLE, can_resume=True), None, True),
        (replace(BUSY, can_resume=True), True, True),
    ):  # fmt: skip
        found = [line(overview, verb) for verb in (Verb.PAUSE, Verb.RESUME)]
        assert [each and each.is_enabled for each in found] == [pause, resume]
    until = NOW + timedelta(hours=1)
    quiet = next(each for each in lines(replace(IDLE, quiet_until=until), None, NOW) if each.icon == "bell")
    assert quiet.text == f"Quiet until {format_clock(until)}" and quiet.lines[-1].is_enabled
    assert not next(each for each in lines(IDLE, None, NOW) if each.icon == "bell").lines[-1].is_enabled


def test_a_line_of_the_menu_is_chosen_and_an_open_menu_is_left_alone(qapp: QApplication) -> None:
    made, chosen = TrayMenu(qapp), list[Line]()
    made.chosen.connect(chosen.append)
    made.show_lines(lines(BUSY, None, NOW))
    before = made.menu.actions()
    assert before[2].text() == "Nightly && photos · 28 %"
    made.show_lines(lines(BUSY, None, NOW))
    assert made.menu.actions() == before
    before[2].trigger()
    assert [(each.verb, each.target) for each in chosen] == [(Verb.EXECUTION, "e1")]
    run = next(each.menu() for each in before if each.text() == "Run")
    assert run is not None
    run.actions()[0].trigger()  # type: ignore[attr-defined]
    assert [(each.verb, each.target) for each in chosen[1:]] == [(Verb.RUN, "w1")]
    made.close()


def test_the_problems_lead_to_the_list_of_them_and_count_as_looked_at(desktop: Desktop) -> None:
    choices = TrayChoices(desktop.window)
    choices.follow(desktop.window)
    assert choices.looked_at is None
    choices.do(Line(Verb.PROBLEMS))
    desktop.settle()
    location = desktop.window.context.navigator.location
    assert location is not None and (location.page, location.query) == ("history", PROBLEMS)
    assert choices.looked_at is not None


def test_what_is_run_from_the_menu_runs_and_what_cannot_be_is_shown(desktop: Desktop, chain: str) -> None:
    desktop.go("history")
    choices = TrayChoices(desktop.window)
    choices.follow(desktop.window)
    choices.do(Line(Verb.RUN, target=chain))
    desktop.wait(lambda: desktop.window.context.notifications.started_here)
    choices.do(Line(Verb.RUN, target="gone"))
    desktop.wait(lambda: desktop.message)
    assert "gone" in desktop.message and desktop.shows(desktop.workflows)


def test_each_standing_has_a_picture_of_its_own() -> None:
    pictures = [tray_icon(each).pixmap(22, 22).toImage() for each in Standing]
    assert all(one != other for number, one in enumerate(pictures) for other in pictures[:number])


def test_negative_control_without_a_place_there_is_no_icon_and_closing_is_closing(desktop: Desktop) -> None:
    desktop.program.companions.make(FEATURES)
    desktop.program.ui_state.keep("close.to_tray", True)
    desktop.settle()
    (tray,) = desktop.program.companions.made
    assert isinstance(tray, Tray) and tray.icon is None
    assert not desktop.program.companions.keep_window
    assert desktop.window.close()
