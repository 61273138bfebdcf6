"""A JSON value as a tree and as text, however large."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from smartspec.domain.jsontext import Json
from smartspec.gui.style.formatting import size
from smartspec.gui.widgets.json_tree import JsonTree
from tests.clock import until

BIG: list[Json] = [{"name": f"IMG_{n}.heic", "size": n} for n in range(20_000)]


@pytest.fixture
def tree(qapp: QApplication) -> JsonTree:
    made = JsonTree("Data", "Nothing")
    made.resize(600, 400)
    return made


def test_a_tree_is_literal_and_lazy(tree: JsonTree) -> None:
    tree.show_value({"big": [*range(20_000)], "html": "<img src=x>", "deep": {"a": {"b": {"c": 1}}}})
    index = tree.model.index(0, 0)
    assert index.data() == "big [20,000]  first 3: 0, 1, 2"
    assert tree.model.index(1, 0).data() == 'html "<img src=x>"'
    index = tree.model.index(2, 0)
    for _ in range(3):
        index = tree.model.index(0, 0, index)
    assert tree.model.node(index).path == "deep.a.b.c"


def test_many_values_stand_in_stretches_of_a_thousand(tree: JsonTree) -> None:
    tree.show_value({"files": [*BIG, "last"]})
    files = tree.model.index(0, 0)
    rows = tree.model.rowCount(files)
    last = tree.model.index(rows - 1, 0, files)
    assert (rows, last.data()) == (21, "20,000 … 20,000 [1]  first: last")
    assert tree.model.node(last).path == "files"
    value = tree.model.index(0, 0, last)
    assert (value.data(), tree.model.node(value).path) == ('20000 "last"', "files[20000]")
    assert tree.view.isExpanded(tree.model.index(0, 0, files))
    assert not tree.view.isExpanded(tree.model.index(1, 0, files))


def test_a_million_values_stand_in_stretches_of_stretches(tree: JsonTree) -> None:
    many = {f"key {n}": n for n in range(1_000_001)}
    tree.show_value({"many": many})
    assert tree.model.rowCount(tree.model.index(0, 0)) == 2
    for places in ((0, 0), (0, 1_500), (0, 999_999), (0, 1_000_000)):
        node = tree.model.reach(places)
        assert (node.places, node.path, node.value) == (places, f"many.key {places[1]}", places[1])


def test_all_below_opens_but_for_stretches(tree: JsonTree) -> None:
    tree.show_value({"a": {"b": {"c": {"d": 1}}, "many": BIG}})
    tree.show()
    tree.view.collapseAll()
    tree.view.setCurrentIndex(tree.model.index(0, 0))
    QTest.keyClick(tree.view, Qt.Key.Key_Asterisk)
    assert tree.view.isExpanded(tree.model.index_of(tree.model.reach((0, 0, 0))))
    many = tree.model.index_of(tree.model.reach((0, 1)))
    assert tree.view.isExpanded(many)
    assert not any(tree.view.isExpanded(tree.model.index(row, 0, many)) for row in range(20))
    tree.close()


def test_what_stands_far_below_is_found(tree: JsonTree) -> None:
    tree.show_value({"files": BIG, "last": "IMG_19999.heic"})
    tree.search.setText("img_19999.heic")
    tree.find_next()
    until(lambda: tree.view.currentIndex().isValid(), pause=QApplication.processEvents)
    assert tree.model.node(tree.view.currentIndex()).path == "files[19999].name"
    before = tree.view.currentIndex()
    tree.find_next()
    until(lambda: tree.view.currentIndex() != before, pause=QApplication.processEvents)
    assert tree.model.node(tree.view.currentIndex()).path == "last"


def test_the_text_is_the_same_value_and_comes_when_it_is_wanted(tree: JsonTree) -> None:
    value: Json = {"files": BIG[:3_000], "words": "多"}
    tree.show_value(value)
    assert tree.text.toPlainText() == ""
    tree.as_text.setChecked(True)
    until(lambda: tree.text.toPlainText().endswith("\n}"), pause=QApplication.processEvents)
    assert json.loads(tree.text.toPlainText()) == value


def test_the_size_is_that_of_all_of_it(tree: JsonTree) -> None:
    tree.show_value({"a": "é"})
    assert tree._size.text() == "10 B"
    tree.show_value({"files": BIG})
    whole = size(len(json.dumps({"files": BIG}, separators=(",", ":"))))
    until(lambda: tree._size.text() == whole, pause=QApplication.processEvents)


def test_a_caret_opens_and_closes(tree: JsonTree) -> None:
    tree.show_value({"a": {"b": 1}})
    tree.show()
    top = tree.model.index(0, 0)
    assert tree.view.isExpanded(top)
    caret = tree.view.visualRect(top).topLeft() + QPoint(2, 10)
    QTest.mouseClick(tree.view.viewport(), Qt.MouseButton.LeftButton, pos=caret)
    assert not tree.view.isExpanded(top)
    QTest.mouseClick(tree.view.viewport(), Qt.MouseButton.LeftButton, pos=caret)
    assert tree.view.isExpanded(top)
    tree.close()


def test_values_subtrees_and_paths_are_copied(tree: JsonTree) -> None:
    tree.show_value({"a": {"b": [1, 2]}})
    index = tree.model.index(0, 0)
    tree.view.setCurrentIndex(tree.model.index(0, 0, index))
    tree.view.copy("value")
    assert json.loads(QApplication.clipboard().text()) == [1, 2]
    tree.view.copy("path")
    assert QApplication.clipboard().text() == "a.b"
