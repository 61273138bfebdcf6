"""The ledger does not open: what was found, the ways out, and that nothing was written to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from smartspec.commands import database, recording, safe_start, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.errors import TransactionFailed
from smartspec.gui import screenshots
from smartspec.gui.app import FEATURES
from smartspec.gui.pages.settings.page import SettingsPage
from smartspec.gui.program import Program
from smartspec.gui.shell.restore.dialog import RestoreDialog
from smartspec.gui.shell.restore.newer_dialog import NewerDialog
from smartspec.gui.shell.safe_start.details import redacted
from smartspec.gui.shell.safe_start.page import SafeStart
from smartspec.gui.shell.safe_start.words import cause_of, sentence_in_place, with_place
from smartspec.store.database import sqlite
from tests.clock import until
from tests.gui.conftest import Desktop
from tests.gui.test_threads import elsewhere


def record() -> None:
    begun = recording.begin_execution("kept")
    recording.end_execution(begun.id, Report(ExecutionStatus.COMPLETED))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """With a backup of its first execution; the second one is newer."""
    file = tmp_path / "data" / "smartspec.db"

    def make() -> None:
        database.open_database(file)
        workflows.create_workflow("kept")
        record()
        database.back_up_database()
        record()
        database.forget_database()

    elsewhere(make)
    return file


@pytest.fixture
def opened(qapp: QApplication, ledger: Path) -> Iterator[Callable[[], Desktop]]:
    made: list[Desktop] = []

    def open_() -> Desktop:
        made.append(Desktop(ledger))
        return made[-1]

    yield open_
    for each in made:
        each.close()
    database.forget_database()
    assert all(each.reports == 0 for each in made), "an error was reported"


def page_of(desktop: Desktop) -> SafeStart:
    page = desktop.window.stack.currentWidget()
    assert isinstance(page, SafeStart)
    desktop.settle()
    return page


def in_first_page(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"\xff" * 4096)


def newer(file: Path) -> None:
    with sqlite.library.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def seen(folder: Path) -> dict[str, bytes]:
    found = {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    return {name: content for name, content in found.items() if not name.endswith("window.json")}


@pytest.mark.parametrize(
    ("state", "break_it", "sentence", "best"),
    [
        ("missing", lambda file: file.unlink(), "is not there", "Restore…"),
        ("empty", lambda file: os.truncate(file, 0), "0 bytes", "Restore…"),
        ("unreadable", in_first_page, "not a database", "Restore…"),
        ("cut short", lambda file: os.truncate(file, 50), "damaged", "Restore…"),
        ("newer", newer, "newer SmartSpec", "Open read-only"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    ledger: Path,
    opened: Callable[[], Desktop],
    state: str,
    break_it: Callable[[Path], object],
    sentence: str,
    best: str,
) -> None:
    break_it(ledger)
    before = seen(ledger.parent)
    desktop = opened()
    page = page_of(desktop)
    assert sentence in page.sentence.text()
    chosen = next(each for each in (page.first, page.look, page.folder) if each.property("recommended"))
    assert chosen.button.text() == best and chosen.button.isEnabled()
    assert "verified" in page.findings.text()
    status = desktop.window.status
    assert "healthy" not in status.database.text() and "not known" in status.runner.text()
    assert not desktop.window.context.actions["page_workflows"].isEnabled()
    assert desktop.window.context.actions["quit"].isEnabled()
    assert seen(ledger.parent) == before and not desktop.message


def test_a_folder_that_cannot_be_made_is_not_offered_to_be_shown(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")  # whoever runs this, nothing can be made below it
    desktop = Desktop(tmp_path / "home" / "data" / "smartspec.db")
    page = page_of(desktop)
    assert "the folder is not there" in page.findings.text() and "all that was written" not in page.findings.text()
    assert page.folder.property("recommended") and page.folder.button.text() == "Another ledger…"
    asked: list[str] = []
    page.asked.disconnect()
    page.asked.connect(asked.append)
    desktop.click(page.folder.button)
    assert asked == ["open_ledger"]
    desktop.close()
    database.forget_database()


def test_restoring_brings_the_ledger_back_in_the_same_window(ledger: Path, opened: Callable[[], Desktop]) -> None:
    in_first_page(ledger)
    desktop = opened()
    page = page_of(desktop)
    desktop.press("Return", page.first.button)
    dialog = desktop.dialog(RestoreDialog)
    desktop.wait(lambda: dialog.form.state.text() == "Verified")
    dialog.form.in_place.click()
    desktop.click(dialog.restore)
    desktop.wait(lambda: desktop.window.ledger.lost is None and "1 execution" in desktop.window.status.counts.text())
    desktop.settle()
    assert desktop.window.ledger.bar.isHidden() and any("aside" in each.name for each in ledger.parent.iterdir())
    elsewhere(record)


def test_looking_shows_what_can_be_read_and_writes_nothing(ledger: Path, opened: Callable[[], Desktop]) -> None:
    newer(ledger)
    before = seen(ledger.parent)
    desktop = opened()
    page = page_of(desktop)
    desktop.click(page.look.button)
    desktop.wait(lambda: desktop.window.ledger.bar.headline.text() == "This ledger is open read-only.")
    desktop.settle()
    desktop.wait(lambda: "2 executions" in desktop.window.status.counts.text())
    desktop.go("history")
    assert desktop.history.view.executions.rowCount() == 2
    actions = desktop.window.context.actions
    for name in ("new", "import", "run", "back_up", "samples"):
        assert not actions[name].isEnabled() and actions[name].toolTip() == "This ledger is open read-only."
    assert actions["page_history"].isEnabled()
    assert "only looked at" in desktop.window.status.runner.text()
    assert seen(ledger.parent) == before


def test_a_new_ledger_is_begun_only_where_a_person_wants_it(ledger: Path, opened: Callable[[], Desktop]) -> None:
    shutil.rmtree(ledger.parent / "backups")
    os.truncate(ledger, 0)
    (ledger.parent / "logs").mkdir()
    (ledger.parent / "logs" / "x.log").write_text("x")
    desktop = opened()
    page = page_of(desktop)
    assert page.first.button.text() == "Begin anew…"
    desktop.press_in_question("Cancel")
    desktop.click(page.first.button)
    assert not ledger.stat().st_size
    desktop.press_in_question("Begin anew")
    desktop.click(page.first.button)
    desktop.wait(lambda: desktop.window.ledger.lost is None and ledger.stat().st_size > 0)
    desktop.wait(lambda: "0 workflows" in desktop.window.status.counts.text())


def test_another_folder_is_opened_in_the_same_window(
    ledger: Path, opened: Callable[[], Desktop], tmp_path: Path
) -> None:
    shutil.copytree(ledger.parent, tmp_path / "other")
    in_first_page(ledger)
    desktop = opened()
    page_of(desktop)
    desktop.program._ways.open_in(tmp_path / "other")
    desktop.wait(lambda: desktop.window.ledger.lost is None and "2 executions" in desktop.window.status.counts.text())
    desktop.settle()
    assert desktop.window.context.database == tmp_path / "other" / ledger.name and desktop.program.exit_code == 0


def test_it_is_tried_again(ledger: Path, opened: Callable[[], Desktop]) -> None:
    ledger.rename(ledger.with_name("elsewhere"))
    desktop = opened()
    page = page_of(desktop)
    ledger.with_name("elsewhere").rename(ledger)
    desktop.click(page.again)
    desktop.wait(lambda: desktop.window.ledger.lost is None and "2 executions" in desktop.window.status.counts.text())
    desktop.settle()


def test_what_is_copied_says_neither_home_nor_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "alice")
    monkeypatch.setenv("HOME", "/home/alice")
    assert redacted("/home/alice/x by alice, malice") == "~/x by USER, malice"


def test_it_stays_however_late_the_window_is_painted(qapp: QApplication, ledger: Path) -> None:
    in_first_page(ledger)
    program = Program(ledger, FEATURES)
    program.open()
    until(lambda: program.exit_code, pause=qapp.processEvents)
    screenshots.settle(program)
    assert program.window is not None and isinstance(program.window.stack.currentWidget(), SafeStart)
    program.show("default")
    screenshots.settle(program)
    assert program.window is not None and isinstance(program.window.stack.currentWidget(), SafeStart)
    program.close()
    database.forget_database()


def test_a_place_that_is_not_safe_is_named_with_the_way_out_of_it(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "Dropbox" / "data" / "smartspec.db"

    def make() -> None:
        database.open_database(file)
        workflows.create_workflow("kept")
        database.back_up_database()
        database.forget_database()

    elsewhere(make)
    in_first_page(file)
    desktop = Desktop(file)
    page = page_of(desktop)
    assert "Its place may be why" in page.sentence.text() and "Dropbox" in page.findings.text()
    assert page.first.property("recommended")
    desktop.close()
    database.forget_database()


def test_what_is_refused_in_a_place_that_is_not_safe_has_that_for_its_cause(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "Dropbox" / "data" / "smartspec.db"
    elsewhere(lambda: database.open_database(file))
    database.forget_database()
    found = safe_start.examine_ledger(file)
    error = TransactionFailed("The disk answered with an error; nothing of the last change was kept.")
    assert with_place(cause_of(error, file), found) == "unsafe"
    said = sentence_in_place("unsafe", error, found)
    assert "disk answered" in said and "synchronised by Dropbox" in said and "folder of this machine alone" in said
    safe = safe_start.examine_ledger(tmp_path / "data" / "smartspec.db")
    assert with_place(cause_of(error, file), safe) == "other"


def test_what_is_newer_is_listed_before_anything_is_chosen(ledger: Path, opened: Callable[[], Desktop]) -> None:
    newer(ledger)
    desktop = opened()
    page = page_of(desktop)
    desktop.wait(lambda: page.first.link.isVisible())
    assert page.first.link.text() == "See the 1"
    desktop.click(page.first.link)
    rows = desktop.dialog(NewerDialog).view.model()
    assert rows.rowCount() == 1 and rows.data(rows.index(0, 0)) == "kept" and rows.data(rows.index(0, 1)) == "#2"
    assert "did not open" in desktop.window.rail._buttons["workflows"].toolTip()


def test_the_windows_own_settings_can_be_chosen_and_the_ledgers_are_not_claimed(
    ledger: Path, opened: Callable[[], Desktop]
) -> None:
    in_first_page(ledger)
    desktop = opened()
    page_of(desktop)
    before = seen(ledger.parent)
    desktop.do("page_settings")
    page = desktop.window.page("settings")
    assert isinstance(page, SettingsPage) and desktop.shows(page)
    assert desktop.window.ledger.bar.headline.text() == "The ledger did not open"
    kept, own = page.form.rows["runner.at_once"], page.form.rows["theme"]
    assert kept.control.isHidden() and "Not known" in kept.wrong.text.text()
    assert not own.control.isHidden() and own.control.isEnabled() and not desktop.message
    own.chosen.emit("theme", "dark")
    assert desktop.program.ui_state.get("theme", "") == "dark"
    desktop.click(desktop.window.ledger.bar.buttons["found"])
    page_of(desktop)
    assert desktop.window.ledger.bar.isHidden() and not desktop.window.rail._buttons["settings"].isChecked()
    assert seen(ledger.parent) == before
