"""Pictures of the pages, drawn without a screen: for the README, and to look at."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from smartspec.commands import executions, workflows
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.gui.core.navigation import Location

if TYPE_CHECKING:
    from smartspec.gui.program import Program
    from smartspec.gui.shell.window import MainWindow

_PATIENCE_S = 60.0
_SETTLED_S = 0.1  # nothing was asked of the background for this long
_TABS = ("overview", "definition", "config", "versions")
_VIEWS = ("timeline", "log", "data", "snapshot", "events", "compare")
PAGES = (
    "workflows",
    *_TABS[1:],
    "execution",
    *_VIEWS[1:],
    "history",
    "palette",
    "settings",
    "shortcuts",
    "about",
    "help",
    "run",
)


def take(program: Program, page: str, picture: Path, size: tuple[int, int], workspace: str) -> None:
    """Raises Invalid for a page that there is not, or a picture that cannot be written."""
    if page not in PAGES:
        raise Invalid(f"There is no page “{page}”{did_you_mean(page, PAGES)} The pages are {', '.join(PAGES)}.")
    program.open(workspace=workspace)
    window = program.window
    assert window is not None
    window.resize(*size)
    window.status.check_health()
    settle(program)
    shown = _show_page(program, window, page)
    settle(program)
    if not shown.grab().save(str(picture)):
        raise Invalid(
            f"{picture} cannot be written as a picture: its name must end in .png, in a folder that is there."
        )


def settle(program: Program, settled_s: float = _SETTLED_S) -> None:
    """Until everything that was asked for is there. Raises Invalid where that takes a minute."""
    end, quiet_since = time.monotonic() + _PATIENCE_S, math.inf
    while time.monotonic() - quiet_since < settled_s:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        is_quiet = program.background.is_idle and not _fire_timers(program)
        quiet_since = min(quiet_since, time.monotonic()) if is_quiet else math.inf
        if program.exit_code or time.monotonic() > end:
            raise Invalid("The window did not come to rest within a minute, or its database cannot be opened.")
        time.sleep(0.001)


def _fire_timers(program: Program) -> bool:
    """Whether timers that go off once were waiting, for what was typed or written and is not shown yet: they do now."""
    owners = [owner for owner in (program.window, program.change_listener) if owner is not None]
    timers = [each for owner in owners for each in owner.findChildren(QTimer) if each.isSingleShot()]
    waiting = [each for each in timers if each.isActive()]
    for each in waiting:
        each.stop()
        each.timeout.emit()
    return bool(waiting)


def _show_page(program: Program, window: MainWindow, page: str) -> QWidget:
    navigator = window.context.navigator
    if page == "history":
        navigator.go(Location("history"))
    elif page == "execution" or page in _VIEWS:
        navigator.go(Location("execution", _execution(program, window), page if page in _VIEWS else "timeline"))
    elif page in ("settings", "shortcuts", "about", "help", "palette"):
        navigator.go(Location("workflows", _workflow(program, window)))
        settle(program)
        window.context.actions.do(page)
        settle(program)
        if page == "palette":
            return window
        return next(each for each in window.findChildren(QDialog) if each.isVisible())
    else:
        page_: QWidget = window.page("workflows")
        navigator.go(Location("workflows", _workflow(program, window), page if page in _TABS else "overview"))
        if page == "run":
            settle(program)
            window.context.actions.do("run_with")
            settle(program)
            return next(each for each in page_.findChildren(QDialog) if each.isVisible())
    return window


def _answer(program: Program, command: Callable[[], str]) -> str:
    found: list[str] = []
    program.background.run(program, command, found.append)
    settle(program)
    return found[0] if found else ""


def _workflow(program: Program, window: MainWindow) -> str:
    """The one that ran last."""

    def newest() -> str:
        rows = executions.list_executions(limit=1, workspace=window.context.workspace).rows
        if rows and rows[0].workflow is not None:
            return workflows.get_workflow_by_key(rows[0].workflow).id
        known = workflows.list_workflows(limit=1, workspace=window.context.workspace).rows
        return known[0].id if known else ""

    return _answer(program, newest)


def _execution(program: Program, window: MainWindow) -> str:
    """The newest that failed and was run here, else the newest."""

    def newest() -> str:
        workspace = window.context.workspace
        failed = ExecutionFilter(status=frozenset({ExecutionStatus.FAILED}))
        rows = executions.list_executions(failed, workspace=workspace).rows
        rows += executions.list_executions(workspace=workspace).rows
        run_here = [each for each in rows if each.version is not None and each.tasks_total]
        return (run_here or [*rows])[0].id if rows else ""

    return _answer(program, newest)
