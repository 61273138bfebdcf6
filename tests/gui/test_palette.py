"""The palette: keys as caps, how workflows went, what can be run, and numbers."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import bidirectional

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from smartspec.commands import executions
from smartspec.domain.execution import Execution
from smartspec.gui.contract import PaletteEntry
from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.labels import label
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]


def found(desktop: Desktop, text: str) -> dict[str, PaletteEntry]:
    desktop.do("palette")
    desktop.window.palette_view.input.setText(text)
    desktop.settle()
    return {entry.text: entry for entry in desktop.window.palette_view.model.entries if entry.do is not None}


def test_workflows_say_how_they_went(desktop: Desktop, ran: Ran) -> None:
    ran(BROKEN)
    status = found(desktop, "broken")["broken"].status
    assert status is not None and (status[1], status[2]) == ("failed", "Failed · just now")
    desktop.press("Escape", desktop.window.palette_view.input)


def test_run_and_a_name_runs_it(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    ran(BROKEN)
    shown = found(desktop, "run cha")
    assert [text for text in shown if text.startswith("Run: ")] == ["Run: chain"]
    palette = desktop.window.palette_view
    palette._choose_entry(shown["Run: chain"])
    desktop.wait(lambda: executions.list_executions().rows[0].number == 2)
    assert not palette.isVisible()
    desktop.wait(lambda: "chain" in desktop.toast)


def test_a_number_finds_the_execution_of_each_workflow(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN, times=2)
    ran(BROKEN)
    assert sorted(found(desktop, "#1")) == ["broken #1", "chain #1"]
    assert list(found(desktop, "#2")) == ["chain #2"]
    assert not found(desktop, "#" + "9" * 40)
    for text in ("chain #2", "cha#2", "#2 CHAIN", "default.ch #2"):
        assert list(found(desktop, text)) == ["chain #2"], text
    assert not found(desktop, "broken #2") and not found(desktop, "chain broken #1")
    desktop.press("Escape", desktop.window.palette_view.input)


def test_letters_written_while_it_looks_are_one_more_question(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    ran(BROKEN)
    desktop.do("palette")
    for end in range(1, 7):
        desktop.window.palette_view.input.setText("broken"[:end])
    desktop.settle()
    shown = [entry.text for entry in desktop.window.palette_view.model.entries if entry.do is not None]
    assert "broken" in shown and "chain" not in shown
    desktop.press("Escape", desktop.window.palette_view.input)


def test_what_nothing_fits_is_said_and_cannot_be_chosen(desktop: Desktop) -> None:
    desktop.do("palette")
    palette = desktop.window.palette_view
    palette.input.setText("no such thing")
    desktop.settle()
    assert [(each.text, each.do) for each in palette.model.entries] == [("Nothing fits “no such thing”", None)]
    assert palette._status.text().startswith("0 results")
    desktop.press("Return", palette.input)
    assert palette.isVisible()


def test_a_long_name_keeps_its_number_and_how_it_went(desktop: Desktop, ran: Ran) -> None:
    name = f"{'x' * 200}"
    ran(BROKEN.replace("name: broken", f"name: {name}"))
    seen: list[str] = []
    shown = found(desktop, "xxx")
    assert shown[f"{name} #1"].more.startswith("failed after ")
    painting.report_texts(lambda _painter, rect, words, fits: seen.append(words) if rect.width() > 40 else None)
    desktop.window.palette_view.grab()
    painting.report_texts(None)
    assert f"{name} #1" in seen and shown[f"{name} #1"].more in seen
    desktop.press("Escape", desktop.window.palette_view.input)


def test_a_name_from_the_right_is_written_as_everywhere(desktop: Desktop) -> None:
    rect = QRectF(0, 0, 200, 24)

    def picture(draw: Callable[[QPainter], object]) -> QImage:
        made = QImage(200, 24, QImage.Format.Format_RGB32)
        made.fill(Qt.GlobalColor.white)
        painter = QPainter(made)
        draw(painter)
        painter.end()
        return made

    name = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd #1"
    font = theme.font()
    marked = picture(lambda painter: painting.marked(painter, rect, name, (), font))
    assert marked == picture(lambda painter: painting.text(painter, rect, name, "text", font))
    line = label(name).text()
    first = next(each for each in map(bidirectional, line) if each in ("L", "R", "AL"))
    assert first == "L" and line.endswith(name)
