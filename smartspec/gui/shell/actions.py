"""What can be done from anywhere in the window: make, import, sample data, workspaces, dialogs, care of the database.

Commands and dialogs are imported when they are wanted: the window is there before them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain.workspace import SAMPLES
from smartspec.gui.contract import Feature
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.notifications import Message
from smartspec.gui.style import theme
from smartspec.messages import tr, translate, trn

if TYPE_CHECKING:
    from smartspec.commands.database import Backup
    from smartspec.gui.widgets.dialogs import Question


class WindowActions(QObject):
    """`workspace_asked`: another workspace is to be shown; `way_asked`: a way to another ledger; `backed_up`: there is
    a new backup; `checked`: every page and row was looked at.
    """

    workspace_asked = Signal(str)
    way_asked = Signal(str)
    backed_up = Signal()
    checked = Signal()

    def __init__(self, context: AppContext, features: tuple[Feature, ...], window: QWidget) -> None:
        super().__init__(window)
        self._features = features
        self._context, self._window = context, window

    def handlers(self) -> dict[str, Handler]:
        return {
            "new": self.new, "import": self.import_files, "samples": self.show_samples,
            "remove_samples": self.remove_samples, "workspace": self.show_workspaces,
            "open_ledger": partial(self.way_asked.emit, "open_ledger"),
            "restore": partial(self.way_asked.emit, "restore"),
            "theme": self.toggle_theme, "back_up": self.back_up, "check": self.check, "open_folder": self.open_folder,
            "shortcuts": self.show_shortcuts, "help": self.show_help, "about": self.show_about,
        }  # fmt: skip

    # Workflows

    def new(self) -> None:
        """A workflow with one task that runs, open in its definition."""
        from smartspec.gui.widgets.name_question import ask_workflow_name

        context = self._context

        def make(name: str, question: Question) -> None:
            command = partial(_make_workflow, name, context.workspace)
            question.run(
                context, command, lambda id_: context.navigator.go(Location("workflows", id_, "definition", "write"))
            )

        caption = tr("It begins with one task that runs, and opens in its definition.")
        ask_workflow_name(context, self._window, tr("New workflow"), tr("Create"), make, caption=caption)

    def import_files(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        kinds = tr("Workflow files (*.yaml *.yml *.json)")
        chosen, _ = QFileDialog.getOpenFileNames(self._window, tr("Import"), "", kinds)
        if chosen:
            self.preview([Path(each) for each in chosen])

    def preview(self, chosen: list[Path]) -> None:
        """What the files would make, before they make it."""
        from smartspec.gui.shell.importing.dialog import ImportDialog

        dialog = ImportDialog(self._context, chosen, self._window)
        dialog.imported.connect(lambda id_: self._context.navigator.go(Location("workflows", id_)))
        dialog.open()

    # Workspaces

    def show_samples(self) -> None:
        self._context.run(self, _make_samples, lambda _: self.workspace_asked.emit(SAMPLES))

    def remove_samples(self) -> None:
        self._context.run(self, _remove_samples, self._on_samples_removed)

    def _on_samples_removed(self, _: None) -> None:
        self.workspace_asked.emit("default")  # the window of that one tells of it
        QTimer.singleShot(0, partial(self._context.notifications.toast, tr("Removed the sample data"), None, "trash"))

    def show_workspaces(self) -> None:
        from smartspec.gui.shell.workspace_dialog import WorkspaceDialog

        dialog = WorkspaceDialog(self._context, self._window)
        dialog.chosen.connect(self.workspace_asked)
        dialog.open()

    # Appearance and help

    def toggle_theme(self) -> None:
        self._context.ui_state.keep("theme", "light" if theme.tokens().name == "dark" else "dark")

    def show_shortcuts(self) -> None:
        from smartspec.gui.shell.shortcuts_dialog import shortcut_sheet

        shortcut_sheet(self._context.actions, self._window).show()

    def show_help(self) -> None:
        from smartspec.gui.shell.help_dialog import help_dialog

        help_dialog(self._window).show()

    def show_about(self) -> None:
        from smartspec.gui.shell.about_dialog import AboutDialog

        AboutDialog(self._context, self._window).show()

    # The database

    def back_up(self) -> None:
        from smartspec.commands import database

        self._context.background.start_job(
            self, tr("Backing up the database"), database.back_up_database, self._on_backed_up
        )

    def _on_backed_up(self, made: Backup) -> None:
        told = tr("Backed up and verified: {file}", file=Path(made.path).name)
        self._context.notifications.toast(told, None, "hard-drives")
        self.backed_up.emit()

    def check(self) -> None:
        from smartspec.commands import database

        self._context.background.start_job(self, tr("Checking the database"), database.check_database, self._on_checked)

    def _on_checked(self, found: tuple[str, ...]) -> None:
        from smartspec.commands import database

        self.checked.emit()
        if not found:
            self._context.notifications.toast(tr("Every page, row and index of the database is sound"), None, "check")
            return
        first, details = translate(found[0]), "\n".join(map(translate, found))
        headline = trn(
            "The check found {n} thing that is not in order.", "The check found {n} things that are not in order.",
            len(found),
        )  # fmt: skip
        if database.is_damaged(found):
            headline = tr("The database is damaged.")
        self._context.notifications.notify(Message("error", headline, first, details))

    def open_folder(self) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._context.database.parent)))


# On the thread of the commands


def _make_workflow(name: str, workspace: str) -> str:
    from smartspec.commands import workflow_creation, workflow_sources

    source = workflow_sources.Source(name, workflow_sources.minimal_source(name), "yaml")
    return workflow_creation.create_workflow_from(source, activate=True, workspace=workspace).id


def _make_samples() -> None:
    from smartspec.commands import samples

    samples.make_samples()


def _remove_samples() -> None:
    from smartspec.commands import samples

    samples.remove_samples()
