"""When a text was changed here and a version was saved elsewhere: mine, theirs, or both."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain.compare.line_pairs import Pair, pairs
from smartspec.domain.compare.merge import MergeResult, merge
from smartspec.domain.version import Version
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.diff import DiffView
from smartspec.messages import tr, trn
from smartspec.value import frozen


@frozen
class Sides:
    """Their text against mine, and what both make together."""

    lines: tuple[Pair, ...]
    merged: MergeResult


def compare_sides(base: str, mine: str, theirs: str) -> Sides:
    """Large texts take a while."""
    return Sides(pairs(theirs, mine), merge(base, mine, theirs))


class ConflictDialog(Dialog):
    """`decided` carries the text to go on with; Cancel leaves everything as it is."""

    decided = Signal(str)

    def __init__(self, sides: Sides, mine: str, theirs: Version, parent: QWidget) -> None:
        conflicts = sides.merged.conflicts
        told = tr("Both changes fit together.") if not conflicts else (
            trn(
                "{n} place was changed in both; a merge marks it for you to decide.",
                "{n} places were changed in both; a merge marks them for you to decide.", conflicts,
            )
        )  # fmt: skip
        title = tr("v{version} was saved while you edited", version=theirs.version)
        super().__init__(parent, title, tr("Nothing was saved or run. {told}", told=told), width=900, height=600)
        view = DiffView()
        view.show_pairs(sides.lines, tr("v{version}, saved", version=theirs.version), tr("Yours"))
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(view)
        self.add_left(button(tr("Cancel"), "ghost", then=self.reject))
        self.theirs = self.add_button(
            tr("Take v{version}", version=theirs.version), then=lambda: self._decide(theirs.source)
        )
        self.mine = self.add_button(tr("Keep mine"), then=lambda: self._decide(mine))
        self.both = self.add_button(tr("Merge both"), "primary", then=lambda: self._decide(sides.merged.text))

    def _decide(self, text: str) -> None:
        self.accept()
        self.decided.emit(text)
