"""`smartspec ping`, and what the real program tells a service: `run` and `record` in processes of their own."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest

from tests.check_service import CheckService, status
from tests.conftest import Said
from tests.keyring_in_a_file import FileKeyring

Program = Callable[..., Said]


@pytest.fixture
def service() -> Iterator[CheckService]:
    made = CheckService()
    yield made
    made.close()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyring; the answer is the file of its entries."""
    monkeypatch.setenv("TEST_KEYRING_FILE", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield tmp_path / "keyring.json"
    keyring.set_keyring(before)


def test_it_is_set_shown_tried_and_removed_and_the_address_is_never_said(
    terminal: Program, service: CheckService, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nightly.yaml").write_text("smartspec: 1\nname: nightly\ntasks:\n  a: {run: 'exit 3'}\n")
    terminal("import", str(tmp_path / "nightly.yaml"))
    said = []

    def say(*arguments: str) -> Said:
        said.append(terminal(*arguments))
        return said[-1]

    assert say("ping", "show", "nightly").out == (
        "“default.nightly” sends no pings; `smartspec ping set default.nightly` begins.\n"
    )
    tried = say("ping", "test", "nightly")
    assert (tried.code, service.asked) == (2, []) and "sends no pings" in tried.err
    monkeypatch.setattr(sys, "stdin", io.StringIO("no address, a-secret-of-mine\n"))
    assert say("ping", "set", "nightly").code == 2
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{service.url()}\n"))
    assert say("ping", "set", "nightly").code == 0
    assert say("run", "nightly").code == 10
    assert service.paths == ["/a-secret-of-mine/start", "/a-secret-of-mine/fail"]
    shown = say("ping", "show", "nightly").out
    assert "the address is in the keyring" in shown and "Last: failure, " in shown
    assert shown.endswith("nightly #1; it was answered.\n")
    service.answers = status(500)
    tried = say("ping", "test", "nightly", "--kind", "start")
    assert tried.code == 6 and "The ping did not arrive: the answer was HTTP 500 Internal Server Error." in tried.err
    assert "a test; it did not arrive: the answer was" in say("ping", "show", "nightly").out
    assert say("ping", "show", "nightly", "--json").json()["last"] == {
        **say("ping", "show", "nightly", "--json").json()["last"],
        "kind": "start", "reason": "status 500", "execution": None,
    }  # fmt: skip
    assert "start: the answer was HTTP 500" in say("audit").out and "in the keyring" in said[-1].out
    say("events", "nightly#1", "--json")
    say("export", "nightly")
    say("config", "list", "nightly")
    assert say("ping", "remove", "nightly").out == "“nightly” sends no pings any more.\n"
    assert not any("a-secret-of-mine" in each.out + each.err or str(service.port) in each.err for each in said)
    kept.unlink()
    assert [file for file in tmp_path.rglob("*") if file.is_file() and b"a-secret-of-mine" in file.read_bytes()] == []


def test_a_recorded_command_is_told_of_and_waits_a_moment_for_a_service_that_hangs(
    smartspec: Program, terminal: Program, service: CheckService
) -> None:
    assert smartspec("record", "--name", "cron job", "--", "true").code == 0
    terminal("ping", "set", "cron-job", "--variable", "CRON_PING")
    service.answers = lambda request: service.hang(request) if request.path.endswith("start") else status(200)(request)
    said = smartspec("record", "--name", "cron job", "--", "sh", "-c", "echo out; exit 7", CRON_PING=service.url())
    assert (said.code, said.out, said.err) == (7, "out\n", "")
    assert service.paths == ["/a-secret-of-mine/start", "/a-secret-of-mine/fail"]
    found = [(each["type"], each["message"]) for each in terminal("events", "cron-job#2", "--json").json()]
    assert [each for each in found if each[0].startswith("ping")] == [
        ("ping_failed", "start: there was no answer within 5 s"),
        ("ping_sent", "failure"),
    ]
