"""That the schedule was changed elsewhere while it was edited here: nothing is overwritten until a person decides."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from smartspec.gui.widgets.announcer import Announcer
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.layout import row
from smartspec.messages import listed, tr, translate


class ConflictStrip(QFrame):
    """`theirs_asked`: what was written here is given up; `mine_asked`: it is kept over what was saved elsewhere."""

    theirs_asked = Signal()
    mine_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "warningstrip")
        self._told = wrapped("", "strong")
        self._announcer = Announcer(self)
        self.theirs = button(tr("Discard mine"), then=self.theirs_asked.emit)
        self.mine = button(tr("Keep mine"), then=self.mine_asked.emit)
        whole = row(Icon("warning-fill", "retrying", 16), self._told, self.theirs, self.mine, margins=(20, 6, 14, 6))
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.hide()

    def show_conflict(self, theirs: Sequence[str], both: Sequence[str]) -> None:
        """The names of the fields that were changed elsewhere, and of those that were changed here too."""
        if both:
            told = tr(
                "Changed elsewhere meanwhile: {fields}. You have changed {both} too; nothing is overwritten yet.",
                fields=listed(theirs), both=listed(both),
            )  # fmt: skip
        else:
            told = tr(
                "Changed elsewhere meanwhile: {fields}. Keep yours, and both changes stand together.",
                fields=listed(theirs),
            )  # fmt: skip
        if translate(told) == self._told.text() and not self.isHidden():
            return
        self._told.setText(told)
        self.show()
        self._announcer.say(told)
