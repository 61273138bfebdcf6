"""The tab Versions: every text there was, what changed between two, and the way back."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.changes import Topic
from smartspec.commands import versions
from smartspec.commands.versions import Comparison
from smartspec.domain.compare.change_groups import changed_tasks, grouped
from smartspec.domain.compare.line_pairs import Pair, pairs
from smartspec.domain.definition import model
from smartspec.domain.ids import VersionPk
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.pages.workflows.version_list import WIDTH, VersionList
from smartspec.gui.pages.workflows.version_model import VersionModel, VersionRow
from smartspec.gui.pages.workflows.version_restore import ask_to_restore
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button, fold, icon_button
from smartspec.gui.widgets.changed_words import ChangedWords
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.diff import DiffView
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tab_order import read_in_order
from smartspec.messages import tr, trn
from smartspec.value import frozen

_NARROWEST = 176  # the line of time
_WIDEST, _CARET = 180, 52  # of a choice, and what it needs beside its words
_AT_ONCE = 200  # versions that are read; the next when the last of them are seen


@frozen
class _Found:
    versions: tuple[Version, ...]
    results: dict[VersionPk, tuple[int, int]]
    has_more: bool


class Versions(WorkflowTab):
    topics = frozenset({Topic.VERSIONS, Topic.EXECUTIONS})
    draft: Draft

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._found = _Found((), {}, False)
        self._limit = _AT_ONCE
        self._narrow = False
        self.model = VersionModel(self)
        self.timeline = VersionList()
        self.timeline.setModel(self.model)
        self.timeline.selectionModel().currentChanged.connect(lambda now: self._on_new(now.row()))
        self.timeline.shifted.connect(self._on_old)
        self.timeline.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.old, self.new = self._choice(tr("Old version")), self._choice(tr("New version"))
        self.added, self.removed = label("", "added"), label("", "removed")
        self.unified = icon_button("rows", tr("As one column"), checkable=True)
        self.side_by_side = icon_button("columns", tr("Side by side"), checkable=True)
        for each, wanted in ((self.unified, True), (self.side_by_side, False)):
            each.clicked.connect(lambda _=False, wanted=wanted: self._show_unified(wanted))
        self.restore = button(tr("Restore…"), "", "arrow-counter-clockwise", self._restore)
        self.words = ChangedWords()
        self.diff = DiffView()
        self._lay_out_versions()
        self._show_unified(False)

    def _choice(self, name: str) -> Choice:
        made = Choice(name)
        made.activated.connect(lambda: self._on_chosen())
        return made

    def _lay_out_versions(self) -> None:
        bar = row(
            self.old, Icon("arrow-right"), self.new, self.added, self.removed, None, self.unified,
            self.side_by_side, self.restore, margins=(16, 5, 14, 5),
        )  # fmt: skip
        told = column(label(tr("What changed, in words"), "section"), self.words, spacing=4, margins=(16, 8, 16, 8))
        right = frame("surface")
        whole = column(bar, line(), told, line(), spacing=0)
        whole.addWidget(self.diff, 1)
        right.setLayout(whole)
        sides = QSplitter()
        sides.setHandleWidth(1)
        left = frame("pane")
        left.setMinimumWidth(_NARROWEST)
        left.setLayout(column(self.timeline, spacing=0, margins=(0, 6, 0, 0)))
        sides.addWidget(left)
        sides.addWidget(right)
        read_in_order(sides)
        sides.setStretchFactor(1, 1)
        sides.setSizes([WIDTH, 900])
        self.states = ContentStates(sides)
        self.setLayout(column(self.states))

    def work_on(self, draft: Draft) -> None:
        self.draft = draft
        draft.changed.connect(self._on_draft)

    def show_narrow(self, narrow: bool) -> None:
        for each in (self.unified, self.side_by_side):
            each.setVisible(not narrow)
        self._narrow = narrow
        self._fit_choices()
        self._name_restore()
        self._show_unified(narrow)

    # What there is

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        if self._workflow is None or self._workflow.id != workflow.id:
            self._limit = _AT_ONCE
            self.model.show_rows(())
        self._workflow = workflow
        self.invalidate()

    def reload(self) -> None:
        if self._workflow is not None:
            read = partial(_read_versions, self._workflow.id, self._limit, self.context.workspace)
            self.context.run(self, read, partial(self._show_versions, self._workflow.id), worker="slow")

    def _on_scrolled(self, value: int) -> None:
        if self._found.has_more and value >= self.timeline.verticalScrollBar().maximum():
            self._limit += _AT_ONCE
            self.invalidate()

    def _show_versions(self, id_: str, found: _Found) -> None:
        if self._workflow is None or id_ != self._workflow.id:
            return
        self._found = found
        if not found.versions:
            self.states.show_empty("git-commit", tr("No version yet"), tr("Saving the definition makes the first one."))
            return
        self.states.show_content()
        self._show_rows()
        self._on_scrolled(self.timeline.verticalScrollBar().value())

    def _on_draft(self) -> None:
        """What is written may be there, or be gone."""
        has_draft = bool(self.model.rows) and self.model.rows[0].version is None
        if self.isVisible() and self.model.rows and (self.draft.is_dirty or has_draft):
            self._show_rows()

    def _rows(self) -> list[VersionRow]:
        made = [
            VersionRow(each.version, each.source, each, at == 0, *self._found.results.get(each.pk, (0, 0)))
            for at, each in enumerate(self._found.versions)
        ]
        draft = self.draft
        is_this = draft.workflow is not None and self._workflow is not None and draft.workflow.id == self._workflow.id
        if is_this and draft.is_dirty and draft.next_version:
            made.insert(0, VersionRow(draft.next_version, draft.text))
        return made

    def _show_rows(self) -> None:
        """The sides stay what they were, where they are still there; at first the current against the one before."""
        rows, before = self._rows(), self.model.rows
        if [(each.label, each.source) for each in rows] == [(each.label, each.source) for each in before]:
            self.model.update_rows(rows)  # other executions have ended
            return
        kept = [before[side].label if 0 <= side < len(before) else "" for side in (self.model.old, self.model.new)]
        grew = bool(before) and bool(rows) and rows[0].label != before[0].label and rows[0].version is not None
        current = next(at for at, each in enumerate(rows) if each.is_current)
        self.timeline.selectionModel().blockSignals(True)
        self.model.show_rows(rows)
        self.timeline.selectionModel().blockSignals(False)
        labels = [each.label for each in rows]
        new = labels.index(kept[1]) if kept[1] in labels and not grew else current
        old = labels.index(kept[0]) if kept[0] in labels and not grew else min(new + 1, len(rows) - 1)
        words = [_shown(each) for each in rows]
        for box in (self.old, self.new):
            box.clear()
            box.addItems(words)
        self._fit_choices()
        self._choose(old, new)

    def _fit_choices(self) -> None:
        """As wide as their words, where there is room for that."""
        for box in (self.old, self.new):
            words = [box.itemText(at) for at in range(min(box.count(), _AT_ONCE))]
            widest = max(map(box.fontMetrics().horizontalAdvance, words), default=0)
            box.setMinimumWidth(0 if self._narrow else min(_WIDEST, widest + _CARET))

    # Two of them

    def _on_new(self, number: int) -> None:
        """A click chooses the new side; the one before it stands against it."""
        if 0 <= number < len(self.model.rows):
            older = min(number + 1, len(self.model.rows) - 1)
            self._choose(older if self.model.old <= number else self.model.old, number)

    def _on_old(self, number: int) -> None:
        self._choose(number, self.model.new)

    def _on_chosen(self) -> None:
        self._choose(self.old.currentIndex(), self.new.currentIndex())

    def _choose(self, old: int, new: int) -> None:
        self.model.show_sides(old, new)
        self.old.setCurrentIndex(old)
        self.new.setCurrentIndex(new)
        selection = self.timeline.selectionModel()
        selection.blockSignals(True)
        self.timeline.setCurrentIndex(self.model.index(new, 0))
        selection.blockSignals(False)
        self._compare()

    @property
    def chosen(self) -> tuple[VersionRow, VersionRow] | None:
        """Old and new."""
        rows, old, new = self.model.rows, self.model.old, self.model.new
        return (rows[old], rows[new]) if 0 <= old < len(rows) and 0 <= new < len(rows) else None

    def _compare(self) -> None:
        if self._workflow is None or self.chosen is None:
            return
        old, new = self.chosen
        alone = old.label == new.label
        texts = partial(pairs, "" if alone else old.source, new.source)
        self.context.run(self, texts, partial(self._show_lines, (old, new)), worker="texts")
        self._name_restore()
        if alone:
            self.words.show_sentence(tr("The first version."))
            return
        compare = partial(_compared, self._workflow.id, old, new, self.draft.format, self.context.workspace)
        self.context.run(self, compare, partial(self._show_differences, (old, new)))

    def _show_lines(self, sides: tuple[VersionRow, VersionRow], found: tuple[Pair, ...]) -> None:
        if self.chosen == sides:
            self.diff.show_pairs(found)
            added, removed = self.diff.counts
            self.added.setText(f"+{number(added)}")
            self.removed.setText(f"−{number(removed)}")

    def _show_differences(self, sides: tuple[VersionRow, VersionRow], found: Comparison | None) -> None:
        if self.chosen != sides:
            return
        if found is None:
            self.words.show_sentence(tr("The draft cannot be read yet; Definition says why."))
            return
        if not found.differences:
            self.words.show_groups((), tr("Nothing but spaces and comments"))
            return
        same = ""
        if found.same_meaning:
            same = tr("It means the same: only names and words about it differ")
        elif rest := _untouched(found):
            same = trn("{n} task is the same", "{n} tasks are the same", rest)
        self.words.show_groups(grouped(found.differences), same)

    def _show_unified(self, unified: bool) -> None:
        self.unified.setChecked(unified)
        self.side_by_side.setChecked(not unified)
        self.diff.set_unified(unified)

    # The way back

    @property
    def target(self) -> Version | None:
        """What Restore makes current again: the new side, else the old one."""
        for each in reversed(self.chosen or ()):
            if each.version is not None and not each.is_current:
                return each.version
        return None

    def _name_restore(self) -> None:
        target = self.target
        words = tr("Restore v{version}…", version=target.version) if target else tr("Restore…")
        self.restore.setText(words)
        fold(self.restore, self._narrow)
        self.restore.setEnabled(target is not None)

    def _restore(self) -> None:
        target, current = self.target, next((each for each in self.model.rows if each.is_current), None)
        if self._workflow is not None and target is not None and current is not None and current.version is not None:
            ask_to_restore(self.context, self, self._workflow, target, current.version)


def _shown(each: VersionRow) -> str:
    """In a choice."""
    tags = {True: tr("current"), False: ""}
    more = tr("draft") if each.version is None else tags[each.is_current] or each.by.rpartition(" · ")[2]
    return f"v{each.label} · {more}"


def _untouched(found: Comparison) -> int:
    """How many tasks of the new one are as they were."""
    names = model.read(found.new.definition).tasks.keys()
    return len(names - changed_tasks(found.differences))


def _compared(ref: str, old: VersionRow, new: VersionRow, format_: str, workspace: str) -> Comparison | None:
    """None where the draft cannot be read."""
    if new.version is None:
        return versions.compare_text(ref, old.label, new.source, format_, workspace)
    if old.version is None:
        return None
    return versions.compare_versions(ref, old.label, new.label, workspace)


def _read_versions(ref: str, limit: int, workspace: str) -> _Found:
    page = versions.list_versions(ref, limit=limit, workspace=workspace)
    return _Found(page.rows, versions.version_results(ref, workspace), page.next is not None)
