"""One file of an import: what it would change in words and line by line, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.commands.import_preview import ImportPreview, ImportState
from smartspec.domain.definition.fixes import QuickFix
from smartspec.gui.shell.importing.lines import icon_line, refill
from smartspec.gui.shell.importing.problem_band import ProblemBand
from smartspec.gui.shell.importing.states import ImportItem
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.diff import DiffView
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.segments import Segments
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tag import Tag
from smartspec.messages import tr, translate, trn

S = ImportState
_RENAMED, _MOVES = "name", "move"  # what becomes of one that stands in the way
_MOST_WORDS = 6
_MARKS = {"added": ("plus", "completed"), "removed": ("minus", "failed")}


class ImportDetail(QWidget):
    """`solved`: it was said what becomes of one that stands in another's way. `mended` carries the text that is to be
    taken instead of what was read; "" is that again.
    """

    solved = Signal()
    mended = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._item: ImportItem | None = None
        self._drafts = False
        self.name = Elided("heading", takes_its_width=True)
        self.old, self.new = Tag(), Tag("", "accent")
        self.added, self.removed = Tag("", "good"), Tag("", "bad")
        self._arrow = Icon("arrow-right", "text3", 12)
        choices = [(tr("Words"), "words"), (tr("Lines"), "lines"), (tr("Both"), "both")]
        self.shown = Segments(tr("What is shown"), choices, outlined=True)
        self.shown.choose("both")
        self.shown.chosen.connect(lambda _: self._show_parts())
        self.words = QWidget()
        self._words_layout = QVBoxLayout(self.words)
        self._words_layout.setContentsMargins(16, 10, 16, 10)
        self._words_layout.setSpacing(4)
        self.band = ProblemBand()
        self.band.fix_asked.connect(self._on_fix)
        self.band.revert_asked.connect(lambda: self.mended.emit(""))
        self.way = Choice(tr("What becomes of it"))
        self.way.activated.connect(self._on_way)
        self._ways = frame("warnBand")
        self._why = label("", "problem")
        self._why.setWordWrap(True)
        self._ways.setLayout(column(self._why, row(self.way, None), spacing=6, margins=(13, 8, 16, 8)))
        self.diff = DiffView()
        self.diff.set_unified(True)
        head = row(self.name, 2, self.old, self._arrow, self.new, self.added, self.removed, None, self.shown,
                   spacing=6, margins=(16, 7, 24, 7))  # fmt: skip
        inside = QWidget()
        inside.setLayout(column(head, line(), self.words, self._ways, self.band, self.diff, None, spacing=0))
        layout = inside.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.setStretchFactor(self.diff, 1000)
        self.states = ContentStates(inside)
        self.setLayout(column(self.states))

    def show_item(self, item: ImportItem | None, drafts: bool) -> None:
        self._item, self._drafts = item, drafts
        if item is None:
            self.states.show_empty("download-simple", tr("Choose a file"), "")
            return
        preview = item.preview
        if preview.state is S.LEFT_OUT and not preview.source.text:
            self.states.show_empty("prohibit", translate(preview.why), preview.source.name)
            return
        self._show_head(item)
        self._fill_words(preview)
        self._show_ways(item)
        text = preview.source.text
        self.band.show_problems(preview.problems, text, _note(item), is_mended=item.is_mended)
        self.diff.show_texts(preview.current.source if preview.current else "", preview.source.text)
        self._show_parts()
        self.states.show_content()

    def _show_head(self, item: ImportItem) -> None:
        preview = item.preview
        self.name.setText(item.name or (preview.workflow.name if preview.workflow else preview.name or item.file))
        old = preview.current if item.name is None else None
        is_changed = preview.state in (S.CHANGED, S.PROBLEMS) and old is not None
        self.old.setVisible(old is not None)
        self.old.setText(f"v{old.version}" if old else "")
        self._arrow.setVisible(is_changed)
        is_draft = self._drafts or item.is_draft_only
        self.new.setVisible(is_changed or (preview.state in (S.NEW, S.PROBLEMS)))
        self.new.setText(tr("draft") if is_draft else f"v{preview.label}")

    def _show_parts(self) -> None:
        """The differences are there whatever is wrong with the text."""
        wanted = self.shown.value
        state = self._item.preview.state if self._item else S.LEFT_OUT
        self.words.setVisible(wanted in ("words", "both") and state is not S.LEFT_OUT)
        self.diff.setVisible(wanted in ("lines", "both"))
        added, removed = self.diff.counts
        for tag, sign, count in ((self.added, "+", added), (self.removed, "−", removed)):
            tag.setText(f"{sign}{count:,}")
            tag.updateGeometry()
            tag.setVisible(bool(count))

    # Words

    def _fill_words(self, preview: ImportPreview) -> None:
        lines = [icon_line(icon, colour, sentence, "small-text") for icon, colour, sentence in _sentences(preview)]
        refill(self._words_layout, [label(tr("What changes, in words"), "section"), *lines])

    # What is wrong

    def _on_fix(self, fix: QuickFix) -> None:
        if self._item is not None:
            self.mended.emit(fix.applied(self._item.preview.source.text))

    # What stands in the way

    def _show_ways(self, item: ImportItem) -> None:
        preview = item.preview
        self._ways.setVisible(bool(preview.conflict))
        if not preview.conflict:
            return
        self._why.setText(translate(preview.conflict))
        self.way.clear()
        self.way.addItem(tr("Leave this one out"), "")
        if preview.free_name:
            self.way.addItem(tr("Have both: import this one as “{name}”", name=preview.free_name), _RENAMED)
        if preview.other_file is not None:
            self.way.addItem(tr("The workflow lives in the folder of this file from now on"), _MOVES)
        self.way.setCurrentIndex(max(0, self.way.findData(_RENAMED if item.name else _MOVES if item.moves else "")))

    def _on_way(self) -> None:
        if self._item is None:
            return
        way = self.way.currentData()
        self._item.name = self._item.preview.free_name if way == _RENAMED else None
        self._item.moves = way == _MOVES
        self._item.is_taken = bool(way)
        self._show_head(self._item)
        self.solved.emit()


def _note(item: ImportItem) -> str:
    """What else a person should know before it is taken."""
    preview = item.preview
    if preview.has_copy and preview.state is not S.SAME:
        return tr("It has changes here that nobody saved: this file takes their place.")
    old = preview.workflow.folder if preview.workflow and item.name is None else None
    if old is not None and preview.source.folder not in (None, old) and not preview.conflict:
        return tr("Until now it ran in {folder}; from now on it runs in the folder of this file.", folder=old)
    return translate(preview.why)


def _sentences(preview: ImportPreview) -> list[tuple[str, str, str]]:
    """Icon, its colour and the words."""
    if preview.state is S.SAME:
        return [("equals", "text3", tr("Nothing: it is the text of the current version"))]
    if preview.current is None:
        return [("plus", "completed", trn("A workflow with {n} task", "A workflow with {n} tasks", preview.tasks))]
    found = [
        (*_MARKS.get(each.kind, ("pencil-simple", "accent_text")), translate(each.sentence))
        for each in preview.differences[:_MOST_WORDS]
    ]
    if (more := len(preview.differences) - _MOST_WORDS) > 0:
        found.append(("dots-three", "text3", trn("… and {n} more", "… and {n} more", more)))
    if not preview.differences:
        found.append(("text-aa", "text3", tr("Nothing but spaces and comments")))
    return [*found, ("archive", "text3", tr("Its settings and its history stay as they are"))]
