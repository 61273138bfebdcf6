"""The list of workflows: what changes moves in it, what is selected and folded stays so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, QPoint
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu

from smartspec.commands import recording, workflows, workspaces
from smartspec.commands.recording import Report
from smartspec.commands.workflow_summaries import WorkflowSummary, summarize_workflows
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.workflow import Workflow
from smartspec.gui.pages.workflows.workflow_model import WorkflowModel
from smartspec.value import replace
from tests.gui.conftest import CHAIN, Desktop

Import = Callable[..., str]


def make(*names: str, pack: str = "default") -> list[Workflow]:
    return [workflows.create_workflow(name, pack=pack) for name in names]


def listed(model: WorkflowModel) -> dict[str, list[str]]:
    packs = [model.index(row, 0) for row in range(model.rowCount())]
    return {pack.data(): [model.index(n, 0, pack).data() for n in range(model.rowCount(pack))] for pack in packs}


@pytest.fixture
def model(desktop: Desktop) -> WorkflowModel:
    make("b", "d", "f")
    make("x", pack="later")
    made = WorkflowModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning, made)
    assert made.show_summaries(summarize_workflows())
    return made


def test_what_comes_goes_and_is_renamed_leaves_the_others_where_they_are(model: WorkflowModel) -> None:
    held = QPersistentModelIndex(model.index_of(workflows.get_workflow("b").id))
    assert listed(model) == {"default": ["b", "d", "f"], "later": ["x"]}
    make("a", "e")
    make("m", pack="between")
    assert not model.show_summaries(summarize_workflows())
    assert listed(model) == {"between": ["m"], "default": ["a", "b", "d", "e", "f"], "later": ["x"]}
    workflows.rename_workflow("b", "z")
    workflows.rename_workflow("d", "0")
    workflows.delete_workflow("between.m")
    assert not model.show_summaries(summarize_workflows())
    assert listed(model) == {"default": ["0", "a", "e", "f", "z"], "later": ["x"]}
    assert held.data() == "z" and held.row() == 4


def test_many_changes_fill_it_anew(model: WorkflowModel) -> None:
    one = summarize_workflows()[0]
    many = tuple(
        WorkflowSummary(replace(one.workflow, id=f"{n}", name=f"{n:04}", pack=f"p{n % 3}"), ()) for n in range(200)
    )
    assert model.show_summaries(sorted(many, key=lambda each: each.workflow.pack))
    assert model.rowCount() == 3 and model.index_of("199").data() == "0199"


def test_the_list_follows_one_execution_without_losing_the_selection(desktop: Desktop, imported: Import) -> None:
    ids = [imported(CHAIN.replace("name: chain", f"name: {name}")) for name in "abc"]
    desktop.go("workflows", ids[1])
    pane = desktop.workflows.workflow_list
    pane.view.selectionModel().select(pane.model.index_of(ids[2]), QItemSelectionModel.SelectionFlag.Select)
    recording.end_execution(recording.begin_execution(ids[0]).id, Report(ExecutionStatus.FAILED))
    desktop.wait(lambda: pane.summaries[0].outcomes and pane.summaries[0].outcomes[0][0] == "failed")
    assert [each.name for each in pane.selected()] == ["b", "c"] and pane._chosen_id == ids[1]


def test_a_pack_stays_folded_while_others_come(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    pane = desktop.workflows.workflow_list
    pane.view.collapse(pane.model.index(0, 0))
    make("m", pack="another")
    desktop.settle()
    assert pane.model.pack_names() == ["another", "default"]
    assert [pane.view.isExpanded(pane.model.index(n, 0)) for n in range(2)] == [True, False]
    pane.search.setText("m")
    desktop.settle()
    pane.search.clear()
    desktop.settle()
    assert [pane.view.isExpanded(pane.model.index(n, 0)) for n in range(2)] == [True, False]


def test_a_search_that_hides_the_workflow_shown_gives_it_back(desktop: Desktop, imported: Import) -> None:
    first, second = (imported(CHAIN.replace("name: chain", f"name: {name}")) for name in ("one", "two"))
    desktop.go("workflows", second)
    pane = desktop.workflows.workflow_list
    desktop.type_text(pane.search, "one")
    assert [each.workflow.id for each in pane.summaries] == [first]
    pane.search.clear()
    desktop.settle()
    assert [each.id for each in pane.selected()] == [second] and desktop.workflows.workflow.id == second


def test_the_head_of_a_pack_has_a_menu_of_its_own(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    make("m", pack="another")
    desktop.settle()
    pane = desktop.workflows.workflow_list
    pane._on_menu(pane.view.visualRect(pane.model.index(0, 0)).center())
    menu = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible())
    words = [each.text() for each in menu.actions() if each.text()]
    assert words[:2] == ["Fold all packs", "Unfold all packs"] and "&Run" not in words
    menu.actions()[0].trigger()
    menu.close()
    assert not any(pane.view.isExpanded(pane.model.index(n, 0)) for n in range(2))
    assert pane.view.indexAt(QPoint(10, 10)).isValid()


def test_a_workspace_of_a_long_name_widens_the_list_no_more_than_the_samples(desktop: Desktop) -> None:
    desktop.do("samples")
    wide = desktop.workflows.workflow_list.width()
    desktop.program.show(workspaces.create_workspace("a long name that has no room above a list of workflows").slug)
    desktop.window.resize(1280, 800)
    desktop.settle()
    assert desktop.workflows.workflow_list.width() - wide < 12
