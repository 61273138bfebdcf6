"""What is chosen when a backup is restored: which one, where to, and what is seen of both beforehand."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from smartspec import paths
from smartspec.domain import times
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.restore.newer_list import NewerList
from smartspec.gui.shell.restore.reader import BackupReader, Facts
from smartspec.gui.style.formatting import ago, number, size
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.choice_card import ChoiceCard, choice_cards
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.tag import Tag
from smartspec.messages import tr, translate, trn

if TYPE_CHECKING:
    from smartspec.commands.database import Backup
    from smartspec.commands.safe_start import BackupState, NewPlace


class RestoreForm(QWidget):
    """`changed`: another choice, or more is known of it. `asked` carries `list` or `export`: of what is newer."""

    changed = Signal()
    asked = Signal(str)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._backups: tuple[Backup, ...] = ()
        self._reader = BackupReader(context, self)
        self._reader.learned.connect(self._show)
        self.backup, self.state = Choice(tr("Backup")), Tag()
        self.backup.setProperty("verbatim", True)  # why it was made is kept in English
        self.beside = ChoiceCard(
            tr("To a new place"), tr("A second ledger, to look and copy from. Yours stays as it is."), tr("Default")
        )
        self.in_place = ChoiceCard(tr("Over this ledger"), tr("Becomes the ledger you work with. Yours is set aside."))
        self.newer_head, self.newer = label("", "section"), NewerList()
        self.export = button(tr("Export them first…"), "link", then=partial(self.asked.emit, "export"))
        self.newer.list_asked.connect(partial(self.asked.emit, "list"))
        self.place_head, self.place, self.about = label("", "section"), QLineEdit(), wrapped("", "small")
        self.change = button(tr("Change…"), then=self._choose_folder)
        self.with_logs = QCheckBox()
        self.with_logs.setChecked(True)
        self.with_logs.toggled.connect(lambda _: self.changed.emit())
        self._own_folder = ""  # what a person wrote or chose: another backup, or the way back, does not take it
        self._free_folder = ""
        self._looked_at = ""  # the place of which something is known
        self._found_place: NewPlace | None = None
        self.problem = ""  # why it cannot be restored so
        self._is_frozen = False
        self._lay_out()
        self.beside.setChecked(True)
        self.beside.toggled.connect(self._show)
        self.backup.currentIndexChanged.connect(self._on_chosen)
        self.place.textEdited.connect(self._take_folder)
        self.place.textChanged.connect(lambda _text: self._look_at_place())
        self.newer.show_sentence(tr("Being looked at…"))
        self._show()
        self._read()

    def _lay_out(self) -> None:
        form = self._form = QVBoxLayout(self)
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
        form.addLayout(row(self.newer_head, None, self.export))
        form.addWidget(self.newer)
        form.addSpacing(10)
        self.place_head.setBuddy(self.place)
        form.addWidget(self.place_head)
        form.addLayout(row(self.place, self.change, spacing=10))
        form.addWidget(self.with_logs)
        form.addWidget(self.about)
        form.addStretch(1)

    def show_narrow(self, narrow: bool) -> None:
        self._form.setContentsMargins(0, 0, 0 if narrow else 24, 0)

    def freeze(self, frozen: bool) -> None:
        """While it is restored nothing is chosen; what is newer can be read on."""
        self._is_frozen = frozen
        for each in (self.backup, self.beside, self.in_place, self.place, self.change, self.with_logs):
            each.setEnabled(not frozen)
        self._show_newer()

    # What is chosen

    @property
    def chosen(self) -> Backup | None:
        at = self.backup.currentIndex()
        return self._backups[at] if 0 <= at < len(self._backups) else None

    @property
    def facts(self) -> Facts:
        return self._reader.of(self.chosen) if self.chosen is not None else Facts()

    @property
    def is_over(self) -> bool:
        return self.in_place.isChecked()

    @property
    def folder(self) -> Path | None:
        """None where it is not a whole path: it would lie wherever the program was started."""
        folder = paths.expanded(Path(self.place.text().strip()))
        return folder if folder.is_absolute() else None

    @property
    def takes_logs(self) -> bool:
        return not self.is_over and self.with_logs.isChecked()

    @property
    def needed(self) -> int:
        """Bytes on the disk of the place."""
        logs = self.facts.logs
        mine = self.chosen.size if self.chosen is not None else 0
        return mine + (logs.size if logs is not None and self.takes_logs else 0)

    def _read(self) -> None:
        from smartspec.commands import database

        read = partial(database.list_backups, self._context.database)
        self._context.run(self, read, self._on_backups, self._on_refused, worker="slow")

    def _on_backups(self, found: tuple[Backup, ...]) -> None:
        self._backups = found
        if not found:
            self.state.setText(tr("No backup yet"))
            self.newer.show_sentence(tr("There is no backup of this ledger."))
        for each in found:
            self.backup.addItem(_words(each))

    def _on_refused(self, error: SmartSpecError) -> None:
        """There may be backups, and they cannot be listed."""
        self.state.setText(tr("Not known"))
        self.problem = translate(error.sentence)
        self.newer.show_sentence(tr("Not known"))
        self.changed.emit()

    def _on_chosen(self) -> None:
        from smartspec.commands import safe_start

        chosen = self.chosen
        if chosen is None:
            return
        day = datetime.fromisoformat(chosen.made_at).astimezone().date()
        self._context.run(self, partial(safe_start.free_folder, f"SmartSpec-{day}"), self._on_free, worker="finds")
        self._reader.read(chosen)
        self._show()

    def _on_free(self, folder: Path) -> None:
        self._free_folder = str(folder)
        self._show_place()

    # What is known of it

    def _show(self) -> None:
        over = self.is_over
        self.place_head.setText(tr("Yours is set aside in") if over else tr("The new ledger"))
        self.place.setReadOnly(over)
        self.change.setVisible(not over)
        self._show_state()
        self._show_newer()
        self._show_logs()
        self._show_place()
        self._check()

    def _show_state(self) -> None:
        if self.chosen is None:
            return
        facts = self.facts
        kind, icon = ("good", "check") if facts.state == "sound" else ("bad", "x")
        if facts.state is None and not facts.check_problem:
            kind = icon = ""
        self.state.setText(_state_word(facts))
        self.state.set_kind(kind, icon)

    def _show_newer(self) -> None:
        newer = self.facts.newer
        head = tr("Newer, so not in the restored ledger") if self.is_over else tr("Newer, so only in yours")
        if newer is not None and newer.count:
            head = f"{head}: {trn('{n} execution', '{n} executions', newer.count)}"
        self.newer_head.setText(head if self.chosen is not None else "")
        self.export.setVisible(newer is not None and not newer.is_nothing and not self._is_frozen)
        if newer is not None:
            self.newer.show_newer(newer)
        elif self.chosen is not None:
            self.newer.show_sentence(self.facts.newer_problem or tr("Being looked at…"))

    def _show_logs(self) -> None:
        logs = self.facts.logs
        has_logs = logs is not None and logs.count > 0
        self.with_logs.setVisible(has_logs and not self.is_over)
        if logs is not None and has_logs:
            self.with_logs.setText(
                trn("Copy its {n} long log along ({size})", "Copy its {n} long logs along ({size})", logs.count,
                    size=size(logs.size))
            )  # fmt: skip

    def _about(self) -> str:
        found = self._found_place
        free = tr("{size} are free there.", size=size(found.free)) if found is not None and found.free else ""
        if self.is_over:
            told = [tr("Beside the restored one, under a name with “aside” in it, with its journal. Logs stay.")]
        else:
            told = [tr("An empty folder of its own.")]
            missing = self.facts.logs.missing if self.facts.logs is not None else 0
            if missing:
                told.append(trn("{n} long log of it is not there any more.",
                                "{n} long logs of it are not there any more.", missing))  # fmt: skip
        return " ".join(filter(None, (*told, free)))

    # The place

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("A folder for the new ledger"), str(Path.home()))
        if chosen:
            self._take_folder(chosen)
            self._show_place()

    def _take_folder(self, text: str) -> None:
        self._own_folder = text

    def _show_place(self) -> None:
        """As a person has it, else a folder of the backup's own."""
        shown = str(self._context.database.parent) if self.is_over else self._own_folder or self._free_folder
        if shown != self.place.text():
            self.place.setText(shown)

    def _look_at_place(self) -> None:
        from smartspec.commands import safe_start

        asked, folder = self.place.text(), self.folder
        if folder is not None:
            look = partial(safe_start.look_at_place, folder, self._context.database.name)
            self._context.run(self, look, partial(self._on_place, asked), worker="finds")
        self._check()

    def _on_place(self, asked: str, found: NewPlace) -> None:
        if asked == self.place.text():
            self._looked_at, self._found_place = asked, found
            self._check()

    def _check(self) -> None:
        self.problem = self.facts.check_problem or self._problem_of_place()
        self.about.setText(self._about())
        self.changed.emit()

    def _problem_of_place(self) -> str:
        if self.folder is None and self._free_folder:  # it is proposed in a moment
            return tr("Write the whole path of a folder, as {example}.", example=self._free_folder)
        found = self._found_place
        if found is None or self._looked_at != self.place.text():
            return ""
        if found.is_taken and not self.is_over:
            return tr("There is a ledger in that folder already.")
        if found.free is not None and found.free < self.needed:
            return tr("There is no room: {needed} are needed, and {free} are free there.", needed=size(self.needed),
                      free=size(found.free))  # fmt: skip
        return ""


_ASKED_FOR = "asked for"  # as the ledger has it, where a person made it without a reason


def _words(backup: Backup) -> str:
    """As “today 11:24 · asked for · 2.1 MiB · 1,204 executions”."""
    made = ago(datetime.fromisoformat(backup.made_at), times.now())
    count = backup.rows.get("executions", 0)
    counted = trn("{count} execution", "{count} executions", count, count=number(count))
    reason = tr("asked for") if backup.reason == _ASKED_FOR else backup.reason
    return " · ".join((made, reason, size(backup.size), counted))


def _state_word(facts: Facts) -> str:
    if facts.check_problem:
        return tr("Not known")
    words: dict[BackupState | None, str] = {
        None: tr("Being verified…"), "sound": tr("Verified"), "changed": tr("Not as it was made"),
        "newer": tr("Of a newer SmartSpec"),
    }  # fmt: skip
    return words[facts.state]
