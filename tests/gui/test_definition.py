"""The tab Definition: what is written, checked, kept, and saved as a version."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from smartspec.commands import database, versions, workflows, working_copies
from smartspec.gui.pages.workflows.conflict_dialog import ConflictDialog
from smartspec.gui.pages.workflows.definition import DefinitionEditor
from tests.gui.conftest import BROKEN, CHAIN, Desktop, definition_of

Import = Callable[..., str]
CALLED_AS_A_VARIABLE = """smartspec: 1
name: fetches
tasks:
  first: {run: "echo $fetch", env: {fetch: "yes"}}
  last:
    run: echo $fetch
    env:
      fetch: later
  fetch: {needs: [first], run: echo}
handlers:
  failure: {run: echo}
"""


def write(desktop: Desktop, definition: DefinitionEditor, text: str) -> None:
    definition.editor.setPlainText(text)
    desktop.settle()


def test_problems_are_shown_while_writing_and_fixed_with_one_click(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    write(desktop, definition, CHAIN.replace("needs: [second]", "needs: [secnd]"))
    assert [each.sentence for each in definition.errors] == ["There is no task “secnd”; did you mean “second”?"]
    assert definition.editor.severity(17) == "error"
    assert not definition.save_bar.save.isEnabled()
    rows = definition.problems.list
    index = rows.problem_model.index(0, 0)
    fix = rows.problem_model.fix_of(0)
    assert fix is not None and fix.label == "Did you mean second?"
    box = rows.visualRect(index)
    rows.press(index, box.center())
    assert definition.editor.textCursor().blockNumber() == 16, "a row leads to its place"
    rows.press(index, QPoint(box.right() - 140, box.center().y()))
    desktop.settle()
    assert definition.errors == []
    assert definition.text == CHAIN
    assert not definition.is_dirty


def test_a_text_that_is_not_ready_is_kept_and_comes_back(desktop: Desktop, chain: str, imported: Import) -> None:
    other = imported(BROKEN)
    definition = definition_of(desktop, chain)
    unfinished = CHAIN + "  fourth: {run: ["
    write(desktop, definition, unfinished)
    copy = working_copies.get_working_copy(chain)
    assert copy is not None
    assert copy.source == unfinished
    desktop.go("workflows", other, "definition")
    assert "good" in definition.text
    desktop.go("workflows", chain, "definition")
    assert definition.text == unfinished
    assert definition.is_dirty


def test_what_was_typed_last_is_kept_when_another_workflow_is_gone_to(
    desktop: Desktop, chain: str, imported: Import
) -> None:
    other = imported(BROKEN)
    definition = definition_of(desktop, chain)
    definition.editor.setPlainText(CHAIN + "# a last word\n")
    desktop.go("workflows", other, "definition")
    copy = working_copies.get_working_copy(chain)
    assert copy is not None and copy.source.endswith("# a last word\n")
    assert working_copies.get_working_copy(other) is None


def test_what_was_typed_last_is_kept_when_the_window_closes(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    definition.editor.setPlainText(CHAIN + "# a last word\n")
    desktop.program.close()
    database.open_database(desktop.file)
    copy = working_copies.get_working_copy(chain)
    assert copy is not None and copy.source.endswith("# a last word\n")


def test_a_version_is_saved_in_place_with_a_line_about_what_changed(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    write(desktop, definition, CHAIN.replace("echo third", "echo the end"))
    assert definition.save_bar.save.text() == "Save as v1.0.1"
    bar = definition.question
    definition.editor.setFocus()
    desktop.press("Ctrl+S", definition.editor)
    assert bar.isVisible() and bar.field.hasFocus() and bar.confirm.text() == "Save as v1.0.1"
    desktop.type_text(bar.field, "Another end")
    desktop.press("Return", bar.field)
    newest = versions.latest_version(chain)
    assert (newest.number, newest.version, newest.change_log) == (2, "1.0.1", "Another end")
    assert desktop.toast == "Saved as v1.0.1"
    assert not definition.is_dirty and not bar.isVisible()
    assert working_copies.get_working_copy(chain) is None
    write(desktop, definition, CHAIN)
    desktop.press("Ctrl+S", definition.editor)
    desktop.press("Escape", bar.field)
    assert not bar.isVisible() and definition.editor.hasFocus()
    assert versions.count_versions(chain) == 2, "left without saving"


def test_the_number_on_save_is_the_one_it_gets(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    write(desktop, definition, "version: 3.1.0\n" + CHAIN)
    assert definition.save_bar.save.text() == "Save as v3.1.0"
    definition.save_as_version(None)
    desktop.settle()
    assert versions.latest_version(chain).version == "3.1.0"
    write(desktop, definition, "version: 3.1.0\n" + CHAIN + "# more\n")
    assert definition.save_bar.save.text() == "Save as v3.1.1"
    definition.save_as_version(None)
    desktop.settle()
    assert versions.latest_version(chain).version == "3.1.1"


def test_a_draft_with_errors_can_be_saved_as_what_it_is(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    write(desktop, definition, CHAIN.replace("needs: [second]", "needs: [secnd]"))
    desktop.click(definition.save_bar.keep)
    assert desktop.toast == "Saved the draft; line 17 has an error"
    desktop.press("Ctrl+S", definition.editor)
    assert not definition.question.isVisible()
    assert versions.count_versions(chain) == 1
    desktop.workflows.tabs.show_tab("versions")
    desktop.settle()
    mark = desktop.workflows.draft_mark
    assert mark.isVisible() and mark.text() == "Draft of v1.0.1"
    desktop.click(mark)
    assert desktop.workflows.tab == "definition" and not mark.isVisible()


def test_discard_goes_back_and_can_be_undone(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    changed = CHAIN.replace("echo third", "echo x")
    definition.editor.selectAll()
    definition.editor.insertPlainText(changed)
    desktop.settle()
    desktop.click(definition.save_bar.discard)
    assert definition.text == CHAIN
    desktop.do("undo")
    assert definition.text == changed


@pytest.mark.parametrize(("choice", "kept"), [("mine", "echo mine"), ("theirs", "echo theirs"), ("both", "echo mine")])
def test_three_ways_out_when_it_was_changed_elsewhere(desktop: Desktop, chain: str, choice: str, kept: str) -> None:
    definition = definition_of(desktop, chain)
    write(desktop, definition, CHAIN.replace("echo third", "echo mine"))
    working_copies.save_version(chain, CHAIN.replace("Three in a row", "Changed elsewhere").replace(
        "echo third" if choice == "theirs" else "no such", "echo theirs"), change_log="elsewhere")  # fmt: skip
    desktop.settle()
    assert "saved elsewhere" in definition.save_bar.state.text()
    definition.save()
    desktop.settle()
    dialog = desktop.dialog(ConflictDialog)
    desktop.click(getattr(dialog, choice))
    assert kept in definition.text
    assert ("Changed elsewhere" in definition.text) == (choice != "mine")
    if choice != "theirs":
        definition.save_as_version(None)
        desktop.settle()
        assert versions.latest_version(chain).source == definition.text


def test_a_version_made_elsewhere_is_still_known_after_more_was_typed(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    write(desktop, definition, CHAIN + "# mine\n")
    theirs = working_copies.save_version(chain, CHAIN.replace("echo third", "echo theirs"))
    desktop.settle()
    write(desktop, definition, CHAIN + "# mine, and more\n")
    copy = working_copies.get_working_copy(chain)
    assert copy is not None and copy.based_on != theirs.pk, "it was opened from the one before"
    definition.save_as_version(None)
    desktop.settle()
    assert desktop.dialog(ConflictDialog)
    assert versions.latest_version(chain).version == theirs.version


def test_an_outline_leads_to_the_task_and_not_to_a_variable_of_its_name(desktop: Desktop, imported: Import) -> None:
    definition = definition_of(desktop, imported(CALLED_AS_A_VARIABLE))
    outline = definition.outline
    assert [each.name for each in outline.model.tasks] == ["first", "last", "fetch", "failure"]
    outline.view.clicked.emit(outline.model.index(2, 0))
    assert definition.editor.textCursor().block().text() == "  fetch: {needs: [first], run: echo}"
    outline.view.clicked.emit(outline.model.index(3, 0))
    assert definition.editor.textCursor().block().text() == "  failure: {run: echo}"
    write(desktop, definition, CALLED_AS_A_VARIABLE + "  [")  # it cannot be parsed any more
    outline.view.clicked.emit(outline.model.index(2, 0))
    assert definition.editor.textCursor().block().text() == "  fetch: {needs: [first], run: echo}"


def test_completion_offers_keys_tasks_and_names(desktop: Desktop, chain: str) -> None:
    editor = definition_of(desktop, chain).editor
    editor.setPlainText(CHAIN + "  # 🙂\n  fourth:\n    ")
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    editor.setFocus()
    QTest.keyClicks(editor, "ne")
    assert editor.popup.is_open
    assert editor.popup.words[0] == "needs: "
    QTest.keyClick(editor.popup.list, Qt.Key.Key_Return)
    assert editor.text.endswith("    needs: ")
    QTest.keyClicks(editor, "[sec")
    QTest.keyClick(editor.popup.list, Qt.Key.Key_Return)
    assert editor.text.endswith("needs: [second")
    desktop.settle()


def test_the_next_problem_by_f8(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    write(
        desktop, definition, CHAIN.replace("needs: [first]", "needs: [x]").replace("needs: [second]", "needs: [y]")
    )  # fmt: skip
    desktop.press("F8", definition.editor)
    first = definition.editor.textCursor().blockNumber()
    desktop.press("F8", definition.editor)
    assert definition.editor.textCursor().blockNumber() == first + 1


def test_a_graph_leads_to_the_text_of_a_task_that_has_not_run(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "overview")
    desktop.workflows.tabs.content("overview").graph.opened.emit("second")
    desktop.settle()
    definition = desktop.workflows.tabs.content("definition")
    cursor = definition.editor.textCursor()
    assert desktop.window.focusWidget() is definition.editor and cursor.block().text().startswith("  second:")


def test_what_the_template_at_the_cursor_comes_to_is_shown_beside_it(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    pane = definition.preview
    definition.editor.go_to(15, 60)
    desktop.settle()
    assert pane.value.toPlainText() == "hello" and pane.value.isVisible()
    assert pane.preview is not None and str(pane.preview.parts[0].origin) == "its default"
    write(desktop, definition, CHAIN.replace("{{ params.word }}", "{{ tasks.third.outputs.n }}"))
    definition.editor.go_to(15, 60)
    desktop.settle()
    assert pane.problem.text() == "“tasks.third.outputs.n” has no value: it has not run yet."
    definition.editor.go_to(1)
    desktop.settle()
    assert pane.preview is None and not pane.problem.isVisible()
    desktop.window.resize(960, 600)
    write(desktop, definition, CHAIN)
    definition.editor.go_to(15, 60)
    desktop.settle()
    assert definition._hint.full_text == "→ hello"


def test_a_cycle_is_drawn_beside_the_text(desktop: Desktop, chain: str) -> None:
    definition = definition_of(desktop, chain)
    assert not definition.outline.cycle.isVisible()
    write(desktop, definition, CHAIN.replace("first: {run:", "first: {needs: [third], run:"))
    assert definition.outline.cycle.isVisible() and not definition.preview.isVisible()
    assert definition.outline.cycle.accessibleName() == "The cycle: first → third → second → first"
    write(desktop, definition, CHAIN)
    assert not definition.outline.cycle.isVisible() and definition.preview.isVisible()


def test_a_saved_text_is_checked_where_it_is_looked_at(desktop: Desktop, chain: str, imported: Import) -> None:
    """It was fine when it was saved: what it calls is gone since."""
    outer = imported("smartspec: 1\nname: outer\ntasks:\n  call: {workflow: default.chain}\n")
    workflows.delete_workflow(chain)
    desktop.go("workflows", outer)
    assert not desktop.workflows.draft.is_examined
    definition = definition_of(desktop, outer)
    assert [each.severity for each in definition.errors] == ["error"] and "chain" in definition.errors[0].sentence
    desktop.go("workflows", outer, "overview")
    other = imported(BROKEN)
    desktop.go("workflows", other)
    assert desktop.workflows.draft.errors == (), "those were of another text"


def test_tab_moves_all_selected_lines_and_shift_tab_brings_them_back(desktop: Desktop, chain: str) -> None:
    editor = definition_of(desktop, chain).editor
    before = editor.text
    editor.selectAll()
    desktop.press("Tab", editor)
    assert editor.text == "\n".join(f"  {line}" if line.strip() else line for line in before.split("\n"))
    desktop.press("Tab", editor)
    desktop.press("Backtab", editor)
    desktop.press("Backtab", editor)
    assert editor.text == before
    desktop.press("Backtab", editor)
    assert editor.text == "\n".join(line[2:] if line.startswith("  ") else line for line in before.split("\n"))
    editor.undo()
    assert editor.text == before, "all lines are one step"
    editor.go_to(before.split("\n").index("tasks:") + 2, 5)
    desktop.press("Backtab", editor)
    cursor = editor.textCursor()
    assert not cursor.block().text().startswith(" ") and cursor.positionInBlock() == 2 and not cursor.hasSelection()
