"""A schedule that is run by hand: for a file that is asked for, where its input names one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from smartspec.commands import file_watches, schedule_runs
from smartspec.domain.execution import Execution
from smartspec.domain.schedule.schedule import Schedule
from smartspec.gui.core.context import AppContext
from smartspec.messages import tr


def run_by_hand(context: AppContext, owner: QObject, window: QWidget, schedule: Schedule) -> None:
    """Once, now, with the input of the schedule; not where no file is chosen."""
    file, folder = None, file_watches.folder_to_choose_in(schedule)
    if folder is not None:
        title = tr("“{name}” runs for this file", name=schedule.name)
        file, _kind = QFileDialog.getOpenFileName(window, title, folder)
        if not file:
            return

    def follow(execution: Execution) -> None:
        context.notifications.follow_runs([execution])

    command = partial(schedule_runs.run_schedule, schedule.id, workspace=context.workspace, file=file)
    context.start(owner, command, follow)


def run_word(schedule: Schedule) -> str:
    """What the button says."""
    return tr("Run now") if file_watches.folder_to_choose_in(schedule) is None else tr("Run for a file…")
