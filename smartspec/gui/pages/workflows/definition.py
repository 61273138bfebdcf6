"""The tab Definition: the text, checked while it is written, kept by itself, saved as a version."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.domain.definition.completion import completions
from smartspec.domain.definition.fixes import quick_fix
from smartspec.domain.definition.outline import OutlinedTask
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Problem
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.conflict_dialog import ConflictDialog, Sides, compare_sides
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.pages.workflows.outline import Outline
from smartspec.gui.pages.workflows.preview_pane import PreviewPane
from smartspec.gui.pages.workflows.problems import ProblemList
from smartspec.gui.pages.workflows.save_bar import SaveBar
from smartspec.gui.pages.workflows.save_question import SaveQuestion
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.editor.code_editor import CodeEditor
from smartspec.gui.widgets.editor.find_bar import FindBar
from smartspec.gui.widgets.editor.yaml_colours import yaml_colours
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.local_keys import add_local_key
from smartspec.gui.widgets.tab_order import read_in_order
from smartspec.messages import tr
from smartspec.value import frozen

_OUTLINE = 204


@frozen
class _Wanted:
    """Where the cursor is to be, in the text of a workflow that may not be read yet: that of `instead` is shown."""

    workflow: str
    task: str
    instead: str


class DefinitionEditor(WorkflowTab):
    """`changed`: whether there is something to save, and whether it can be, may be another now."""

    draft: Draft
    save_bar: SaveBar

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._filling = self._is_open = False
        self._opening = QTimer(self, singleShot=True, interval=0)
        self._opening.timeout.connect(self._open)
        self._based = ""
        self._wanted: _Wanted | None = None
        self._wants_cursor = False
        self.editor = CodeEditor(completions, yaml_colours)
        self.editor.setAccessibleName(tr("Definition"))
        self.find_bar = FindBar(self.editor)
        self.problems = ProblemList()
        self.problems.chosen.connect(self._go_to_problem)
        self.problems.fix_asked.connect(self.apply_fix)
        self.preview = PreviewPane(context)
        self.preview.changed.connect(self._show_hint)
        self.outline = Outline(self.preview)
        self.outline.chosen.connect(self._go_to_task)
        self.question = SaveQuestion()
        self.question.answered.connect(lambda words: self.save_as_version(words or None))
        self.question.closed.connect(self.editor.setFocus)
        self._file = label("", "mono")
        self._hint = Elided("caption")
        add_local_key(self.editor, "Alt+Return", self._fix_here, with_children=True)
        self._lay_out_editor()

    def work_on(self, draft: Draft) -> None:
        self.draft = draft
        self.tools = self.save_bar = SaveBar(draft)
        self.save_bar.save_asked.connect(self.save)
        self.question.asked.connect(lambda: self.save_bar.show_question(True))
        self.question.closed.connect(lambda: self.save_bar.show_question(False))
        self.save_bar.discard_asked.connect(self.discard)
        self.save_bar.draft_asked.connect(self.save_draft)
        self.editor.textChanged.connect(self._on_text)
        self.editor.cursorPositionChanged.connect(self._show_place)
        draft.replaced.connect(self._fill_editor)
        draft.changed.connect(self._show_state)
        draft.examined.connect(self._show_problems)
        self._show_state()
        self._opening.start()

    def _open(self) -> None:
        """Once it is shown: laying out a long text takes as long as making all that is around it."""
        if not self._is_open:
            self._is_open = True
            self._fill_editor()
            self._show_problems()

    def _lay_out_editor(self) -> None:
        top = frame("surface")
        bar = row(
            self._file, self._hint,
            icon_button("arrow-u-up-left", tr("Undo"), self.editor.undo),
            icon_button("arrow-u-up-right", tr("Redo"), self.editor.redo),
            icon_button("magnifying-glass", tr("Find"), self.find_text),
            icon_button("swap", tr("Replace"), self.replace_text), margins=(20, 3, 12, 3),
        )  # fmt: skip
        bar.setStretch(1, 1)
        top.setLayout(bar)
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(1)
        sides.addWidget(self.editor)
        sides.addWidget(self.outline)
        read_in_order(sides)
        sides.setStretchFactor(0, 1)
        sides.setSizes([900, _OUTLINE])
        sides.setCollapsible(0, False)
        self.setLayout(column(self.question, top, line(), self.find_bar, sides, self.problems, spacing=0, fill=sides))

    def show_narrow(self, narrow: bool) -> None:
        self.outline.setVisible(not narrow)
        self.save_bar.show_narrow(narrow)
        self._show_hint()

    # What is shown

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        """The page tells the draft."""
        if self._wanted is not None and workflow.id not in (self._wanted.workflow, self._wanted.instead):
            self._wanted = None  # somebody went elsewhere

    @property
    def _is_waiting(self) -> bool:
        """Whether the text that is there, if any, is not the one that is meant."""
        shown = self.draft.workflow.id if self.draft.workflow is not None else ""
        is_meant = self._wanted is None or self._wanted.workflow == shown
        return not (self._is_open and self.draft.is_read and is_meant)

    def _fill_editor(self) -> None:
        if not self._is_waiting:
            self.editor.setReadOnly(False)
            self._filling = True
            if self.draft.text != self.editor.text:
                self.editor.setPlainText(self.draft.text)
            self._go_to_wanted()
            self.editor.write_typed_early()
            self._filling = False
            self.draft.write(self.editor.text)  # what was typed before it was there
        self._show_state()

    @property
    def text(self) -> str:
        return self.editor.text

    @property
    def is_dirty(self) -> bool:
        return self.draft.is_dirty

    @property
    def errors(self) -> list[Problem]:
        return [*self.draft.errors]

    def _on_text(self) -> None:
        if not self._filling:
            self.draft.write(self.editor.text)

    def _show_problems(self) -> None:
        draft = self.draft
        self.editor.show_problems(draft.problems)
        self.problems.show_problems(draft.problems, draft.text)
        self.outline.show_outline(draft.outline, draft.problems)
        self._show_place()
        self._show_state()
        self._go_to_wanted()

    def _show_place(self) -> None:
        cursor = self.editor.textCursor()
        line_, column_ = cursor.blockNumber() + 1, cursor.positionInBlock() + 1
        self.outline.show_place(line_)
        self.preview.show_place(self.draft, line_, column_, cursor.block().text())

    def _show_state(self) -> None:
        draft = self.draft
        if draft.workflow is not None:
            suffix = "json" if draft.format == "json" else "yaml"
            self._file.setText(f"{draft.workflow.ref.partition('.')[2]}.{suffix}")
        base = draft.based_on.version if draft.based_on else ""
        told = tr("draft of v{version}, based on v{base}", version=draft.next_version, base=base)
        self._based = told if draft.is_dirty and base and draft.next_version else ""
        self._show_hint()
        if not draft.is_examined:
            self.problems.show_waiting()
        if self._is_waiting:
            self.editor.wait_for_text()
        self.save_bar.show_state()
        self.question.show_draft(draft)
        self.changed.emit()

    def _show_hint(self) -> None:
        """Where the side is not shown, what the template at the cursor comes to stands above the text."""
        value = self.preview.on_one_line
        self._hint.setText(value if value and self.outline.isHidden() else self._based)

    # Going to a place

    def _go_to_problem(self, problem: Problem) -> None:
        self.editor.go_to(problem.line or 1, problem.column or 1)

    def _go_to_task(self, task: OutlinedTask) -> None:
        self.editor.go_to(task.line, task.column)

    def begin(self, workflow: str, task: str = "") -> None:
        """The cursor is in the text of a workflow, as soon as that is there: at a task, else where one goes on."""
        shown = self.draft.workflow.id if self.draft.workflow is not None else ""
        self._wanted = _Wanted(workflow, task, instead=shown)
        self._wants_cursor = True
        self._show_state()
        self._take_cursor()
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        wanted, draft = self._wanted, self.draft
        if wanted is None or self._is_waiting or draft.workflow is None or draft.workflow.id != wanted.workflow:
            return
        if not wanted.task:
            text = self.text.rstrip()
            self.editor.go_to(text.count("\n") + 1, len(text) - text.rfind("\n"))
        elif not draft.is_examined:
            return
        elif found := next((each for each in draft.outline if each.name == wanted.task and not each.is_handler), None):
            self._go_to_task(found)
        self._wanted = None

    def _take_cursor(self) -> None:
        if self._wants_cursor and self.isVisible():
            self._wants_cursor = False
            self.editor.setFocus()

    # Actions

    def handlers(self) -> dict[str, Handler]:
        return {
            "save": self.save, "find": self.find_text, "replace": self.replace_text, "undo": self.editor.undo,
            "redo": self.editor.redo, "next_problem": self.problems.step, "zoom_in": lambda: self.editor.zoom(1),
            "zoom_out": lambda: self.editor.zoom(-1), "zoom_reset": lambda: self.editor.zoom(0),
        }  # fmt: skip

    def disabled(self) -> set[str]:
        return set() if self.draft.can_become_version else {"save"}

    def find_text(self) -> None:
        self.find_bar.open()

    def replace_text(self) -> None:
        self.find_bar.open(replacing=True)

    def apply_fix(self, problem: Problem) -> None:
        """As one step that can be undone."""
        text = self.text
        found = quick_fix(problem, text)
        if found is not None:
            self.editor.replace_text(found.applied(text))
            self.editor.setFocus()

    def _fix_here(self) -> None:
        line_ = self.editor.textCursor().blockNumber() + 1
        for each in self.draft.problems:
            if each.line == line_ and quick_fix(each, self.text) is not None:
                self.apply_fix(each)
                return

    def discard(self) -> None:
        """Back to the version; Undo brings the text back."""
        if self.draft.workflow is None:
            return
        self.draft.elsewhere = None
        self.editor.replace_text(self.draft.saved_text)
        self.draft.keep()
        self.context.notifications.toast(tr("Discarded what was not saved"), self.editor.undo, "trash")

    def save(self) -> None:
        """As the next version, after a line about what changed; with errors as a draft."""
        if self.draft.errors and self.draft.is_examined:
            self.save_draft()
        elif self.draft.elsewhere is not None:
            self.resolve(self.draft.elsewhere)
        else:
            self.question.ask()

    def save_draft(self) -> None:
        self.draft.keep(self._tell_kept)

    def _tell_kept(self) -> None:
        errors = self.draft.errors if self.draft.is_examined else ()
        place = errors[0].line if errors else None
        told = tr("Saved the draft; line {line} has an error", line=place) if place else tr("Saved the draft")
        self.context.notifications.toast(told, None, "floppy-disk")

    def save_as_version(self, change_log: str | None) -> None:
        self.draft.save(change_log, self._tell_saved)

    def _tell_saved(self, version: Version) -> None:
        self.context.notifications.toast(tr("Saved as v{version}", version=version.version), None, "git-commit")

    def show_first_error(self) -> None:
        """Where the text stops from being run."""
        self._open()
        if self.draft.errors:
            self._go_to_problem(self.draft.errors[0])

    def resolve(self, theirs: Version) -> None:
        """Three ways out when it was changed elsewhere: mine, theirs, both."""
        self._open()
        mine = self.text
        compare = partial(compare_sides, self.draft.saved_text, mine, theirs.source)
        self.context.run(self, compare, partial(self._ask_which, mine, theirs), worker="texts")

    def _ask_which(self, mine: str, theirs: Version, sides: Sides) -> None:
        dialog = ConflictDialog(sides, mine, theirs, self)
        dialog.decided.connect(lambda text: self._on_decided(theirs, text))
        dialog.open()

    def _on_decided(self, theirs: Version, text: str) -> None:
        self.editor.replace_text(text)
        self.draft.go_on_from(theirs, text)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.draft.look_at(True)
        self._take_cursor()

    def hideEvent(self, event: QHideEvent) -> None:
        """The window may be closing."""
        super().hideEvent(event)
        self.draft.look_at(False)
        self.draft.keep_now()
