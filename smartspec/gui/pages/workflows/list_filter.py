"""What the list of workflows is narrowed by besides the words: who made them, and whether archived ones are shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from smartspec.commands import workflows
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.menus import show_below
from smartspec.messages import tr


class WorkflowListFilter(QObject):
    """`created_by` is a name or None. `changed` when it, or `with_archived`, is another one."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._makers: tuple[str, ...] = ()
        self.created_by: str | None = None
        self.with_archived = False
        self.button: QToolButton = icon_button("funnel", tr("Filter the list"), self._open)

    @property
    def told(self) -> str:
        """What narrows the list, for a sentence; empty where nothing does."""
        return tr("made by {name}", name=self.created_by) if self.created_by is not None else ""

    def clear(self) -> None:
        self._choose_maker(None)

    def menu(self) -> QMenu:
        made = QMenu(self.button)
        archived = made.addAction(tr("Show archived workflows too"))
        archived.setCheckable(True)
        archived.setChecked(self.with_archived)
        archived.toggled.connect(self.show_archived)
        made.addSection(tr("Made by"))
        for name in (None, *self._makers):
            self._add_maker(made, name)
        return made

    def _add_maker(self, menu: QMenu, name: str | None) -> None:
        action: QAction = menu.addAction(tr("Anybody") if name is None else name.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(name == self.created_by)
        action.triggered.connect(partial(self._choose_maker, name))

    def _open(self) -> None:
        show_below(self.menu(), self.button)

    def read_makers(self) -> None:
        """For the menu, which does not wait for the disk: whenever the list is read."""
        read = partial(workflows.list_makers, workspace=self._context.workspace)
        self._context.run(self, read, self._take_makers, lambda _: None, worker="slow")

    def _take_makers(self, names: tuple[str, ...]) -> None:
        self._makers = names

    def _choose_maker(self, name: str | None, *_: object) -> None:
        self.created_by = name
        self._emit_changed()

    def show_archived(self, shown: bool = True) -> None:
        self.with_archived = shown
        self._emit_changed()

    def _emit_changed(self) -> None:
        narrowed = self.created_by is not None
        self.button.setIcon(icons.icon("funnel", "accent_text" if narrowed else "text2"))
        self.button.setToolTip(tr("Filter the list: {what}", what=self.told) if narrowed else tr("Filter the list"))
        self.changed.emit()
