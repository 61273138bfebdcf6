"""The workspaces: which one the window shows, and a new one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from smartspec.commands import workspaces
from smartspec.domain.workspace import Workspace
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import Dialog, Question
from smartspec.gui.widgets.name_question import ask_workspace_name
from smartspec.messages import tr, translate

_SLUG = int(Qt.ItemDataRole.UserRole) + 1


class WorkspaceDialog(Dialog):
    """`chosen` carries the slug of another workspace."""

    chosen = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(
            parent, tr("Workspaces"),
            tr("A workspace is a separate set of workflows and executions. The window shows one of them."),
            width=480, height=400,
        )  # fmt: skip
        self._context = context
        self.list = QListWidget()
        self.list.setObjectName("choices")
        self.list.setAccessibleName(tr("Workspaces"))
        self.list.setIconSize(QSize(16, 16))
        self.list.itemActivated.connect(lambda item: self._choose_workspace(item.data(_SLUG)))
        self.body.addWidget(self.list)
        self.body.setContentsMargins(12, 12, 12, 12)
        self.new = button(tr("New workspace…"), "ghost", "plus", self._ask_name)
        self.add_left(self.new)
        self.add_button(tr("Cancel"), then=self.reject)
        self.open_button = self.add_button(tr("Show"), "primary", self._choose_current)
        context.run(self, workspaces.list_workspaces, self._fill_workspaces, self._show_error)

    def _fill_workspaces(self, found: tuple[Workspace, ...]) -> None:
        for each in found:
            is_shown = each.slug == self._context.workspace
            item = QListWidgetItem(icons.icon(*("check", "accent_text") if is_shown else ("stack", "text2")), each.name)
            item.setData(_SLUG, each.slug)
            self.list.addItem(item)
            if is_shown:
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
        ask_workspace_name(self._context, self, tr("New workspace"), tr("Make and show"), self._make)

    def _make(self, name: str, question: Question) -> None:
        make = partial(workspaces.create_workspace, name)
        question.run(self._context, make, lambda made: self._choose_workspace(made.slug))

    def _show_error(self, error: SmartSpecError) -> None:
        self.show_problem(translate(error.sentence))
