"""The GUI thread never waits: it has no connection to the database, whatever is done."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from smartspec.commands import database, files, starting, workflow_sources
from smartspec.domain.execution import Origin, Trigger
from smartspec.store import database as store
from tests.conftest import ROOT, run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop


def elsewhere(do: Callable[[], object]) -> None:
    """On a thread of its own, as another program would."""

    def run() -> None:
        do()
        store.close_connection()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_no_page_tab_or_action_reads_on_the_gui_thread(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "data" / "smartspec.db"

    def prepare() -> None:
        database.open_database(file)
        for text in (CHAIN, BROKEN):
            made = files.import_workflows([workflow_sources.Source("x.yaml", text, "yaml", str(tmp_path))])[0]
            run_on(starting.start_execution(made.workflow.id, origin=Origin(Trigger.CLI)))

    elsewhere(prepare)
    assert store.database.is_closed()
    desktop = Desktop(file)
    for tab in ("overview", "definition", "config", "versions", "workflow-schedules"):
        desktop.workflows.tabs.show_tab(tab)
        desktop.settle()
    desktop.workflows.tabs.content("definition").editor.insertPlainText("# more\n")
    desktop.settle()
    desktop.go("history", query="status:failed")
    page = desktop.history
    page.view.selectAll()
    execution = page.view.current or page.view.executions.rows[0]
    for view in ("timeline", "log", "data", "snapshot", "events", "compare"):
        desktop.go("execution", execution.id, view)
    desktop.press("Ctrl+K")
    desktop.type_text(desktop.window.palette_view.input, "cha")
    desktop.press("Escape", desktop.window.palette_view.input)
    desktop.do("page_settings")
    desktop.do("about")
    desktop.workflows.show_trash()
    desktop.settle()
    assert store.database.is_closed(), "this thread has a connection"
    desktop.close()


def test_the_watch_can_see_a_connection(tmp_path: Path) -> None:
    database.open_database(tmp_path / "x.db")
    assert not store.database.is_closed()
    database.close_database()


def test_a_start_reads_no_source() -> None:
    """PySide would, and keep it, of each module that is imported: in a version that does so otherwise this fails."""
    script = "import linecache, smartspec.gui.app\nassert not [file for file in linecache.cache if 'smartspec' in file]"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
