"""Secrets are set in place: with a keyring, without one for this session; a run that misses one asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from smartspec.commands import configs, executions, session_secrets, session_variables
from smartspec.gui.pages.workflows.run_dialog import RunDialog
from smartspec.gui.pages.workflows.secret_dialog import SecretDialog
from tests.gui.conftest import CHAIN, Desktop
from tests.keyring_in_a_file import FileKeyring

Import = Callable[..., str]
SECRET = "canary-81fe"
TEXT = CHAIN.replace("config:\n", "config:\n  token: {type: secret, description: The key}\n").replace(
    'env: {W: "{{ params.word }}"}', 'env: {W: "{{ params.word }}", T: "{{ config.token }}"}'
)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)
    for name in session_variables.all_of():
        session_variables.forget(name)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "keyring.json"
    monkeypatch.setenv("TEST_KEYRING_FILE", str(file))
    keyring.set_keyring(FileKeyring())
    return file


@pytest.fixture
def no_keyring() -> None:
    from keyring.backends import fail

    keyring.set_keyring(fail.Keyring())


@pytest.fixture
def uses(desktop: Desktop, imported: Import) -> str:
    id_ = imported(TEXT)
    desktop.go("workflows", id_, "config")
    return id_


def set_it(desktop: Desktop, dialog: SecretDialog, value: str = SECRET) -> None:
    dialog.field.line.setText(value)
    desktop.click(dialog.set_button)


def test_it_is_set_in_place_into_the_keyring_and_never_shown(desktop: Desktop, kept: Path, uses: str) -> None:
    row = desktop.workflows.tabs.content("config").rows["token"]
    assert row.editor.set_button.isVisible() and not row.editor._shown.isVisible()
    desktop.click(row.editor.set_button)
    dialog = desktop.dialog(SecretDialog)
    assert dialog.in_keyring.isChecked()
    assert dialog.field.line.echoMode() is QLineEdit.EchoMode.Password
    set_it(desktop, dialog)
    assert SECRET in kept.read_text()
    assert row.editor._shown.isVisible() and not row.editor.set_button.isVisible()
    assert SECRET not in row.editor._shown.text()
    assert "in the keyring" in row._description.full_text


def test_the_eye_shows_it_until_it_is_pressed_again(desktop: Desktop, kept: Path, uses: str) -> None:
    configs.set_config(uses, "token", SECRET)
    desktop.settle()
    editor = desktop.workflows.tabs.content("config").rows["token"].editor
    editor.show_secret(configs.reveal_secret(uses, "token"))
    assert editor._shown.text() == SECRET
    editor.eye.click()
    assert SECRET not in editor._shown.text()


def test_without_a_keyring_it_is_kept_for_this_session(desktop: Desktop, no_keyring: None, uses: str) -> None:
    row = desktop.workflows.tabs.content("config").rows["token"]
    desktop.click(row.editor.set_button)
    dialog = desktop.dialog(SecretDialog)
    assert dialog.for_session.isChecked() and not dialog.in_keyring.isVisible()
    dialog.field.line.setText("abc")
    assert not dialog.set_button.isEnabled()
    assert "At least 4 characters" in dialog.problem
    set_it(desktop, dialog)
    assert configs.get_config(uses, "token").source == "session"
    assert SECRET not in os.environ.values()
    assert "until SmartSpec is closed" in row._description.full_text
    row.forget_asked.emit()
    desktop.settle()
    assert row.editor.set_button.isVisible()
    assert desktop.toast == "Forgot the secret token"


def test_run_asks_for_what_is_missing_and_runs(desktop: Desktop, no_keyring: None, uses: str) -> None:
    desktop.do("run")
    dialog = desktop.dialog(SecretDialog)
    assert dialog.set_button.text() == "Set and run"
    set_it(desktop, dialog)
    desktop.wait(
        lambda: executions.list_executions().rows and executions.list_executions().rows[0].status == "completed"
    )
    assert SECRET not in str(executions.list_executions().rows[0])


def test_so_does_a_run_with_parameters(desktop: Desktop, no_keyring: None, uses: str) -> None:
    desktop.do("run_with")
    form = desktop.dialog(RunDialog)
    form.note.setText("with it")
    desktop.click(form.run_button)
    dialog = desktop.dialog(SecretDialog)
    assert dialog.parentWidget() is form
    set_it(desktop, dialog)
    desktop.wait(
        lambda: executions.list_executions().rows and executions.list_executions().rows[0].status == "completed"
    )
    assert executions.list_executions().rows[0].note == "with it"


def test_what_is_pasted_loses_the_end_of_its_line(desktop: Desktop, no_keyring: None, uses: str) -> None:
    row = desktop.workflows.tabs.content("config").rows["token"]
    desktop.click(row.editor.set_button)
    dialog = desktop.dialog(SecretDialog)
    QApplication.clipboard().setText("pasted-one\n")
    dialog.field._paste()
    assert dialog.field.line.text() == "pasted-one"


def test_another_value_takes_the_place_of_the_one_of_this_session(desktop: Desktop, kept: Path, uses: str) -> None:
    session_secrets.set_session_secret(uses, "token", "of-the-session")
    tab = desktop.workflows.tabs.content("config")
    tab.invalidate()
    desktop.settle()
    tab.rows["token"].set_asked.emit()
    desktop.settle()
    set_it(desktop, desktop.dialog(SecretDialog))
    assert configs.get_config(uses, "token").source == "saved"
    assert configs.reveal_secret(uses, "token") == SECRET
