"""When a text was changed here and a version was saved elsewhere: mine, theirs, or both."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from smartspec.domain.compare.merge import merge
from smartspec.domain.version import Version
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.diff import DiffView
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, trn


class ConflictDialog(QDialog):
    """`decided` carries the text to go on with; Cancel leaves everything as it is."""

    decided = Signal(str)

    def __init__(self, base: str, mine: str, theirs: Version, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Changed elsewhere"))
        self._mine, self._theirs = mine, theirs
        self._merged = merge(base, mine, theirs.source)
        head = label(tr("v{version} was saved while you edited", version=theirs.version), "title")
        conflicts = self._merged.conflicts
        told = tr("Both changes fit together.") if not conflicts else (
            trn(
                "{n} place was changed in both; a merge marks it for you to decide.",
                "{n} places were changed in both; a merge marks them for you to decide.", conflicts,
            )
        )  # fmt: skip
        view = DiffView()
        view.show_texts(theirs.source, mine, tr("v{version}, saved", version=theirs.version), tr("yours"))
        self.mine = button(tr("Keep mine"), then=lambda: self._decide(self._mine))
        self.theirs = button(tr("Take v{version}", version=theirs.version), then=lambda: self._decide(theirs.source))
        self.both = button(tr("Merge both"), "primary", then=lambda: self._decide(self._merged.text))
        self.both.setDefault(True)
        layout = QVBoxLayout(self)
        layout.addWidget(head)
        layout.addWidget(label(told, "secondary"))
        layout.addWidget(view, 1)
        layout.addLayout(row(button(tr("Cancel"), "ghost", then=self.reject), None, self.theirs, self.mine, self.both))
        self.resize(900, 560)

    def _decide(self, text: str) -> None:
        self.accept()
        self.decided.emit(text)
