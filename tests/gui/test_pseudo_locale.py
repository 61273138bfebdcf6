"""Every text of the window is in the language that is spoken, and none is cut off where nothing shows it whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from smartspec import messages
from smartspec.commands.machine_zone import machine_zone, zone_name
from smartspec.domain.config import ValueType
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.execution import Trigger
from smartspec.domain.settings import SETTINGS
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.search_field import search_field
from smartspec.messages import tr
from tests.gui import tour
from tests.gui.clipped import clipped
from tests.gui.conftest import Desktop
from tests.gui.shown import menus, paint, texts_of_menu, texts_of_window, where, windows
from tests.gui.written_texts import Ledger
from tests.pseudo import Pseudo

_LARGE, _SMALL = (1280, 800), (720, 480)


class Longer(Pseudo):
    """As long as other languages are: by a third."""

    def gettext(self, message: str, /) -> str:
        text = re.sub(r"\{\w+\}|[^A-Za-z]", "", message.rpartition("\x04")[2])
        return super().gettext(message) + "·" * (len(text) // 3)


@pytest.fixture(params=["English", "longer"])
def language(request: pytest.FixtureRequest) -> str:
    messages.use_catalogue(None if request.param == "English" else Longer())
    return str(request.param)


@pytest.fixture
def filled(qapp: QApplication, tmp_path: Path, language: str) -> Iterator[Desktop]:
    with tour.filled(tmp_path / "data" / "smartspec.db") as made:
        yield made


class Looker:
    """Looks at what is open, each time the tour opens something: `raw` and `cut` are what was found, and where."""

    def __init__(self, desktop: Desktop, *, is_english: bool) -> None:
        self._desktop, self._is_english = desktop, is_english
        self._ledger = Ledger(desktop.file, ALSO)
        self.raw: dict[str, list[str]] = {}
        self.cut: dict[str, list[str]] = {}
        self._size = _LARGE

    def __call__(self, name: str) -> None:
        """At the size that the window has, then at the other one, which it keeps."""
        if not self._is_english:
            self._look_for_words(name)
        for size in (self._size, _SMALL if self._size == _LARGE else _LARGE):
            self._resize(size)
            for root in windows():
                for place, text in clipped(root):
                    self.cut.setdefault(f"{place}: {text[:100]!r}", []).append(f"{name} {size[0]}")

    def _look_for_words(self, name: str) -> None:
        found = [text for root in windows() for text in texts_of_window(root)]
        found += [text for menu in menus() for text in texts_of_menu(menu)]
        found += [(where(widget), text) for root in windows() for widget, _room, text, _whole in paint(root)]
        for place, text in found:
            if words := self._ledger.foreign(text):
                self.raw.setdefault(f"{place}: {text[:100]!r}: {' '.join(words[:6])}", []).append(name)

    def _resize(self, size: tuple[int, int]) -> None:
        self._size = size
        self._desktop.window.resize(*size)
        for each in windows():
            if isinstance(each, QDialog):
                each.resize(min(each.width(), size[0]), min(each.height(), size[1]))
        for _ in range(10):  # one layout asks for another
            QApplication.processEvents()
        if QApplication.activeModalWidget() is None:
            self._desktop.settle()


# What the tour writes, and what other programs say to that; keys of the file format, of filters and of settings
ALSO = (
    *tour.WRITTEN, "file appeared", "appeared", "named", "Up", "Down", "Left", "Right", "Alt Left", "Alt Right", "Up, Down", "Expecting ',' delimiter: line 1 column 6 (char 5)", "Qt", "English", "yaml", "json",
    *ValueType, *Trigger, *TaskKind, *SETTINGS, *zone_name(machine_zone()).split("/"),
)  # fmt: skip


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{text}   [{', '.join(names[:3])}]" for text, names in found.items())


def test_texts_are_translated_and_have_room(filled: Desktop, language: str) -> None:
    look = Looker(filled, is_english=language == "English")
    tour.tour(filled, look)
    assert not look.raw, told(look.raw)
    assert not look.cut, told(look.cut)


def test_so_are_those_of_an_empty_ledger(desktop: Desktop, language: str) -> None:
    desktop.program.show("default")  # in the language
    desktop.settle()
    look = Looker(desktop, is_english=language == "English")
    tour.tour_empty(desktop, look)
    assert not look.raw, told(look.raw)
    assert not look.cut, told(look.cut)


def test_negative_control_a_raw_and_a_cut_text_are_found(desktop: Desktop, pseudo: None) -> None:
    desktop.program.show("default")
    desktop.settle()
    look = Looker(desktop, is_english=False)
    look("as it is")
    assert not look.raw and not look.cut, told(look.raw | look.cut)
    box = QDialog(desktop.window)
    box.setWindowTitle("Raw title")
    inner = row(label("Raw label"), button("Raw button"), Chip("Raw chip"), search_field("Raw hint", ""))
    narrow = label(tr("The database is damaged."))
    narrow.setFixedWidth(30)
    narrow.setToolTip("Raw tip")
    inner.addWidget(narrow)
    box.setLayout(inner)
    menu = QMenu(box)
    menu.addAction("Raw action")
    box.show()
    menu.popup(QPoint())
    look("a dialog")
    found = told(look.raw)
    for what in ("title", "label", "button", "chip", "hint", "tip", "action"):
        assert f"Raw {what}'" in found
    assert [text for text in look.cut if repr(narrow.text()) in text]
    menu.close()
    box.close()
