"""Run runs what is on the screen, and says what that is, from wherever it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smartspec.commands import executions, versions, workflows, working_copies
from smartspec.domain.execution import Execution
from smartspec.gui.pages.workflows import palette
from smartspec.gui.pages.workflows.conflict_dialog import ConflictDialog
from smartspec.gui.pages.workflows.definition import DefinitionEditor
from smartspec.gui.pages.workflows.run_dialog import RunDialog
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Import = Callable[..., str]


@pytest.fixture
def chain(desktop: Desktop, chain: str) -> str:
    """The workflow `chain`, its definition shown."""
    desktop.go("workflows", chain, "definition")
    return chain


def definition_of(desktop: Desktop) -> DefinitionEditor:
    found = desktop.workflows.tabs.content("definition")
    assert isinstance(found, DefinitionEditor)
    return found


def write(desktop: Desktop, text: str) -> None:
    definition_of(desktop).editor.setPlainText(text)
    desktop.settle()


def newest() -> Execution | None:
    rows = executions.list_executions().rows
    return rows[0] if rows else None


def test_a_text_that_is_written_becomes_the_version_that_runs(desktop: Desktop, chain: str) -> None:
    run, saved = desktop.workflows.header.run, desktop.window.context.actions["run_saved"]
    assert run.text() == "Run" and not saved.isEnabled()
    write(desktop, CHAIN.replace("echo third", "echo changed"))
    assert run.text() == "Run as v1.0.1"
    assert desktop.window.context.actions["run"].text() == "&Run as v1.0.1"
    assert saved.isEnabled() and saved.text() == "Run v1.0.0 instead"
    desktop.press("Ctrl+Return", definition_of(desktop).editor)
    version, execution = versions.latest_version(chain), newest()
    assert execution is not None and "echo changed" in version.source
    assert (version.version, execution.workflow_version, execution.version) == ("1.0.1", "1.0.1", version.pk)
    assert "Saved v1.0.1, started chain #1" in desktop.toasts
    assert run.text() == "Run" and not definition_of(desktop).is_dirty
    assert working_copies.get_working_copy(chain) is None


def test_what_was_typed_a_moment_ago_runs_too(desktop: Desktop, chain: str) -> None:
    editor = definition_of(desktop).editor
    editor.setPlainText(CHAIN.replace("echo third", "echo in haste"))
    desktop.do("run")
    execution = newest()
    assert execution is not None and execution.workflow_version == "1.0.1"
    assert "echo in haste" in versions.latest_version(chain).source


@pytest.mark.parametrize("checked", [True, False])
def test_a_text_with_errors_runs_nothing_and_it_is_told(desktop: Desktop, chain: str, checked: bool) -> None:
    wrong = CHAIN.replace("needs: [second]", "needs: [secnd]")
    definition_of(desktop).editor.setPlainText(wrong)
    if checked:
        desktop.settle()
        assert "has 1 error" in desktop.workflows.header.run.toolTip()
    desktop.do("run")
    assert newest() is None and versions.count_versions(chain) == 1
    assert desktop.toast == "Nothing ran: the text has 1 error"
    assert definition_of(desktop).editor.textCursor().blockNumber() == 16
    assert definition_of(desktop).text == wrong


def test_the_saved_version_can_be_run_instead(desktop: Desktop, chain: str) -> None:
    write(desktop, CHAIN.replace("echo third", "echo changed"))
    desktop.do("run_saved")
    execution = newest()
    assert execution is not None and execution.workflow_version == "1.0.0"
    assert "Started chain #1 (v1.0.0)" in desktop.toasts
    assert versions.count_versions(chain) == 1 and definition_of(desktop).is_dirty


def test_every_tab_says_that_the_draft_runs(desktop: Desktop, chain: str) -> None:
    write(desktop, CHAIN.replace("echo third", "echo changed"))
    desktop.workflows.tabs.show_tab("overview")
    desktop.settle()
    assert desktop.workflows.header.run.text() == "Run as v1.0.1" and desktop.workflows.draft_mark.isVisible()
    desktop.do("run")
    execution = newest()
    assert execution is not None and execution.workflow_version == "1.0.1"
    assert not desktop.workflows.draft_mark.isVisible()


def test_a_version_made_elsewhere_is_decided_about_before_anything_runs(desktop: Desktop, chain: str) -> None:
    write(desktop, CHAIN.replace("echo third", "echo mine"))
    working_copies.save_version(chain, CHAIN.replace("echo third", "echo theirs"))
    desktop.do("run")
    dialog = desktop.dialog(ConflictDialog)
    assert newest() is None
    desktop.click(dialog.mine)
    desktop.do("run")
    execution = newest()
    assert execution is not None and execution.workflow_version == "1.0.2"
    assert "echo mine" in versions.latest_version(chain).source


def test_a_missing_parameter_is_asked_for_with_the_version_that_was_made(desktop: Desktop, chain: str) -> None:
    write(desktop, CHAIN.replace("params:\n  type: object", "params:\n  type: object\n  required: [where]"))
    desktop.do("run")
    assert versions.latest_version(chain).version == "1.0.1"
    assert desktop.dialog(RunDialog).isVisible() and newest() is None


def test_the_palette_runs_what_it_names(desktop: Desktop, chain: str, imported: Import) -> None:
    context = desktop.window.context
    other = workflows.get_workflow(imported(BROKEN))
    palette._run(context, other.id)
    desktop.settle()
    execution = newest()
    assert execution is not None and execution.workflow == other.pk
    assert "Started broken #1 (v1.0.0)" in desktop.toasts
    desktop.go("workflows", chain, "definition")
    write(desktop, CHAIN + "# more\n")
    desktop.go("history")
    palette._run(context, chain)
    desktop.settle()
    execution = newest()
    assert execution is not None and (execution.workflow_name, execution.workflow_version) == ("chain", "1.0.0")
    assert "Started chain #1 (v1.0.0), not its draft" in desktop.toasts
    palette._run(context, chain)  # now it is on the screen, and its page says what runs
    desktop.settle()
    execution = newest()
    assert execution is not None and execution.workflow_version == "1.0.1"


def test_a_first_version_is_made_of_what_is_shown(desktop: Desktop) -> None:
    made = workflows.create_workflow("fresh")
    desktop.settle()
    desktop.go("workflows", made.id)
    assert not desktop.window.context.actions["run"].isEnabled(), "nothing of it is to be seen"
    desktop.go("workflows", made.id, "definition")
    assert desktop.window.context.actions["run"].text() == "&Run as v1.0.0"
    desktop.do("run")
    execution = newest()
    assert execution is not None and execution.workflow_version == "1.0.0"
