"""The log of an execution: an attempt's or all in time, errors only, broken lines, search, copies."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from smartspec.commands import executions
from smartspec.domain.execution import Execution
from smartspec.gui.style import theme
from smartspec.gui.style.tokens import SCHEMES, contrast
from smartspec.gui.widgets.log import ansi, colours
from smartspec.gui.widgets.log.errors_only import ErrorsOnly
from smartspec.gui.widgets.log.index import LogIndex
from smartspec.gui.widgets.log.merged import MergedLog
from smartspec.gui.widgets.log.shown_line import ShownLine
from smartspec.gui.widgets.log.source import LogLine
from tests.gui.conftest import BROKEN, Desktop

Ran = Callable[..., Execution]
NOISY = """smartspec: 1
name: noisy
tasks:
  one:
    run: |
      seq 1 20
      echo 'cat: x: No such file or directory'
      seq 1 30
      sleep 0.3
      echo 'one is done'
  two: {run: "sleep 0.15; echo two is here; echo 0 errors"}
"""
FAILS_TWICE = """smartspec: 1
name: twice
tasks:
  a: {run: "echo attempt; exit 3", retry: {max: 1, delay: 10ms}}
  b: {run: "echo fine"}
"""


def log_of(desktop: Desktop, execution: Execution) -> Any:
    desktop.go("execution", execution.id, "log")
    return desktop.execution.tabs.content("log").log


def lines(log: Any) -> list[str]:
    return [log.view.line(number) for number in range(log.view.count)]


def test_all_tasks_stand_together_in_the_order_of_time(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(NOISY))
    log.bar.picker.task.setCurrentIndex(0)
    assert log.bar.picker.task.currentText() == "All tasks, in time"
    log.bar.picker.task.activated.emit(0)
    desktop.settle()
    shown = lines(log)
    assert len(shown) == 54
    assert shown.index("two is here") > shown.index("30")
    assert shown[-1] == "one is done"


def test_a_line_among_all_keeps_its_task_and_its_number(ran: Ran) -> None:
    rows = executions.list_task_executions(ran(NOISY).id)
    merged = MergedLog(rows)
    while merged.read_on():
        pass
    read = merged.read(0, merged.count)
    assert len(read) == merged.count == 54
    assert [line.number for line in read if line.task == "one"] == list(range(52))
    assert merged.search("two is") == [n for n, line in enumerate(read) if b"two is" in line.raw]


def test_only_errors_are_shown_with_some_lines_around_them(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(NOISY))
    log.show_task("one")
    desktop.settle()
    assert log.bar.errors.accessibleName() == "Errors 1"
    desktop.click(log.bar.errors)
    assert log.view.count == 6  # 18 left out, two lines, the error, two lines
    assert lines(log)[1:] == ["19", "20", "cat: x: No such file or directory", "1", "2"]
    log.view.go_to(3)
    desktop.click(log.bar.errors)
    assert log.view.count == 52
    assert log.view.current == 20


def test_where_nothing_speaks_of_an_error_that_is_said(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(NOISY))
    log.show_task("two")
    desktop.settle()
    assert log.bar.errors.accessibleName() == "Errors 0"
    assert not log.bar.errors.isEnabled()
    desktop.press("Ctrl+Shift+E", log.view)
    assert log.view.current == -1


def test_the_first_error_is_gone_to(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(BROKEN))
    desktop.press("Ctrl+Shift+E", log.view)
    assert log.view.line(log.view.current) == "error: no route to host"
    assert log.view.accessibleDescription() == "2 / 2: error: no route to host"


def test_an_attempt_is_picked(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(FAILS_TWICE))
    attempts = log.bar.picker.attempt
    assert attempts.isVisible()
    assert attempts.currentText() == "Attempt 2"
    attempts.activated.emit(0)
    desktop.settle()
    assert log.row.attempt == 1
    log.show_task("b")
    desktop.settle()
    assert not attempts.isVisible()


def test_a_search_goes_round_and_says_where_it_is(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(NOISY))
    log.show_task("one")
    desktop.type_text(log.bar.search, "30")
    assert log.bar.found.text() == "1 of 1"
    log.bar.search.setText("7")
    desktop.settle()
    assert log.bar.found.text() == "1 of 5"
    desktop.press("F3", log.view)
    assert log.bar.found.text() == "2 of 5"
    desktop.press("Shift+F3", log.view)
    desktop.press("Shift+F3", log.view)
    assert log.bar.found.text() == "5 of 5"


def test_what_is_seen_is_found_and_what_colours_it_is_not(ran: Ran) -> None:
    text = "smartspec: 1\nname: c\ntasks:\n  a: {run: \"printf '\\\\033[31mNo \\\\033[1mroute\\\\033[0m\\\\nplain 31\\\\n'\"}\n"
    index = LogIndex(executions.list_task_executions(ran(text).id)[0])
    index.read_on()
    assert index.search("no route") == [0]
    assert index.search("31") == [1]


def test_chosen_lines_are_copied_else_all(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(BROKEN))
    desktop.press("Ctrl+C", log.view)
    assert QGuiApplication.clipboard().text() == "before\nerror: no route to host"
    desktop.press("End", log.view)
    desktop.press("Ctrl+C", log.view)
    assert QGuiApplication.clipboard().text() == "error: no route to host"


def test_an_editor_gets_a_copy_that_nobody_can_write(
    desktop: Desktop, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    log = log_of(desktop, ran(BROKEN))
    log.export.open()
    desktop.settle()
    path = Path(opened[0].toLocalFile())
    assert path.name == "broken-1-bad-2.log"
    assert path.read_text() == "before\nerror: no route to host\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


def test_long_lines_are_broken_and_the_end_stays_in_sight(desktop: Desktop, ran: Ran) -> None:
    text = "smartspec: 1\nname: w\ntasks:\n  a: {run: 'seq 1 100; seq -s \" \" 1 400; echo last'}\n"
    log = log_of(desktop, ran(text))
    log.bar.wrap.setChecked(True)
    log.view.set_follows(True)
    desktop.settle()
    assert log.view.horizontalScrollBar().maximum() == 0
    below = log.view.viewport().rect().bottomLeft()
    assert log.view.line(log.view._line_at(below)) == "last"
    log.view.set_follows(False)
    log.bar.wrap.setChecked(False)
    assert log.view.horizontalScrollBar().maximum() > 0


def test_a_line_is_broken_where_it_is_full() -> None:
    line = ShownLine(LogLine("ab\x1b[31mcd备份e".encode(), None, 0))
    assert [[span.text for span in row] for row in line.rows(3)] == [["ab", "c"], ["d备"], ["份e"]]


def test_new_lines_below_are_told_of_and_led_to(desktop: Desktop, ran: Ran) -> None:
    log = log_of(desktop, ran(NOISY))
    log.show_task("one")
    desktop.settle()
    log.new_lines.note_lines(14, is_read=True)
    log.view.set_follows(True)
    log.view.set_follows(False)
    assert not log.new_lines.isVisible()
    log.new_lines.note_lines(14, is_read=True)
    assert log.new_lines.accessibleName() == "14 new lines"
    desktop.click(log.new_lines)
    assert log.view.follows
    assert not log.new_lines.isVisible()


def test_colours_of_programs_can_be_read(qapp: object) -> None:
    for scheme in ("light", "dark"):
        theme.apply(scheme)
        ground = SCHEMES[scheme, False].surface
        for number in range(16, 256):
            name = ansi.spans(f"\x1b[38;5;{number}mx".encode())[0].colour
            assert contrast(colours.colour(name).name(), ground) >= 4.5
    assert ansi.spans(b"\x1b[1;38;2;1;2;3mx")[0] == ansi.Span("x", "#010203", True)
    assert ansi.spans(b"\x1b[38;5;9mx")[0].colour == "failed"
    assert colours.of_task("copy[3]") == colours.of_task("copy[7]")
    theme.apply("light")


def test_errors_only_maps_places_both_ways(ran: Ran) -> None:
    row = next(row for row in executions.list_task_executions(ran(NOISY).id) if row.task == "one")
    only = ErrorsOnly(LogIndex(row))
    while only.read_on() or only.look_on():
        pass
    assert only.count == 6
    assert (only.place(20), only.line_at(3), only.place(0)) == (3, 20, None)
    assert [line.number for line in only.read(0, 9)] == [None, 18, 19, 20, 21, 22]
    assert only.read(0, 1)[0].raw == b"18"
    assert only.search("no such") == [3]
