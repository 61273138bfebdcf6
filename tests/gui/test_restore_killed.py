"""The window restores and is killed at any moment: what is found is the old ledger or the restored one, never nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from smartspec.commands import database, executions, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from tests.conftest import ROOT
from tests.faults.conftest import chance, times_  # noqa: F401 - a fixture

_RESTORING = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from smartspec.gui.app import FEATURES
from smartspec.gui.application import application
from smartspec.gui.program import Program
from smartspec.gui.shell.restore.dialog import RestoreDialog

app = application()
program = Program(Path(sys.argv[1]), FEATURES)
program.open()

def look():
    window = program.window
    dialog = window.findChild(RestoreDialog) if window is not None else None
    if dialog is None and window is not None and window.context.actions["restore"].isEnabled():
        window.context.actions["restore"].trigger()
    elif dialog is not None and dialog.form.state.text() == "Verified" and dialog.restore.isEnabled():
        timer.stop()
        dialog.form.in_place.click()
        print("restoring", flush=True)
        dialog.restore.click()

timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
app.exec()
"""


def test_killed_while_it_restores_the_old_ledger_is_there_or_the_restored(
    tmp_path: Path,
    chance: random.Random,  # noqa: F811
) -> None:
    file = tmp_path / "data" / "smartspec.db"
    database.open_database(file)
    workflows.create_workflow("kept")
    recording.end_execution(recording.begin_execution("kept").id, Report(ExecutionStatus.COMPLETED))
    database.back_up_database()
    database.forget_database()
    for _ in range(times_(4, 40)):
        database.open_database(file)
        before = executions.count_executions()
        recording.end_execution(recording.begin_execution("kept").id, Report(ExecutionStatus.COMPLETED))
        database.forget_database()
        with subprocess.Popen(
            [sys.executable, "-c", _RESTORING, str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        ) as process:  # fmt: skip
            assert process.stdout is not None and process.stdout.readline() == b"restoring\n"
            time.sleep(chance.uniform(0, 0.3))
            process.kill()
        database.open_database(file)
        count = executions.count_executions()
        assert count in (1, before + 1), "the backup's or the ledger's, and nothing else"
        assert database.check_database() == ()
        database.forget_database()
