"""A keyring that is locked: who is asked, and who is not."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import suppress

import keyring
import pytest
from keyring.backends import SecretService as backend

from smartspec.errors import KeyringLocked, NoKeyring
from smartspec.store import secrets
from tests.keyring_in_a_file import FileKeyring
from tests.private_bus import PrivateBus
from tests.secret_service import SECRET, SecretService


@pytest.fixture(autouse=True)
def never_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_may_prompt", True)  # put back afterwards
    secrets.never_prompt()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    if not PrivateBus.is_possible:
        pytest.skip("dbus-daemon is not here")
    made = SecretService()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
    before = keyring.get_keyring()
    keyring.set_keyring(backend.Keyring())
    yield made
    keyring.set_keyring(before)
    made.close()


def test_a_locked_keyring_is_refused_at_once_and_nobody_is_asked(service: SecretService) -> None:
    assert secrets.get("keyring:a") == SECRET
    service.lock()
    with pytest.raises(KeyringLocked, match=r"The keyring of this machine is locked; unlock it"):
        secrets.get("keyring:a")
    service.tell("unlock")
    assert service.read() == "ok", "it was asked for nothing before"
    assert secrets.get("keyring:a") == SECRET


@pytest.mark.filterwarnings("ignore:.*raddr=.*dbus:pytest.PytestUnraisableExceptionWarning")  # SecretStorage's own
def test_where_a_person_is_the_person_is_asked(service: SecretService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_may_prompt", True)
    service.lock()

    def get() -> None:
        with suppress(NoKeyring):
            secrets.get("keyring:a")

    waiting = threading.Thread(target=get)
    waiting.start()
    assert service.read() == "asked"
    service.bus.kill()  # nobody ever answers
    waiting.join()
    gc.collect()


def test_one_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before, never = keyring.get_keyring(), threading.Event()
    keyring.set_keyring(FileKeyring())
    monkeypatch.setattr(FileKeyring, "get_password", lambda *_: never.wait())
    monkeypatch.setattr(secrets, "_LONGEST_S", 0.05)
    try:
        with pytest.raises(KeyringLocked):
            secrets.get("keyring:a")
    finally:
        never.set()
        keyring.set_keyring(before)
