"""Names: asked for in a dialog that says what is wrong while one types, and shown whole or cut, never in the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from smartspec.commands import recording, workflows, workspaces
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.gui.shell.workspace_dialog import WorkspaceDialog
from smartspec.gui.widgets.dialogs import Question
from tests.gui.conftest import CHAIN, Desktop, write

Import = Callable[..., str]


def verb_of(question: Question) -> QPushButton:
    return next(each for each in question.findChildren(QPushButton) if each.isDefault())


def is_asking() -> bool:
    return any(isinstance(each, Question) and each.isVisible() for each in QApplication.topLevelWidgets())


def test_a_new_workflow_is_named_and_opens_in_its_definition(desktop: Desktop) -> None:
    desktop.do("new")
    question = desktop.dialog(Question)
    assert QApplication.focusWidget() is question.field and not verb_of(question).isEnabled()
    write(question.field, "My first")
    desktop.press("Return", question.field)
    assert not is_asking() and desktop.workflows.tab == "definition"
    assert [each.name for each in workflows.list_workflows().rows] == ["My first"]


def test_a_name_that_is_taken_is_said_while_one_types(desktop: Desktop, chain: str) -> None:
    desktop.do("new")
    question = desktop.dialog(Question)
    write(question.field, "chain")
    desktop.settle()
    assert question.problem == "There is already a workflow named “chain” in the pack “default”."
    assert not verb_of(question).isEnabled()
    write(question.field, "chain 2")
    desktop.settle()
    assert question.problem == "" and verb_of(question).isEnabled()
    question.reject()
    assert workflows.count_workflows() == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A workflow needs a name: any text of 1 to 200 characters."),
        ("n" * 201, "The name of a workflow may be 200 characters long, not 201."),
        ("photo\u202egpj", "The name of a workflow cannot hold the direction mark U+202E; leave it out."),
    ],
)
def test_what_is_no_name_keeps_the_dialog_and_the_text(desktop: Desktop, chain: str, name: str, sentence: str) -> None:
    desktop.do("rename")
    question = desktop.dialog(Question)
    assert question.text == "chain"
    write(question.field, name)
    desktop.press("Return", question.field)
    assert question.isVisible() and question.text == name and question.problem == sentence
    question.reject()


def test_renaming_to_its_own_name_is_no_conflict(desktop: Desktop, chain: str) -> None:
    desktop.do("rename")
    question = desktop.dialog(Question)
    write(question.field, "other")
    write(question.field, "chain")
    desktop.settle()
    assert question.problem == ""
    write(question.field, "Another name")
    desktop.press("Return", question.field)
    assert workflows.get_workflow(chain).name == desktop.workflows.header.title.full_text == "Another name"


def test_a_copy_is_offered_a_name_that_is_free(desktop: Desktop, chain: str) -> None:
    workflows.duplicate_workflow(chain)
    desktop.do("duplicate")
    question = desktop.dialog(Question)
    assert question.text == "chain copy 2" and question.problem == ""
    write(question.field, "chain copy")
    desktop.settle()
    assert "already" in question.problem
    write(question.field, "chain by hand")
    desktop.press("Return", question.field)
    assert {each.name for each in workflows.list_workflows().rows} == {"chain", "chain copy", "chain by hand"}


def test_a_name_of_two_hundred_letters_squeezes_nothing(desktop: Desktop, imported: Import) -> None:
    name = " ".join(["endless"] * 30)[:200].strip()
    id_ = imported(CHAIN.replace("name: chain", f"name: {name}"))
    execution = recording.end_execution(recording.begin_execution(id_).id, Report(ExecutionStatus.COMPLETED))
    for size in ((1280, 800), (720, 480)):
        desktop.window.resize(*size)
        desktop.go("workflows", id_)
        header = desktop.workflows.header
        assert header.title.full_text == name and header.title.toolTip() == name and "…" in header.title.text()
        assert header.more.geometry().right() <= header.width() <= desktop.window.width()
        desktop.go("execution", execution.id)
        crumb = desktop.execution.header.workflow
        assert crumb.toolTip() == name and crumb.text().endswith("…")
        assert crumb.geometry().right() < desktop.execution.header.width()
        assert desktop.window.width() == size[0]


def test_a_workspace_that_would_have_the_slug_of_another_is_told_while_one_types(desktop: Desktop) -> None:
    workspaces.create_workspace("Research")
    desktop.do("workspace")
    desktop.click(desktop.dialog(WorkspaceDialog).new)
    question = desktop.dialog(Question)
    write(question.field, "research!")
    desktop.settle()
    assert question.problem == "There is already a workspace “research”."
    write(question.field, "re\u200bsearch")
    assert "invisible" in question.problem
    question.reject()
