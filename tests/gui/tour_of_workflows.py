"""The page of the workflows: its tabs, what is written there, its dialogs."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from smartspec.commands import (
    versions,
)
from smartspec.domain.workspace import SAMPLES
from smartspec.gui.widgets.forms.json_dialog import JsonDialog
from tests.gui.conftest import Desktop
from tests.gui.tour_steps import WRONG, Look, asked, close_dialogs, tab_of, workflow_id


def see_workflows(desktop: Desktop, look: Look) -> None:
    page = desktop.workflows
    for tab in ("overview", "definition", "config", "versions"):
        desktop.go("workflows", workflow_id("chain"), tab)
        look(f"workflow, {tab}")
    tab_of(desktop, "versions").diff.set_unified(True)
    look("versions, one column")
    desktop.go("workflows", workflow_id("chain"), "overview")
    tab_of(desktop, "overview").graph.as_list.setChecked(True)
    look("tasks as a list")
    tab_of(desktop, "overview").graph.as_list.setChecked(False)
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


def see_editing(desktop: Desktop, look: Look) -> None:
    desktop.go("workflows", workflow_id("chain"), "definition")
    editor = tab_of(desktop, "definition").editor
    saved = editor.toPlainText()
    editor.setPlainText(WRONG)
    desktop.settle()
    look("definition with problems")
    definition = tab_of(desktop, "definition")
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
    tab_of(desktop, "definition").find_bar.close_bar()
    editor.setPlainText(saved + "\n# more\n")
    desktop.settle()
    look("definition, not saved")
    tab_of(desktop, "definition").save()
    look("save as a version")
    tab_of(desktop, "definition").question.leave()
    desktop.workflows.tabs.show_tab("versions")
    desktop.settle()
    look("versions with a draft")
    desktop.workflows.tabs.show_tab("definition")
    tab_of(desktop, "definition").discard()
    desktop.settle()
    look("toast with undo")
    desktop.go("workflows", workflow_id("chain"), "config")
    rows = tab_of(desktop, "config").rows
    rows["days"].editor.field.setText("3O")
    desktop.settle()
    look("config with a problem")
    tab_of(desktop, "config").cancel()
    tab_of(desktop, "config").search.setText("zzz")
    look("config, nothing fits")
    tab_of(desktop, "config").search.clear()
    desktop.settle()


def see_workflow_dialogs(desktop: Desktop, look: Look) -> None:
    desktop.go("workflows", workflow_id("chain"), "config")
    tab_of(desktop, "config").add()
    dialog = desktop.dialog(QDialog)
    dialog.key.setText("1 x")  # type: ignore[attr-defined]
    look("add a setting")
    close_dialogs(desktop)
    tab_of(desktop, "config")._ask_as_of()
    look("as of")
    close_dialogs(desktop)
    tab_of(desktop, "config").show_history("host")
    desktop.settle()
    look("history of a value")
    close_dialogs(desktop)
    asked(desktop, look, "forget all", tab_of(desktop, "config").forget_all)
    desktop.go("workflows", workflow_id("door"), "config")
    look("a secret that is not set")
    tab_of(desktop, "config").rows["key"].set_asked.emit()
    desktop.settle()
    desktop.dialog(QDialog).field.line.setText("abc")  # type: ignore[attr-defined]
    look("set a secret")
    close_dialogs(desktop)
    tab_of(desktop, "config").pings.set_button.click()
    desktop.settle()
    desktop.dialog(QDialog).field.line.setText("hc.example.org")  # type: ignore[attr-defined]
    look("set where pings are sent")
    desktop.dialog(QDialog).in_variable.setChecked(True)  # type: ignore[attr-defined]
    look("a variable for pings")
    close_dialogs(desktop)
    desktop.go("workflows", workflow_id("chain"), "config")
    dialog = JsonDialog(desktop.window, "skip", "[1, 2", len)
    dialog.show()
    look("a value as JSON")
    close_dialogs(desktop)
    desktop.go("workflows", workflow_id("items"), "definition")
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
    desktop.go("workflows", workflow_id("chain"), "definition")
    tab_of(desktop, "definition").resolve(versions.latest_version(workflow_id("chain"), SAMPLES))
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
    desktop.go("workflows", workflow_id("chain"), "versions")
    tab_of(desktop, "versions")._restore()
    look("restore a version")
    close_dialogs(desktop)
