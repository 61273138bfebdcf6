"""What a person chooses in the menu of the icon: pages of the window, and commands that have no need of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from smartspec.commands import pause_everything, quiet
from smartspec.commands.overview import PROBLEMS
from smartspec.domain import times
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import ShownWindow
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.workflows.run_start import StartedCurrent, start_current
from smartspec.gui.shell.tray.lines import Line, Verb

_LOOKED_AT = "tray.looked_at"  # milliseconds: when the problems were opened last


class TrayChoices(QObject):
    """`looked`: the problems were looked at."""

    looked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._window: ShownWindow | None = None

    def follow(self, window: ShownWindow | None) -> None:
        self._window = window

    @property
    def looked_at(self) -> datetime | None:
        """When a person looked at the problems last."""
        kept = self._window.context.ui_state.get(_LOOKED_AT, 0) if self._window is not None else 0
        return times.from_ms(kept) if kept else None

    def do(self, line: Line) -> None:
        window = self._window
        if window is None:
            return
        doing: dict[Verb, Callable[[], object]] = {
            Verb.PROBLEMS: self._show_problems, Verb.ALERTS: self._show_alerts, Verb.NOW: window.show_now,
            Verb.EXECUTION: partial(self._go, Location("execution", line.target)),
            Verb.SCHEDULES: partial(self._go, Location("schedules")),
            Verb.START_RUNNER: partial(window.context.start, self, lambda: None),
            Verb.RUN: partial(self._run, line.target),
            Verb.PAUSE: partial(window.context.run, self, pause_everything.pause_everything),
            Verb.RESUME: partial(window.context.start, self, pause_everything.resume_everything),
            Verb.QUIET_HOUR: partial(self._be_quiet, lambda now: now + timedelta(hours=1)),
            Verb.QUIET_MORNING: partial(self._be_quiet, quiet.tomorrow_morning),
            Verb.QUIET_OFF: partial(window.context.run, self, partial(quiet.quiet_until, None)),
            Verb.OPEN: partial(window.open_target, ""), Verb.QUIT: window.quit,
        }  # fmt: skip
        doing[line.verb]()

    def _go(self, location: Location) -> None:
        if self._window is not None:
            self._window.open_target("")
            self._window.context.navigator.go(location)

    def _show_problems(self) -> None:
        self._go(Location("history", query=PROBLEMS))
        if self._window is not None:
            self._window.context.ui_state.keep(_LOOKED_AT, times.to_ms(times.now()))
            self.looked.emit()

    def _show_alerts(self) -> None:
        """Their page, where the window has one; it comes to the front anyhow."""
        if self._window is not None:
            self._window.open_target("")
            self._window.context.actions.do("page_alerts")

    def _be_quiet(self, until: Callable[[datetime], datetime]) -> None:
        if self._window is not None:
            self._window.context.run(self, partial(quiet.quiet_until, until(times.now())))

    def _run(self, workflow: str) -> None:
        """Its current version with its defaults; where that cannot be, the window shows why, and the workflow."""
        if self._window is None:
            return
        context = self._window.context
        run = partial(start_current, workflow, context.workspace)
        context.start(self, run, self._on_started, partial(self._on_refused, workflow))

    def _on_started(self, started: StartedCurrent) -> None:
        if self._window is not None:
            self._window.context.notifications.follow_runs([started.execution])

    def _on_refused(self, workflow: str, error: SmartSpecError) -> None:
        self._go(Location("workflows", workflow))
        if self._window is not None:
            self._window.context.notifications.notify_error(error)
