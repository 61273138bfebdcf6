"""The filters that are given, and those that a person saved, as chips."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from smartspec.gui.core.ui_state import UiState
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.dialogs import Question, ask_text
from smartspec.gui.widgets.layout import clear_layout
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.messages import _, tr, translate

_GIVEN = (
    (_("All"), ""), (_("Failing this week"), "status:problem after:mon"), (_("Longer than 10 min"), "dur:>10m"),
)  # fmt: skip
_KEPT = "filters"
_LONGEST_NAME = 40  # of what is proposed


class SavedFilters(QWidget):
    """`chosen` carries the text of a filter."""

    chosen = Signal(str)

    def __init__(self, ui_state: UiState) -> None:
        super().__init__()
        self._ui_state = ui_state
        self._text = ""
        self._narrow = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.show_text("")

    @property
    def _own(self) -> list[tuple[str, str]]:
        """Name and text of each that a person saved."""
        saved = self._ui_state.get(_KEPT, [])
        return [(str(each[0]), str(each[1])) for each in saved if isinstance(each, list) and len(each) == 2]

    def show_text(self, text: str) -> None:
        """What is searched for now: its chip is checked; one that has no name can be saved."""
        self._text = text
        self._clear()
        if self._narrow:
            self._add_menu()
        else:
            for word, each in self._given:
                self._add_chip(word, each)
            for name, each in self._own:
                self._make_removable(self._add_chip(name, each), name)
        if text and text not in {each for _name, each in (*_GIVEN, *self._own)}:
            self._row.addWidget(icon_button("plus", tr("Save this filter"), self.save_filter))

    def show_narrow(self, narrow: bool) -> None:
        """One chip with a menu has to do."""
        self._narrow = narrow
        self.show_text(self._text)

    @property
    def _given(self) -> list[tuple[str, str]]:
        return [(translate(word), each) for word, each in _GIVEN]

    def _add_menu(self) -> None:
        everything = [*self._given, *self._own]
        shown = next((name for name, each in everything if each == self._text), tr("Saved filters"))
        chip = Chip(shown, "bookmark-simple")
        menu = QMenu(chip)
        for name, each in everything:
            action = menu.addAction(name.replace("&", "&&"), partial(self.chosen.emit, each))
            action.setCheckable(True)
            action.setChecked(each == self._text)
        chip.set_menu(menu)
        chip.setChecked(bool(self._text) and shown != tr("Saved filters"))
        self._row.addWidget(chip)

    def _clear(self) -> None:
        clear_layout(self._row)

    def _add_chip(self, name: str, text: str) -> Chip:
        is_shown = text == self._text
        chip = Chip(name, "" if not text else "bookmark-simple-fill" if is_shown else "bookmark-simple")
        chip.setChecked(is_shown)
        chip.clicked.connect(lambda: self.chosen.emit(text))
        self._row.addWidget(chip)
        return chip

    def _make_removable(self, chip: Chip, name: str) -> None:
        chip.setToolTip(tr("Right click to remove"))
        chip.setContextMenuPolicy(chip.contextMenuPolicy().CustomContextMenu)
        chip.customContextMenuRequested.connect(lambda _: self._offer_removal(chip, name))

    def save_filter(self) -> None:
        """Ask for its name."""
        ask_text(
            self, tr("Save this filter"), tr("Name"), tr("Save filter"), text=self._text[:_LONGEST_NAME],
            caption=self._text, check=self._check_name, then=self._on_named,
        )  # fmt: skip

    def _check_name(self, name: str) -> str:
        if not name.strip():
            return tr("A filter needs a name.")
        taken = {each for each, _text in (*((translate(word), "") for word, _text in _GIVEN), *self._own)}
        return tr("There is a filter “{name}” already.", name=name.strip()) if name.strip() in taken else ""

    def _on_named(self, name: str, question: Question) -> None:
        self._store([*self._own, (name.strip(), self._text)])
        question.accept()

    def remove(self, name: str) -> None:
        self._store(self._others(name))

    def _others(self, name: str) -> list[tuple[str, str]]:
        return [each for each in self._own if each[0] != name]

    def _store(self, own: list[tuple[str, str]]) -> None:
        self._ui_state.keep(_KEPT, [[*each] for each in own])
        self.show_text(self._text)

    def _offer_removal(self, chip: Chip, name: str) -> None:
        menu = popup_menu(self)
        menu.addAction(tr("Remove this filter"), partial(self.remove, name))
        show_below(menu, chip)
