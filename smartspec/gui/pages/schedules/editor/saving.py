"""A draft becomes a schedule, or runs once: by commands, told when it is done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from smartspec.commands.schedule_drafts import ScheduleDraft, save_draft
from smartspec.domain.schedule.schedule import Schedule
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.schedules.by_hand import run_by_hand
from smartspec.messages import tr


class DraftSaving(QObject):
    """`saved` carries the Schedule, `refused` the error."""

    saved = Signal(object)
    refused = Signal(object)

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page

    def save(self, draft: ScheduleDraft, schedule: Schedule | None, *, runs: bool = False) -> None:
        """What was changed of one that there is, or a new one; then it `runs` once, now."""
        command = partial(save_draft, draft, schedule, self._context.workspace)
        then = partial(self._on_saved, schedule is None, runs)
        self._context.start(self, command, then, self.refused.emit)

    def _on_saved(self, is_new: bool, runs: bool, schedule: Schedule) -> None:
        told = tr("Created “{name}”", name=schedule.name) if is_new else tr("Saved “{name}”", name=schedule.name)
        self._context.notifications.toast(told, None, "calendar-blank")
        self.saved.emit(schedule)
        if runs:
            self.run(schedule)

    def run(self, schedule: Schedule) -> None:
        """Once, now, with its input."""
        run_by_hand(self._context, self, self._page.window(), schedule)
