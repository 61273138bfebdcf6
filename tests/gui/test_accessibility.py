"""What a screen reader is told of each place of the window is what is stored, and nothing that one gets to is silent.

Where a difference is meant: `RENEW_ACCESSIBILITY=1 python -m pytest tests/gui/test_accessibility.py`, and read it.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolButton, QWidget

from smartspec.gui.widgets.search_field import search_field
from tests.gui import tour
from tests.gui.accessible import Node, lines_of, nodes_of
from tests.gui.conftest import Desktop
from tests.gui.shown import windows
from tests.gui.tour_steps import workflow_id

_STORED = Path(__file__).with_name("accessibility")
_PAGES = re.compile(
    r"workflow, |(failed|completed) execution, |waiting execution|recorded by hand|from outside|history$|audit|settings$|sessions"
    r"|welcome|safe start|definition with problems|compare, a replay"
)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """What a dialog offers must not depend on the machine, nor on the test before."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def filled(qapp: QApplication, tmp_path: Path, no_keyring: None) -> Iterator[Desktop]:
    with tour.filled(tmp_path / "data" / "smartspec.db") as made:
        yield made


class Reader:
    """Goes along: `places` are what it read, by name, `silent` what it came to that has no name."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self.places: dict[str, list[str]] = {}
        self.silent: dict[str, str] = {}

    def __call__(self, place: str) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what was shown before
        for root in windows():
            for node in nodes_of(root):
                if node.is_unnamed:
                    self.silent.setdefault(f"{node.role.name} in {node.owner}", place)
        dialogs = [each for each in windows() if isinstance(each, QDialog)]
        if dialogs:
            self._keep(place, nodes_of(dialogs[-1]))
        elif _PAGES.match(place):
            self._keep(place, nodes_of(self._desktop.window.stack))
        elif place.startswith("palette"):
            self._keep("palette", nodes_of(self._desktop.window.palette_view))
        elif place == "status bar":
            self._keep_bars()

    def _keep_bars(self) -> None:
        window = self._desktop.window
        self._keep("bars", [node for bar in (window.top, window.rail, window.status) for node in nodes_of(bar)])

    def _keep(self, place: str, nodes: list[Node]) -> None:
        self.places[place] = lines_of(nodes)


def _difference(place: str, lines: list[str]) -> str:
    file = _STORED / f"{place}.txt"
    was = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return "\n".join(difflib.unified_diff(was, lines, f"{file.name}, stored", "as it is", lineterm="", n=2))


def _renew(places: dict[str, list[str]]) -> None:
    for old in _STORED.glob("*.txt"):
        old.unlink()
    for place, lines in places.items():
        (_STORED / f"{place}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_every_place_is_read_out_as_it_is_stored(filled: Desktop) -> None:
    read = Reader(filled)
    tour.tour(filled, read)
    assert not read.silent, read.silent
    if os.environ.get("RENEW_ACCESSIBILITY"):
        _renew(read.places)
    assert {each.stem for each in _STORED.glob("*.txt")} == set(read.places)
    differences = [_difference(place, lines) for place, lines in read.places.items()]
    assert not any(differences), "\n".join(filter(None, differences))


def test_negative_control_what_has_no_name_is_found(desktop: Desktop) -> None:
    read = Reader(desktop)
    read("as it is")
    assert not read.silent
    QPushButton(desktop.window.rail).show()
    read("with a button that says nothing")
    assert read.silent == {"Button in QPushButton": "with a button that says nothing"}


def _way_of_tab(desktop: Desktop, first: QWidget) -> list[QWidget]:
    """From one widget on, once round."""
    desktop.window.activateWindow()
    first.setFocus()
    desktop.settle()
    way: list[QWidget] = []
    while True:
        focused = QApplication.focusWidget()
        assert focused is not None
        if way and focused is first:
            return way
        way.append(focused)
        assert len(way) < 200, "Tab does not come round"
        desktop.press("Tab")


@pytest.mark.parametrize("tab", ["overview", "config", "versions", "workflow-schedules"])
def test_tab_goes_the_way_in_which_one_reads(filled: Desktop, tab: str) -> None:
    filled.go("workflows", workflow_id("chain"), tab)
    window, page = filled.window, filled.workflows
    parts = [window.top, window.rail, *page.parts(), window.status]
    way = _way_of_tab(filled, window.top.search)
    places = [next(n for n, part in enumerate(parts) if part.isAncestorOf(each) or part is each) for each in way]
    while places[-1] == 0:  # the buttons before the search
        places.pop()
    assert places == sorted(places)
    reached = {0, 1, parts.index(page.workflow_list), parts.index(page.header), parts.index(page.tabs.bar),
               parts.index(page.tabs), parts.index(page.executions), len(parts) - 1}  # fmt: skip
    assert reached <= set(places)
    filled.press("Shift+Tab")
    assert QApplication.focusWidget() is way[-1]


def test_what_clears_a_line_is_called_so(desktop: Desktop) -> None:
    field = search_field("Find", "Find")
    names = [each.accessibleName() for each in field.findChildren(QToolButton)]
    assert sorted(names) == ["Clear", "Search"]
    field.deleteLater()
