"""Segments, choice cards and tags: with keys and mouse, and as a screen reader finds them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from smartspec.gui.style import theme
from smartspec.gui.widgets.choice_card import ChoiceCard, choice_cards
from smartspec.gui.widgets.segments import Segments
from smartspec.gui.widgets.tag import KINDS, Tag


@pytest.fixture
def board(qapp: QApplication) -> Iterator[QWidget]:
    """Something to put widgets on."""
    theme.apply("light")
    made = QWidget()
    QVBoxLayout(made)
    made.resize(520, 300)
    yield made
    made.close()
    made.deleteLater()


def put(board: QWidget, *widgets: QWidget) -> None:
    layout = board.layout()
    assert layout is not None
    for each in widgets:
        layout.addWidget(each)
    board.show()
    board.activateWindow()
    QApplication.processEvents()


def value_of(segments: Segments) -> object:
    return segments.value


def test_segments_are_chosen_by_mouse_and_arrows(board: QWidget) -> None:
    segments = Segments("target", [("both", "both"), ("nas", "nas"), ("cloud", None)])
    told: list[object] = []
    segments.chosen.connect(told.append)
    put(board, segments)
    segments.choose("both")
    assert value_of(segments) == "both"
    assert not told
    QTest.mouseClick(segments.segments[1], Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert value_of(segments) == "nas"
    segments.setFocus()
    QTest.keyClick(segments.segments[1], Qt.Key.Key_Right)
    assert segments.segments[2].isChecked()
    assert told == ["nas", None]
    QTest.keyClick(segments.segments[2], Qt.Key.Key_Left)
    assert value_of(segments) == "nas"


def test_a_value_that_no_segment_has_leaves_none_chosen(board: QWidget) -> None:
    segments = Segments("deep", [("1", 1), ("yes", True)])
    put(board, segments)
    segments.choose(True)
    assert segments.segments[1].isChecked() and not segments.segments[0].isChecked()
    segments.choose("other")
    assert segments.value is None


def test_choosing_moves_nothing(board: QWidget) -> None:
    segments = Segments("target", [("both", 1), ("nas", 2)], outlined=True)
    put(board, segments)
    before = segments.sizeHint()
    segments.choose(2)
    assert segments.sizeHint() == before


def test_one_tab_leaves_the_segments(board: QWidget) -> None:
    first, second = Segments("a", [("x", 1), ("y", 2)]), Segments("b", [("x", 1), ("y", 2)])
    put(board, first, second)
    first.choose(2)
    second.choose(1)
    first.segments[1].setFocus()
    QTest.keyClick(first.segments[1], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is second.segments[0]


def test_a_screen_reader_finds_radio_buttons(board: QWidget) -> None:
    segments, card = Segments("target", [("both", 1)]), ChoiceCard("To a new place", "Yours stays as it is.", "Default")
    put(board, segments, card)
    for widget, name in ((segments.segments[0], "both"), (card, "To a new place, Default")):
        found = QAccessible.queryAccessibleInterface(widget)
        assert found is not None
        assert found.role() is QAccessible.Role.RadioButton
        assert found.text(QAccessible.Text.Name) == name


def test_one_card_of_several_is_chosen(board: QWidget) -> None:
    cards = [ChoiceCard("To a new place", "Yours stays."), ChoiceCard("Over this ledger", "Yours is set aside.")]
    put(board, choice_cards("Where to", cards))
    QTest.mouseClick(cards[1], Qt.MouseButton.LeftButton, pos=QPoint(cards[1].width() - 4, cards[1].height() - 4))
    assert [each.isChecked() for each in cards] == [False, True]
    QTest.keyClick(cards[1], Qt.Key.Key_Left)
    assert [each.isChecked() for each in cards] == [True, False]


def test_a_card_grows_with_what_it_says(board: QWidget) -> None:
    short = ChoiceCard("Name", "Short.")
    card = ChoiceCard("Name", "A sentence that is much too long to stand on one line of a card of this width. " * 2)
    assert card.heightForWidth(260) > short.heightForWidth(260)
    assert card.heightForWidth(260) > card.heightForWidth(600)


@pytest.mark.parametrize("kind", KINDS)
def test_a_tag_has_room_for_its_word(board: QWidget, kind: str) -> None:
    tag = Tag("Not set", kind, "warning-fill")
    plain = Tag("Not set", kind)
    put(board, tag, plain)
    assert tag.sizeHint().width() == plain.sizeHint().width() + 16
    assert tag.text() == "Not set"
