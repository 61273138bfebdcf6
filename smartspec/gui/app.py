"""The program with a window: it is started here, and drawn without a screen."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from smartspec.gui.application import application
from smartspec.gui.contract import Feature
from smartspec.gui.pages.alerts.feature import FEATURE as ALERTS
from smartspec.gui.pages.audit.feature import FEATURE as AUDIT
from smartspec.gui.pages.execution.feature import FEATURE as EXECUTION
from smartspec.gui.pages.history.feature import FEATURE as HISTORY
from smartspec.gui.pages.schedules.feature import EDITOR as SCHEDULE_EDITOR
from smartspec.gui.pages.schedules.feature import FEATURE as SCHEDULES
from smartspec.gui.pages.schedules.feature import SIMULATION
from smartspec.gui.pages.settings.feature import FEATURE as SETTINGS
from smartspec.gui.pages.workflows.feature import FEATURE as WORKFLOWS
from smartspec.gui.program import Program
from smartspec.gui.shell.feature import FEATURE as WINDOW
from smartspec.gui.shell.instance import hand_over
from smartspec.gui.shell.tray.feature import FEATURE as TRAY

# The order of the rail, and within each group of a menu.
FEATURES: tuple[Feature, ...] = (
    WINDOW, WORKFLOWS, EXECUTION, HISTORY, SCHEDULES, SCHEDULE_EDITOR, SIMULATION, ALERTS, AUDIT, SETTINGS, TRAY,
)  # fmt: skip


def run(file: Path, *, open_target: str = "", workspace: str = "", with_samples: bool = False) -> int:
    """Show the window until it is closed; one that is there for this database is raised instead."""
    app = application()
    if hand_over(file, open_target):
        return 0
    program = Program(file, FEATURES)
    program.crash_reporter.install()
    program.shown.connect(program.listen)
    program.open(open_target=open_target, workspace=workspace, with_samples=with_samples)
    _install_signal_handlers(app, program)
    code = app.exec()
    program.close()
    program.crash_reporter.uninstall()
    return code or program.exit_code


def _install_signal_handlers(app: QApplication, program: Program) -> None:
    """Ctrl-C and a polite end close the window; Python looks at its signals only while it runs."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: program.end())
    app.commitDataRequest.connect(program.expect_end)
    awake = QTimer(app, interval=500)
    awake.timeout.connect(lambda: None)
    awake.start()


def screenshot(file: Path, page: str, picture: Path, *, scheme: str = "light", size: tuple[int, int] = (1280, 800),
               workspace: str = "") -> None:  # fmt: skip
    """Draw a page as a PNG; `page` is one of `screenshot_names(FEATURES)`. Raises Invalid, Conflict."""
    from smartspec.gui import screenshots

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application()
    program = Program(file, FEATURES, remembers=False)
    program.ui_state.keep("theme", scheme)
    program.apply_appearance()
    try:
        screenshots.take(program, FEATURES, page, picture, size, workspace)
    finally:
        program.close()
