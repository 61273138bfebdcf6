"""The zone whose clocks a schedule goes by: this machine's, or one that is searched for by a part of its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy

from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr

_LEAST_LETTERS = 14


class ZoneChoice(Choice):
    """`zone` is empty for this machine's, whatever that is when a schedule is due."""

    def __init__(self) -> None:
        super().__init__(tr("Zone"))
        self.setEditable(True)
        self.setProperty("verbatim", True)  # zones have names, and no translations
        self.currentTextChanged.connect(lambda text: self.setToolTip(plain_tip(text)))
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = self.lineEdit()
        assert line is not None
        line.setAccessibleName(tr("Zone"))
        line.setProperty("kind", "inner")

    def show_zones(self, zones: Sequence[str], machine: str) -> None:
        chosen = self.zone
        self.clear()
        self.addItem(tr("{zone}, as this machine", zone=machine), "")
        for each in zones:
            self.addItem(each, each)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.choose(chosen)
        self._show_beginning()

    @property
    def zone(self) -> str:
        """As it is typed, where no zone of the list is meant."""
        text = self.currentText().strip()
        at = self.findText(text, Qt.MatchFlag.MatchFixedString)
        return str(self.itemData(at) or "") if at >= 0 else text

    def choose(self, zone: str) -> None:
        if zone == self.zone and self.currentText():
            return
        at = self.findData(zone)
        if at >= 0:
            self.setCurrentIndex(at)
        else:
            self.setEditText(zone)
        self._show_beginning()

    def _show_beginning(self) -> None:
        """Of a long name, else its end is seen."""
        line = self.lineEdit()
        assert line is not None
        line.setCursorPosition(0)
