"""The workspaces: which one the window shows, and a new one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QInputDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from smartspec.commands import workspaces
from smartspec.domain.workspace import Workspace
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, translate

_SLUG = int(Qt.ItemDataRole.UserRole) + 1


class WorkspaceDialog(QDialog):
    """`chosen` carries the slug of another workspace."""

    chosen = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Workspaces"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        words = label(
            tr("A workspace is a separate set of workflows and executions. The window shows one of them."), "secondary"
        )
        words.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Workspaces"))
        self.list.setIconSize(QSize(16, 16))
        self.list.itemActivated.connect(lambda item: self._choose_workspace(item.data(_SLUG)))
        self._wrong = label("", "error")
        self._wrong.setWordWrap(True)
        self.new = button(tr("New…"), "", "plus", self._ask_name)
        self.open_button = button(tr("Show"), "primary", then=self._choose_current)
        layout = QVBoxLayout(self)
        for each in (words, self.list, self._wrong):
            layout.addWidget(each)
        layout.addLayout(row(self.new, None, button(tr("Close"), then=self.reject), self.open_button))
        self.resize(420, 320)
        context.run(self, workspaces.list_workspaces, self._fill_workspaces)

    def _fill_workspaces(self, found: tuple[Workspace, ...]) -> None:
        for each in found:
            item = QListWidgetItem(icons.icon("stack"), each.name)
            item.setData(_SLUG, each.slug)
            self.list.addItem(item)
            if each.slug == self._context.workspace:
                self.list.setCurrentItem(item)
        self.list.setFocus()

    def _choose_current(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self._choose_workspace(item.data(_SLUG))

    def _choose_workspace(self, slug: str) -> None:
        self.accept()
        if slug != self._context.workspace:
            self.chosen.emit(slug)

    def _ask_name(self) -> None:
        name, given = QInputDialog.getText(self, tr("New workspace"), tr("Name:"))
        if given:
            make = partial(workspaces.create_workspace, name)
            self._context.run(self, make, lambda made: self._choose_workspace(made.slug), self._show_workspace_error)

    def _show_workspace_error(self, error: SmartSpecError) -> None:
        self._wrong.setText(translate(error.sentence))
