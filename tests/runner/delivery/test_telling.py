"""A failure is known without looking: the real program tells by real ways, and what did not arrive is told as well."""

from __future__ import annotations

import email
import json
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import channels, deliveries, notification_policies, notifications, quiet, settings
from smartspec.domain import times
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.errors import Invalid
from smartspec.runner.delivery import command, mail
from smartspec.runner.delivery.desktop import Desktop
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage
from smartspec.value import replace
from tests.clock import FULL, until
from tests.conftest import Ran, Said
from tests.mail_server import MailServer
from tests.notification_service import NotificationService

Program = Callable[..., Said]
pytestmark = pytest.mark.usefixtures("no_runner_stays")
SECRET = "https://hooks.example.org/very-secret"
WORKFLOW = """smartspec: 1
name: nightly
tasks:
  sync: {run: 'echo begin; echo "error: no route to <host> & more"; exit $(cat code)'}
"""


@pytest.fixture
def ended(smartspec: Program, tmp_path: Path) -> Callable[[int], None]:
    """Run the workflow, to this exit code of its task."""
    (tmp_path / "nightly.yaml").write_text(WORKFLOW)

    def run(code: int, **environment: str) -> None:
        (tmp_path / "code").write_text(str(code))
        assert smartspec("run", "nightly.yaml", **environment).code == (10 if code else 0)

    return run


@pytest.fixture
def told(smartspec: Program, tmp_path: Path) -> Callable[[], list[dict[str, str]]]:
    """What came through a channel that is a command."""
    file = tmp_path / "told.jsonl"
    script = tmp_path / "tell.sh"
    script.write_text(f"#!/bin/sh\ncat >> {shlex.quote(str(file))}\n")
    script.chmod(0o755)
    assert smartspec("notify", "add", "file", "--command", shlex.quote(str(script))).code == 0
    return lambda: [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def events(smartspec: Program, which: str) -> list[tuple[str, str]]:
    found = smartspec("events", which, "--json").json()
    return [(each["type"], each["message"]) for each in found if each["type"].startswith("notification")]


def test_what_fails_in_a_terminal_is_told_by_a_runner_with_the_line_that_speaks_of_it(
    smartspec: Program, ended: Callable[..., None], told: Callable[[], list[dict[str, str]]]
) -> None:
    ended(7)
    until(told)
    assert [each["title"] for each in told()] == ["nightly failed"]
    assert told()[0]["body"] == "sync: error: no route to <host> & more (exit code 7)"
    until(lambda: events(smartspec, "nightly#1"))
    assert events(smartspec, "nightly#1") == [("notification_sent", "file")]
    assert smartspec("notify", "list", "--json").json()[0]["last"]["error"] is None


def test_it_is_told_once_that_it_works_again_and_not_that_it_still_works(
    ended: Callable[..., None], told: Callable[[], list[dict[str, str]]], smartspec: Program
) -> None:
    smartspec("settings", "set", "notifications.together", "100")
    for code, count in ((7, 1), (7, 2), (0, 3), (0, 3), (7, 4)):
        ended(code)
        until(lambda count=count: len(told()) >= count)  # type: ignore[misc]
    assert [each["title"] for each in told()] == [
        "nightly failed",
        "nightly failed",
        "nightly works again",
        "nightly failed",
    ]
    assert told()[2]["body"].endswith("after 2 failures.")


def test_a_recorded_command_is_told_of_too(smartspec: Program, told: Callable[[], list[dict[str, str]]]) -> None:
    assert smartspec("record", "--name", "cron job", "--", "sh", "-c", "echo 'fatal: disk full' >&2; exit 3").code == 3
    until(told)
    assert [(each["title"], "fatal: disk full" in each["body"]) for each in told()] == [("cron job failed", True)]


def test_without_a_channel_nothing_is_started_and_nothing_of_the_past_is_told_later(
    smartspec: Program, ended: Callable[..., None], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    ended(7)
    assert "No background runner serves now." in smartspec("runner", "status").out
    told = request.getfixturevalue("told")
    ended(7)
    until(told)
    assert len(told()) == 1


def test_a_workflow_of_which_nobody_wants_to_hear_is_not_told_of(
    smartspec: Program, ended: Callable[..., None], told: Callable[[], list[dict[str, str]]]
) -> None:
    smartspec("import", "nightly.yaml")
    assert smartspec("notify", "workflow", "nightly", "none").out == "Of “nightly” you are told: nothing.\n"
    ended(7)
    assert smartspec("record", "--name", "other", "--", "false").code == 1
    until(told)
    assert [each["title"] for each in told()] == ["other failed"]


def test_what_does_not_arrive_is_recorded_and_shown_and_the_other_ways_are_gone_on_with(
    smartspec: Program, ended: Callable[..., None], told: Callable[[], list[dict[str, str]]]
) -> None:
    broken = f"{shlex.quote(sys.executable)} -c 'import sys; sys.exit(\"no line\")'"
    smartspec("notify", "add", "broken", "--command", broken)
    smartspec("notify", "add", "gone", "--command", "/nonexistent/tell")
    ended(7)
    until(lambda: len(events(smartspec, "nightly#1")) == 3)
    assert dict(map(reversed, events(smartspec, "nightly#1"))) == {  # type: ignore[arg-type]
        "file": "notification_sent",
        "broken: The command ended with exit code 1: no line.": "notification_failed",
        "gone: The command cannot be run: /nonexistent/tell: no such file or directory.": "notification_failed",
    }
    assert "no line" in smartspec("notify", "list").out and len(told()) == 1
    said = smartspec("notify", "test", "broken")
    assert said.code == 6 and "“broken” did not deliver it: The command ended with exit code 1: no line." in said.err


def test_a_command_that_leaves_something_running_is_not_waited_for(tmp_path: Path) -> None:
    left = tmp_path / "left"
    channel = Channel(
        "c", ChannelKind.COMMAND, command=f"sh -c 'sleep 600 & echo $! > {shlex.quote(str(left))}; exit 3'"
    )
    try:
        with pytest.raises(NotDelivered, match=r"The command ended with exit code 3\."):
            command.send(channel, OutgoingMessage("a", "b", ""))
    finally:
        os.kill(int(left.read_text()), signal.SIGKILL)


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--desktop", "--user", "me"], "--from, --server, --security, --user are for --mail alone."),
     (["--webhook", "--security", "none"], "--from, --server, --security, --user are for --mail alone."),
     (["--mail", "a@b.org", "--server", "b.org", "--user", "me"], "No password of “me” was given; type it, or pipe it in."),
     (["--desktop", "--webhook"], "Name one channel: --desktop, --command, --webhook, --mail."), ([], "Name one channel:")],
)  # fmt: skip
def test_what_does_not_go_together_is_refused_and_nothing_is_kept(
    smartspec: Program, options: list[str], said: str
) -> None:
    refused = smartspec("notify", "add", "x", *options, stdin="")
    assert refused.code == 2 and said in refused.err
    assert smartspec("notify", "list", "--json").json() == []


# The web


class Web:
    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.status = 200
        outer = self

        class _Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(outer.status)
                self.send_header("content-length", "1000000")  # of which nothing comes: the status is all that counts
                self.send_header("location", f"http://127.0.0.1:{outer.port}/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on standard error."""

        self._server = HTTPServer(("127.0.0.1", 0), _Handler)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    yield made
    made.close()


@pytest.fixture
def keyring(tmp_path: Path) -> dict[str, str]:
    return {
        "PYTHON_KEYRING_BACKEND": "tests.keyring_in_a_file.FileKeyring",
        "TEST_KEYRING_FILE": str(tmp_path / "keyring"),
    }


def test_a_web_address_is_given_json_and_stands_in_the_keyring_alone(
    smartspec: Program, web: Web, keyring: dict[str, str], ended: Callable[..., None], ledger: Path
) -> None:
    url = f"http://127.0.0.1:{web.port}/very-secret"
    assert smartspec("notify", "add", "team", "--webhook", stdin=f"{url}\n", **keyring).code == 0
    ended(7, **keyring)
    until(lambda: web.bodies)
    assert web.bodies[0]["title"] == "nightly failed" and "no route to <host>" in web.bodies[0]["text"]
    web.status = 302
    said = smartspec("notify", "test", "team", **keyring)
    assert said.code == 6 and "The answer was 302 Found." in said.err and len(web.bodies) == 2, (
        "no redirect is followed"
    )
    web.close()
    said = smartspec("notify", "test", "team", **keyring)
    assert said.code == 6 and "The request failed" in said.err and "very-secret" not in said.err
    shown = smartspec("notify", "list", "--json", **keyring).out
    assert "very-secret" not in shown
    kept = [each for each in ledger.parent.rglob("*") if each.is_file() and b"very-secret" in each.read_bytes()]
    assert kept == []


def test_without_a_keyring_a_web_address_is_refused_and_nothing_is_kept(smartspec: Program) -> None:
    said = smartspec(
        "notify", "add", "team", "--webhook", stdin=SECRET, PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring"
    )
    assert said.code == 7 and SECRET not in said.err and "--command" in said.err
    assert smartspec("notify", "list", "--json").json() == []


# Mail


def test_mail_is_sent_through_a_server_that_asks_for_a_password_and_what_it_refuses_is_told(
    smartspec: Program, keyring: dict[str, str], ended: Callable[..., None]
) -> None:
    server = MailServer("ann", "very-secret-word")
    add = ["--mail", "ann@example.org", "--server", f"127.0.0.1:{server.port}", "--security", "none", "--user", "ann"]
    smartspec("notify", "add", "post", *add, stdin="very-secret-word\n", **keyring)
    ended(7, **keyring)
    until(lambda: server.mails)
    sent = email.message_from_string(server.mails[0])
    assert (sent["Subject"], sent["To"]) == ("nightly failed", "ann@example.org")
    assert (
        "sync: error: no route to <host> & more" in sent.get_payload() and "smartspec execution" in sent.get_payload()
    )
    server.refuses = True
    said = smartspec("notify", "test", "post", **keyring)
    assert said.code == 6 and "The mail server refused the recipient: 550 no such person here." in said.err
    smartspec("notify", "add", "wrong", *add, stdin="another-word\n", **keyring)
    assert (
        "The mail server refused the user or the password: 535 wrong name or password."
        in smartspec("notify", "test", "wrong", **keyring).err
    )
    server.close()
    assert (
        "The mail server cannot be spoken to: connection refused." in smartspec("notify", "test", "post", **keyring).err
    )


def test_a_password_that_is_not_ascii_is_told_without_a_letter_of_it() -> None:
    server = MailServer("ann", "")
    channel = Channel(
        "post", ChannelKind.MAIL, to="a@b.org", sender="a@b.org", server=f"127.0.0.1:{server.port}", security="none",
        user="ann",
    )  # fmt: skip
    with pytest.raises(
        NotDelivered, match=r"^The user or the password has letters that are not ASCII: none is sent\.$"
    ):
        mail.send(channel, OutgoingMessage("a", "b", ""), "geheim€")
    server.close()


# The desktop


@pytest.fixture
def service() -> Iterator[NotificationService]:
    if not NotificationService.is_possible:
        pytest.skip("dbus-daemon is not here")
    made = NotificationService()
    yield made
    made.close()


def test_the_desktop_shows_it_as_plain_text(
    smartspec: Program, service: NotificationService, ended: Callable[..., None]
) -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": service.address}
    smartspec("notify", "add", "desk", "--desktop")
    ended(7, **bus)
    shown = service.shown()
    assert shown["title"] == "nightly failed" and shown["actions"][:1] == ["default"]
    assert shown["body"] == "sync: error: no route to &lt;host&gt; &amp; more (exit code 7)", (
        "the body is markup: 7.1 of the specification"
    )


def test_a_click_opens_the_execution_and_what_is_closed_is_waited_for_no_longer(
    service: NotificationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
    opened: list[tuple[str, str]] = []
    desktop = Desktop(lambda action, execution: opened.append((action, execution)))
    desktop.send(OutgoingMessage("one", "", "execution-1"))
    desktop.send(OutgoingMessage("two", "", "execution-2"))
    assert [service.shown()["number"], service.shown()["number"]] == [1, 2]
    service.tell("click 2")
    until(lambda: opened, pause=desktop.poll)
    service.tell("close 1")
    service.tell("close 2")
    until(lambda: not desktop.has_open, pause=desktop.poll)
    assert opened == [("open", "execution-2")]
    desktop.close()


def test_what_failed_is_run_again_and_made_quiet_from_its_message(
    smartspec: Program, service: NotificationService, ended: Callable[..., None], tmp_path: Path
) -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": service.address}
    smartspec("notify", "add", "desk", "--desktop")
    ended(7, **bus)
    shown = service.shown()
    assert shown["actions"] == [
        "default", "Open", "open", "Open", "rerun", "Re-run failed", "quiet", "Quiet for 1 h",
    ]  # fmt: skip
    service.tell("quiet 1")
    until(lambda: smartspec("notify", "quiet", "--json").json()["until"])
    smartspec("notify", "quiet", "off")
    (tmp_path / "code").write_text("0")
    service.tell("rerun 1")
    until(lambda: smartspec("execution", "nightly#1", "--json").json()["status"] == "completed")
    service.tell("rerun 1")
    told = service.shown()
    assert told["title"] == "It could not be done" and "only what failed can be run again in part" in told["body"]


def test_no_bus_and_a_bus_without_a_desktop_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: NotificationService
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(NotDelivered, match=r"No desktop can be reached: there is no session bus\."):
        Desktop(lambda _action, _execution: None).send(OutgoingMessage("a", "b", ""))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
    desktop = Desktop(lambda _action, _execution: None)
    desktop.send(OutgoingMessage("a", "b", ""))
    service.service.kill()
    service.service.wait()
    with pytest.raises(NotDelivered, match="No desktop shows messages here"):
        desktop.send(OutgoingMessage("a", "b", ""))
    service.bus.kill()
    service.bus.wait()
    with pytest.raises(NotDelivered, match="No desktop can be reached"):
        desktop.send(OutgoingMessage("a", "b", ""))
    desktop.poll()


# Who sends


def test_what_is_told_of_an_execution_that_is_gone_for_good_is_noted_without_it(
    db: Path, run: Callable[..., Ran]
) -> None:
    channels.add_channel(Channel("c", ChannelKind.COMMAND, command="true"))
    run({"tasks": {"a": {"run": "exit 3"}}})
    now = times.now().astimezone()
    (told,) = notifications.collect(now)
    notifications.note_delivery(replace(told, execution=ExecutionPk(10**6)), "It is not there.")
    assert notifications.collect(now + timedelta(minutes=9)) == (), "nobody takes it over"
    assert deliveries.last_deliveries()["c"]["error"] == "It is not there."
    channels.remove_channel("c")
    assert not deliveries.last_deliveries(), "another of that name is another"


def test_of_two_who_ask_one_sends_and_what_somebody_lost_is_sent_by_the_next(db: Path, run: Callable[..., Ran]) -> None:
    channels.add_channel(Channel("c", ChannelKind.COMMAND, command="true"))
    run({"tasks": {"a": {"run": "exit 3"}}})
    now = times.now().astimezone()
    (first,) = notifications.collect(now)
    assert notifications.collect(now) == ()
    assert notifications.collect(now + timedelta(minutes=3)) == (first,), "whoever had it is gone"
    notifications.note_delivery(first, None)
    assert notifications.collect(now + timedelta(minutes=9)) == ()


def test_what_quiet_hours_held_back_is_told_at_their_end_in_one(db: Path, run: Callable[..., Ran]) -> None:
    channels.add_channel(Channel("c", ChannelKind.COMMAND, command="true"))
    settings.set_setting("notifications.quiet", "22:00-07:00")
    for _ in range(5):
        run({"tasks": {"a": {"run": "exit 3"}}})
    night = times.now().astimezone().replace(hour=23, minute=0)
    assert notifications.collect(night) == ()
    assert notifications.collect(night + timedelta(hours=1)) == ()
    (told,) = notifications.collect(night + timedelta(hours=8))
    assert told.title == "5 executions failed" and told.body == "While it was quiet: test"
    notifications.note_delivery(told, None)
    assert notifications.collect(night + timedelta(hours=9)) == ()


def test_in_quiet_hours_an_important_workflow_is_told_of_and_the_rest_by_nobody_without_a_summary(
    db: Path, run: Callable[..., Ran]
) -> None:
    channels.add_channel(Channel("c", ChannelKind.COMMAND, command="true"))
    settings.set_settings({"notifications.quiet": "22:00-07:00", "notifications.summary": False})
    run({"name": "urgent", "tasks": {"a": {"run": "exit 3"}}})
    run({"name": "other", "tasks": {"a": {"run": "exit 3"}}})
    notification_policies.set_notification_policy("urgent", "all", important=True)
    night = times.now().astimezone().replace(hour=23, minute=0)
    (told,) = notifications.collect(night)
    assert told.title == "urgent failed"
    notifications.note_delivery(told, None)
    assert notifications.collect(night + timedelta(hours=8)) == ()


def test_while_it_is_quiet_nobody_is_told_and_afterwards_of_what_came(db: Path, run: Callable[..., Ran]) -> None:
    channels.add_channel(Channel("c", ChannelKind.COMMAND, command="true"))
    run({"tasks": {"a": {"run": "exit 3"}}})
    notification_policies.set_notification_policy("test", "all", important=True)
    quiet.quiet_until(times.now() + timedelta(hours=1))
    now = times.now().astimezone()
    assert notifications.collect(now) == () and not notifications.has_news()
    quiet.quiet_until(None)
    assert notifications.has_news()
    assert [each.title for each in notifications.collect(now)] == ["test failed"]


def test_what_was_sent_is_listed_with_what_did_not_arrive(db: Path, run: Callable[..., Ran]) -> None:
    channels.add_channel(Channel("c", ChannelKind.COMMAND, command="true"))
    execution = run({"tasks": {"a": {"run": "exit 3"}}}).execution
    (told,) = notifications.collect(times.now().astimezone())
    began = times.now()
    notifications.note_delivery(told, None)
    notifications.note_delivery(replace(told, execution=None, title="3 executions failed"), "It was refused.")
    assert [(each.title, each.error, each.execution) for each in deliveries.list_messages()] == [
        ("3 executions failed", "It was refused.", ""), ("test failed", None, execution.id),
    ]  # fmt: skip
    assert [(each.execution, each.said) for each in deliveries.undelivered_summaries_since(began)] == [
        (None, "c: It was refused.")
    ]
    with pytest.raises(Invalid, match="From 1 to 1,000 messages"):
        deliveries.list_messages(0)


def test_a_channel_is_changed_in_its_place_and_keeps_what_is_secret_of_it(
    smartspec: Program, keyring: dict[str, str], web: Web
) -> None:
    url = f"http://127.0.0.1:{web.port}/very-secret"
    smartspec("notify", "add", "team", "--webhook", stdin=f"{url}\n", **keyring)
    smartspec("notify", "add", "bell", "--command", "true")
    assert smartspec("notify", "edit", "team", "--name", "all of us", **keyring).code == 0
    assert smartspec("notify", "test", "all of us", **keyring).code == 0 and web.bodies
    other = f"http://127.0.0.1:{web.port}/other-secret\n"
    assert smartspec("notify", "edit", "all of us", "--secret", stdin=other, **keyring).code == 0
    assert "very-secret" not in Path(keyring["TEST_KEYRING_FILE"]).read_text()
    names = [each["name"] for each in smartspec("notify", "list", "--json", **keyring).json()]
    assert sorted(names) == ["all of us", "bell"]
    for options, said in (
        (("bell", "--user", "me"), "“bell” is of the kind command, which has no --user."),
        (("bell", "--name", "all of us"), "There is a channel “all of us” already."),
        (("bell", "--command", "'"), "is no command"), (("gone", "--name", "x"), "There is no channel “gone”"),
    ):  # fmt: skip
        refused = smartspec("notify", "edit", *options, **keyring)
        assert refused.code in (2, 3, 4, 5) and said in refused.err, refused.err


def test_what_was_over_when_it_was_taken_in_is_no_news(
    smartspec: Program, tmp_path: Path, told: Callable[[], list[dict[str, str]]]
) -> None:
    (tmp_path / "old.jsonl").write_text(
        '{"workflow": "etl", "status": "failed", "started_at": "2026-11-19T02:00:00Z"}\n'
    )
    assert smartspec("import-executions", "old.jsonl").code == 0
    assert smartspec("record", "--name", "other", "--", "false").code == 1
    until(told)
    assert [each["title"] for each in told()] == ["other failed"]


def test_what_runs_long_is_told_once(
    smartspec: Program, tmp_path: Path, told: Callable[[], list[dict[str, str]]]
) -> None:
    go_on = tmp_path / "go on"
    (tmp_path / "slow.yaml").write_text(
        f"smartspec: 1\nname: slow\ntasks:\n  a: {{run: 'until [ -e \"{go_on}\" ]; do sleep 0.1; done'}}\n"
    )
    smartspec("settings", "set", "alerts.long_running_ms", "1s")
    assert smartspec("run", "--detach", "slow.yaml").code == 0
    if FULL:
        until(told)
    until(told, pause=lambda: smartspec("event", "nudge"))  # any commit: nobody waits for the timer
    assert told()[0]["title"] == "slow runs long"
    go_on.touch()
    until(lambda: smartspec("execution", "slow#1", "--json").json()["status"] == "completed")
    assert smartspec("record", "--name", "other", "--", "false").code == 1
    until(lambda: len(told()) > 1)
    assert [each["title"] for each in told()] == ["slow runs long", "other failed"]
