"""Importing with a preview: what each file would make, what is wrong with it, what would change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFileDialog, QRadioButton, QWidget

from smartspec.commands import import_choices, import_preview
from smartspec.commands.files import Imported
from smartspec.commands.import_preview import ImportPreview, ImportState, MendedText
from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.importing import states
from smartspec.gui.shell.importing.detail import ImportDetail
from smartspec.gui.shell.importing.file_list import FileList, FileModel
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate, trn

_WIDE, _LIST = 760, 300


class ImportDialog(Dialog):
    """`imported` carries the id of the first workflow."""

    imported = Signal(str)

    def __init__(self, context: AppContext, chosen: Sequence[Path], parent: QWidget) -> None:
        super().__init__(parent, tr("Import workflow files"), tr("Reading…"), width=1000, height=688)
        self._context = context
        self._chosen: list[Path] = []
        self._mended: dict[str, MendedText] = {}
        self._drafts = False
        self.setAcceptDrops(True)
        self.model = FileModel(self)
        self.model.changed.connect(self._show_summary)
        self.list = FileList(self.model)
        self.list.selectionModel().currentChanged.connect(self._on_row)
        self.all = QCheckBox()
        self.all.setTristate(True)
        self.all.clicked.connect(self._on_all)
        self.state = Choice(tr("States that are shown"))
        self.state.addItem(tr("All states"), None)
        for state, shown in states.STYLES.items():
            self.state.addItem(translate(shown.word), state)
        self.state.currentIndexChanged.connect(lambda _: self._filter())
        self.detail = ImportDetail()
        self.detail.solved.connect(self.model.say_changed)
        self.detail.mended.connect(self._on_mended)
        self._lay_out_import()
        self.add_button(tr("Cancel"), then=self.reject)
        self.import_button = self.add_button(tr("Import"), "primary", self._import)
        QShortcut(QKeySequence("F8"), self, self.list.step_to_problem)
        QShortcut(QKeySequence("Alt+Return"), self, self.detail.band.fix_first)
        self.states.show_loading()
        self.add(chosen)

    def _lay_out_import(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        left = frame("pane")
        self._pane = left
        choose = button(tr("choose…"), "link", then=self._choose)
        choose.setAccessibleName(tr("Choose more files"))
        more = row(label(tr("Drop more files here, or"), "caption"), choose, None, spacing=4, margins=(16, 4, 8, 6))
        head = row(self.all, None, self.state, margins=(16, 6, 12, 6))
        left.setLayout(column(head, line(), self.list, more, spacing=0, fill=self.list))
        sides = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, sides)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(left)
        self._sides.addWidget(self.detail, 1)
        self.states = ContentStates(sides)
        self.body.addWidget(self.states, 1)
        self.body.addWidget(line())
        self.body.addLayout(self._ways())
        self._told, self._left_out = label("", "strong"), Elided("small", takes_its_width=True)
        told = QWidget()
        told.setLayout(row(self._told, self._left_out, spacing=6))
        self.add_left(told)

    def _ways(self) -> QBoxLayout:
        """How they are taken, and where they run."""
        self.versions, self.drafts = QRadioButton(tr("New versions")), QRadioButton(tr("Drafts"))
        self.versions.setChecked(True)
        self.drafts.toggled.connect(self._on_drafts)
        name = label(tr("Take them as"), "secondary")
        self._meanings = (
            label(tr("current at once"), "caption"),
            label(tr("nothing runs until you save or activate them"), "caption"),
        )
        first = row(name, 12, self.versions, self._meanings[0], 16, self.drafts, self._meanings[1], None, spacing=6)
        self._folder = Elided("mono", takes_its_width=True)
        second = row(label(tr("They run in"), "secondary"), 12, self._folder, None, spacing=6)
        return column(first, second, spacing=10, margins=(24, 12, 24, 12))

    # Reading

    def add(self, more: Sequence[Path]) -> None:
        """Look at these files, and those in these folders, too."""
        self._chosen = [*dict.fromkeys([*self._chosen, *more])]
        self._read()

    def _read(self, shown: str = "") -> None:
        """All of them; `shown` is the file to show then."""
        chosen, mended = tuple(self._chosen), {**self._mended}
        read = partial(import_preview.preview_files, chosen, self._context.workspace, mended)
        self._context.run(self, read, partial(self._show_previews, shown), self._on_unread, worker="slow")

    def _on_mended(self, text: str) -> None:
        """Of the file that is shown: all are looked at again, for one may call another."""
        source = self.model.items[self.list.currentIndex().row()].preview.source
        before = self._mended.pop(source.name).before if source.name in self._mended else source.text
        if text:
            self._mended[source.name] = MendedText(before, text)
        self._read(source.name)

    def _on_unread(self, error: SmartSpecError) -> None:
        self.states.show_error(error)

    def _show_previews(self, shown: str, found: tuple[ImportPreview, ...]) -> None:
        before = {each.preview.source.name: each for each in self.model.items}
        ordered = sorted(found, key=lambda each: states.ORDER[each.state])
        self.model.show_items([self._item(each, before) for each in ordered])
        self.set_title(trn("Import {n} file", "Import {n} files", len(found)), _read_from(found))
        self._folder.setText(_folders(found))
        if found:
            self.states.show_content()
            names = [each.preview.source.name for each in self.model.items]
            self.list.setCurrentIndex(self.model.index(names.index(shown) if shown in names else 0))
            self.list.setFocus()
        else:
            self.states.show_empty(
                "folder-open", tr("No workflow files there"), tr("Their names end in .yaml, .yml or .json."),
                (tr("Choose files…"), self._choose),
            )  # fmt: skip

    def _item(self, preview: ImportPreview, before: dict[str, states.ImportItem]) -> states.ImportItem:
        """One that was looked at before is taken, or not, as it was."""
        made, old = states.new_item(preview), before.get(preview.source.name)
        mended = self._mended.get(preview.source.name)
        made.is_mended = mended is not None and mended.text == preview.source.text
        if old is not None and old.preview.state is preview.state:
            made.name, made.moves = old.name, old.moves
            made.is_taken = old.is_taken and made.can_be_taken
        return made

    # Choosing

    def _on_row(self, index: QModelIndex) -> None:
        self.detail.show_item(self.model.items[index.row()] if index.isValid() else None, self._drafts)

    def _on_all(self) -> None:
        wanted = not all(each.is_taken for each in self.model.items if each.can_be_taken)
        self.model.take(range(len(self.model.items)), wanted)

    def _on_drafts(self, drafts: bool) -> None:
        self._drafts = drafts
        self._on_row(self.list.currentIndex())
        self._show_summary()

    def _filter(self) -> None:
        wanted: ImportState | None = self.state.currentData()
        for row_, each in enumerate(self.model.items):
            self.list.setRowHidden(row_, wanted is not None and each.preview.state is not wanted)

    def _show_summary(self) -> None:
        items = self.model.items
        taken = sum(each.is_taken for each in items)
        self.all.setText(tr("{taken} of {n} chosen", taken=number(taken), n=number(len(items))))
        every, some = Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked
        self.all.setCheckState(every if taken == len(items) else some if taken else Qt.CheckState.Unchecked)
        self.import_button.setText(states.verb(items, self._drafts))
        told, left = states.summary(items)
        self._told.setText(told)
        self._left_out.setText(f"·  {left}" if left else "")
        self._filter()
        self.show_problem("")

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and any(each.is_taken for each in self.model.items)

    def _choose(self) -> None:
        kinds = tr("Workflow files (*.yaml *.yml *.json)")
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Import"), "", kinds)
        if chosen:
            self.add([Path(each) for each in chosen])

    # Importing

    def _import(self) -> None:
        taken = [each for each in self.model.items if each.is_taken]
        choices = [each.choice(self._drafts) for each in taken]
        can_undo = not any(each.preview.has_copy or each.moves for each in taken)
        command = partial(import_choices.import_chosen, choices, self._context.workspace)
        self.set_busy(True)
        self._context.run(self, command, partial(self._on_imported, can_undo=can_undo), self._on_import_failed)

    def _on_imported(self, found: tuple[Imported, ...], *, can_undo: bool) -> None:
        context, workspace = self._context, self._context.workspace
        self.accept()
        told = (
            tr("Imported {name}", name=found[0].workflow.name)
            if len(found) == 1
            else trn("Imported {n} workflow", "Imported {n} workflows", len(found))
        )

        def undo() -> None:
            context.run(context.notifications, partial(import_choices.undo_import, found, workspace))

        can_undo = can_undo and not any(each.moved_from for each in found)
        context.notifications.toast(told, undo if can_undo else None, "download-simple")
        self.imported.emit(found[0].workflow.id)

    def _on_import_failed(self, error: SmartSpecError) -> None:
        self.refuse(error)
        if isinstance(error, Invalid):
            lines = (error.sentence, *(each.as_line for each in error.problems[:3]))
            self.show_problem("\n".join(map(translate, lines)))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(way)
        self._pane.setMinimumWidth(_LIST if wide else 0)
        self._pane.setMaximumWidth(_LIST if wide else 16_777_215)
        self._pane.setMaximumHeight(16_777_215 if wide else 190)
        for each in self._meanings:
            each.setVisible(wide)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add([Path(each.toLocalFile()) for each in event.mimeData().urls() if each.isLocalFile()])


def _read_from(found: Sequence[ImportPreview]) -> str:
    folders = {str(Path(each.source.name).parent) for each in found}
    if len(folders) == 1:
        return tr("read just now from {folder}", folder=_short(folders.pop()))
    return trn("read just now from {n} folder", "read just now from {n} folders", len(folders)) if folders else ""


def _folders(found: Sequence[ImportPreview]) -> str:
    """The folder that tasks run in which name no other."""
    folders = {each.source.folder for each in found if each.source.folder}
    return _short(folders.pop()) if len(folders) == 1 else tr("each in the folder of its file")


def _short(folder: str) -> str:
    home = str(Path.home())
    return f"~{folder[len(home) :]}" if folder == home or folder.startswith(home + "/") else folder
