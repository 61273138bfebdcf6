"""Notifications in the settings: the desktop, quiet hours, channels, workflows, and what was sent."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from smartspec.commands import channels, notification_policies, notifications, quiet, settings
from smartspec.commands.notifications import Delivery
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.domain.notification.rules import Policy
from smartspec.gui.pages.settings.telling.channel_dialog import ChannelDialog
from smartspec.runner import background
from tests.gui.conftest import BROKEN, Desktop, write
from tests.notification_service import NotificationService


@pytest.fixture
def page(desktop: Desktop) -> Any:
    desktop.press("Ctrl+,")
    found: Any = desktop.window.page("settings")
    found.form.finish()
    desktop.settle()
    return found


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyring_in_a_file.FileKeyring")
    monkeypatch.setenv("TEST_KEYRING_FILE", str(tmp_path / "keyring"))
    return tmp_path / "keyring"


def names() -> list[str]:
    return [each.name for each in channels.list_channels()]


def texts(widget: Any) -> list[str]:
    return [getattr(each, "full_text", each.text()) for each in widget.findChildren(QLabel)]


# The desktop


def test_the_switch_of_the_desktop_is_a_channel_of_the_desktop(desktop: Desktop, page: Any) -> None:
    row = page.form.rows["desktop"]
    desktop.click(row.control.switch)
    assert names() == ["desktop"] and row.is_changed
    channels.remove_channel("desktop")
    channels.add_channel(Channel("screen", ChannelKind.DESKTOP))
    channels.add_channel(Channel("bell", ChannelKind.COMMAND, command="true"))
    desktop.settle()
    assert row.control.switch.isChecked(), "by whatever name"
    desktop.click(row.control.switch)
    assert names() == ["bell"]
    desktop.click(row.control.switch)
    desktop.click(page.reset_all)
    assert names() == ["bell"]
    desktop.do("undo")
    assert names() == ["bell", "desktop"] or names() == ["desktop", "bell"]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotificationService]:
    if not NotificationService.is_possible:
        pytest.skip("dbus-daemon is not here")
    made = NotificationService()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
    yield made
    made.close()


def test_a_test_says_what_happened(
    desktop: Desktop, page: Any, service: NotificationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = page.form.rows["desktop"]
    desktop.click(row.control.test)
    desktop.wait(lambda: row.wrong.text.text() == "The desktop took it: it is to be seen now.")
    assert service.shown()["title"] == "SmartSpec can reach you"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    desktop.click(row.control.test)
    desktop.wait(lambda: "“desktop” did not deliver it: No desktop can be reached" in row.wrong.text.text())
    assert names() == [], "a test is no choice"


# Quiet hours


def test_quiet_hours_are_chosen_with_their_days_and_shown_as_a_bar(desktop: Desktop, page: Any) -> None:
    quiet = page.form.rows["notifications.quiet"].control
    assert not quiet.bar.isVisible() and not quiet.begin.isVisible()
    desktop.click(quiet.switch)
    assert settings.get_setting("notifications.quiet") == "22:00-07:00" and quiet.bar.isVisible()
    write(quiet.begin, "23:30")
    quiet.begin.editingFinished.emit()
    desktop.settle()
    assert settings.get_setting("notifications.quiet") == "23:30-07:00"
    quiet.days.setCurrentIndex(1)
    quiet.days.activated.emit(1)
    desktop.settle()
    assert settings.get_setting("notifications.quiet") == "23:30-07:00 mon,tue,wed,thu,fri"
    settings.set_setting("notifications.quiet", "21:00-06:00 wed")
    desktop.settle()
    assert (quiet.begin.text(), quiet.days.currentText()) == ("21:00", "wed")
    desktop.click(quiet.switch)
    assert settings.get_setting("notifications.quiet") == "" and not quiet.bar.isVisible()


def test_what_are_no_hours_stays_with_a_sentence(desktop: Desktop, page: Any) -> None:
    settings.set_setting("notifications.quiet", "22:00-07:00")
    desktop.settle()
    row = page.form.rows["notifications.quiet"]
    write(row.control.end, "late")
    row.control.end.editingFinished.emit()
    desktop.settle()
    assert "are no quiet hours" in row.wrong.text.text() and "22:00-07:00" in row.wrong.text.text()
    assert settings.get_setting("notifications.quiet") == "22:00-07:00" and row.control.end.text() == "late"


# Channels


def dialog_of(desktop: Desktop, page: Any) -> ChannelDialog:
    desktop.click(page.form.parts["channels"].add)
    return desktop.dialog(ChannelDialog)


def test_a_channel_is_added_tried_changed_and_removed(desktop: Desktop, page: Any, tmp_path: Path) -> None:
    part = page.form.parts["channels"]
    assert "There is none: nobody is told of anything." in texts(part)
    dialog = dialog_of(desktop, page)
    desktop.click(dialog.kind.segments[1])
    write(dialog.lines["name"], "bell")
    write(dialog.lines["command"], "'")
    desktop.settle()
    assert "is no command" in dialog.problem and not dialog.can_do_primary()
    write(dialog.lines["command"], "sh -c 'echo no sound; exit 4'")
    desktop.press("Return", dialog.lines["command"])
    assert names() == ["bell"] and [*part.lines] == ["bell"]
    desktop.click(part.lines["bell"].test)
    desktop.wait(lambda: "exit code 4: no sound" in part.lines["bell"].went.full_text)
    desktop.click(part.lines["bell"].edit)
    dialog = desktop.dialog(ChannelDialog)
    assert dialog.lines["command"].text() == "sh -c 'echo no sound; exit 4'" and not dialog.kind.isEnabled()
    write(dialog.lines["command"], "true")
    desktop.press("Return", dialog.lines["command"])
    desktop.click(part.lines["bell"].test)
    desktop.wait(lambda: part.lines["bell"].went.full_text == "Sent just now")
    desktop.press_in_question("Remove")
    desktop.click(part.lines["bell"].remove)
    desktop.wait(lambda: names() == [])


def test_an_address_is_kept_by_the_keyring_and_another_one_takes_its_place(
    desktop: Desktop, page: Any, keyring: Path
) -> None:
    dialog = dialog_of(desktop, page)
    desktop.click(dialog.kind.segments[2])
    write(dialog.lines["name"], "team")
    write(dialog.secrets["address"].line, "example.org")
    desktop.settle()
    assert dialog.problem == "That is no address of the web; it begins with https://."
    write(dialog.secrets["address"].line, "https://a.example.org/one")
    desktop.press("Return", dialog.lines["name"])
    assert "/one" in keyring.read_text() and "/one" not in str(channels.list_channels())
    desktop.click(page.form.parts["channels"].lines["team"].edit)
    dialog = desktop.dialog(ChannelDialog)
    write(dialog.lines["name"], "all of us")
    desktop.press("Return", dialog.lines["name"])
    assert names() == ["all of us"] and "/one" in keyring.read_text()
    desktop.click(page.form.parts["channels"].lines["all of us"].edit)
    dialog = desktop.dialog(ChannelDialog)
    write(dialog.secrets["address"].line, "https://a.example.org/two")
    desktop.press("Return", dialog.lines["name"])
    assert "/two" in keyring.read_text() and "/one" not in keyring.read_text()


def test_mail_names_what_is_missing_of_it(desktop: Desktop, page: Any) -> None:
    dialog = dialog_of(desktop, page)
    desktop.click(dialog.kind.segments[3])
    for key, text, said in (
        ("name", "post", "The recipient needs a mail address."), ("to", "me", "“me” is no mail address."),
        ("to", "me@example.org", "Mail needs the name of a mail server: mail.example.org:587."),
        ("server", "mail.example.org", ""), ("user", "me", "A user needs a password."),
    ):  # fmt: skip
        write(dialog.lines[key], text)
        desktop.settle()
        assert dialog.problem == said
    write(dialog.lines["user"], "")
    desktop.press("Return", dialog.lines["name"])
    (made,) = channels.list_channels()
    assert (made.to, made.sender, made.security) == ("me@example.org", "me@example.org", "starttls")


def test_a_name_that_is_taken_is_refused_in_place(desktop: Desktop, page: Any) -> None:
    channels.add_channel(Channel("desk", ChannelKind.COMMAND, command="true"))
    dialog = dialog_of(desktop, page)
    write(dialog.lines["name"], "desk")
    desktop.press("Return", dialog.lines["name"])
    assert dialog.problem == "There is a channel “desk” already." and dialog.isVisible()


# Workflows


def test_what_is_told_of_a_workflow_is_chosen_in_its_line(
    desktop: Desktop, page: Any, imported: Callable[..., str]
) -> None:
    for number in range(25):
        imported(f"smartspec: 1\nname: w{number:02}\ntasks: {{a: {{run: 'true'}}}}\n", f"w{number:02}.yaml")
    part = page.form.parts["workflows"]
    desktop.wait(lambda: len(part.lines) == 20)
    assert "5 others; the filter finds them" in texts(part)
    write(part.filter, "W24")
    desktop.settle()
    (line,) = part.lines.values()
    line.tell.setCurrentIndex(1)
    line.tell.activated.emit(1)
    desktop.settle()
    desktop.click(line.important)
    found = {each.name: each for each in notification_policies.list_notification_policies()}
    assert (found["w24"].policy, found["w24"].is_important) == (Policy.FAILURES, True)
    write(part.filter, "")
    desktop.settle()
    assert next(iter(part.lines.values())).policy.name == "w24", "what is not as usual comes first"
    notification_policies.set_notification_policy("w24", "none", important=False)
    desktop.settle()
    assert line.policy.is_important or part.lines[found["w24"].id].tell.currentData() == "none"
    write(part.filter, "zzz")
    desktop.settle()
    assert "No workflow is called so" in texts(part)


# What was sent


def test_what_was_sent_and_what_could_not_be_is_listed_and_leads_to_its_execution(
    desktop: Desktop, page: Any, ran: Callable[..., Execution]
) -> None:
    execution = ran(BROKEN)
    desktop.press("Ctrl+,")
    part = page.form.parts["messages"]
    assert "Nothing has been sent yet." in texts(part)
    notifications.note_delivery(Delivery("1", "bell", "broken failed", "", execution.pk, execution.id), None)
    notifications.note_delivery(Delivery("2", "team", "3 executions failed", "", None, ""), "It was refused.")
    desktop.wait(lambda: "by team · It was refused." in texts(part))
    assert "by bell · arrived" in texts(part)
    desktop.wait(lambda: any(each.details == "" and "did not arrive" in each.headline
                             for each in desktop.window.context.notifications.messages))  # fmt: skip
    opened = [each for each in part.findChildren(QLabel) if each.text() == "broken failed"]
    assert opened
    line = part.rows.itemAt(1).widget()
    desktop.click(line.open)
    location = desktop.window.context.navigator.location
    assert location is not None and (location.page, location.key) == ("execution", execution.id)


def test_the_parts_are_found_as_settings_are(desktop: Desktop, page: Any) -> None:
    write(page.search, "SMTP")
    desktop.settle()
    assert page.form.parts["channels"].isVisible() and not page.form.parts["workflows"].isVisible()
    desktop.go("settings", "workflows")
    assert page.search.text() == "" and page.form.parts["workflows"].filter.hasFocus()


def test_what_waited_for_the_end_of_the_quiet_is_told_while_a_window_is_open(
    desktop: Desktop, ran: Callable[..., Execution], tmp_path: Path
) -> None:
    file = tmp_path / "told"
    command = f"sh -c 'cat >> {shlex.quote(str(file))}'"
    channels.add_channel(Channel("file", ChannelKind.COMMAND, command=command))
    quiet.quiet_until(times.now() + timedelta(hours=1))
    ran(BROKEN)
    assert notifications.collect(times.now().astimezone()) == ()
    desktop.window.telling.look()
    desktop.settle()
    assert not background.is_there(), "while it is quiet there is nothing to tell"
    quiet.quiet_until(None)
    desktop.window.telling.look()
    desktop.wait(file.exists)
    desktop.wait(lambda: "broken failed" in file.read_text())
