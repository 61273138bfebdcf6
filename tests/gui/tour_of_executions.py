"""The page of an execution, its log, and all that ran."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from smartspec.commands import (
    comparing,
    executions,
)
from smartspec.domain.execution import Execution
from smartspec.domain.workspace import SAMPLES
from tests.conftest import run_on
from tests.gui.conftest import Desktop
from tests.gui.tour_steps import Look, asked, close_dialogs, executions_of, part_of


def see_execution(desktop: Desktop, look: Look) -> None:
    failed, waiting = executions_of("broken")[0], executions_of("items")[0]
    done = next(each for each in executions_of("chain") if each.status == "completed")
    for tab in ("timeline", "graph", "log", "data", "variables", "snapshot", "events", "compare"):
        desktop.go("execution", failed.id, tab)
        look(f"failed execution, {tab}")
    for tab in ("timeline", "graph", "data", "variables", "snapshot", "compare"):
        desktop.go("execution", done.id, tab)
        look(f"completed execution, {tab}")
    desktop.go("execution", done.id, "graph", "second")
    look("completed execution, a task of the graph")
    desktop.do("rerun_from")
    desktop.settle()
    look("re-run from here")
    close_dialogs(desktop)
    part_of(desktop, "graph").graph.find_task()
    part_of(desktop, "graph").graph.finder.field.setText("zzz")
    look("graph, nothing found")
    part_of(desktop, "graph").graph.finder.close_line()
    desktop.click(part_of(desktop, "compare").differences)
    look("compare, all tasks")
    desktop.click(part_of(desktop, "compare").differences)
    part_of(desktop, "timeline").timeline.expandAll()
    part_of(desktop, "data").inputs.as_text.setChecked(True)
    desktop.go("execution", executions_of("broken")[0].id, "timeline")
    part_of(desktop, "timeline").timeline.expandAll()
    part_of(desktop, "timeline").log.search.setText("zzz")
    desktop.settle()
    look("attempts")
    _log(desktop, look, failed)
    desktop.go("execution", waiting.id, "timeline")
    look("waiting execution")
    desktop.go("execution", executions_of("chain")[0].id)
    look("recorded by hand")
    replayed = run_on(comparing.replay_execution(failed.id, workspace=SAMPLES)).execution
    desktop.go("execution", replayed.id, "compare")
    look("compare, a replay")
    desktop.go("execution", executions.list_executions(executions.read_query("wf:log-digest", SAMPLES),
                                                      workspace=SAMPLES).rows[0].id)  # fmt: skip
    look("from outside")
    desktop.go("execution", failed.id)
    asked(desktop, look, "note", desktop.execution.execution_actions.note)
    asked(desktop, look, "replay", desktop.execution.execution_actions.replay)


def _log(desktop: Desktop, look: Look, failed: Execution) -> None:
    desktop.go("execution", failed.id, "log")
    log = part_of(desktop, "log").log
    log.show_all()
    log.bar.times.setChecked(True)
    log.bar.wrap.setChecked(True)
    desktop.settle()
    look("all logs")
    desktop.click(log.bar.errors)
    look("errors only")
    log.show_task("good")
    desktop.settle()
    log.bar.errors.setEnabled(True)
    desktop.click(log.bar.errors)
    look("no errors")
    for each in (log.bar.times, log.bar.wrap):
        each.setChecked(False)


def see_history(desktop: Desktop, look: Look) -> None:
    desktop.go("history")
    page = desktop.history
    look("history")
    page.search("after:30d status:failed")
    desktop.settle()
    look("history, failed of a month")
    page.view.selectAll()
    desktop.settle()
    look("history, selected")
    page.filters._ask_dates()
    dialog = desktop.dialog(QDialog)
    dialog.first.setDate(dialog.last.date().addDays(1))  # type: ignore[attr-defined]
    look("dates")
    close_dialogs(desktop)
    asked(desktop, look, "save a filter", page.saved.save_filter)
    page.search("after:2024-01-01 before:2024-02-01")
    desktop.settle()
    look("history, nothing fits")
    page.clear()
    desktop.settle()
