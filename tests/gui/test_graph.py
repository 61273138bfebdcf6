"""A graph of thousands of tasks: where it opens, how one finds a task in it, and the small map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from smartspec.domain.definition import model
from smartspec.gui.style import theme
from smartspec.gui.widgets.graph.run_drawing import draw
from smartspec.gui.widgets.graph.view import GraphView
from smartspec.gui.widgets.graph.viewpoint import LEAST, MOST
from tests.gui.conftest import CHAIN, Desktop


def tree_of(count: int) -> dict[str, Any]:
    """Each task has two that need it."""
    return {f"t{n}": {"run": "x", **({"needs": [f"t{(n - 1) // 2}"]} if n else {})} for n in range(count)}


@pytest.fixture
def view(qapp: QApplication) -> Iterator[GraphView]:
    made = GraphView()
    made.resize(1_000, 420)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def show(view: GraphView, tasks: dict[str, Any]) -> None:
    view.show_drawing(draw(model.read({"name": "x", "tasks": tasks})))
    QApplication.processEvents()


def seen(view: GraphView) -> set[str]:
    """The cards that are whole in view."""
    canvas = view.canvas
    room = canvas.rect()
    boxes = {name: canvas.view.box(canvas.drawing, node) for name, node in canvas.drawing.nodes.items()}
    return {name for name, box in boxes.items() if room.contains(box.toRect())}


def test_a_large_graph_opens_on_its_roots_at_a_size_that_can_be_read(view: GraphView) -> None:
    show(view, tree_of(2_000))
    assert {"t0", "t1", "t2"} <= seen(view)
    assert view.canvas.scale > 0.8


def test_more_roots_than_there_is_room_for_begin_with_the_first(view: GraphView) -> None:
    show(view, {f"t{n}": {"run": "x"} for n in range(500)})
    assert "t0" in seen(view)


def test_a_small_graph_is_seen_whole_and_needs_no_map(view: GraphView) -> None:
    show(view, tree_of(7))
    assert len(seen(view)) == 7 and not view.map.isVisible()


def test_fit_and_zoom_stay_between_what_can_be_read_and_what_is_large(view: GraphView) -> None:
    show(view, tree_of(2_000))
    view.canvas.fit()
    assert view.canvas.scale == LEAST and "t0" in seen(view)
    for _ in range(30):
        view.zoom_in()
    assert view.canvas.scale == MOST
    view.zoom_reset()
    assert view.canvas.scale == pytest.approx(1)


def test_tasks_are_found_by_a_part_of_their_names_one_after_another(view: GraphView) -> None:
    show(view, tree_of(2_000))
    view.find_task()
    QTest.keyClicks(view.finder.field, "T199")
    found = [f"t{n}" for n in range(2_000) if "t199" in f"t{n}"]
    assert view.finder.count.text() == f"1 of {len(found)}"
    assert view.canvas.current in found and view.canvas.current in seen(view)
    first = view.canvas.current
    QTest.keyClick(view.finder.field, Qt.Key.Key_Return)
    assert view.finder.count.text() == f"2 of {len(found)}" and view.canvas.current != first
    QTest.keyClick(view.finder.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert view.canvas.current == first
    view.finder.field.setText("nothing of that kind")
    assert view.finder.count.text() == "0 of 0"
    QTest.keyClick(view.finder.field, Qt.Key.Key_Escape)
    assert not view.finder.isVisible() and not view.canvas.found


def test_the_map_shows_where_one_is_and_leads_elsewhere(view: GraphView) -> None:
    show(view, tree_of(2_000))
    assert view.map.isVisible()
    drawing = view.canvas.drawing
    corner = view.map.rect().bottomRight() - QPoint(8, 8)
    QTest.mouseClick(view.map, Qt.MouseButton.LeftButton, pos=corner)
    reached = [drawing.nodes[name] for name in seen(view)]
    assert reached and all(node.y > 0.85 * drawing.height and node.x > 0.8 * drawing.width for node in reached)


def test_an_arrow_brings_the_next_card_into_view(view: GraphView) -> None:
    show(view, tree_of(2_000))
    view.canvas.setFocus()
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.canvas.current == "t0"
    for _ in range(8):
        QTest.keyClick(view.canvas, Qt.Key.Key_Right)
        assert view.canvas.current in seen(view)
    assert view.canvas.drawing.nodes[view.canvas.current].x > 1_000


def test_what_is_moved_by_hand_stays_where_it_is_while_statuses_change(view: GraphView) -> None:
    show(view, tree_of(2_000))
    view.canvas.centre(QPointF(500, 500))
    before = view.canvas.view.offset
    show(view, tree_of(2_000))
    assert view.canvas.view.offset == before


def test_the_overview_has_the_search_too(desktop: Desktop, imported: Callable[..., str]) -> None:
    desktop.go("workflows", imported(CHAIN))
    graph = desktop.workflows.tabs.content("overview").graph
    desktop.do("find")
    desktop.type_text(graph.finder.field, "third")
    assert graph.canvas.current == "third" and graph.finder.count.text() == "1 of 1"


def test_what_stands_over_a_low_graph_covers_none_of_it(view: GraphView) -> None:
    view.resize(680, 184)
    show(view, {"a": {"run": "x"}, "b": {"run": "x", "needs": ["a"]}, "c": {"run": "x", "needs": ["a"]}})
    over = view._zoom.geometry()
    boxes = [view.canvas.view.box(view.canvas.drawing, node) for node in view.canvas.drawing.nodes.values()]
    assert len(seen(view)) == 3 and not any(over.intersects(each.toRect()) for each in boxes)


def test_with_strong_edges_the_ground_is_plain(view: GraphView) -> None:
    def colours() -> int:
        seen = view.canvas.grab(QRect(20, 320, 300, 60)).toImage()
        return len({seen.pixel(x, y) for x in range(seen.width()) for y in range(seen.height())})

    show(view, {"a": {"run": "x"}})
    assert colours() > 1
    theme.apply("light", "high")
    try:
        assert colours() == 1
    finally:
        theme.apply("light", "normal")
