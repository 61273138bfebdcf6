"""What the loop of a runner sleeps on: it comes back for a write, for who wakes it, and now and then."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import database, runs, settings
from smartspec.runner import ledger_watch
from tests.clock import HANGS_AFTER_S

tells = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of writes")


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked for without a reason."""
    monkeypatch.setattr(ledger_watch, "_QUIET_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(ledger_watch, "QUIET_POLL_SECONDS", 10 * HANGS_AFTER_S)


def comes_back(watch: ledger_watch.LedgerWatch, after: Callable[[], object]) -> bool:
    waiting = threading.Thread(target=watch.wait, daemon=True)
    waiting.start()
    after()
    waiting.join(HANGS_AFTER_S)
    return not waiting.is_alive()


@tells
def test_a_write_to_the_journal_is_reason_enough(tmp_path: Path, quiet: None) -> None:
    journal = tmp_path / "journal"
    journal.touch()
    watch = ledger_watch.watch(journal)
    assert comes_back(watch, lambda: journal.write_bytes(b"x"))
    assert comes_back(watch, watch.set)
    watch.set()
    assert comes_back(watch, lambda: None), "who wakes it first is not forgotten"


@tells
def test_without_a_reason_it_sleeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the one above: reading is no reason."""
    journal = tmp_path / "journal"
    journal.touch()
    monkeypatch.setattr(ledger_watch, "_QUIET_AFTER_SECONDS", 0.0)
    watch = ledger_watch.watch(journal)
    came_back = threading.Event()

    def sleep() -> None:
        watch.wait()
        came_back.set()

    threading.Thread(target=sleep, daemon=True).start()
    journal.read_bytes()
    assert not came_back.wait(0.1)
    watch.set()
    assert came_back.wait(HANGS_AFTER_S)


@tells
def test_a_commit_of_another_thread_is_seen_in_a_few_looks(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_watch, "_QUIET_AFTER_SECONDS", 0.5)
    settings.set_setting("runner.at_once", 3)
    watch = ledger_watch.watch(database.journal_path())
    before, looks = runs.data_version(), 0

    def write() -> None:
        settings.set_setting("runner.at_once", 4)
        database.close_connection()

    writing = threading.Thread(target=write)
    writing.start()
    while runs.data_version() == before:
        watch.wait()
        looks += 1
        assert looks < 100
    writing.join()
    watch.note_news()


@tells
def test_where_the_system_has_not_told_of_a_commit_it_is_trusted_no_more(tmp_path: Path, quiet: None) -> None:
    journal = tmp_path / "journal"
    journal.touch()
    watch = ledger_watch.watch(journal)
    vars(watch)["_written_at"] -= 10_000_000  # long ago
    watch.note_news()
    assert comes_back(watch, lambda: None)


@tells
def test_what_it_was_told_of_makes_it_no_less_trusted(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    journal.touch()
    watch = ledger_watch.watch(journal)
    vars(watch)["_written_at"] -= 10_000_000
    journal.write_bytes(b"x")  # told, and not read yet
    watch.note_news()
    assert not vars(watch)["_is_blind"]


@pytest.mark.parametrize("journal", [None, Path("/there/is/none")])
def test_without_a_journal_it_comes_back_by_itself(journal: Path | None) -> None:
    watch = ledger_watch.watch(journal)
    assert comes_back(watch, lambda: None)
    watch.note_news()
    watch.set()
    assert comes_back(watch, lambda: None)
