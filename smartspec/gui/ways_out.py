"""The ways to another ledger, or back to this one: what a person chose is done by the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from smartspec.errors import DatabaseReplaced
from smartspec.gui.shell.instance import hand_over
from smartspec.gui.widgets.dialogs import confirm
from smartspec.messages import tr

if TYPE_CHECKING:
    from smartspec.gui.program import Program


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
            "look": self._look, "new": self._begin_anew, "restore": self._restore, "found": self._show_what_was_found,
        }  # fmt: skip
        ways[way]()

    def _retry(self) -> None:
        program = self._program
        lost = program.window.ledger.lost if program.window is not None else None
        if program.exit_code or program.session.how == "look" or isinstance(lost, DatabaseReplaced):
            program.open_ledger(program.session.file)
        else:
            program.change_listener.look_now()

    def _look(self) -> None:
        self._program.open_ledger(self._program.session.file, "look")

    def _begin_anew(self) -> None:
        window = self._program.window
        meaning = tr("What is left of the old one stays, under another name. Its executions are not in the new one.")
        if window is not None and confirm(window, tr("Begin an empty ledger here?"), meaning, tr("Begin anew")):
            self._program.open_ledger(self._program.session.file, "new")

    def _restore(self) -> None:
        window = self._program.window
        meaning = tr(
            "The newest backup that is sound takes its place. What is there now is kept beside it under another name."
        )
        if window is not None and confirm(
            window, tr("Restore the newest backup?"), meaning, tr("Set mine aside and restore")
        ):
            self._program.open_ledger(self._program.session.file, "restore")

    def _show_folder(self) -> None:
        if self._program.window is not None:
            self._program.window.window_actions.open_folder()

    def _show_what_was_found(self) -> None:
        window = self._program.window
        if window is not None and window.ledger.lost is not None:
            window.ledger.show_safe_start(window.ledger.lost)

    def _choose(self) -> None:
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
