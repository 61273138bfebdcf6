"""Pictures of the pages, drawn without a screen: for the README, and to look at."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from smartspec.domain.text import did_you_mean
from smartspec.errors import Conflict, Invalid
from smartspec.gui.contract import Feature, PageSpec, ScreenshotSpec, pages_of, screenshot_names
from smartspec.gui.core.navigation import Location
from smartspec.messages import _

if TYPE_CHECKING:
    from smartspec.gui.program import Program
    from smartspec.gui.shell.window import MainWindow

_PATIENCE_S = 60.0
_SETTLED_S = 0.1  # nothing was asked of the background for this long


def take(program: Program, features: tuple[Feature, ...], name: str, picture: Path, size: tuple[int, int],
         workspace: str) -> None:  # fmt: skip
    """`name` is one of `screenshot_names`.

    Raises Invalid for another, or a picture that cannot be written; Conflict for a dialog that opens on nothing here.
    """
    names = screenshot_names(features)
    if name not in names:
        raise Invalid(_(
            "There is no page “{name}”{guess} The pages are {pages}.",
            name=name, guess=did_you_mean(name, names), pages=", ".join(names),
        ))  # fmt: skip
    if program.window is None:
        program.open(workspace=workspace)
    window = program.window
    assert window is not None
    window.resize(*size)
    settle(program)
    if program.exit_code:
        raise Invalid(
            _("The database cannot be opened, so there is nothing to draw; the window says what can be done.")
        )
    window = program.window or window  # another one where another language is saved than was spoken last
    window.status.check_health()
    settle(program)
    shown = _show(program, window, features, name)
    settle(program)
    if not picture_of(shown).save(str(picture)):
        raise Invalid(_(
            "{picture} cannot be written as a picture: its name must end in .png, in a folder that is there.",
            picture=picture,
        ))  # fmt: skip


def picture_of(window: QWidget) -> QPixmap:
    """A window as a person sees it: with the dialogs that stand over it."""
    made = window.grab()
    painter = QPainter(made)
    for each in window.findChildren(QDialog):
        if each.isVisible():
            painter.drawPixmap(window.mapFromGlobal(each.mapToGlobal(QPoint())), each.grab())
    painter.end()
    return made


def settle(program: Program, settled_s: float = _SETTLED_S) -> None:
    """Until everything that was asked for is there. Raises Invalid where that takes a minute."""
    end, quiet_since = time.monotonic() + _PATIENCE_S, math.inf
    while True:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        is_quiet = program.background.is_idle and not _fire_timers(program)
        if is_quiet and time.monotonic() - quiet_since >= settled_s:
            return  # and the events of what came last were dealt with: it was quiet before them
        quiet_since = min(quiet_since, time.monotonic()) if is_quiet else math.inf
        if time.monotonic() > end:
            raise Invalid(_("The window did not come to rest within a minute."))
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


def _show(program: Program, window: MainWindow, features: tuple[Feature, ...], name: str) -> QWidget:
    for page in pages_of(features):
        if name == page.name:
            return _show_page(program, window, page, page.tabs[0].name if page.tabs else "")
        if name in [tab.name for tab in page.tabs]:
            return _show_page(program, window, page, name)
    feature, shot = next((each, shot) for each in features for shot in each.screenshots if shot.name == name)
    return _show_dialog(program, window, feature.page or pages_of(features)[0], shot)


def _show_page(program: Program, window: MainWindow, page: PageSpec, tab: str) -> QWidget:
    key = _answer(program, partial(page.example, window.context.workspace)) if page.example else ""
    window.context.navigator.go(Location(page.name, key, tab))
    return window


def _show_dialog(program: Program, window: MainWindow, page: PageSpec, shot: ScreenshotSpec) -> QWidget:
    """What an action opens, on top of a page. Raises Conflict where the action does not apply to what that shows."""
    _show_page(program, window, page, page.tabs[0].name if page.tabs else "")
    settle(program)
    window.context.actions.do(shot.action)
    settle(program)
    if not shot.is_dialog:
        return window
    if not any(each.isVisible() for each in window.findChildren(QDialog)):
        raise Conflict(_(
            "There is nothing here to draw “{name}” of; `{command}` stores a workflow.",
            name=shot.name, command="smartspec import FILE",
        ))  # fmt: skip
    return window


def _answer(program: Program, command: Callable[[], str]) -> str:
    found: list[str] = []
    program.background.run(program, command, found.append)
    settle(program)
    return found[0] if found else ""
