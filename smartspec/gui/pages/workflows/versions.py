"""The tab Versions: every text there was, what changed between two, and the way back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QInputDialog,
    QSplitter,
    QWidget,
)

from smartspec.changes import Topic
from smartspec.commands import versions, working_copies
from smartspec.commands.versions import Comparison
from smartspec.domain import times
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.pages.workflows.version_list import WIDTH, ListedVersion, VersionDelegate, VersionList, VersionModel
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.diff import DiffView
from smartspec.gui.widgets.inputs import Choice
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen

_MOST_WORDS = 8


@frozen
class _Found:
    rows: tuple[ListedVersion, ...]
    has_copy: bool


class Versions(WorkflowTab):
    topics = frozenset({Topic.VERSIONS, Topic.WORKFLOWS})

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._listed: tuple[ListedVersion, ...] = ()
        self._narrow = False
        self.model = VersionModel(self)
        self.timeline = VersionList()
        self.timeline.setModel(self.model)
        self.timeline.setItemDelegate(VersionDelegate(self))
        self.timeline.selectionModel().currentChanged.connect(lambda now: self._on_new(now.row()))
        self.timeline.shifted.connect(self._on_old)
        self.old, self.new = self._choice(tr("Old version")), self._choice(tr("New version"))
        self.added, self.removed = label("", "added"), label("", "removed")
        self.unified = icon_button("list-bullets", tr("As one column"), checkable=True)
        self.side_by_side = icon_button("columns", tr("Side by side"), checkable=True)
        for each, wanted in ((self.unified, True), (self.side_by_side, False)):
            each.clicked.connect(lambda _=False, wanted=wanted: self._show_unified(wanted))
        self.restore = button(tr("Restore…"), "", "arrow-counter-clockwise", self._restore)
        self.words = label("", "secondary")
        self.words.setWordWrap(True)
        self.diff = DiffView()
        self._note = label("", "secondary")
        self.tools.setLayout(row(None, self._note))
        self._lay_out_versions()
        self._show_unified(False)

    def _choice(self, name: str) -> Choice:
        made = Choice(name)
        made.activated.connect(lambda: self._compare())
        return made

    def _lay_out_versions(self) -> None:
        bar = row(
            self.old, label("→", "secondary"), self.new, self.added, self.removed, None, self.unified,
            self.side_by_side, self.restore, margins=(16, 5, 14, 5),
        )  # fmt: skip
        told = column(label(tr("What changed, in words"), "section"), self.words, spacing=4, margins=(16, 8, 16, 8))
        right = frame("surface")
        whole = column(bar, line(), told, line(), spacing=0)
        whole.addWidget(self.diff, 1)
        right.setLayout(whole)
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(1)
        left = frame("pane")
        left.setLayout(column(self.timeline, spacing=0))
        sides.addWidget(left)
        sides.addWidget(right)
        sides.setStretchFactor(1, 1)
        sides.setSizes([WIDTH, 900])
        self.states = ContentStates(sides)
        self.setLayout(column(self.states))

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        for each in (self.unified, self.side_by_side):
            each.setVisible(not narrow)
        self._show_unified(narrow)

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        self._workflow = workflow
        self.invalidate()

    def reload(self) -> None:
        if self._workflow is not None:
            read = partial(_read_versions, self._workflow.id, self.context.workspace)
            self.context.run(self, read, partial(self._show_versions, self._workflow.id))

    def _show_versions(self, id_: str, found: _Found) -> None:
        if self._workflow is None or id_ != self._workflow.id:
            return
        self._note.setText(tr("A working copy is open in Definition") if found.has_copy else "")
        same = [each.version.pk for each in found.rows] == [each.version.pk for each in self._listed]
        self._listed = found.rows
        if not found.rows:
            self.states.show_empty("git-commit", tr("No version yet"), tr("Saving the definition makes the first one."))
            return
        self.states.show_content()
        self.model.show_rows(found.rows)
        if not same:
            for box in (self.old, self.new):
                box.clear()
                for number, each in enumerate(found.rows):
                    word = f"v{each.version.version} · {ago(each.version.created_at, times.now())}"
                    box.addItem(tr("{version} · current", version=f"v{each.version.version}") if not number else word)
            self.new.setCurrentIndex(0)
            self.old.setCurrentIndex(min(1, len(found.rows) - 1))
            self.timeline.setCurrentIndex(self.model.index(0, 0))
            self._compare()

    def _on_new(self, number: int) -> None:
        """A click chooses the new side; the one before it stands against it."""
        if 0 <= number < len(self._listed):
            self.new.setCurrentIndex(number)
            if self.old.currentIndex() <= number:
                self.old.setCurrentIndex(min(number + 1, len(self._listed) - 1))
            self._compare()

    def _on_old(self, number: int) -> None:
        self.old.setCurrentIndex(number)
        self._compare()

    @property
    def chosen(self) -> tuple[Version, Version] | None:
        """Old and new."""
        old, new = self.old.currentIndex(), self.new.currentIndex()
        if not (0 <= old < len(self._listed) and 0 <= new < len(self._listed)):
            return None
        return self._listed[old].version, self._listed[new].version

    def _compare(self) -> None:
        if self._workflow is None or self.chosen is None:
            return
        old, new = self.chosen
        self.model.show_sides(self.old.currentIndex(), self.new.currentIndex())
        self.diff.show_texts(old.source if old.pk != new.pk else "", new.source)
        added, removed = self.diff.counts
        self.added.setText(f"+{added}")
        self.removed.setText(f"−{removed}")
        target = new if self.new.currentIndex() else old
        self.restore.setText(tr("Restore v{version}…", version=target.version))
        self.restore.setEnabled(len(self._listed) > 1)
        if old.pk == new.pk:
            self.words.setText(tr("The first version."))
            return
        compare = partial(
            versions.compare_versions, self._workflow.id, str(old.version), str(new.version), self.context.workspace
        )
        self.context.run(self, compare, partial(self._show_differences, (old.pk, new.pk)))

    def _show_differences(self, sides: tuple[int, int], found: Comparison) -> None:
        if self.chosen is None or (self.chosen[0].pk, self.chosen[1].pk) != sides:
            return
        marks = {"added": "+", "removed": "−", "renamed": "→", "moved": "→", "changed": "~"}
        lines = [f"{marks.get(each.kind, '~')}  {translate(each.sentence)}" for each in found.differences[:_MOST_WORDS]]
        if len(found.differences) > _MOST_WORDS:
            lines.append(trn("… and {n} more", "… and {n} more", len(found.differences) - _MOST_WORDS))
        if found.same_meaning:
            lines.append(tr("✓  It means the same: only names and words about it differ."))
        self.words.setText("\n".join(lines) or tr("Nothing but spaces and comments."))

    def _show_unified(self, unified: bool) -> None:
        self.unified.setChecked(unified)
        self.side_by_side.setChecked(not unified)
        self.diff.set_unified(unified)

    def _restore(self) -> None:
        """A new version with the old text; nothing is overwritten, and Undo restores what was current."""
        if self._workflow is None or self.chosen is None:
            return
        target = self.chosen[1] if self.new.currentIndex() else self.chosen[0]
        current = self._listed[0].version
        words, given = QInputDialog.getText(
            self, tr("Restore v{version}", version=target.version),
            tr("A new version gets the text of v{version}. What for? (optional)", version=target.version),
        )  # fmt: skip
        if not given:
            return
        id_, workspace = self._workflow.id, self.context.workspace

        def undo() -> None:
            self.context.run(
                self.context.notifications,
                partial(versions.rollback_version, id_, str(current.version), workspace=workspace),
            )

        command = partial(
            versions.rollback_version, id_, str(target.version), change_log=words.strip() or None, workspace=workspace
        )  # fmt: skip
        self.context.run(
            self, command,
            lambda made: self.context.notifications.toast(
                tr("Restored v{old} as v{new}", old=target.version, new=made.version), undo, "clock"
            ),
        )  # fmt: skip


def _read_versions(ref: str, workspace: str) -> _Found:
    rows = versions.list_versions(ref, workspace=workspace).rows
    results = versions.version_results(ref, workspace)
    listed = tuple(ListedVersion(each, *results.get(each.pk, (0, 0))) for each in rows)
    return _Found(listed, working_copies.get_working_copy(ref, workspace) is not None)
