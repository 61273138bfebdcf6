"""The parts that panes are made of: models, the graph, logs, terminal colours, forms, differences, painting."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStyleOptionComboBox, QStyleOptionViewItem, QWidget

from smartspec.commands import executions
from smartspec.domain import times
from smartspec.domain.compare.line_pairs import pairs
from smartspec.domain.damage import DAMAGED
from smartspec.domain.definition import model
from smartspec.domain.definition.completion import task_kinds
from smartspec.domain.definition.schema import workflow_schema
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.execution import Execution
from smartspec.gui.style import icons, painting
from smartspec.gui.style.formatting import ago, duration
from smartspec.gui.style.status import status_style, trigger
from smartspec.gui.style.task_kind import STYLES, kind_icon
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.graph.drawing import GAP_X, PLAIN
from smartspec.gui.widgets.graph.run_drawing import draw
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import key_cap
from smartspec.gui.widgets.log import ansi
from smartspec.gui.widgets.log.index import EVERY, LogIndex
from smartspec.gui.widgets.states import ContentStates
from tests.gui.conftest import BROKEN, CHAIN, Desktop


def test_every_model_keeps_qts_rules(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Warning
    execution = ran(BROKEN)
    desktop.go("workflows", "")
    desktop.go("history")
    for tab in ("timeline", "data", "events"):
        desktop.go("execution", execution.id, tab)
    workflow, shown = desktop.workflows, desktop.execution.tabs
    models = [
        workflow.workflow_list.model, workflow.tabs.content("versions").model, workflow.executions.view.executions,
        desktop.history.view.executions, shown.content("timeline").timeline.timeline,
        shown.content("data").inputs.model, shown.content("data").outputs.model, shown.content("events").model,
        desktop.window.palette_view.model,
    ]  # fmt: skip
    testers = [QAbstractItemModelTester(each, fatal) for each in models]
    ran(CHAIN)
    desktop.go("history")
    desktop.history.search("status:failed")
    desktop.settle()
    desktop.history.clear()
    desktop.settle()
    assert len(testers) == len(models)  # a broken rule is a warning of Qt, and a warning fails the test


def test_painting_leaves_no_reference_behind(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    """PySide6 6.12.0 loses one reference to None for each call that returns nothing, and the process dies of it."""
    ran(BROKEN)
    desktop.go("history")
    view = desktop.history.view
    pixmap, option = QPixmap(400, 40), QStyleOptionViewItem()
    view.initViewItemOption(option)

    def paint_all() -> None:
        painter = QPainter(pixmap)
        for column in range(8):
            view.itemDelegate().paint(painter, option, view.executions.index(0, column))
        painting.status_icon(painter, QRectF(0, 0, 14, 14), "play-circle", "running")
        painter.end()

    paint_all()
    before = sys.getrefcount(None)
    for _ in range(1_000):
        paint_all()
    assert abs(sys.getrefcount(None) - before) < 500


# Graph


def chain_of(count: int) -> Any:
    tasks = {f"t{n}": {"run": "true", **({"needs": [f"t{n - 1}"]} if n else {})} for n in range(count)}
    return model.read({"name": "x", "tasks": tasks})


def row_of(count: int) -> Any:
    return model.read({"name": "x", "tasks": {f"t{n}": {"run": "x"} for n in range(count)}})


def test_a_choice_without_room_is_cut_with_dots_before_its_caret(desktop: Desktop) -> None:
    choice, option = Choice("Version"), QStyleOptionComboBox()
    choice.addItem("v1.0.0 · yesterday 14:03")
    choice.resize(choice.sizeHint())
    choice.initStyleOption(option)
    assert option.currentText == choice.currentText()
    choice.resize(120, 28)
    choice.initStyleOption(option)
    assert option.currentText.endswith("…")
    assert choice.toolTip() == choice.currentText() == "v1.0.0 · yesterday 14:03"


def test_layers_do_not_overlap_and_edges_point_right() -> None:
    tasks: dict[str, Any] = {"a": {"run": "x"}}
    tasks |= {f"b{n}": {"run": "x", "needs": ["a"]} for n in range(5)}
    tasks |= {"c": {"run": "x", "needs": [f"b{n}" for n in range(5)]}, "d": {"run": "x", "needs": ["a", "c"]}}
    drawing = draw(model.read({"name": "x", "tasks": tasks}))
    for edge in drawing.edges:
        assert drawing.nodes[edge.end].x >= drawing.nodes[edge.start].x + PLAIN.width + GAP_X
    boxes = [(node.x, node.y) for node in drawing.nodes.values()]
    for number, (x, y) in enumerate(boxes):
        for other_x, other_y in boxes[number + 1 :]:
            assert x != other_x or abs(y - other_y) >= PLAIN.height
    middle = drawing.nodes["b2"].y
    assert drawing.nodes["a"].y == middle == drawing.nodes["c"].y


def test_a_cycle_is_drawn_all_the_same() -> None:
    tasks = {"a": {"run": "x", "needs": ["b"]}, "b": {"run": "x", "needs": ["a"]}}
    assert len(draw(model.read({"name": "x", "tasks": tasks})).nodes) == 2


@pytest.mark.parametrize("shape", ["chain", "wide"])
def test_two_thousand_tasks_are_laid_out_in_a_moment(shape: str) -> None:
    """A figure is in the benchmarks; this keeps what grows with the square out, by counting calls."""
    of = chain_of if shape == "chain" else row_of
    small, large = of(200), of(2_000)
    assert calls_of(draw, large) < 15 * calls_of(draw, small)


def calls_of(function: Callable[..., object], *arguments: object) -> int:
    """How many calls it makes, those of its callees included."""
    count = 0

    def on_event(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(on_event)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return count


# Logs


def test_any_line_is_found_by_its_number(ran: Callable[..., Execution]) -> None:
    text = "smartspec: 1\nname: many\ntasks:\n  a: {run: 'seq 1 5000; printf last'}\n"
    execution = ran(text)
    index = LogIndex(executions.list_task_executions(execution.id)[0])
    assert not index.read_on()
    assert index.count == 5_001

    def texts(first: int, count: int) -> list[bytes]:
        return [line.raw for line in index.read(first, count)]

    assert texts(4_321, 2) == [b"4322", b"4323"]
    assert texts(5_000, 5) == [b"last"]
    assert texts(EVERY - 1, 2) == [str(EVERY).encode(), str(EVERY + 1).encode()]
    assert index.search("499") == [n for n in range(5_000) if "499" in str(n + 1)]


def test_a_line_without_an_end_counts_as_several(ran: Callable[..., Execution]) -> None:
    text = "smartspec: 1\nname: long\ntasks:\n  a: {run: 'head -c 100000 /dev/zero | tr \"\\\\0\" x'}\n"
    index = LogIndex(executions.list_task_executions(ran(text).id)[0])
    index.read_on()
    assert index.count == 7
    assert sum(len(line.raw) for line in index.read(0, 10)) == 100_000


def test_each_line_tells_when_it_was_written(ran: Callable[..., Execution]) -> None:
    text = "smartspec: 1\nname: slow\ntasks:\n  a: {run: 'echo one; echo two; sleep 0.5; echo three'}\n"
    row = executions.list_task_executions(ran(text).id)[0]
    index = LogIndex(row)
    index.read_on()
    one, two, three = (line.at for line in index.read(0, 3))
    assert one is not None and two is not None and three is not None and row.started_at is not None
    assert times.to_ms(row.started_at) <= one <= two
    assert three - two >= 400


def test_colours_become_tokens_and_nothing_is_obeyed() -> None:
    line = b"\x1b[1;31mred\x1b[0m plain \x1b]8;;http://evil\x07link\x1b]8;;\x07 \x1b[2J\x00end"
    found = ansi.spans(line)
    assert found[0] == ansi.Span("red", "failed", True)
    assert "".join(span.text for span in found) == "red plain link \u2400end"
    assert ansi.strip_ansi(b"10 %\r50 %\r100 %") == "100 %"
    assert ansi.strip_ansi("备份".encode("gbk")) != ""


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_become_a_line(data: bytes) -> None:
    text = ansi.strip_ansi(data)
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "\n" not in text.rstrip("\n") or b"\n" in data


# Differences


def test_words_that_changed_are_told_from_lines() -> None:
    found = [
        pair
        for pair in pairs("a\nkeep: 7 days\nz\n", "a\nkeep: 9 days\nz\nnew\n")
        if pair.new and pair.new.kind == "add"
    ]
    assert found[0].new is not None
    assert [found[0].new.text[start:end] for start, end in found[0].new.changed] == ["9"]
    assert found[1].old is None


def test_what_is_the_same_is_folded() -> None:
    text = "\n".join(map(str, range(50)))
    folded = [pair.folded for pair in pairs(text, text.replace("25", "x")) if pair.folded]
    assert folded == [22, 21]


# Words


@pytest.mark.parametrize(
    ("ms", "words"),
    [(None, "–"), (0, "0 ms"), (99, "99 ms"), (400, "400 ms"), (59_900, "59.9 s"), (165_000, "2 m 45 s"), (3_900_000, "1 h 5 m"),
     (277_200_000, "3 d 5 h")],
)  # fmt: skip
def test_durations_as_people_say_them(ms: int | None, words: str) -> None:
    assert duration(ms) == words


def test_moments_as_people_say_them() -> None:
    from datetime import timedelta

    now = times.midnight(times.now()) + timedelta(hours=15)
    assert ago(now - timedelta(seconds=5), now) == "just now"
    assert ago(now - timedelta(minutes=12), now) == "12 min ago"
    assert ago(now - timedelta(hours=5), now) == "today 10:00"
    assert ago(now - timedelta(hours=20), now) == "yesterday 19:00"


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_is_known_to_schema_editor_and_graph(kind: TaskKind, qapp: QApplication) -> None:
    assert f"{kind}_task" in workflow_schema()["$defs"]
    assert task_kinds(f"tasks:\n  a: {{{kind}: x}}\n") == {"a": kind.value}
    image = icons.icon(kind_icon(kind)).pixmap(16).toImage()
    assert STYLES[kind].word and any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))


def test_a_row_that_is_damaged_has_a_word_and_an_icon(qapp: QApplication) -> None:
    shown = status_style(DAMAGED)
    assert (shown.word, shown.in_text) == ("Damaged", "damaged")
    word, name = trigger("of another program")
    assert word == "of another program"
    for each in (shown.icon, name):
        image = icons.icon(each).pixmap(16).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))


def test_the_button_of_what_is_empty_is_seen_in_little_room(qapp: QApplication) -> None:
    states = ContentStates(QWidget())
    states.show_empty("tree-structure", "No tasks yet", "They are written down.", ("Write the definition", list))
    states.show()
    (offered,) = states.findChildren(QPushButton)
    for height in (200, 110, 95, 80):
        states.resize(600, height)
        qapp.processEvents()
        assert offered.mapTo(states, offered.rect().bottomLeft()).y() < height
        shown = [each.text() for each in states.findChildren(QLabel) if each.isVisible()]
        assert "No tasks yet" in shown
        (picture,) = states.findChildren(Icon)
        assert picture.isHidden() or abs(picture.geometry().center().x() - 300) <= 1
    states.hide()


def test_a_key_that_is_a_plus_is_on_its_cap(qapp: QApplication) -> None:
    assert [key_cap(keys).text() for keys in ("Ctrl++", "Ctrl+Shift+Z", "F5")] == ["Ctrl +", "Ctrl Shift Z", "F5"]
