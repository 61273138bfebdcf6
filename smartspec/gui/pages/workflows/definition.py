"""The tab Definition: the text, checked while it is written, kept by itself, saved as a version."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QInputDialog, QListWidget, QListWidgetItem, QSplitter, QWidget

from smartspec.commands import definitions, versions, workflow_sources, working_copies
from smartspec.commands.workflow_sources import Source
from smartspec.domain.definition.completion import completions, task_kinds
from smartspec.domain.definition.fixes import quick_fix
from smartspec.domain.version import Version, same_text
from smartspec.domain.workflow import Workflow, WorkingCopy
from smartspec.errors import Conflict, Invalid, Problem, SmartSpecError
from smartspec.gui.core.actions import Handler, shortcut_text
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.conflict_dialog import ConflictDialog
from smartspec.gui.pages.workflows.problems import ProblemList
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.style import icons
from smartspec.gui.style.task_kind import kind_icon
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.editor.code_editor import CodeEditor
from smartspec.gui.widgets.editor.find_bar import FindBar
from smartspec.gui.widgets.editor.yaml_colours import YamlColours
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.messages import tr, trn

CHECK_AFTER_MS = 200
_OUTLINE = 204


class DefinitionEditor(WorkflowTab):
    """`changed`: whether there is something to save, and whether it can be, may be another now."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._based_on: Version | None = None
        self._saved = ""  # the text of the version it is based on
        self._format = "yaml"
        self._problems: tuple[Problem, ...] = ()
        self._checked = ""  # the text that was checked last
        self._filling = False
        self._elsewhere: Version | None = None
        self.editor = CodeEditor(completions)
        self.editor.setAccessibleName(tr("Definition"))
        self._colours = YamlColours(self.editor.document())
        self.find_bar = FindBar(self.editor)
        self.problems = ProblemList()
        self.problems.chosen.connect(lambda each: self.editor.go_to(each.line or 1, each.column or 1))
        self.problems.fix_asked.connect(self.apply_fix)
        self.outline = QListWidget()
        self.outline.setObjectName("outline")
        self.outline.setIconSize(QSize(16, 16))
        self.outline.setAccessibleName(tr("Tasks in the text"))
        self.outline.itemActivated.connect(self._on_outline)
        self.outline.itemClicked.connect(self._on_outline)
        self._outline_count = label("", "caption")
        self._file = label("", "mono")
        self._hint = label("", "caption")
        self._state = label("", "secondary")
        self.discard_button = button(tr("Discard"), "ghost", then=self.discard)
        self.save_button = button(tr("Save as version"), "primary", then=self.save)
        self.tools.setLayout(row(None, self._state, self.discard_button, self.save_button))
        self._later = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self._later.timeout.connect(self._keep)
        self.editor.textChanged.connect(self._on_text)
        QShortcut(
            QKeySequence("Alt+Return"), self, self._fix_here, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self._lay_out_editor()

    def _lay_out_editor(self) -> None:
        top = frame("surface")
        top.setLayout(row(
            self._file, self._hint, None,
            icon_button("arrow-u-up-left", tr("Undo"), self.editor.undo),
            icon_button("arrow-u-up-right", tr("Redo"), self.editor.redo),
            icon_button("magnifying-glass", tr("Find"), self.find_text), margins=(20, 3, 12, 3),
        ))  # fmt: skip
        self._side = frame("paneRight")
        self._side.setMinimumWidth(120)
        self._side.setLayout(column(
            row(label(tr("Outline"), "heading"), None, self._outline_count, margins=(12, 8, 12, 0)), self.outline,
            spacing=4,
        ))  # fmt: skip
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(1)
        sides.addWidget(self.editor)
        sides.addWidget(self._side)
        sides.setStretchFactor(0, 1)
        sides.setSizes([900, _OUTLINE])
        sides.setCollapsible(0, False)
        self.setLayout(column(top, line(), self.find_bar, sides, self.problems, spacing=0, fill=sides))

    # What is shown

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        """Another workflow is read; of the same one a version made elsewhere replaces a text nobody has touched."""
        same = self._workflow is not None and workflow.id == self._workflow.id
        current = version.pk if version else None
        known = self._based_on.pk if self._based_on else None
        if not same:
            self._keep_now()
        self._workflow = workflow
        if same and current == known:
            return
        if same and self.is_dirty:
            self._elsewhere = version
            self._show_status()
            return
        read = partial(working_copies.get_working_copy, workflow.id, self.context.workspace)
        self.context.run(self, read, partial(self._show_text, workflow.id, version))

    def _show_text(self, id_: str, version: Version | None, copy: WorkingCopy | None) -> None:
        if self._workflow is None or id_ != self._workflow.id:
            return
        self._based_on, self._elsewhere = version, None
        self._saved = version.source if version else ""
        self._format = copy.source_format if copy else version.source_format if version else "yaml"
        text = copy.source if copy else self._saved
        if copy is not None and version is not None and copy.based_on != version.pk:
            self._elsewhere = version
        self._fill_editor(text or workflow_sources.minimal_source(self._workflow.name, self._workflow.pack))
        suffix = "json" if self._format == "json" else "yaml"
        self._file.setText(f"{self._workflow.ref.partition('.')[2]}.{suffix}")
        self._check_text()

    def _fill_editor(self, text: str) -> None:
        if text != self.editor.toPlainText():
            self._filling = True
            self.editor.setPlainText(text)
            self._filling = False
        self._show_status()

    @property
    def text(self) -> str:
        return self.editor.toPlainText()

    @property
    def is_dirty(self) -> bool:
        return self._workflow is not None and not same_text(self.text, self._saved)

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self._problems if each.severity == "error"]

    # While it is written

    def _on_text(self) -> None:
        if not self._filling:
            self._later.start()
            self._show_status()

    def _keep_now(self) -> None:
        """What was typed a moment ago belongs to what is shown, which is about to be gone."""
        if self._later.isActive():
            self._later.stop()
            self._keep()

    def _keep(self) -> None:
        """The text is kept as the working copy, whatever is wrong with it; the answer is its problems."""
        if self._workflow is None:
            return
        text = self.text
        ref, workspace = self._workflow.id, self.context.workspace
        if not self.is_dirty:
            self.context.run(self, partial(working_copies.discard_working_copy, ref, workspace))
            self._check_text()
            return
        keep = partial(working_copies.save_working_copy, ref, text, format=self._format, workspace=workspace)
        self.context.run(self, keep, partial(self._on_checked, text), self._on_unkept)

    def _on_unkept(self, error: SmartSpecError) -> None:
        problems = error.problems if isinstance(error, Invalid) else (Problem("", error.sentence),)
        self._on_checked(self.text, problems)

    def _check_text(self) -> None:
        if self._workflow is None:
            return
        text, name = self.text, self._workflow.ref
        source = Source(name, text, self._format)
        self.context.run(
            self, partial(definitions.check_definition, [source], self.context.workspace),
            lambda found: self._on_checked(text, found[name]),
        )  # fmt: skip

    def _on_checked(self, text: str, problems: tuple[Problem, ...]) -> None:
        if text != self.text:
            return
        self._checked, self._problems = text, problems
        self.editor.show_problems(problems)
        self.problems.show_problems(problems, text)
        self._fill_outline()
        self._show_status()

    def _fill_outline(self) -> None:
        kinds = task_kinds(self.text)
        wrong = {each.path.split(".")[1] for each in self.errors if each.path.startswith("tasks.")}
        self.outline.clear()
        for name, kind in kinds.items():
            icon = ("x-circle-fill", "failed") if name in wrong else (kind_icon(kind), "text2")
            self.outline.addItem(QListWidgetItem(icons.icon(*icon), name))
        self._outline_count.setText(trn("{n} task", "{n} tasks", len(kinds)))

    def _on_outline(self, item: QListWidgetItem) -> None:
        for number, each in enumerate(self.text.split("\n"), start=1):
            if each.strip().startswith(f"{item.text()}:"):
                self.editor.go_to(number)
                return

    def _show_status(self) -> None:
        errors = len(self.errors)
        if not self.is_dirty:
            self._state.setText(tr("Saved") if self._based_on else tr("No version yet"))
        elif self._elsewhere is not None:
            self._state.setText(tr("● Unsaved · v{version} was saved elsewhere", version=self._elsewhere.version))
        else:
            self._state.setText(
                trn("● Unsaved · {n} error", "● Unsaved · {n} errors", errors) if errors else tr("● Unsaved")
            )
        base = self._based_on.version if self._based_on else ""
        self._hint.setText(tr("working copy, based on v{version}", version=base) if self.is_dirty and base else "")
        self.discard_button.setVisible(self.is_dirty)
        self.save_button.setVisible(self.is_dirty or self._based_on is None)
        self.save_button.setEnabled(not errors)
        why = (
            tr("Fix the errors first: the first is in line {line}", line=self.errors[0].line or 1)
            if errors
            else shortcut_text(self.context.actions["save"])
        )
        self.save_button.setToolTip(why)
        self.changed.emit()

    # Actions

    def handlers(self) -> dict[str, Handler]:
        return {
            "save": self.save, "find": self.find_text, "undo": self.editor.undo, "redo": self.editor.redo,
            "next_problem": self.problems.step, "zoom_in": lambda: self.editor.zoom(1),
            "zoom_out": lambda: self.editor.zoom(-1), "zoom_reset": lambda: self.editor.zoom(0),
        }  # fmt: skip

    def disabled(self) -> set[str]:
        blocked = bool(self.errors) or not (self.is_dirty or self._based_on is None)
        return {"save"} if blocked else set()

    def find_text(self) -> None:
        self.find_bar.open()

    def apply_fix(self, problem: Problem) -> None:
        """As one step that can be undone."""
        found = quick_fix(problem, self.text)
        if found is not None:
            cursor = self.editor.textCursor()
            cursor.setPosition(found.start)
            cursor.setPosition(found.end, cursor.MoveMode.KeepAnchor)
            cursor.insertText(found.instead)
            self.editor.setFocus()

    def _fix_here(self) -> None:
        line_ = self.editor.textCursor().blockNumber() + 1
        for each in self._problems:
            if each.line == line_ and quick_fix(each, self.text) is not None:
                self.apply_fix(each)
                return

    def discard(self) -> None:
        """Back to the version; Undo brings the text back."""
        if self._workflow is None:
            return
        cursor = self.editor.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(self._saved)
        self._elsewhere = None
        self._keep()
        self.context.notifications.toast(tr("Discarded what was not saved"), self.editor.undo, "trash")

    def save(self) -> None:
        """As the next version, with a line about what changed; another one made meanwhile is dealt with first."""
        if self._workflow is None or self.errors:
            return
        if self._elsewhere is not None:
            self._resolve(self._elsewhere)
            return
        words, given = QInputDialog.getText(self, tr("Save as a version"), tr("What changed? (optional)"))
        if given:
            self.save_as_version(words.strip() or None)

    def save_as_version(self, change_log: str | None) -> None:
        assert self._workflow is not None
        based_on = self._based_on.pk if self._based_on else None
        self._later.stop()
        command = partial(
            working_copies.save_version, self._workflow.id, self.text, change_log=change_log, based_on=based_on,
            workspace=self.context.workspace,
        )  # fmt: skip
        self.context.run(self, command, self._on_saved, self._on_unsaved)

    def _on_saved(self, version: Version) -> None:
        self._based_on, self._saved, self._elsewhere = version, version.source, None
        self.context.notifications.toast(tr("Saved as v{version}", version=version.version), None, "git-commit")
        self._show_status()

    def _on_unsaved(self, error: SmartSpecError) -> None:
        if isinstance(error, Conflict) and self._workflow is not None:
            read = partial(versions.latest_version, self._workflow.id, self.context.workspace)
            self.context.run(self, read, self._resolve, self._on_unkept)
        else:
            self._on_unkept(error)

    def _resolve(self, theirs: Version) -> None:
        """Three ways out when it was changed elsewhere: mine, theirs, both."""
        dialog = ConflictDialog(self._saved, self.text, theirs, self)
        dialog.decided.connect(partial(self._on_decided, theirs))
        dialog.open()

    def _on_decided(self, theirs: Version, text: str) -> None:
        self._based_on, self._saved, self._elsewhere = theirs, theirs.source, None
        cursor = self.editor.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)
        self._keep()

    # Qt

    def hideEvent(self, event: QHideEvent) -> None:
        """The window may be closing."""
        super().hideEvent(event)
        self._keep_now()
