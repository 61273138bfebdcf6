"""Below the settings of a workflow: where its pings are sent is set, tried and removed, and the address never shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from smartspec.commands import pings
from smartspec.gui.pages.workflows.ping_dialog import PingDialog
from smartspec.gui.pages.workflows.ping_row import PingRow
from tests.check_service import CheckService, status
from tests.gui.conftest import CHAIN, Desktop
from tests.keyring_in_a_file import FileKeyring

Import = Callable[..., str]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TEST_KEYRING_FILE", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield tmp_path / "keyring.json"
    keyring.set_keyring(before)


@pytest.fixture
def service() -> Iterator[CheckService]:
    made = CheckService()
    yield made
    made.close()


@pytest.fixture
def row(desktop: Desktop, imported: Import) -> PingRow:
    desktop.go("workflows", imported(CHAIN), "config")
    found: PingRow = desktop.workflows.tabs.content("config").pings
    return found


def shown(row: PingRow) -> str:
    return row.state.full_text


def test_none_are_sent_until_an_address_is_given_and_then_it_can_be_tried(
    desktop: Desktop, row: PingRow, kept: Path, service: CheckService
) -> None:
    assert shown(row) == "None are sent: nobody elsewhere notices when it does not run."
    assert row.set_button.isVisible() and not row.test_button.isVisible() and not row.remove_button.isVisible()
    desktop.click(row.set_button)
    dialog = desktop.dialog(PingDialog)
    assert dialog.in_keyring.isChecked() and dialog.field.line.echoMode() is QLineEdit.EchoMode.Password
    assert not dialog.can_do_primary()
    dialog.field.line.setText("hc.example.org/abc")
    assert "no address of the web" in dialog.problem and "hc.example" not in dialog.problem
    dialog.field.line.setText(service.url())
    assert dialog.problem == "" and dialog.can_do_primary()
    dialog.press_primary()
    desktop.settle()
    assert shown(row) == "The address is in the keyring; none was sent yet."
    desktop.click(row.test_button)
    assert service.paths == ["/a-secret-of-mine"] and shown(row).startswith("Last: success, a test, ")
    assert shown(row).endswith("; answered. The address is in the keyring.")
    service.answers = status(404)
    desktop.click(row.test_button)
    assert "; not answered: the answer was HTTP 404 Not Found. " in shown(row)
    texts = [each.text() + each.toolTip() for each in desktop.window.findChildren(QLabel)]
    assert not any("a-secret-of-mine" in each for each in texts)


def test_a_variable_is_named_where_there_is_no_keyring(desktop: Desktop, row: PingRow) -> None:
    from keyring.backends import fail

    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    try:
        desktop.click(row.set_button)
    finally:
        keyring.set_keyring(before)
    dialog = desktop.dialog(PingDialog)
    assert dialog.in_variable.isChecked() and not dialog.in_keyring.isEnabled() and not dialog.field.isVisible()
    dialog.variable.setText("2x")
    assert "no name of a variable" in dialog.problem
    dialog.variable.setText("NIGHTLY_PING")
    dialog.press_primary()
    desktop.settle()
    assert shown(row) == "The address is in the variable NIGHTLY_PING; none was sent yet."


def test_it_follows_what_is_set_elsewhere_and_another_workflow_has_its_own(
    desktop: Desktop, row: PingRow, imported: Import
) -> None:
    pings.set_ping("chain", variable="X_PING")
    desktop.settle()
    assert "in the variable X_PING" in shown(row)
    desktop.go("workflows", imported(CHAIN.replace("name: chain", "name: other")), "config")
    assert shown(row).startswith("None are sent")


def test_removing_asks_first(desktop: Desktop, row: PingRow) -> None:
    pings.set_ping("chain", variable="X_PING")
    desktop.settle()
    desktop.press_in_question("Cancel")
    desktop.click(row.remove_button)
    assert pings.get_ping("chain").source is not None
    desktop.press_in_question("Remove")
    desktop.click(row.remove_button)
    desktop.settle()
    assert pings.get_ping("chain").source is None and shown(row).startswith("None are sent")
    assert desktop.toast == "No pings are sent any more"
