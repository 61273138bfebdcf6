"""The variables of an execution: what templates can name, who set it, and that it grows while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication

from smartspec.commands import executions
from smartspec.domain.execution import Execution
from smartspec.gui.pages.execution.variables_model import NAME, SOURCE, VALUE
from tests.gui.conftest import CHAIN, Desktop

Ran = Callable[..., Execution]
ITEMS = """smartspec: 1
name: items
vars: {place: "at {{ params.where }}"}
params: {type: object, properties: {where: {type: string, default: home}}}
tasks:
  each: {with_items: [a, b], run: 'echo "n={{ item }}" >> $SMARTSPEC_OUTPUT; test $SMARTSPEC_ATTEMPT = 2', retry: {max: 1, delay: 10ms}}
output: {last: "{{ vars.place }}"}
"""
GATE = """smartspec: 1
name: gate
tasks:
  first: {run: "echo n=1 >> $SMARTSPEC_OUTPUT"}
  second: {needs: [first], run: "while [ ! -e go ]; do sleep 0.02; done; echo n=2 >> $SMARTSPEC_OUTPUT"}
"""


def tab_of(desktop: Desktop) -> Any:
    return desktop.execution.tabs.content("variables")


def rows_of(desktop: Desktop) -> list[tuple[str, str, str]]:
    model = tab_of(desktop).model
    return [
        tuple(model.index(row, column).data() for column in (NAME, VALUE, SOURCE)) for row in range(model.rowCount())
    ]


def test_each_says_who_set_it(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(ITEMS).id, "variables")
    assert rows_of(desktop) == [
        ("params.where", "home", "the default"),
        ("vars.place", "at home", "the definition"),
        ("tasks.each.outputs[0].n", "a", "each[0] · attempt 2"),
        ("tasks.each.outputs[1].n", "b", "each[1] · attempt 2"),
        ("output.last", "at home", "the definition"),
    ]
    assert tab_of(desktop)._count.text() == "5 variables"


def test_what_was_given_is_told_from_defaults(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(CHAIN, {"word": "hi"}).id, "variables")
    assert rows_of(desktop)[:2] == [("params.word", "hi", "given at the start"), ("params.often", "1", "the default")]


def test_they_grow_while_it_runs(desktop: Desktop, imported: Callable[..., str]) -> None:
    desktop.go("workflows", imported(GATE))
    desktop.do("run")
    desktop.wait(lambda: executions.list_executions().rows[0].status == "running")
    desktop.go("execution", executions.get_execution("gate#1").id, "variables")
    desktop.wait(lambda: [name for name, *_ in rows_of(desktop)] == ["tasks.first.outputs.n"])
    (desktop.file.parent / "go").touch()
    desktop.wait(lambda: [name for name, *_ in rows_of(desktop)] == ["tasks.first.outputs.n", "tasks.second.outputs.n"])


def test_they_are_found_copied_and_lead_to_their_task(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(ITEMS).id, "variables")
    tab = tab_of(desktop)
    desktop.do("find")
    desktop.type_text(tab.search, "outputs b")
    assert [name for name, *_ in rows_of(desktop)] == ["tasks.each.outputs[1].n"]
    tab.view.setFocus()
    tab.view.selectRow(0)
    desktop.press("Ctrl+C", tab.view)
    assert QApplication.clipboard().text() == "b"
    tab._copy_name()
    assert QApplication.clipboard().text() == "{{ tasks.each.outputs[1].n }}"
    desktop.press("Return", tab.view)
    assert desktop.execution.tab == "graph" and desktop.execution.tabs.content("graph").chosen_task == "each"
    desktop.go("execution", desktop.execution.execution.id, "variables")
    tab.search.setText("nothing of that kind")
    desktop.settle()
    assert tab.states.currentWidget() is not tab.states.content
