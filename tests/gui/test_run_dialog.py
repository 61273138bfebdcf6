"""Run with parameters: filled in as last time, checked while one types, with the version one chose."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from smartspec.commands import executions, versions, workflows, working_copies
from smartspec.domain.execution import Execution
from smartspec.gui.pages.workflows.run_dialog import RunDialog
from tests.gui.conftest import CHAIN, Desktop, line_of, problem_at

Import = Callable[..., str]


@pytest.fixture
def chain(desktop: Desktop, chain: str) -> str:
    desktop.go("workflows", chain, "overview")
    return chain


def asked(desktop: Desktop) -> RunDialog:
    desktop.do("run_with")
    return desktop.dialog(RunDialog)


def last(desktop: Desktop) -> Execution:
    desktop.wait(
        lambda: executions.list_executions().rows and executions.list_executions().rows[0].status == "completed"
    )
    return executions.list_executions().rows[0]


def test_run_with_parameters_by_a_form(desktop: Desktop, chain: str) -> None:
    desktop.press("Ctrl+Shift+Return")
    dialog = desktop.dialog(RunDialog)
    line_of(dialog.form, "often").setText("several")
    desktop.settle()
    assert "must be a whole number" in problem_at(dialog.form, "often")
    desktop.click(dialog.run_button)
    assert not executions.list_executions().rows
    line_of(dialog.form, "often").setText("3")
    line_of(dialog.form, "word").setText("good day")
    dialog.note.setText("to see it")
    desktop.press("Ctrl+Return", dialog)
    execution = last(desktop)
    assert execution.input == {"word": "good day", "often": 3}
    assert (execution.trigger, execution.note) == ("manual", "to see it")
    assert executions.search_executions('"to see it"').rows[0].id == execution.id
    again = asked(desktop)
    assert line_of(again.form, "word").text() == "good day"
    assert again._origin.text == "Filled in as for #1, your last run by hand"
    desktop.click(again.raw)
    assert '"word": "good day"' in again.form.raw.toPlainText()


def test_the_first_field_has_the_keyboard(desktop: Desktop, chain: str) -> None:
    assert asked(desktop).focusWidget().accessibleName() == "word"


def test_back_to_defaults_and_the_values_of_other_runs(
    desktop: Desktop, imported: Import, ran: Callable[..., Execution]
) -> None:
    ran(CHAIN, {"word": "one"})
    ran(CHAIN, {"word": "two", "often": 2})
    desktop.go("workflows", workflows.get_workflow("chain").id, "overview")
    dialog = asked(desktop)
    desktop.click(dialog.defaults)
    assert dialog.form.values == {}
    menu = dialog._other_values()
    assert [each.text().split(" · ")[2] for each in menu.actions()] == ["word two, often 2", "word one"]
    menu.actions()[1].trigger()
    assert dialog.form.values == {"word": "one"}
    line_of(dialog.form, "word").setText("three")
    assert dialog.form.group.rows["word"].is_changed


def test_a_missing_parameter_opens_the_form(desktop: Desktop, imported: Import) -> None:
    text = CHAIN.replace("params:\n  type: object\n", "params:\n  type: object\n  required: [album]\n").replace(
        "    word:", "    album: {type: string}\n    word:"
    )
    desktop.go("workflows", imported(text))
    desktop.do("run")
    dialog = desktop.dialog(RunDialog)
    assert problem_at(dialog.form, "album") == ""
    desktop.click(dialog.run_button)
    assert problem_at(dialog.form, "album") == "The parameter “album” is missing."
    assert dialog.focusWidget().accessibleName() == "album"


def test_an_older_version_takes_its_own_parameters(desktop: Desktop, chain: str) -> None:
    newer = CHAIN.replace("    often:", "    loud: {type: boolean}\n    often:").replace("echo third", "echo 3")
    working_copies.save_version(chain, newer)
    dialog = asked(desktop)
    assert "loud" in dialog.form.group.rows
    line_of(dialog.form, "word").setText("kept")
    dialog.versions.box.setCurrentIndex(1)
    desktop.settle()
    assert [*dialog.form.group.rows] == ["word", "often"]
    assert line_of(dialog.form, "word").text() == "kept"
    desktop.click(dialog.run_button)
    assert last(desktop).workflow_version == "1.0.0"


def test_a_draft_is_saved_when_it_runs_and_else_is_said_not_to_run(desktop: Desktop, chain: str) -> None:
    working_copies.save_working_copy(chain, CHAIN.replace("echo third", "echo drafted"))
    dialog = asked(desktop)
    assert dialog.versions._not_run.text() == "Saved as v1.0.1 when you run"
    dialog.versions.box.setCurrentIndex(1)
    assert dialog.versions._not_run.text() == "The draft of v1.0.1 is not run"
    dialog.versions.box.setCurrentIndex(0)
    desktop.click(dialog.run_button)
    assert last(desktop).workflow_version == "1.0.1"
    assert "drafted" in versions.latest_version(chain).source


def test_a_draft_with_errors_cannot_be_chosen(desktop: Desktop, chain: str) -> None:
    working_copies.save_working_copy(chain, CHAIN.replace("run: echo third", "runn: echo"))
    dialog = asked(desktop)
    assert dialog.versions.box.count() == 1
    assert "The draft is not run: it has 1 error" in dialog.versions._not_run.text()


def test_what_was_meant_is_taken(desktop: Desktop, chain: str) -> None:
    dialog = asked(desktop)
    row = dialog.form.group.rows["often"]
    line = line_of(dialog.form, "often")
    line.setFocus()
    line.setText("1O")
    desktop.settle()
    assert row.problem == "“1O” is not a number. Did you mean 10?"
    desktop.press("Alt+Return", line)
    assert (line.text(), row.problem) == ("10", "")
    line.setText("2O")
    desktop.settle()
    desktop.click(row._wrong.link)
    assert line.text() == "20"


def test_it_can_be_taken_to_a_terminal(desktop: Desktop, chain: str) -> None:
    dialog = asked(desktop)
    line_of(dialog.form, "word").setText("it's")
    dialog.note.setText("why")
    desktop.click(dialog.copy)
    words = shlex.split(QApplication.clipboard().text())
    assert words == ["smartspec", "run", "default.chain", "-p", "word=it's", "--note", "why"]


def test_without_parameters_there_is_no_dialog(desktop: Desktop, imported: Import) -> None:
    desktop.go("workflows", imported("smartspec: 1\nname: plain\ntasks: {a: {run: echo}}\n"))
    assert not desktop.window.context.actions["run_with"].isEnabled()
    assert desktop.window.context.actions["run"].isEnabled()


def test_a_folder_is_told_to_be_there(desktop: Desktop, imported: Import, tmp_path: Path) -> None:
    text = CHAIN.replace("    often:", "    where: {type: string, format: folder}\n    often:")
    desktop.go("workflows", imported(text))
    dialog = asked(desktop)
    field: Any = dialog.form.group.fields["where"]
    for path, told in ((tmp_path, "is there, can be read"), (tmp_path / "none", "is not there")):
        field.line.setText(str(path))
        desktop.settle()
        assert field.note == told
    (tmp_path / "file").touch()
    field.line.setText(str(tmp_path / "file"))
    desktop.settle()
    assert field.note == "is a file, not a folder"


def test_json_that_is_none_stays_json(desktop: Desktop, chain: str) -> None:
    dialog = asked(desktop)
    desktop.click(dialog.raw)
    dialog.form.raw.setPlainText("{")
    desktop.settle()
    assert "is not JSON" in dialog.problem
    assert not dialog.run_button.isEnabled()
    desktop.click(dialog.raw)
    assert dialog.form.is_raw
    dialog.form.raw.setPlainText('{"often": "x"}')
    desktop.settle()
    assert "“often” does not fit" in dialog.problem
