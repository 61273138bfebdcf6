"""A walk through the window: every page, tab, dialog, menu and state, one after another, as a person would see them.

Each is opened, its name told to whoever looks, and closed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu

from smartspec.commands import (
    comparing,
    configs,
    database,
    executions,
    files,
    recording,
    samples,
    schedules,
    settings,
    starting,
    versions,
    workflow_sources,
    workflows,
    working_copies,
)
from smartspec.domain import times
from smartspec.domain.activity import State
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.workspace import SAMPLES
from smartspec.gui.core.notifications import Message
from smartspec.gui.shell.importing.dialog import ImportDialog
from smartspec.gui.shell.messages_dialog import DetailsDialog
from smartspec.gui.shell.report_dialog import ReportDialog
from smartspec.gui.shell.restore.dialog import RestoreDialog
from smartspec.gui.widgets.forms.json_dialog import JsonDialog
from smartspec.store import database as store_database
from smartspec.store import firings
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop
from tests.serving import serving

WRONG = "smartspec: 1\nname: wrong\ntasks:\n  a: {runn: echo}\n  b: {needs: [c], run: echo}\n"
ITEMS = """smartspec: 1
name: items
params:
  type: object
  required: [where]
  properties:
    where: {type: string, enum: [here, there], description: At which place}
    day: {type: string, format: date}
    list: {type: array, items: {type: string}}
    most_days: {type: integer, minimum: 1, maximum: 365}
    from: {type: string, format: folder, description: Where it comes from}
    mail: {type: string, format: email}
    at: {type: string, format: date-time}
    deep: {type: boolean, description: All of it}
    more: {type: object}
tasks:
  each: {with_items: [one, two], run: "echo {{ item }}"}
  look: {needs: [each], manual: Is it plugged in?}
"""
NOW = (
    "smartspec: 1\nname: asking\ntasks:\n  a: {manual: Is it plugged in?}\n",
    "smartspec: 1\nname: trying\ntasks:\n  a: {run: 'exit 7', retry: {max: 3, delay: 60s}}\n",
    "smartspec: 1\nname: slow\nuses: [nas]\ntasks:\n  a: {run: sleep 60}\n  b: {needs: [a], run: 'true'}\n",
    "smartspec: 1\nname: held\nuses: [nas]\ntasks:\n  a: {run: sleep 60}\n",
)
QUIET = "until it is quiet"
WRITTEN = (
    QUIET,
    "status:failed",
    "after:30d status:failed",
    "nonsense",
    "runn",
    "nothing of that kind",
    "nothing",
    "fourth",
    "tasks.fourth.env.A",
    "tasks.nothing.outputs",
    "zzz",
    "1 x",
    "3O",
    "wrong",
    "none.yaml",
    "good.yaml",
    "bad.yaml",
    "report.txt",
    "2026-13-01",
    "1,200",
    "/nowhere",
    "mira",
)
DOOR = "smartspec: 1\nname: door\nconfig: {key: {type: secret, description: Of the door}}\ntasks: {a: {run: echo}}\n"
Look = Callable[[str], object]


@contextmanager
def filled(file: Path) -> Iterator[Desktop]:
    """The window on the sample data, filled; an error that nobody caught fails the test."""
    database.open_database(file)
    made = Desktop(file)
    fill(made)
    made.program.show(SAMPLES)
    made.window.resize(1280, 800)
    made.settle()
    yield made
    made.close()
    database.close_database()
    assert made.reports == 0, "an error was reported"


def fill(desktop: Desktop) -> None:
    """The sample data, and beside them workflows that ran here: well, badly, with items, by hand, and waiting."""
    samples.make_samples()
    at = SAMPLES
    sources = [workflow_sources.Source(f"{n}.yaml", text, "yaml", str(desktop.file.parent))
               for n, text in enumerate((BROKEN, CHAIN, ITEMS, *NOW, DOOR))]  # fmt: skip
    broken, chain, items, *_rest = (each.workflow.id for each in files.import_workflows(sources, workspace=at))
    by_hand = Origin(Trigger.MANUAL)
    run_on(starting.start_execution(chain, {}, origin=by_hand, workspace=at))
    for word in ("skip", "host"):
        configs.set_config(chain, word, ["c"] if word == "skip" else "other.local", workspace=at)
    working_copies.save_version(chain, CHAIN.replace("echo third", "echo last"), change_log="Say last", workspace=at)
    run_on(starting.start_execution(chain, {"word": "bye"}, origin=by_hand, workspace=at))
    run_on(starting.start_execution(broken, {}, origin=by_hand, workspace=at))
    starting.start_execution(items, {"where": "here"}, origin=by_hand, workspace=at)
    recording.begin_execution(chain, workspace=at)


def tour(desktop: Desktop, look: Look) -> None:
    """Through a ledger that `fill` filled."""
    parts = (
        _workflows, _editing, _workflow_dialogs, _execution, _history, _settings, _now, _window, _menus, _restore,
        _lost,
    )  # fmt: skip
    for part in parts:
        part(desktop, look)


def tour_empty(desktop: Desktop, look: Look) -> None:
    """Through one in which nothing is."""
    look("welcome")
    desktop.go("history")
    look("history, empty")
    desktop.history.search("status:failed")
    desktop.settle()
    look("history, nothing fits")
    desktop.history.search("dur:nonsense")
    desktop.settle()
    look("history, no search")
    desktop.do("now")
    look("now, empty")
    desktop.press("Esc")
    desktop.do("palette")
    look("palette, empty")
    desktop.press("Esc")
    desktop.go("workflows")
    desktop.workflows.show_trash()
    desktop.settle()
    look("trash, empty")
    close_dialogs(desktop)
    desktop.go("execution", "0" * 32)
    look("execution, not there")
    desktop.go("workflows")


def _workflow(name: str) -> str:
    return workflows.get_workflow(name, SAMPLES).id


def _executions(name: str) -> tuple[Execution, ...]:
    return executions.list_executions(executions.read_query(f"wf:{name}", SAMPLES), workspace=SAMPLES).rows


def _tab(desktop: Desktop, name: str) -> Any:
    """Of the page of workflows."""
    return desktop.workflows.tabs.content(name)


def _part(desktop: Desktop, name: str) -> Any:
    """A tab of the page of an execution."""
    return desktop.execution.tabs.content(name)


def _workflows(desktop: Desktop, look: Look) -> None:
    page = desktop.workflows
    for tab in ("overview", "definition", "config", "versions"):
        desktop.go("workflows", _workflow("chain"), tab)
        look(f"workflow, {tab}")
    _tab(desktop, "versions").diff.set_unified(True)
    look("versions, one column")
    desktop.go("workflows", _workflow("chain"), "overview")
    _tab(desktop, "overview").graph.as_list.setChecked(True)
    look("tasks as a list")
    _tab(desktop, "overview").graph.as_list.setChecked(False)
    page.executions.toggle()
    desktop.settle()
    look("executions folded")
    page.executions.toggle()
    page.executions.words.setText("nothing of that kind")
    desktop.settle()
    look("executions, nothing fits")
    page.executions.clear()
    page.workflow_list.search.setText("zzz")
    desktop.settle()
    look("workflows, nothing fits")
    page.workflow_list.search.clear()
    desktop.settle()


def _editing(desktop: Desktop, look: Look) -> None:
    desktop.go("workflows", _workflow("chain"), "definition")
    editor = _tab(desktop, "definition").editor
    saved = editor.toPlainText()
    editor.setPlainText(WRONG)
    desktop.settle()
    look("definition with problems")
    definition = _tab(desktop, "definition")
    for text in ('"{{ params.word }}"', '"{{ tasks.nothing.outputs }}"', ""):
        editor.setPlainText(saved + (f"  fourth: {{run: echo, env: {{A: {text}}}}}" if text else ""))
        editor.moveCursor(editor.textCursor().MoveOperation.End)
        desktop.settle()
        look(f"definition, template {text}")
    editor.setPlainText(WRONG)
    desktop.settle()
    find = definition.find_bar
    find.open(replacing=True)
    for text in ("echo", "zzz", "ech("):
        find.pattern.setChecked(text == "ech(")
        find.field.setText(text)
        desktop.settle()
        look(f"definition, find {text}")
    _tab(desktop, "definition").find_bar.close_bar()
    editor.setPlainText(saved + "\n# more\n")
    desktop.settle()
    look("definition, not saved")
    _tab(desktop, "definition").save()
    look("save as a version")
    _tab(desktop, "definition").question.leave()
    desktop.workflows.tabs.show_tab("versions")
    desktop.settle()
    look("versions with a draft")
    desktop.workflows.tabs.show_tab("definition")
    _tab(desktop, "definition").discard()
    desktop.settle()
    look("toast with undo")
    desktop.go("workflows", _workflow("chain"), "config")
    rows = _tab(desktop, "config").rows
    rows["days"].editor.field.setText("3O")
    desktop.settle()
    look("config with a problem")
    _tab(desktop, "config").cancel()
    _tab(desktop, "config").search.setText("zzz")
    look("config, nothing fits")
    _tab(desktop, "config").search.clear()
    desktop.settle()


def _workflow_dialogs(desktop: Desktop, look: Look) -> None:
    desktop.go("workflows", _workflow("chain"), "config")
    _tab(desktop, "config").add()
    dialog = desktop.dialog(QDialog)
    dialog.key.setText("1 x")  # type: ignore[attr-defined]
    look("add a setting")
    close_dialogs(desktop)
    _tab(desktop, "config")._ask_as_of()
    look("as of")
    close_dialogs(desktop)
    _tab(desktop, "config").show_history("host")
    desktop.settle()
    look("history of a value")
    close_dialogs(desktop)
    asked(desktop, look, "forget all", _tab(desktop, "config").forget_all)
    desktop.go("workflows", _workflow("door"), "config")
    look("a secret that is not set")
    _tab(desktop, "config").rows["key"].set_asked.emit()
    desktop.settle()
    desktop.dialog(QDialog).field.line.setText("abc")  # type: ignore[attr-defined]
    look("set a secret")
    close_dialogs(desktop)
    desktop.go("workflows", _workflow("chain"), "config")
    dialog = JsonDialog(desktop.window, "skip", "[1, 2", len)
    dialog.show()
    look("a value as JSON")
    close_dialogs(desktop)
    desktop.go("workflows", _workflow("items"), "definition")
    desktop.do("run_with")
    dialog = desktop.dialog(QDialog)
    look("run with parameters")
    dialog._fill_in(None)  # type: ignore[attr-defined]
    dialog._run()  # type: ignore[attr-defined]
    desktop.settle()
    look("run with parameters, one missing")
    fields = dialog.form.group.fields  # type: ignore[attr-defined]
    for name, text in (("day", "2026-13-01"), ("most_days", "1,200"), ("from", "/nowhere"), ("mail", "mira")):
        fields[name].fill(text)
    fields["list"].fill(["a", "b"])
    desktop.settle()
    look("run with parameters that do not fit")
    fields["day"].fill("2026-11-16")
    desktop.settle()
    look("run with a day")
    dialog._swap_view()  # type: ignore[attr-defined]
    look("run with parameters as JSON")
    close_dialogs(desktop)
    desktop.go("workflows", _workflow("chain"), "definition")
    _tab(desktop, "definition").resolve(versions.latest_version(_workflow("chain"), SAMPLES))
    desktop.settle()
    look("conflict")
    close_dialogs(desktop)
    desktop.do("record")
    look("record by hand")
    dialog = desktop.dialog(QDialog)
    dialog.when.segments[1].click()  # type: ignore[attr-defined]
    dialog.end.set_value("2026-11-16")  # type: ignore[attr-defined]
    desktop.settle()
    look("record by hand what is done")
    dialog.outcome.segments[1].click()  # type: ignore[attr-defined]
    look("record by hand what failed")
    close_dialogs(desktop)
    for name in ("new", "rename", "duplicate"):
        desktop.do(name)
        look(name)
        close_dialogs(desktop)
    desktop.go("workflows", _workflow("chain"), "versions")
    _tab(desktop, "versions")._restore()
    look("restore a version")
    close_dialogs(desktop)


def _execution(desktop: Desktop, look: Look) -> None:
    failed, waiting = _executions("broken")[0], _executions("items")[0]
    done = next(each for each in _executions("chain") if each.status == "completed")
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
    _part(desktop, "graph").graph.find_task()
    _part(desktop, "graph").graph.finder.field.setText("zzz")
    look("graph, nothing found")
    _part(desktop, "graph").graph.finder.close_line()
    desktop.click(_part(desktop, "compare").differences)
    look("compare, all tasks")
    desktop.click(_part(desktop, "compare").differences)
    _part(desktop, "timeline").timeline.expandAll()
    _part(desktop, "data").inputs.as_text.setChecked(True)
    desktop.go("execution", _executions("broken")[0].id, "timeline")
    _part(desktop, "timeline").timeline.expandAll()
    _part(desktop, "timeline").log.search.setText("zzz")
    desktop.settle()
    look("attempts")
    _log(desktop, look, failed)
    desktop.go("execution", waiting.id, "timeline")
    look("waiting execution")
    desktop.go("execution", _executions("chain")[0].id)
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
    log = _part(desktop, "log").log
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


def _history(desktop: Desktop, look: Look) -> None:
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


def _audit(desktop: Desktop, look: Look) -> None:
    desktop.go("audit", _workflow("chain"))
    page: Any = desktop.window.page("audit")
    look("audit of a workflow")
    for chip in (page.filters.what, page.filters.when):
        chip.click()
        look("menu: audit")
        close_menus()
    page.filters.words.setText("zzz")
    desktop.settle()
    look("audit, nothing fits")
    page.filters.clear()
    desktop.settle()
    look("audit")
    desktop.go("workflows", _workflow("chain"))


def _schedules(desktop: Desktop, look: Look) -> None:
    desktop.go("schedules")
    page: Any = desktop.window.page("schedules")
    look("schedules, none")
    chain = workflows.get_workflow(_workflow("chain"))
    rules = (("Nightly", "0 2 * * *"), ("Often", "*/7 * * * *"))
    nightly, often = (schedules.create_schedule(chain.id, rule, name=_said(name)) for name, rule in rules)
    for decision, reason in (
        (Decision.SKIPPED_OVERLAP, "overlap: 7"), (Decision.SKIPPED_PAUSED, "inactive"),
        (Decision.SKIPPED_MISSED, "late; skip"), (Decision.COULD_NOT_START, f"start: {_said('It could not be started.')}"),
    ):  # fmt: skip
        _decide(nightly, decision, reason)
    schedules.pause_schedule(often.id)
    desktop.settle()
    look("schedules")
    page.actions_.menu(page.list, page.list.current).popup(page.mapToGlobal(QPoint(200, 200)))
    look("menu: schedule")
    close_menus()
    page.actions_.new()
    desktop.settle()
    look("new schedule")
    dialog: Any = desktop.dialog(QDialog)
    dialog.expression.setText("0 0 30 2 *")
    desktop.settle()
    look("new schedule, never due")
    close_dialogs(desktop)
    desktop.go("workflows", chain.id)


def _decide(schedule: Schedule, decision: Decision, reason: str) -> None:
    past = len(firings.newest(schedule.pk, 10)) + 1
    at = times.from_ms((times.to_ms(times.now()) // 60_000 + past) * 60_000)
    with store_database.transaction():
        firings.add(schedule, Firing(scheduled_for=at, decision=decision, reason=reason), at)


def _window(desktop: Desktop, look: Look) -> None:
    desktop.go("workflows", _workflow("chain"))
    for text in ("", ">", "#1", "chain"):
        desktop.do("palette")
        typed = desktop.window.findChild(QLineEdit, "palette_input")
        assert isinstance(typed, QLineEdit)
        typed.setText(text)
        desktop.settle()
        look(f"palette {text}")
        desktop.press("Esc")
    for name in ("shortcuts", "help", "about", "workspace", "messages"):
        desktop.do(name)
        look(name)
        close_dialogs(desktop)
    _audit(desktop, look)
    _schedules(desktop, look)
    _toasts(desktop, look)
    notifications = desktop.program.notifications
    message = Message("error", _said("It could not be done."), _said("Try again."), "", "check")
    notifications.notify(message)
    desktop.settle()
    look("message bar")
    DetailsDialog(message, desktop.window).show()
    look("details")
    close_dialogs(desktop)
    desktop.do("messages")
    look("messages")
    close_dialogs(desktop)
    desktop.window.message_bar.dismiss()
    desktop.workflows.show_trash()
    desktop.settle()
    look("trash")
    close_dialogs(desktop)
    ReportDialog("…", desktop.file.parent / "report.txt", desktop.window).show()
    look("report")
    close_dialogs(desktop)
    for n, text in (("good", CHAIN), ("bad", WRONG)):
        (desktop.file.parent / f"{n}.yaml").write_text(text, encoding="utf-8")
    paths = [desktop.file.parent / name for name in ("good.yaml", "bad.yaml", "none.yaml")]
    dialog = ImportDialog(desktop.window.context, paths, desktop.window)
    dialog.show()
    desktop.settle()
    for row in range(dialog.model.rowCount()):
        dialog.list.setCurrentIndex(dialog.model.index(row))
        look(f"import {row}")
    close_dialogs(desktop)
    for running in (1, 3):
        asked(desktop, look, f"close while {running} run", partial(desktop.program.ask_what_to_do, running))
    desktop.window.status.check_health()
    desktop.settle()
    look("status bar")


def _settings(desktop: Desktop, look: Look) -> None:
    desktop.do("page_settings")
    page: Any = desktop.window.page("settings")
    look("settings")
    desktop.go("settings", "runner.at_once")
    line = page.form.rows["runner.at_once"].control.line
    line.setText("3")
    line.editingFinished.emit()
    desktop.settle()
    look("settings, one is changed")
    line.setText("3O")
    line.editingFinished.emit()
    desktop.settle()
    look("settings, one is wrong")
    desktop.press("Esc", line)
    page.search.setText("zzz")
    desktop.settle()
    look("settings, nothing is found")
    page.search.setText("1")
    desktop.settle()
    look("settings, searched")
    page.search.clear()
    page.reset_everything()
    desktop.settle()
    look("settings, reset")


def _now(desktop: Desktop, look: Look) -> None:
    """A question is asked, a retry waits, one is paused, the rest is queued."""
    from smartspec.commands import control

    settings.set_setting("runner.at_once", 10)
    keys = [_workflow(name) for name in ("asking", "trying", "slow", "held")]
    panel, states = desktop.window.now.panel, {"asked", "running", "waiting"}
    with serving():
        begun = [starting.start_execution(key, origin=Origin(Trigger.MANUAL), workspace=SAMPLES) for key in keys]
        desktop.do("now")
        desktop.wait(lambda: states <= {row.activity.state for row in panel.list.rows.values()})
        paused = starting.start_execution(keys[3], origin=Origin(Trigger.MANUAL), workspace=SAMPLES)
        control.pause_execution(paused.id, QUIET, SAMPLES)
        desktop.settle()
        look("now")
        panel.header.choose(State.PAUSED)
        desktop.settle()
        look("now, what is paused")
        panel.header.choose(None)
        desktop.window.now.pin(True)
        desktop.settle()
        look("now, at the right")
        desktop.window.now.pin(False)
        desktop.window.now.close()
        for each in (*begun, paused):
            control.cancel_execution(each.id)
        desktop.wait(lambda: all(executions.get_execution(each.id).completed_at for each in begun))
    desktop.settle()


def _toasts(desktop: Desktop, look: Look) -> None:
    """Of runs: how they start, and each way in which they end."""
    watch = desktop.window._runs
    desktop.window.toast._show_next()  # what offers Undo would stay before them
    for name in ("broken", "chain", "items"):
        execution = _executions(name)[0]
        desktop.program.notifications.show_toast(watch._of_start(execution, ""))
        look(f"toast: {name} started")
        desktop.program.notifications.show_toast(watch._of_end(execution, stays=name == "broken"))
        look(f"toast: {name} {execution.status}")
    desktop.window.toast._show_next()


def _said(text: str) -> str:
    from smartspec.messages import tr

    return tr(text)


def _menus(desktop: Desktop, look: Look) -> None:
    window, page = desktop.window, desktop.workflows
    desktop.go("workflows", _workflow("chain"), "config")
    window.top.all_menus.popup(QPoint())
    look("all menus")
    close_menus()
    for name, popup in (
        ("packs", lambda: page.workflow_list._on_menu(QPoint())),
        ("workflows", lambda: page.workflow_list._on_menu(_place_of_current(page.workflow_list.view))),
        ("executions", lambda: page.executions.view._on_menu(QPoint())),
        ("more about a workflow", page.header.more.click),
        ("more ways to run", page.header.more_run.click),
        ("more settings", _tab(desktop, "config").more.click),
        ("a setting", _tab(desktop, "config").rows["host"]._popup),
        ("columns", page.executions.columns.click),
    ):
        popup()
        look(f"menu: {name}")
        close_menus()
    desktop.go("history")
    for kind, chip in desktop.history.filters.kinds.items():
        chip.click()
        desktop.settle()
        look(f"menu: {kind}")
        close_menus()
    desktop.history.grouping.segments[1].click()
    desktop.settle()
    look("sessions")
    desktop.history.grouping.segments[0].click()
    desktop.settle()
    desktop.history.filters.more.click()
    look("menu: statuses")
    close_menus()
    desktop.go("execution", _executions("broken")[0].id, "data")
    desktop.execution.header.more.click()
    look("menu: more about an execution")
    close_menus()
    desktop.go("execution", _executions("broken")[0].id, "graph")
    for name, popup in (
        ("a task of the graph", lambda: _part(desktop, "graph")._on_menu("bad", QPoint())),
        ("colours of the graph", _part(desktop, "graph").chips.colours.click),
        ("attempts of the execution", _part(desktop, "graph").chips.version.click),
        ("a task of the timeline", lambda: _part(desktop, "timeline")._on_menu(QPoint())),
    ):
        popup()
        look(f"menu: {name}")
        close_menus()
    desktop.go("execution", _executions("broken")[0].id, "data")
    _part(desktop, "data").outputs.view._on_menu(QPoint())
    look("menu: a value")
    close_menus()


def _place_of_current(view: Any) -> QPoint:
    at: QPoint = view.visualRect(view.currentIndex()).center()
    return at


def _restore(desktop: Desktop, look: Look) -> None:
    desktop.do("restore")
    look("restore, no backup")
    close_dialogs(desktop)
    database.back_up_database()
    desktop.do("restore")
    look("restore to a new place")
    desktop.dialog(RestoreDialog).form.in_place.click()
    desktop.settle()
    look("restore over this ledger")
    close_dialogs(desktop)


def _lost(desktop: Desktop, look: Look) -> None:
    elsewhere = desktop.file.with_name("elsewhere")
    desktop.file.rename(elsewhere)
    desktop.wait(lambda: desktop.window.ledger.lost is not None)
    desktop.settle()
    look("the database is gone")
    desktop.window.ledger.asked.emit("found")
    desktop.settle()
    look("safe start")
    elsewhere.rename(desktop.file)
    desktop.wait(lambda: desktop.window.ledger.lost is None)
    desktop.settle()


def asked(desktop: Desktop, look: Look, name: str, ask: Callable[[], object]) -> None:
    """What waits for an answer is looked at, and cancelled."""
    seen: list[str] = []

    def see(dialog: QDialog) -> None:
        try:
            look(name)
        finally:
            seen.append(name)
            dialog.reject()

    desktop._when_asked(QDialog, see)
    ask()
    desktop.settle()
    assert seen, f"nothing was asked: {name}"


def close_dialogs(desktop: Desktop) -> None:
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desktop.settle()


def close_menus() -> None:
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QMenu):
            each.close()
