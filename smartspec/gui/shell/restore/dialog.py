"""Restore a backup: to a new place, or over this ledger; what is only in yours, and the steps while it runs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.restore.newer_list import NewerList
from smartspec.gui.shell.restore.steps import StepLine, StepList
from smartspec.gui.style.formatting import ago, number, size
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.choice_card import ChoiceCard, choice_cards
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame, row
from smartspec.gui.widgets.tag import Tag
from smartspec.messages import tr, translate, trn

if TYPE_CHECKING:
    from smartspec.commands.database import Backup
    from smartspec.commands.safe_start import Newer

_WIDTH, _HEIGHT, _STEPS, _NARROW, _AROUND = 896, 664, 264, 760, 72  # pixels; around the form: its margins


class RestoreDialog(Dialog):
    """`elsewhere` carries a backup's name and a folder, `over` the name; `stopped`: what runs is not wanted."""

    elsewhere = Signal(str, object)
    over = Signal(str)
    stopped = Signal()

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        caption = tr("Beside your ledger or in its place. Nothing is overwritten: your ledger is set aside intact.")
        super().__init__(parent, tr("Restore a backup"), caption, width=_WIDTH, height=_HEIGHT)
        self._context = context
        self._backups: tuple[Backup, ...] = ()
        self._sound: dict[str, bool] = {}
        self._newer: dict[str, Newer] = {}
        self.is_running = False
        self.backup, self.state = Choice(tr("Backup")), Tag()
        self.backup.setProperty("verbatim", True)  # why it was made is kept in English
        self.beside = ChoiceCard(
            tr("To a new place"), tr("A second ledger, to look and copy from. Yours stays as it is."), tr("Default")
        )
        self.in_place = ChoiceCard(tr("Over this ledger"), tr("Becomes the ledger you work with. Yours is set aside."))
        self.newer_head, self.newer = label("", "section"), NewerList()
        self.place_head, self.place, self.about = label("", "section"), QLineEdit(), wrapped("", "small")
        self.change = button(tr("Change…"), then=self._choose_folder)
        self.steps, self.hint, self.told = StepList(), wrapped("", "small"), label("", "small")
        self._lay_out_form()
        self.cancel = self.add_button(tr("Cancel"), then=self.reject)
        self.restore = self.add_button("", "primary", self._begin)
        self.stop = self.add_button(tr("Stop, keep mine"), then=self.ask_to_stop)
        self.stop.hide()
        self.add_left(self.told)
        self.beside.setChecked(True)
        self.beside.toggled.connect(self._show_way)
        self.backup.currentIndexChanged.connect(self._on_chosen)
        self._own_folder = ""  # what a person wrote or chose: another backup, or the way back, does not take it
        self.place.textEdited.connect(self._take_folder)
        self.place.textChanged.connect(lambda _text: self._check())
        self._show_way()
        self.set_busy(True)
        self._read()

    def _lay_out_form(self) -> None:
        self.form = QWidget()
        form = self._form = QVBoxLayout(self.form)
        form.setContentsMargins(0, 0, 24, 0)
        form.setSpacing(6)
        chosen = row(self.backup, self.state, spacing=10)
        chosen.setStretchFactor(self.backup, 1)
        form.addWidget(label(tr("Backup"), "section"))
        form.addLayout(chosen)
        form.addSpacing(10)
        form.addWidget(label(tr("Where to"), "section"))
        form.addWidget(choice_cards(tr("Where to"), (self.beside, self.in_place)))
        form.addSpacing(10)
        form.addWidget(self.newer_head)
        form.addWidget(self.newer)
        form.addSpacing(10)
        self.place_head.setBuddy(self.place)
        form.addWidget(self.place_head)
        form.addLayout(row(self.place, self.change, spacing=10))
        form.addWidget(self.about)
        form.addStretch(1)
        side = frame("sunken")
        side.setFixedWidth(_STEPS)
        steps = QVBoxLayout(side)
        steps.setContentsMargins(16, 12, 16, 12)
        steps.addWidget(label(tr("Steps"), "section"))
        steps.addSpacing(4)
        steps.addWidget(self.steps)
        steps.addStretch(1)
        steps.addWidget(self.hint)
        self._side, self._both = side, QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(0)
        self._both.addWidget(self.form, 1)
        self._both.addWidget(side)
        self.body.addLayout(self._both)

    def _show_narrow(self, narrow: bool) -> None:
        """The steps below the form then."""
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._both.direction() != way:
            self._both.setDirection(way)
            self._both.setSpacing(16 if narrow else 0)
            self._form.setContentsMargins(0, 0, 0 if narrow else 24, 0)
            self._side.setMinimumWidth(0 if narrow else _STEPS)
            self._side.setMaximumWidth(16_777_215 if narrow else _STEPS)

    # What is chosen

    @property
    def chosen(self) -> Backup | None:
        at = self.backup.currentIndex()
        return self._backups[at] if 0 <= at < len(self._backups) else None

    def _read(self) -> None:
        from smartspec.commands import database

        self.newer.show_sentence(tr("Being looked at…"))
        read = partial(database.list_backups, self._context.database)
        self._context.run(self, read, self._on_backups, self._on_refused, worker="slow")

    def _on_backups(self, found: tuple[Backup, ...]) -> None:
        self._backups = found
        if not found:
            self.state.setText(tr("No backup yet"))
            self.newer.show_sentence(tr("There is no backup of this ledger."))
            return
        for each in found:
            self.backup.addItem(_words(each))

    def _on_chosen(self) -> None:
        from smartspec.commands import safe_start

        chosen = self.chosen
        if chosen is None:
            return
        self._show_place()
        if chosen.path not in self._sound:
            self.set_busy(True)
            self.state.setText(tr("Being verified…"))
            self.state.set_kind("")
            check = partial(safe_start.is_sound, self._context.database, chosen)
            self._context.run(self, check, partial(self._on_checked, chosen), self._on_refused, worker="jobs")
        else:
            self._show_state()
        if chosen.path not in self._newer:
            self.newer_head.setText(tr("Newer, so only in yours"))
            self.newer.show_sentence(tr("Being looked at…"))
            newer = partial(safe_start.newer_than, self._context.database, chosen)
            self._context.run(self, newer, partial(self._on_newer, chosen), self._on_refused, worker="slow")
        else:
            self._show_newer()

    def _on_checked(self, of: Backup, sound: bool) -> None:
        self._sound[of.path] = sound
        self._show_state()

    def _on_newer(self, of: Backup, newer: Newer) -> None:
        self._newer[of.path] = newer
        self._show_newer()

    def _on_refused(self, error: SmartSpecError) -> None:
        self.show_problem(translate(error.sentence))

    def _show_state(self) -> None:
        sound = self._sound.get(self.chosen.path) if self.chosen is not None else None
        if sound is None or self.is_running:
            return
        self.state.setText(tr("Verified") if sound else tr("Not as it was made"))
        self.state.set_kind("good" if sound else "bad", "check" if sound else "x")
        self._show_way()
        self.set_busy(not sound)

    def _show_newer(self) -> None:
        newer = self._newer.get(self.chosen.path) if self.chosen is not None else None
        if newer is None:
            return
        over = self.in_place.isChecked()
        head = tr("Newer, so not in the restored ledger") if over else tr("Newer, so only in yours")
        counted = trn("{n} execution", "{n} executions", newer.count)
        self.newer_head.setText(f"{head}: {counted}" if newer.count else head)
        self.newer.show_newer(newer)

    def _show_way(self) -> None:
        over = self.in_place.isChecked()
        self.restore.setText(tr("Set mine aside and restore") if over else tr("Restore to the new place"))
        self.place_head.setText(tr("Yours is set aside in") if over else tr("The new ledger"))
        self.place.setReadOnly(over)
        self.change.setVisible(not over)
        self._show_place()
        self.about.setText(
            tr("Beside the restored one, under a name with “aside” in it, its journal too. Logs stay in place.") if over
            else tr("An empty folder of its own. Long logs stay with your ledger, and are not shown in the new one.")
        )  # fmt: skip
        self.hint.setText(
            tr("If a step fails or you stop it, your own ledger is opened again just as it was. The same works in a "
               "terminal: smartspec db restore") if over
            else tr("Your ledger is not touched, and what runs goes on. The new one opens read-only at first, in this "
                    "window; File, Open another ledger leads back.")
        )  # fmt: skip
        self.told.setText(tr("It begins once what runs has ended.") if over else tr("Nothing has to stop."))
        done = 1 if self.chosen is not None and self._sound.get(self.chosen.path) else 0
        self.steps.show_steps(_steps(over), done)
        self._show_newer()
        self._check()
        (self.cancel if over else self.restore).setDefault(True)

    def _check(self) -> None:
        """A new place is empty."""
        folder = Path(self.place.text().strip() or ".").expanduser()
        taken = self.beside.isChecked() and (folder / self._context.database.name).exists()
        self.show_problem(tr("There is a ledger in that folder already.") if taken else "")

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("A folder for the new ledger"), str(Path.home()))
        if chosen:
            self._take_folder(chosen)
            self._show_place()

    def _take_folder(self, text: str) -> None:
        self._own_folder = text

    def _show_place(self) -> None:
        """As a person has it, else a folder of the backup's own."""
        if self.in_place.isChecked():
            shown = str(self._context.database.parent)
        else:
            shown = self._own_folder or (str(_new_folder(self.chosen)) if self.chosen is not None else "")
        if shown != self.place.text():
            self.place.setText(shown)

    # While it runs

    def _begin(self) -> None:
        chosen = self.chosen
        if chosen is None or self.is_running:
            return
        self.is_running = True
        self.form.setEnabled(False)
        self.cancel.hide()
        self.restore.hide()
        self.stop.show()
        self.stop.setDefault(True)
        self.stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_step("check", 0)
        if self.in_place.isChecked():
            self.over.emit(chosen.path)
        else:
            self.elsewhere.emit(chosen.path, Path(self.place.text().strip()).expanduser())

    def show_step(self, step: str, share: float) -> None:
        self.steps.move_to(step, share)
        count = len(_steps(self.in_place.isChecked()))
        self.told.setText(tr("Step {step} of {count}", step=self.steps.at + 1, count=count))
        self.stop.setEnabled(step != "aside")

    def ask_to_stop(self) -> None:
        self.stop.setEnabled(False)
        self.told.setText(tr("Being stopped…"))
        self.stopped.emit()

    def end(self, problem: str = "") -> None:
        """It is through; with a problem nothing has changed, and it can be tried again."""
        self.is_running = False
        if not problem:
            self.steps.end()
            self.accept()
            return
        self.form.setEnabled(True)
        self.stop.hide()
        self.cancel.show()
        self.restore.show()
        self._show_way()
        self.show_problem(problem)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self.form.minimumSizeHint().width() + _STEPS + _AROUND
        self._show_narrow(self.width() < max(_NARROW, needed))

    def reject(self) -> None:
        """While it runs Esc stops it."""
        if self.is_running:
            self.ask_to_stop()
        else:
            super().reject()


_ASKED_FOR = "asked for"  # as the ledger has it, where a person made it without a reason


def _words(backup: Backup) -> str:
    """As “today 11:24 · asked for · 2.1 MiB · 1,204 executions”."""
    made = ago(datetime.fromisoformat(backup.made_at), times.now())
    count = backup.rows.get("executions", 0)
    counted = trn("{count} execution", "{count} executions", count, count=number(count))
    reason = tr("asked for") if backup.reason == _ASKED_FOR else backup.reason
    return " · ".join((made, reason, size(backup.size), counted))


def _new_folder(backup: Backup) -> Path:
    """A name that is free, after the day of the backup."""
    day = datetime.fromisoformat(backup.made_at).astimezone().date()
    found, more = Path.home() / f"SmartSpec-{day}", 1
    while found.exists():
        more += 1
        found = Path.home() / f"SmartSpec-{day}-{more}"
    return found


def _steps(over: bool) -> tuple[StepLine, ...]:
    check = StepLine("check", tr("Check the backup"), tr("every byte and every row"))
    copy = StepLine("copy", tr("Copy it"), tr("beside, not over anything"))
    compare = StepLine("compare", tr("Count and compare"), tr("with the numbers of the backup"))
    if not over:
        return (check, copy, compare, StepLine("open", tr("Open it"), tr("read-only at first")))
    return (
        check, StepLine("wait", tr("Wait for the runner"), tr("10 minutes at most")),
        copy, compare, StepLine("aside", tr("Set yours aside"), tr("moved, not copied")),
        StepLine("open", tr("Open and resume"), tr("in this window")),
    )  # fmt: skip
