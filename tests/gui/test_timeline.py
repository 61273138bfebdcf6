"""The timeline of an execution: every task of it, begun or not, its attempts and items, and the log beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt

from smartspec.commands import control, executions, importing, starting
from smartspec.domain import times
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.gui.pages.execution.timeline_model import TOOK
from tests.commands.test_task_runs import many_items
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]
GATE = """smartspec: 1
name: gate
tasks:
  first: {run: "echo one; while [ ! -e go ]; do sleep 0.02; done"}
  second: {needs: [first], run: "echo two; while [ ! -e on ]; do sleep 0.02; done"}
  third: {needs: [second], run: echo three}
"""


def timeline_of(desktop: Desktop) -> Any:
    return desktop.execution.tabs.content("timeline")


def test_the_keyboard_is_at_the_task_that_failed(desktop: Desktop, ran: Ran) -> None:
    """Whose log is shown; not in a box of the log."""
    desktop.go("execution", ran(BROKEN).id)
    tab = timeline_of(desktop)
    assert id(desktop.window.focusWidget()) == id(tab.timeline)
    assert tab.timeline.current_run.task == "bad" == tab.log.row.task


def test_while_it_runs_all_tasks_are_listed_and_the_log_goes_on_with_what_runs(
    desktop: Desktop, imported: Callable[..., str]
) -> None:
    id_ = imported(GATE)
    desktop.go("workflows", id_)
    desktop.do("run")
    desktop.wait(lambda: executions.get_execution("gate#1").status == "running")
    desktop.go("execution", executions.get_execution("gate#1").id)
    tab = timeline_of(desktop)
    desktop.wait(lambda: tab.log.row is not None and tab.log.row.status == "running")
    assert [(line.name, line.status) for line in tab.timeline.timeline.lines][1:] == [
        ("second", "pending"), ("third", "pending")
    ]  # fmt: skip
    assert tab.log.row.task == "first"
    end = tab.timeline.scale.span
    assert tab.timeline.scale.span == end, "the axis moved"
    (desktop.file.parent / "go").touch()
    desktop.wait(lambda: tab.log.row.task == "second")
    (desktop.file.parent / "on").touch()
    desktop.wait(lambda: executions.get_execution("gate#1").status == "completed")
    desktop.wait(lambda: [line.status for line in tab.timeline.timeline.lines] == ["completed"] * 3)


def test_a_task_takes_as_long_as_its_bar_wherever_it_is_told(desktop: Desktop, ran: Ran) -> None:
    execution = ran(BROKEN)
    desktop.go("execution", execution.id)
    tab = timeline_of(desktop)
    model = tab.timeline.timeline
    bad, now = model.lines[1], times.now()
    whole = bad.took_ms(now)
    assert whole is not None and whole >= sum(row.duration_ms for row in bad.rows)
    tip = model.data(model.index(1, TOOK), Qt.ItemDataRole.ToolTipRole)
    assert tip == "From the start of the first attempt to the end of the last, with the waits between them"


def test_what_a_rerun_kept_says_so(desktop: Desktop, ran: Ran) -> None:
    execution = ran(CHAIN)
    run_on(control.rerun_from(execution.id, "third"))
    desktop.go("execution", execution.id)
    model = timeline_of(desktop).timeline.timeline
    assert [line.note for line in model.lines] == ["kept", "kept", ""]
    desktop.execution.header.round_chosen.emit(1)
    desktop.settle()
    assert [line.note for line in model.lines] == [""] * 3


def test_many_items_are_folded_and_read_a_page_at_a_time(desktop: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(many_items(1_200, lambda item: item == 900))
    importing.import_executions(file)
    desktop.go("execution", executions.get_execution("many#1").id)
    timeline = timeline_of(desktop).timeline
    model, line = timeline.timeline, timeline.timeline.index(0, 0)
    assert model.lines[0].note == "1,199/1,200 ok" and model.rowCount(line) == 0
    timeline.setFocus()
    timeline.setCurrentIndex(line)
    desktop.press("Right", timeline)
    desktop.wait(lambda: model.rowCount(line) == 200)
    assert model.lines[0].children[0].name == "Item 900"
    timeline.verticalScrollBar().setValue(timeline.verticalScrollBar().maximum())
    desktop.wait(lambda: model.rowCount(line) == 400)
    timeline.setCurrentIndex(model.index(350, 0, line))
    desktop.settle()
    assert timeline_of(desktop).log.row.item_index == 349, "an attempt that was read since has its log too"


def test_what_is_open_stays_open_while_more_attempts_come(desktop: Desktop, ran: Ran) -> None:
    execution = ran(BROKEN)
    desktop.go("execution", execution.id)
    timeline = timeline_of(desktop).timeline
    timeline.expand(timeline.timeline.index(1, 0))
    removed: list[QModelIndex] = []
    timeline.timeline.modelReset.connect(lambda: removed.append(QModelIndex()))
    desktop.execution.reload()
    desktop.settle()
    assert timeline.isExpanded(timeline.timeline.index(1, 0)) and not removed


def test_two_executions_of_one_workflow_are_told_apart(desktop: Desktop, imported: Callable[..., str]) -> None:
    id_ = imported("smartspec: 1\nname: i\ntasks:\n  each: {with_items: [1, 2], run: 'exit {{ params.code | int }}'}\n"
                   "params: {type: object, properties: {code: {type: integer, default: 0}}}\n")  # fmt: skip
    made = [
        run_on(starting.start_execution(id_, {"code": code}, origin=Origin(Trigger.CLI))).execution for code in (0, 1)
    ]
    for execution, status in zip(made, ("completed", "failed"), strict=True):
        desktop.go("execution", execution.id)
        [each] = timeline_of(desktop).timeline.timeline.lines
        assert {child.status for child in each.children} == {status}
