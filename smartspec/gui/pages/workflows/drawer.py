"""The workflow manager beside the workflow; in a narrow window over it, when it is asked for."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.gui.core.ui_state import UiState
from smartspec.gui.pages.workflows.manager import Manager
from smartspec.gui.pages.workflows.manager_tree import SUMMARY, WIDTH

_DRAWER = 280


class ManagerDrawer(QSplitter):
    """It fills `page`, which the manager is a child of while it floats: a splitter makes a column of every child."""

    def __init__(self, ui_state: UiState, manager: Manager, beside: QWidget, page: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._manager, self._page = manager, page
        self.setHandleWidth(1)
        self.addWidget(manager)
        self.addWidget(beside)
        self.setStretchFactor(1, 1)
        self.setCollapsible(0, False)
        self.setSizes([int(ui_state.get("manager.width", WIDTH)), 1000])
        self.splitterMoved.connect(lambda at, _: ui_state.keep("manager.width", at))
        manager.view.clicked.connect(self._close)
        manager.view.activated.connect(self._close)

    def show_narrow(self, narrow: bool) -> None:
        self._manager.is_drawer = narrow
        if narrow:
            self._manager.setParent(self._page)
            self._manager.hide()
            self._manager.catch_up()
        else:
            self.insertWidget(0, self._manager)
            self.setCollapsible(0, False)
            self._manager.show()

    def toggle(self) -> None:
        """In a narrow window the manager comes over the page, or goes."""
        shown = not self._manager.isVisible()
        self._cover()
        self._manager.setVisible(shown)
        self._manager.raise_()
        if shown:
            self._manager.view.setFocus()

    def _cover(self) -> None:
        self._manager.setGeometry(0, 0, _DRAWER, self.height())

    def _close(self, index: QModelIndex) -> None:
        """A workflow was chosen, not a pack."""
        if self._manager.is_drawer and index.data(SUMMARY) is not None:
            self._manager.hide()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._manager.is_drawer and self._manager.isVisible():
            self._cover()
