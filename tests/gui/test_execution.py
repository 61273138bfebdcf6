"""The page of one execution: what failed, when, what it said, what it got and gave, what happened, what differs."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from smartspec import changes
from smartspec.changes import Change, ChangeSet, Topic
from smartspec.commands import configs, executions, recording, starting, workflows
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.value import replace
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]


def test_the_header_tells_what_became_of_it(desktop: Desktop, ran: Ran) -> None:
    execution = ran(BROKEN)
    desktop.go("execution", execution.id)
    page = desktop.execution
    assert page.header.title.text().startswith("#1 failed after")
    assert page.header.verbs["rerun"].isVisible()
    assert page.header.verbs["rerun"].property("kind") == "primary"
    assert not page.header.verbs["stop"].isVisible()
    assert "1 ok · 1 failed · 1 skipped" in page.header.facts.accessibleName()
    assert page.cause.what.full_text == "bad failed 2 times: error: no route to host (exit code 3)"


def test_where_nothing_has_run_the_page_says_so_and_offers_nothing(desktop: Desktop) -> None:
    """Also after the page of another kind, whose actions were its own."""
    desktop.go("workflows")
    desktop.go("execution", "", "log")
    assert shown_instead(desktop) == ["Nothing has run yet"]
    assert enabled_of_the_page(desktop) == {"refresh"}


def test_where_the_execution_is_none_the_page_says_so_and_offers_nothing(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id, "log")
    desktop.window.open_target("smartspec://execution/0123abcd")
    desktop.settle()
    assert "There is no execution “0123abcd”" in shown_instead(desktop)[0]
    assert enabled_of_the_page(desktop) == {"refresh"}


def test_a_link_without_an_id_is_refused(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id)
    desktop.window.open_target("smartspec://execution/")
    desktop.settle()
    assert "“smartspec://execution/” cannot be opened." in desktop.message
    assert desktop.execution.execution is not None


def shown_instead(desktop: Desktop) -> list[str]:
    """What is said in the place of the content."""
    states = desktop.execution.states
    assert states.currentWidget() is not states.content
    return [each.text() for each in states.currentWidget().findChildren(QLabel) if each.text()]


def enabled_of_the_page(desktop: Desktop) -> set[str]:
    names = {*desktop.execution.execution_actions.handlers(), "refresh", "export", "zoom_in"}
    return {name for name in names if desktop.window.context.actions[name].isEnabled()}


def test_the_page_is_woken_by_its_own_execution_and_by_no_other(desktop: Desktop, ran: Ran) -> None:
    """The key of the other execution is that of a task here."""
    first = ran(BROKEN)
    desktop.go("execution", first.id)
    heard: list[Change] = []
    stop = changes.subscribe(heard.append)
    other = ran(BROKEN)
    stop()
    assert int(other.pk) in {int(each.pk) for each in executions.list_task_executions(first.id)}
    assert ChangeSet(heard).ids_of(Topic.TASKS) == {other.pk}
    assert not desktop.execution.is_about_this(ChangeSet(heard))
    desktop.go("execution", other.id)
    assert desktop.execution.is_about_this(ChangeSet(heard))


def test_the_timeline_has_a_line_per_task_and_opens_to_attempts(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id)
    timeline = desktop.execution.tabs.content("timeline").timeline
    assert [(line.name, line.note) for line in timeline.timeline.lines] == [
        ("good", ""), ("bad", "2 attempts"), ("after", "")
    ]  # fmt: skip
    bad = timeline.timeline.index(1, 0)
    timeline.setFocus()
    assert timeline.isExpanded(bad) and timeline.currentIndex().row() == 1, "on what failed last"
    timeline.setCurrentIndex(bad)
    desktop.press("Left", timeline)
    assert not timeline.isExpanded(bad)
    desktop.press("Right", timeline)
    assert timeline.isExpanded(bad)
    desktop.press("Down", timeline)
    assert desktop.execution.tabs.content("timeline").log.row.attempt == 1
    desktop.press("Down", timeline)
    assert desktop.execution.tabs.content("timeline").log.row.attempt == 2


def test_an_error_is_shown_as_it_stands_at_its_bar(desktop: Desktop, ran: Ran) -> None:
    """A tooltip takes a text for HTML where its first line looks like it, and only there."""
    execution = ran(BROKEN)
    desktop.go("execution", execution.id, "timeline")
    timeline = desktop.execution.tabs.content("timeline").timeline.timeline
    last = timeline.lines[1].children[1]
    last.rows[0] = replace(last.rows[0], error="<b> & more", duration_ms=5)
    tip = timeline.data(timeline.index(1, 1, timeline.index(1, 0)), Qt.ItemDataRole.ToolTipRole)
    assert tip == "Attempt 2: 5 ms<br>&lt;b&gt; &amp; more"


def test_the_log_shows_finds_and_jumps_to_the_first_error(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id, "log")
    log = desktop.execution.tabs.content("log").log
    desktop.wait(lambda: log.view.line(1) is not None)
    assert log.row.task == "bad"
    assert [log.view.line(n) for n in range(log.view.count)] == ["before", "error: no route to host"]
    desktop.do("find")
    desktop.type_text(log.search, "ROUTE")
    desktop.wait(lambda: log.bar.found.text() == "1 of 1")
    log.view.setFocus()
    desktop.press("Ctrl+Shift+E", log.view)
    desktop.wait(lambda: log.view.current == 1)
    desktop.press("Ctrl+C", log.view)
    assert QApplication.clipboard().text() == "error: no route to host"


def test_where_a_log_has_no_file_that_is_said(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id, "log")
    log = desktop.execution.tabs.content("log").log
    desktop.wait(lambda: log.view.line(1) is not None)
    log.export.show_file()
    desktop.wait(lambda: "kept in the database" in desktop.toast)


def test_inputs_outputs_and_settings_as_they_were(desktop: Desktop, ran: Ran) -> None:
    execution = ran(CHAIN, {"word": "hi"})
    desktop.go("execution", execution.id, "data")
    page = desktop.execution
    data = page.tabs.content("data")
    assert data.inputs.model.root.value["params"] == {"word": "hi", "often": 1}
    assert data.outputs.model.root.value == {"tasks": {"second": {"n": "2"}}}
    data.inputs.search.setText("hi")
    data.inputs.find_next()
    node = data.inputs.model.node(data.inputs.view.currentIndex())
    assert node.path.endswith("word")
    data.inputs.view.copy("path")
    assert QApplication.clipboard().text() == node.path
    desktop.go("execution", execution.id, "snapshot")
    assert page.tabs.content("snapshot").tree.model.root.value["host"] == "nas.local"


def test_events_are_all_there(desktop: Desktop, ran: Ran) -> None:
    execution = ran(BROKEN)
    desktop.go("execution", execution.id, "events")
    model = desktop.execution.tabs.content("events").model
    told = [model.index(n, 1).data() for n in range(model.rowCount())]
    assert told == [each.type.value.replace("_", " ") for each in executions.list_events(execution.id).rows]
    assert "task retrying" in told


def test_the_first_error_of_a_log_by_its_keys(desktop: Desktop, ran: Ran) -> None:
    text = "smartspec: 1\nname: long\ntasks:\n  a: {run: 'seq 1 400; echo error: here; seq 1 400; exit 1'}\n"
    desktop.go("execution", ran(text).id, "log")
    log = desktop.execution.tabs.content("log").log
    desktop.wait(lambda: log.view.verticalScrollBar().maximum() > 0)
    log.view.verticalScrollBar().setValue(0)
    log.view.setFocus()
    desktop.press("Ctrl+Shift+E", log.view)
    assert 300 < log.view.verticalScrollBar().value() <= 401


def test_what_is_dragged_over_in_the_timeline_is_all_that_is_shown(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id)
    timeline = desktop.execution.tabs.content("timeline").timeline
    before = timeline.scale.span
    bars = timeline._bars
    left, right = (QPoint(round(bars.left() + bars.width() * part), 40) for part in (0.25, 0.75))
    view = timeline.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=left)
    QTest.mouseMove(view, right)
    timeline.grab()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=right)
    begin, end = timeline.scale.span
    assert begin == pytest.approx(before[1] * 0.25, rel=0.05) and end == pytest.approx(before[1] * 0.75, rel=0.05)
    desktop.press("0", timeline)
    assert timeline.scale.span == before


def test_compare_names_the_changed_setting(desktop: Desktop, ran: Ran) -> None:
    text = """smartspec: 1
name: sync
config: {host: {type: string, default: good}}
tasks:
  sync: {run: '[ "$H" = good ] && echo sent || { echo "cannot reach $H"; exit 9; }', env: {H: "{{ config.host }}"}}
"""
    ran(text)
    configs.set_config("sync", "host", "bad")
    failed = run_on(starting.start_execution("sync", origin=Origin(Trigger.CLI))).execution
    desktop.settle()
    desktop.go("execution", failed.id, "compare")
    compare = desktop.execution.tabs.content("compare")
    desktop.wait(lambda: compare.findings.count())
    assert compare.detail.headline.text() == "The setting host changed: good → bad"
    assert compare.detail.value.text == "−  good\n+  bad"
    assert "sent" in compare.detail.logs[0].text and "cannot reach bad" in compare.detail.logs[0].text
    assert "the definition" in compare._same.text() and "0 of" not in compare._same.text()
    assert compare.detail.put_back.text() == "Use good again"
    desktop.click(compare.detail.put_back)
    assert configs.get_config("sync", "host").value == "good"
    desktop.do("undo")
    assert configs.get_config("sync", "host").value == "bad"
    assert compare.detail.action_button.text() == "Open Config"
    desktop.click(compare.detail.action_button)
    assert desktop.workflows.tab == "config"
    assert "host" in desktop.execution.cause.likely.full_text


def test_the_report_says_where_a_log_has_ended(desktop: Desktop, ran: Ran) -> None:
    text = """smartspec: 1
name: short
config: {more: {type: boolean, default: true}}
tasks:
  told: {run: 'echo one; if [ "$M" = true ]; then printf "\\033[31mtwo\\033[0m\\n"; fi', env: {M: "{{ config.more }}"}}
"""
    ran(text)
    configs.set_config("short", "more", False)
    shorter = run_on(starting.start_execution("short", origin=Origin(Trigger.CLI))).execution
    desktop.settle()
    desktop.go("execution", shorter.id, "compare")
    desktop.click(desktop.execution.tabs.content("compare").copy)
    assert QApplication.clipboard().text().endswith("told, line 2: two → (its end)")


def test_nothing_to_compare_with_is_said(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id, "compare")
    compare = desktop.execution.tabs.content("compare")
    desktop.wait(lambda: compare.states.currentWidget() is not compare.states.content)


def test_rerun_failed_is_another_attempt_of_the_same(desktop: Desktop, ran: Ran) -> None:
    execution = ran(BROKEN)
    desktop.go("execution", execution.id)
    desktop.press("Ctrl+R")
    desktop.wait(lambda: executions.get_execution(execution.id).attempt == 2)
    desktop.wait(lambda: executions.get_execution(execution.id).status == "failed")
    desktop.settle()
    page = desktop.execution
    desktop.wait(lambda: page.header.rounds.isVisible())
    page.header.round_chosen.emit(1)
    desktop.settle()
    assert {row.round for line in page.tabs.content("timeline").timeline.timeline.lines for row in line.rows} == {1}


def test_run_again_goes_to_the_new_one_and_replay_says_what_is_pinned(desktop: Desktop, ran: Ran) -> None:
    execution = ran(CHAIN)
    desktop.go("execution", execution.id)
    desktop.do("again")
    assert desktop.execution.execution.number == 2
    desktop.wait(lambda: executions.get_execution("chain#2").status == "completed")
    desktop.go("execution", execution.id)
    desktop.press_in_question("Replay")
    desktop.do("replay")
    assert desktop.execution.execution.replay_of == execution.pk
    desktop.wait(lambda: executions.get_execution("chain#3").status == "completed")


def test_pin_note_command_link_and_export(desktop: Desktop, ran: Ran) -> None:
    execution = ran(CHAIN, {"word": "it's"})
    desktop.go("execution", execution.id)
    desktop.do("pin")
    assert executions.get_execution(execution.id).pinned
    desktop.answer("Worth keeping")
    desktop.do("note")
    desktop.settle()
    assert executions.get_execution(execution.id).note is not None
    desktop.do("copy_command")
    assert QApplication.clipboard().text() == """smartspec run default.chain -p 'word=it'"'"'s'"""
    desktop.do("copy_link")
    assert QApplication.clipboard().text() == f"smartspec://execution/{execution.id}"
    from smartspec.gui.pages.execution.detail import export as _export

    file = desktop.file.parent / "out.json"
    _export(desktop.execution._detail, file)
    assert json.loads(file.read_text())["execution"]["id"] == execution.id


def test_a_manual_task_is_confirmed_here(desktop: Desktop, imported: Callable[..., str]) -> None:
    id_ = imported(
        "smartspec: 1\nname: ask\ntasks:\n  look: {manual: Is it plugged in?}\n  go: {needs: [look], run: echo go}\n"
    )
    desktop.go("workflows", id_)
    desktop.do("run")
    desktop.wait(lambda: executions.list_executions().rows and executions.list_executions().rows[0].status == "running")
    desktop.go("execution", executions.list_executions().rows[0].id)
    question = desktop.execution.question
    desktop.wait(lambda: question.isVisible())
    assert "Is it plugged in?" in question._words.text()
    desktop.click(question.yes)
    desktop.wait(lambda: executions.list_executions().rows[0].status == "completed")


def test_what_was_recorded_elsewhere_is_ended_here(desktop: Desktop, imported: Callable[..., str]) -> None:
    imported(CHAIN)
    execution = recording.begin_execution("chain")
    desktop.settle()
    desktop.go("execution", execution.id)
    desktop.click(desktop.execution.question.no)
    assert executions.get_execution(execution.id).status == "failed"


def test_before_and_after(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN, times=3)
    desktop.go("execution", executions.get_execution("chain#2").id)
    desktop.click(desktop.execution.header.previous)
    assert desktop.execution.execution.number == 1
    desktop.press("Alt+Left")
    assert desktop.execution.execution.number == 2


def test_an_execution_that_is_gone_is_told_in_place(desktop: Desktop) -> None:
    desktop.go("execution", "00000000-0000-7000-8000-000000000000")
    page = desktop.execution
    assert page.states.currentWidget() is not page.states.content
    assert workflows.count_workflows() == 0


def test_a_link_opens_the_execution(desktop: Desktop, ran: Ran) -> None:
    execution = ran(CHAIN)
    desktop.window.open_target(f"smartspec://execution/{execution.id}")
    desktop.settle()
    assert desktop.execution.execution.id == execution.id
