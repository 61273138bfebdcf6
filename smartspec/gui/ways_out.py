"""The ways to another ledger, or back to this one: what a person chose is done by the program."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from smartspec.errors import DatabaseReplaced, SmartSpecError
from smartspec.gui.shell.instance import hand_over
from smartspec.messages import tr, translate

if TYPE_CHECKING:
    from smartspec.gui.program import Program
    from smartspec.gui.shell.restore.dialog import RestoreDialog
    from smartspec.gui.shell.restore.restoration import Restoration


class WaysOut(QObject):
    """By name: `retry`, `open_ledger`, `open_folder`, `look`, `new`, `restore`, `found`."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)

    @property
    def _program(self) -> Program:
        """Not kept: what holds one another is taken away on any thread, and Qt's objects must not be."""
        return cast("Program", self.parent())

    def take(self, way: str) -> None:
        ways = {
            "retry": self._retry, "open_ledger": self._choose, "open_folder": self._show_folder,
            "look": self._open_read_only, "new": self._begin_anew, "restore": self._restore,
            "found": self._show_what_was_found,
        }  # fmt: skip
        ways[way]()

    def _retry(self) -> None:
        program = self._program
        lost = program.window.ledger.lost if program.window is not None else None
        if program.exit_code or program.session.how == "look" or isinstance(lost, DatabaseReplaced):
            program.open_ledger(program.session.file)
        else:
            program.change_listener.look_now()

    def _open_read_only(self) -> None:
        self._program.open_ledger(self._program.session.file, "look")

    def _begin_anew(self) -> None:
        from smartspec.gui.widgets.dialogs import confirm

        window = self._program.window
        meaning = tr("What is left of the old one stays, under another name. Its executions are not in the new one.")
        if window is not None and confirm(window, tr("Begin an empty ledger here?"), meaning, tr("Begin anew")):
            self._program.open_ledger(self._program.session.file, "new")

    def _restore(self) -> None:
        from smartspec.gui.shell.restore.dialog import RestoreDialog

        window = self._program.window
        if window is None:
            return
        dialog = RestoreDialog(window.context, window)
        dialog.elsewhere.connect(partial(self._restore_elsewhere, dialog))
        dialog.over.connect(partial(self._restore_over, dialog))
        dialog.open()

    def _begin(self, dialog: RestoreDialog, name: str) -> Restoration:
        from smartspec.gui.shell.restore.restoration import Restoration

        made = Restoration(self._program.session.file, name, self)
        made.moved.connect(dialog.show_step)
        dialog.stopped.connect(made.stop)
        return made

    def _restore_elsewhere(self, dialog: RestoreDialog, name: str, folder: Path) -> None:
        restoration = self._begin(dialog, name)
        restoration.failed.connect(lambda error: dialog.end(translate(error.sentence)))
        restoration.done.connect(partial(self._open_new_place, dialog))
        restoration.begin_elsewhere(folder)

    def _open_new_place(self, dialog: RestoreDialog, file: Path) -> None:
        dialog.end()
        self._program.open_ledger(file, "look")

    def _restore_over(self, dialog: RestoreDialog, name: str) -> None:
        """All threads let the ledger go first; whatever comes of it, the one that stands there then is opened."""
        restoration, session = self._begin(dialog, name), self._program.session
        restoration.failed.connect(partial(self._on_over, dialog))
        restoration.done.connect(partial(self._on_over, dialog))
        session.ended.connect(restoration.begin_over)
        session.leave()

    def _on_over(self, dialog: RestoreDialog, came: object) -> None:
        dialog.end()
        self._program.enter(self._program.session.file)
        if isinstance(came, SmartSpecError):
            self._program.notifications.notify_error(came)
        else:
            self._program.notifications.toast(tr("Restored; what was there is kept beside it"), None, "database")

    def _show_folder(self) -> None:
        if self._program.window is not None:
            self._program.window.window_actions.open_folder()

    def _show_what_was_found(self) -> None:
        window = self._program.window
        if window is not None and window.ledger.lost is not None:
            window.ledger.show_safe_start(window.ledger.lost)

    def _choose(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        folder = self._program.session.file.parent
        chosen = QFileDialog.getExistingDirectory(
            self._program.window, tr("Open the ledger in a folder"), str(folder)
        )  # fmt: skip
        if chosen:
            self.open_in(Path(chosen))

    def open_in(self, folder: Path) -> None:
        """The ledger in a folder, or a new one there; a window that is open for it comes to the front instead."""
        here = self._program.session.file
        file = folder / here.name
        if file == here or not hand_over(file, ""):
            self._program.open_ledger(file)
