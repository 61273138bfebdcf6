"""Secrets for this session: in memory, given to what is started here, and nowhere on a disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import configs, session_secrets, session_variables, starting
from smartspec.errors import Invalid
from smartspec.store import volatile_files
from tests.conftest import run_on

Store = Callable[..., Any]
SECRET = "canary-5d1e"
NAME = "SMARTSPEC_SECRET_DEFAULT_TEST_TOKEN"
USES = {
    "config": {"token": {"type": "secret", "description": "The key"}},
    "tasks": {"a": {"run": 'echo "token=$TOKEN"; env', "env": {"TOKEN": "{{ config.token }}"}}},
}


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    for name in session_variables.all_of():
        session_variables.forget(name)


def files_with(secret: str, folder: Path) -> list[Path]:
    """Those that hold it themselves: what a link leads to is elsewhere."""
    files = [each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()]
    return [each for each in files if secret.encode() in each.read_bytes()]


def in_memory() -> list[Path]:
    where = volatile_files.place()
    return [*where.glob("smartspec-*")] if where is not None else []


def test_what_is_started_gets_it_and_the_record_masks_it(store: Store, db: Path) -> None:
    store(USES)
    session_secrets.set_session_secret("test", "token", SECRET)
    assert NAME not in os.environ
    assert configs.get_config("test", "token").source == "session"
    assert configs.missing_secrets("test") == ()
    done = run_on(starting.start_execution("test"))
    assert done.status == "completed"
    log = done.log("a")
    assert b"token=******\n" in log
    assert SECRET.encode() not in log and NAME.encode() not in log
    assert files_with(SECRET, db.parent) == []


@pytest.mark.skipif(volatile_files.place() is None, reason="no files in memory on this machine")
def test_while_it_waits_it_is_in_memory_and_gone_at_its_end(store: Store, db: Path) -> None:
    store(USES)
    before = in_memory()
    session_secrets.set_session_secret("test", "token", SECRET)
    execution = starting.start_execution("test")
    made = [each for each in in_memory() if each not in before]
    assert len(made) == 1
    assert made[0].stat().st_mode & 0o077 == 0
    assert files_with(SECRET, db.parent) == []
    session_secrets.forget_session_secret("test", "token")
    assert run_on(execution).status == "completed", "what was started keeps it"
    assert in_memory() == before


def test_without_files_in_memory_it_is_kept_until_the_end(
    store: Store, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volatile_files, "place", lambda: None)
    store(USES)
    session_secrets.set_session_secret("test", "token", SECRET)
    assert not session_secrets.stays_in_memory()
    execution = starting.start_execution("test")
    assert [each.name for each in files_with(SECRET, db.parent)] == ["secrets"]
    assert run_on(execution).status == "completed"
    assert files_with(SECRET, db.parent) == []


def test_forgotten_it_is_missing_again_and_said_by_key(store: Store) -> None:
    store(USES)
    session_secrets.set_session_secret("test", "token", SECRET)
    assert session_secrets.forget_session_secret("test", "token")
    assert not session_secrets.forget_session_secret("test", "token")
    assert [(each.ref, each.key, each.description, each.variable) for each in configs.missing_secrets("test")] == [
        ("default.test", "token", "The key", NAME)
    ]
    with pytest.raises(Invalid, match="is not set"):
        starting.start_execution("test")


def test_it_holds_before_the_variable_of_the_system(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store(USES)
    monkeypatch.setenv(NAME, "of-the-system")
    session_secrets.set_session_secret("test", "token", SECRET)
    assert configs.reveal_secret("test", "token") == SECRET
    session_secrets.forget_session_secret("test", "token")
    assert configs.reveal_secret("test", "token") == "of-the-system"


def test_what_could_not_be_masked_is_refused(store: Store) -> None:
    store(USES)
    with pytest.raises(Invalid, match="shorter than"):
        session_secrets.set_session_secret("test", "token", "x")
