"""The database is removed, replaced, made read-only or unmounted while the window is open: seen, said, taken up again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from smartspec.commands import database, workflows, workspaces
from smartspec.domain.execution import Execution
from smartspec.gui.shell.safe_start.page import SafeStart
from smartspec.store.database import sqlite
from tests.gui.conftest import BROKEN, Desktop
from tests.gui.test_threads import elsewhere

CLAIMS = ("healthy", "checked", "sound", "Runner: idle", "running", "Running")


def claims(desktop: Desktop) -> list[str]:
    """What the bar at the bottom claims of a ledger that nobody can see."""
    bar = desktop.window.status
    said = " ".join(each.text() for each in (bar.database, bar.runner, bar.counts, bar.room))
    return [word for word in CLAIMS if word in said]


@contextmanager
def away(file: Path) -> Iterator[None]:
    """The database and its journals are elsewhere meanwhile."""
    endings = [each for each in ("", "-wal", "-shm") if file.with_name(file.name + each).exists()]
    for each in endings:
        file.with_name(file.name + each).rename(file.with_name("elsewhere" + each))
    yield
    for each in endings:
        file.with_name("elsewhere" + each).rename(file.with_name(file.name + each))


def test_a_database_that_is_gone_is_missed_and_taken_up_when_it_is_back(
    desktop: Desktop, ran: Callable[..., Execution]
) -> None:
    ran(BROKEN)
    desktop.window.status.check_every_page()
    desktop.settle()
    ledger = desktop.window.ledger
    assert claims(desktop) and ledger.bar.isHidden()
    with away(desktop.file):
        desktop.wait(lambda: ledger.lost is not None)
        assert ledger.bar.headline.text() == "The database is gone." and set(ledger.bar.buttons) == {"retry", "found"}
        assert claims(desktop) == []
        assert ledger._veil.isVisible() and "As it was at" in ledger._veil.accessibleName()
        assert not desktop.window.context.actions["new"].isEnabled()
        assert desktop.window.context.actions["quit"].isEnabled()
        desktop.window.status.check_health()
        desktop.window.status.reload()
        desktop.settle()
        assert claims(desktop) == [] and not desktop.file.exists()
        desktop.click(ledger.bar.buttons["retry"])
        desktop.wait(lambda: "gone" in desktop.toast)
        shown = desktop.window.stack.currentWidget()
        desktop.click(ledger.bar.buttons["found"])
        page = desktop.window.stack.currentWidget()
        assert isinstance(page, SafeStart) and page.title.text() == "The ledger is gone"
    desktop.wait(lambda: ledger.lost is None)
    desktop.settle()
    assert desktop.window.stack.currentWidget() is shown
    assert ledger.bar.isHidden() and not ledger._veil.isVisible()
    assert "healthy" in desktop.window.status.database.text()
    assert desktop.window.context.actions["new"].isEnabled() and not desktop.message
    elsewhere(lambda: workflows.create_workflow("after"))
    desktop.wait(lambda: "2 workflows" in desktop.window.status.counts.text())


def test_another_database_in_its_place_is_opened_when_a_person_wants_it(
    desktop: Desktop, ran: Callable[..., Execution], tmp_path: Path
) -> None:
    ran(BROKEN)
    other = tmp_path / "other.db"

    source = sqlite.library.connect(desktop.file)
    copy = sqlite.library.connect(other)
    source.backup(copy)
    copy.execute("UPDATE workflows SET name = 'theirs'")
    copy.commit()
    copy.close()
    source.close()
    before = other.read_bytes()
    for ending in ("-wal", "-shm"):
        desktop.file.with_name(desktop.file.name + ending).rename(desktop.file.with_name("old" + ending))
    other.replace(desktop.file)
    ledger = desktop.window.ledger
    desktop.wait(lambda: ledger.lost is not None)
    assert ledger.bar.headline.text() == "Another database stands in its place."
    assert claims(desktop) == [] and desktop.file.read_bytes() == before
    window = desktop.window
    desktop.click(ledger.bar.buttons["retry"])
    desktop.wait(lambda: desktop.window is not window and desktop.window.ledger.lost is None)
    desktop.wait(lambda: "1 workflow" in desktop.window.status.counts.text())
    desktop.settle()
    assert [each.name for each in workflows.list_workflows().rows] == ["theirs"]


def test_a_database_that_is_made_read_only_is_said_and_over_when_it_is_over(desktop: Desktop) -> None:
    desktop.settle()
    desktop.file.chmod(0o400)
    ledger = desktop.window.ledger
    desktop.wait(lambda: ledger.lost is not None)
    assert ledger.bar.headline.text() == "The database cannot be written." and claims(desktop) == []
    desktop.file.chmod(0o600)
    desktop.wait(lambda: ledger.lost is None)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts")
@pytest.mark.parametrize("how", ["unmounted", "read-only"])
def test_a_disk_that_is_unmounted_or_made_read_only_is_missed(qapp: QApplication, tmp_path: Path, how: str) -> None:
    lies, place = tmp_path / "lies", tmp_path / "disk"
    lies.mkdir()
    place.mkdir()
    mounted = ["mount", "--bind", str(lies), str(place)]
    if subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    desktop = Desktop(place / "smartspec.db")
    try:
        ledger = desktop.window.ledger
        if how == "unmounted":
            subprocess.run(["umount", "-l", str(place)], check=True)
        else:
            subprocess.run(mounted, check=True)  # above the other: nothing that is open lies on it
            subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)
        desktop.wait(lambda: ledger.lost is not None)
        words = {"unmounted": "The database is gone.", "read-only": "The database cannot be written."}
        assert ledger.bar.headline.text() == words[how] and claims(desktop) == []
        if how == "unmounted":
            assert list(place.iterdir()) == []
            subprocess.run(mounted, check=True)
        else:
            subprocess.run(["umount", "-l", str(place)], check=True)
        desktop.wait(lambda: ledger.lost is None)
        desktop.settle()
        desktop.do("samples")  # it is written again
        assert "samples" in [each.slug for each in workspaces.list_workspaces()]
    finally:
        desktop.close()
        database.close_database()
        subprocess.run(["umount", "-l", str(place)], capture_output=True)
