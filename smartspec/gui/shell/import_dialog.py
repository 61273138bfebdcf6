"""Importing with a preview: what each file would make, what is wrong with it, what would change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from smartspec.commands import files, workflow_sources
from smartspec.commands.files import Imported, Preview
from smartspec.commands.workflow_sources import Source
from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.diff import DiffView
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen


@frozen
class _Previews:
    """`unreadable` says which files could not be read, and why."""

    previews: tuple[Preview, ...]
    sources: tuple[Source, ...]
    unreadable: tuple[tuple[str, str], ...]


class ImportDialog(QDialog):
    """`imported` carries the id of the first workflow."""

    imported = Signal(str)

    def __init__(self, context: AppContext, chosen: Sequence[Path], parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._read = _Previews((), (), ())
        self.setWindowTitle(tr("Import workflow files"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Files"))
        self.list.currentRowChanged.connect(self._on_row)
        self.diff = DiffView()
        self.problems = QPlainTextEdit()
        self.problems.setReadOnly(True)
        self.problems.setFont(theme.font("small", mono=True))
        self.problems.setAccessibleName(tr("Problems"))
        self._right = QStackedWidget()
        self._right.addWidget(self.diff)
        self._right.addWidget(self.problems)
        sides = QSplitter()
        sides.addWidget(self.list)
        sides.addWidget(self._right)
        sides.setSizes([280, 560])
        self.headline = label(tr("Reading…"), "title")
        self.wrong = label("", "error")
        self.wrong.setWordWrap(True)
        self.drafts = QCheckBox(tr("Take those with errors as drafts, to fix them here"))
        self.drafts.toggled.connect(self._show_summary)
        self.import_button = button(tr("Import"), "primary", "download-simple", self._import)
        self.import_button.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self.headline)
        layout.addWidget(sides, 1)
        layout.addWidget(self.wrong)
        layout.addWidget(self.drafts)
        layout.addLayout(row(None, button(tr("Cancel"), "ghost", then=self.reject), self.import_button))
        self.resize(920, 560)
        self._show_summary()
        context.run(self, partial(_preview_files, tuple(chosen), context.workspace), self._show_previews)

    def _show_previews(self, found: _Previews) -> None:
        self._read = found
        marks = {
            "created": ("plus", "completed", tr("new")), "changed": ("pencil-simple", "accent_text", tr("new version")),
            "same": ("check", "text3", tr("no change")),
        }  # fmt: skip
        for each in found.previews:
            errors = sum(problem.severity == "error" for problem in each.problems)
            icon, colour, word = marks[each.change]
            if errors:
                icon, colour, word = "x-circle-fill", "failed", trn("{n} error", "{n} errors", errors)
            name = each.name or Path(each.source).name
            self.list.addItem(QListWidgetItem(icons.icon(icon, colour), f"{name} · {word}"))
        for source, why in found.unreadable:
            self.list.addItem(
                QListWidgetItem(icons.icon("warning-fill", "retrying"), f"{Path(source).name} · {tr('not a workflow')}")
            )
            self.wrong.setText(translate(why))
        self.list.setCurrentRow(0)
        self._show_summary()

    @property
    def _with_errors(self) -> bool:
        return any(problem.severity == "error" for each in self._read.previews for problem in each.problems)

    def _show_summary(self) -> None:
        count = len(self._read.previews)
        self.headline.setText(trn("{n} workflow file", "{n} workflow files", count))
        self.drafts.setVisible(self._with_errors)
        self.import_button.setEnabled(bool(count) and (not self._with_errors or self.drafts.isChecked()))
        self.import_button.setToolTip(
            tr("Fix the errors, or take drafts") if not self.import_button.isEnabled() else ""
        )

    def _on_row(self, number: int) -> None:
        if not 0 <= number < len(self._read.previews):
            return
        each, source = self._read.previews[number], self._read.sources[number]
        if each.problems:
            self.problems.setPlainText("\n".join(translate(problem.as_line) for problem in each.problems))
            self._right.setCurrentWidget(self.problems)
        else:
            self.diff.set_unified(each.current is None)
            self.diff.show_texts(each.current or "", source.text)
            self._right.setCurrentWidget(self.diff)

    def _import(self) -> None:
        self.import_button.setEnabled(False)
        command = partial(
            files.import_workflows, self._read.sources, draft=self.drafts.isChecked(), workspace=self._context.workspace
        )
        self._context.run(self, command, self._on_imported, self._on_import_failed)

    def _on_imported(self, found: tuple[Imported, ...]) -> None:
        self.accept()
        told = (
            tr("Imported {name}", name=found[0].workflow.name)
            if len(found) == 1
            else trn("Imported {n} workflow", "Imported {n} workflows", len(found))
        )
        self._context.notifications.toast(told, None, "download-simple")
        self.imported.emit(found[0].workflow.id)

    def _on_import_failed(self, error: SmartSpecError) -> None:
        problems = error.problems if isinstance(error, Invalid) else ()
        self.wrong.setText("\n".join(map(translate, (error.sentence, *(each.as_line for each in problems[:5])))))
        self._show_summary()


def _preview_files(chosen: tuple[Path, ...], workspace: str) -> _Previews:
    sources, unreadable = [], []
    for path in chosen:
        try:
            sources.append(workflow_sources.read_source(path))
        except SmartSpecError as error:
            unreadable.append((str(path), error.sentence))
    return _Previews(files.preview_import(sources, workspace), tuple(sources), tuple(unreadable))
