"""The head of an execution's page: how far it is, what it is part of, and whether a replay came to the same."""

from __future__ import annotations

from collections.abc import Callable

from smartspec import changes
from smartspec.changes import Change, ChangeSet, Topic
from smartspec.commands import comparing, executions
from smartspec.domain.execution import Execution, Origin
from tests.conftest import run_on
from tests.gui.conftest import CHAIN, Desktop

Ran = Callable[..., Execution]
COUNTED = """smartspec: 1
name: counted
tasks:
  count: {run: 'echo x >> seen; echo "n=$(wc -l < seen)" >> $SMARTSPEC_OUTPUT'}
"""
GATE = """smartspec: 1
name: gate
tasks:
  first: {run: echo one}
  second: {needs: [first], run: "while [ ! -e go ]; do sleep 0.02; done"}
"""


def replay(execution: Execution) -> Execution:
    return run_on(comparing.replay_execution(execution.id, origin=Origin())).execution


def test_a_replay_that_came_to_the_same_says_so_beside_its_title(desktop: Desktop, ran: Ran) -> None:
    again = replay(ran(CHAIN))
    desktop.go("execution", again.id)
    verdict = desktop.execution.verdict
    assert verdict.chip._word == "Identical to #1" and verdict.chip.isVisible()
    assert "every task" in verdict.chip.toolTip()
    assert not verdict.isVisible()
    desktop.click(verdict.chip)
    assert desktop.execution.tab == "compare"


def test_a_replay_that_came_to_something_else_says_what_in_a_strip(desktop: Desktop, ran: Ran) -> None:
    execution = ran(COUNTED)
    again = replay(execution)
    desktop.go("execution", again.id)
    verdict = desktop.execution.verdict
    assert verdict.chip._word == "Different from #1"
    assert verdict.isVisible() and "the outputs of count are not the same" in verdict.told.full_text
    desktop.go("execution", execution.id)
    assert not verdict.isVisible() and not verdict.chip.isVisible()


def test_how_far_it_is_is_told_while_it_runs(desktop: Desktop, imported: Callable[..., str]) -> None:
    desktop.go("workflows", imported(GATE))
    desktop.do("run")
    desktop.wait(lambda: executions.list_executions().rows[0].status == "running")
    desktop.go("execution", executions.get_execution("gate#1").id)
    facts = desktop.execution.header.facts
    desktop.wait(lambda: "1 of 2 tasks" in facts.accessibleName())
    (desktop.file.parent / "go").touch()
    desktop.wait(lambda: "2 ok" in facts.accessibleName())
    assert "of 2 tasks" not in facts.accessibleName()


def test_a_sub_workflow_leads_back_to_what_it_is_part_of(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    outer = ran("smartspec: 1\nname: outer\ntasks:\n  call: {workflow: default.chain}\n")
    desktop.go("execution", executions.child_executions(outer.id)[0].id)
    link = desktop.execution.header.parent_link
    assert link.text() == "in outer #1"
    desktop.click(link)
    assert desktop.execution.execution.pk == outer.pk and not link.isVisible()


def test_what_is_written_of_one_execution_does_not_wake_the_page_of_another(desktop: Desktop, ran: Ran) -> None:
    shown, heard = ran(CHAIN), list[Change]()
    desktop.go("execution", shown.id)
    stop = changes.subscribe(heard.append)
    reread: list[int] = []
    desktop.execution.reload = lambda: reread.append(1)
    ran(COUNTED)
    desktop.settle()
    stop()
    assert ChangeSet(heard).ids_of(Topic.TASKS) and not reread
    executions.pin_execution(shown.id)
    desktop.wait(lambda: reread)


def test_each_tab_has_its_key(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    desktop.go("execution", ran(CHAIN).id)
    tabs = desktop.execution.tab_bar()
    for number in range(tabs.count()):
        desktop.press(f"Alt+{number + 1}", desktop.window)
        assert tabs.currentIndex() == number


def test_what_never_worked_is_not_asked_what_changed(desktop: Desktop, ran: Ran) -> None:
    gone = "smartspec: 1\nname: gone\ntasks:\n  a: {run: 'test -e there'}\n"
    first = ran(gone)
    desktop.go("execution", first.id)
    cause = desktop.execution.cause
    assert cause.isVisible() and not cause._ask.isVisible()
    executions.note_execution(first.id, "it is shown anew")
    desktop.settle()
    assert not cause._ask.isVisible()
    (desktop.file.parent / "there").touch()
    ran(gone)
    (desktop.file.parent / "there").unlink()
    desktop.go("execution", ran(gone).id)
    assert cause._ask.isVisible()
