"""The ways to another ledger, or back to this one: what a person chose is done by the program."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from smartspec.errors import DatabaseReplaced, SmartSpecError
from smartspec.gui.core.notifications import Message
from smartspec.gui.shell.instance import hand_over
from smartspec.messages import tr, translate, trn

if TYPE_CHECKING:
    from smartspec.commands.database import RestoredElsewhere
    from smartspec.gui.program import Program
    from smartspec.gui.shell.restore.dialog import RestoreDialog, Wanted
    from smartspec.gui.shell.restore.restoration import Restoration


class WaysOut(QObject):
    """By name: `retry`, `open_ledger`, `open_folder`, `look`, `new`, `restore`, `found`."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._restoration: Restoration | None = None  # the last one

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
        dialog.begun.connect(partial(self._begin, dialog))
        dialog.open()

    def _begin(self, dialog: RestoreDialog, wanted: Wanted) -> None:
        from smartspec.gui.shell.restore.restoration import Restoration

        made = self._restoration = Restoration(self._program.session.file, wanted.backup, self)
        made.moved.connect(dialog.show_step)
        dialog.stopped.connect(made.stop)
        if wanted.folder is None:
            self._begin_over(dialog, made)
            return
        made.failed.connect(partial(self._on_elsewhere, dialog))
        made.done.connect(partial(self._on_elsewhere, dialog))
        made.begin_elsewhere(wanted.folder, with_logs=wanted.with_logs)

    def stop(self) -> None:
        """The program ends: what is being restored is not wanted any more."""
        if self._restoration is not None:
            self._restoration.stop()

    def _on_elsewhere(self, dialog: RestoreDialog, came: SmartSpecError | RestoredElsewhere) -> None:
        if self._program.is_closed:
            return
        if isinstance(came, SmartSpecError):
            dialog.end(translate(came.sentence))
        else:
            dialog.end()
            self._program.open_ledger(Path(came.file), "look", told_of_new_place(came))

    def _begin_over(self, dialog: RestoreDialog, restoration: Restoration) -> None:
        """All threads let the ledger go first; whatever comes of it, the one that stands there then is opened."""
        session = self._program.session
        restoration.failed.connect(partial(self._on_over, dialog))
        restoration.done.connect(partial(self._on_over, dialog))
        session.ended.connect(restoration.begin_over)
        session.leave()

    def _on_over(self, dialog: RestoreDialog, came: object) -> None:
        if self._program.is_closed:
            return
        dialog.end()
        self._program.enter(self._program.session.file)
        if isinstance(came, SmartSpecError):
            self._program.notifications.notify_error(came)
            return
        from smartspec.commands.database import Restored

        assert isinstance(came, Restored)
        self._program.notifications.toast(tr("Restored; what was there is kept beside it"), None, "database")
        paused = [paused_in_words(came.paused)] if came.paused else []
        paused += [schedules_in_words(came.schedules)] if came.schedules else []
        if paused:
            meaning = tr("They may have run since. Resume those that are to go on.")
            self._program.notifications.notify(Message("warning", " ".join(paused), meaning))

    def _show_folder(self) -> None:
        if self._program.window is not None:
            self._program.window.window_actions.open_folder()

    def _show_what_was_found(self) -> None:
        window = self._program.window
        if window is not None:
            window.show_what_was_found()

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


def told_of_new_place(done: RestoredElsewhere) -> tuple[str, ...]:
    """What is not in a new ledger as it was in the old one."""
    told = []
    if done.logs.missing:
        told.append(trn("{n} of its long logs is not there any more.", "{n} of its long logs are not there any more.",
                        done.logs.missing))  # fmt: skip
    if done.paused:
        told.append(paused_in_words(done.paused))
    if done.schedules:
        told.append(schedules_in_words(done.schedules))
    return tuple(told)


def paused_in_words(count: int) -> str:
    return trn("{n} execution had not ended in the backup, and is paused.",
               "{n} executions had not ended in the backup, and are paused.", count)  # fmt: skip


def schedules_in_words(count: int) -> str:
    return trn("{n} schedule is paused.", "{n} schedules are paused.", count)
