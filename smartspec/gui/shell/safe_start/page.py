"""Safe start: the ledger did not open. What is wrong, what was found, and the ways out; nothing is written."""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.errors import SmartSpecError
from smartspec.formatting import format_clock
from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.safe_start.cards import Card, Cards
from smartspec.gui.shell.safe_start.details import Details
from smartspec.gui.shell.safe_start.findings import Findings
from smartspec.gui.shell.safe_start.words import (
    Cause,
    cause_of,
    lines_of,
    pages_text,
    sentence_in_place,
    sentence_of,
    with_place,
)
from smartspec.gui.style import icons, theme
from smartspec.gui.style.formatting import ago, duration, number, size
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.gui.widgets.local_keys import add_local_key
from smartspec.messages import tr, translate, trn

if TYPE_CHECKING:
    from smartspec.commands.database import Backup
    from smartspec.commands.safe_start import Examination, Newer, PagesFound

_WIDE, _NARROW = 880, 760
_PAGES_OF: frozenset[Cause] = frozenset({"damaged", "other", "forbidden"})  # where they are worth a look


class SafeStart(QScrollArea):
    """`asked` carries the way that was chosen: `restore`, `new`, `look`, `open_folder`, `open_ledger` or `retry`;
    `room` what is free on the disk.
    """

    asked = Signal(str)
    room = Signal(str)

    def __init__(self, context: AppContext, error: SmartSpecError) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("The ledger did not open"))
        self._context, self._error = context, error
        self._cause = cause_of(error, context.database)
        self._begun_at = time.monotonic()
        self._left = 0  # looks that are under way
        self._found: Examination | None = None
        self._pages: PagesFound | None = None
        self._sound: Backup | None = None  # the newest, once that is known
        self._is_verified = self._was_ready = False
        self._why_no_sound = ""
        self._newer: Newer | None = None
        self.title = label("", "display")
        self.sentence = wrapped("", "body")
        self.again = button(tr("Try again"), "", "arrow-clockwise", partial(self.asked.emit, "retry"))
        self.findings, self.details = Findings(), Details()
        self.first, self.look, self.folder = Card("clock-counter-clockwise"), Card("eye"), Card("folder-open")
        self.cards = Cards((self.first, self.look, self.folder))
        self._first_way, self._folder_way = "restore", "open_folder"
        self._best = self.folder.button
        self._lay_out()
        for keys in ("Return", "Enter"):
            add_local_key(self, keys, self._press, with_children=True)
        self._show_head()
        self._show_cards()
        self._examine()

    def _lay_out(self) -> None:
        self.title.setWordWrap(True)
        words = column(self.title, self.sentence, spacing=2)
        head = row(_Alarm(), words, self.again, spacing=16)
        head.setStretchFactor(words, 1)
        head.setAlignment(self.again, Qt.AlignmentFlag.AlignVCenter)
        inner = QWidget()
        inner.setMaximumWidth(_WIDE)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 28, 0, 24)
        layout.setSpacing(16)
        layout.addLayout(head)
        layout.addSpacing(8)
        for each in (self.findings, self.cards, self.details):
            layout.addWidget(each)
        layout.addStretch(1)
        around = QWidget()
        outer = QHBoxLayout(around)
        outer.setContentsMargins(24, 0, 24, 0)
        outer.addStretch(1)
        outer.addWidget(inner, 100)
        outer.addStretch(1)
        self.setWidget(around)
        self.first.button.clicked.connect(lambda: self.asked.emit(self._first_way))
        self.first.link.clicked.connect(self._show_newer)
        self.look.button.clicked.connect(partial(self.asked.emit, "look"))
        self.folder.button.clicked.connect(lambda: self.asked.emit(self._folder_way))
        self.folder.link.clicked.connect(partial(self.asked.emit, "open_ledger"))

    def _press(self) -> None:
        """Enter presses the button that has the keyboard, else that of the best way."""
        focused = self.window().focusWidget()
        pressed = focused if isinstance(focused, QPushButton) and self.isAncestorOf(focused) else self._best
        pressed.click()

    def _show_head(self) -> None:
        titles = {"gone": tr("The ledger is gone"), "missing": tr("The ledger is not there")}
        self.title.setText(titles.get(self._cause) or tr("The ledger did not open"))
        self.setAccessibleName(self.title.text())
        self._show_sentence()

    def _show_sentence(self) -> None:
        """More exact with each thing that was looked at."""
        if self._pages is not None and self._pages.damaged:
            untouched = tr("Nothing was written: the file is just as it was found.")
            self.sentence.setText(tr("{what}. {untouched}", what=pages_text(self._pages), untouched=untouched))
        elif self._found is not None:
            self.sentence.setText(sentence_in_place(self._cause, self._error, self._found))
        else:
            self.sentence.setText(sentence_of(self._cause, self._error))

    # What is looked at, each as soon as it is known

    def _examine(self) -> None:
        from smartspec.commands import safe_start

        run, file = self._context.run, self._context.database
        self._left = 2
        run(self, partial(safe_start.examine_ledger, file), self._on_examined, self._on_refused, worker="slow")
        run(self, partial(safe_start.newest_sound_backup, file), self._on_sound, self._on_no_sound, worker="jobs")
        if self._cause in _PAGES_OF:
            self._left = 3
            run(self, partial(safe_start.examine_pages, file), self._on_pages, self._on_refused, worker="health")

    def _on_examined(self, found: Examination) -> None:
        self._found = found
        self._cause = with_place(self._cause, found)
        self._show_sentence()
        if found.place.free is not None:
            self.room.emit(tr("{size} free", size=size(found.place.free)))
        self._on_looked()

    def _on_pages(self, pages: PagesFound) -> None:
        self._pages = pages
        self._show_sentence()
        self._on_looked()

    def _on_sound(self, sound: Backup | None) -> None:
        self._sound, self._is_verified = sound, True
        if sound is not None:
            from smartspec.commands import safe_start

            newer = partial(safe_start.newer_than, self._context.database, sound)
            self._context.run(self, newer, self._on_newer, lambda _: None, worker="slow")
        self._on_looked()

    def _on_no_sound(self, error: SmartSpecError) -> None:
        """There may be backups, and they cannot be read."""
        self._is_verified, self._why_no_sound = True, translate(error.sentence)
        self._on_looked()

    def _on_newer(self, newer: Newer) -> None:
        self._newer = newer
        if newer.count:
            self.first.show_link(trn("See the {n}", "See the {n}", newer.count))

    def _show_newer(self) -> None:
        from smartspec.gui.shell.restore.newer_dialog import NewerDialog

        if self._newer is not None:
            NewerDialog(self._newer, self.window()).open()

    def _on_refused(self, error: SmartSpecError) -> None:
        self._on_looked()

    def _on_looked(self) -> None:
        self._left -= 1
        if self._left <= 0:
            took = duration(round((time.monotonic() - self._begun_at) * 1000))
            clock = format_clock(times.now())
            self.findings.looked.setText(tr("looked at {clock}, in {took}", clock=clock, took=took))
        self._show_cards()
        if self._found is not None:
            lines = lines_of(
                self._found, self._cause, times.now(), self._pages, self._sound, is_verified=self._is_verified
            )
            self.findings.show_lines(lines)
            self.details.show_facts(self._found, str(self._error), self._pages)

    # The ways out

    def _show_cards(self) -> None:
        self._show_first()
        can = self._found is not None and self._found.can_look
        text = tr(
            "Look, search, compare and export. Nothing runs and nothing is written; what cannot be read is marked."
        )
        if not can and self._found is not None:
            text = tr("There is nothing in the file that could be read.")
        self.look.show_way(tr("Open read-only"), text, tr("Open read-only"), can=can)
        self._show_folder()
        best = self.first if self.first.button.isEnabled() else self.look if can else self.folder
        if self._cause == "newer" and can:  # a newer program opens it whole
            best = self.look
        if self._cause == "unsafe":  # it may well be whole
            best = self.folder
        self._best = self.cards.order(best)
        self._focus_best()

    def _show_folder(self) -> None:
        """Where it is not there, another ledger in its place."""
        place, another = _short(str(self._context.database.parent)), tr("Another ledger…")
        if self._found is not None and not self._found.place.is_there:
            text = tr(
                "{folder} is not there. Choose a folder with a ledger, or one where it can be made.", folder=place
            )
            self._folder_way = "open_ledger"
            self.folder.show_way(tr("Open another ledger"), text, another)
            self.folder.show_link("")
            return
        text = tr("{folder}. To copy it away first, or to hand it to somebody who helps.", folder=place)
        if self._cause == "unsafe":
            text = tr("{folder}. To copy it to a disk of this machine; then open that copy.", folder=place)
        self._folder_way = "open_folder"
        self.folder.show_way(tr("Show the folder"), text, tr("Show the folder"))
        self.folder.show_link(another)

    def _focus_best(self) -> None:
        """Once, as soon as the best way is known and can be seen."""
        if self._left <= 0 and self.isVisible() and not self._was_ready:
            self._was_ready = True
            self._best.setFocus()

    def _show_first(self) -> None:
        """To restore; where there is nothing to restore, and no file, to begin anew."""
        title = tr("Restore the newest verified backup")
        self._first_way = "restore"
        if self._sound is not None:
            count = self._sound.rows.get("executions", 0)
            made = ago(datetime.fromisoformat(self._sound.made_at), times.now())
            counted = trn("{count} execution", "{count} executions", count, count=number(count))
            self.first.show_way(title, tr(
                "{age}, {executions}. What is newer is listed from the logs. The file that is there is set aside.",
                age=made, executions=counted), tr("Restore…"))  # fmt: skip
        elif not self._is_verified:
            self.first.show_way(title, tr("Backups are being verified…"), tr("Restore…"), can=False)
        elif self._cause in ("missing", "empty") and self._found is not None and not self._found.place.awaits:
            self._first_way = "new"
            self.first.show_way(
                tr("Begin an empty ledger"),
                tr("There is no sound backup. Logs, and whatever is left of the old ledger, stay as they are."),
                tr("Begin anew…"),
            )
        else:
            why = self._why_no_sound or tr("There is no sound backup of this ledger.")
            self.first.show_way(title, why, tr("Restore…"), can=False)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_best()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cards.show_narrow(self.width() < _NARROW)


def _short(path: str) -> str:
    from pathlib import Path

    return path.replace(str(Path.home()), "~")


class _Alarm(QWidget):
    """The sign that something is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(48, 48))

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("bad_soft"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        icons.paint(painter, QRectF(12, 12, 24, 24), "warning", "failed")
        painter.end()
