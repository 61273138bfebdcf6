"""The list of workflows beside the workflow; in a narrow window over it, when it is asked for."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.gui.core.ui_state import UiState
from smartspec.gui.pages.workflows.workflow_list import WorkflowList
from smartspec.gui.pages.workflows.workflow_model import SUMMARY
from smartspec.gui.pages.workflows.workflow_tree import WIDTH
from smartspec.gui.widgets.tab_order import read_in_order

_DRAWER = 280


class WorkflowListDrawer(QSplitter):
    """It fills `page`, which the list is a child of while it floats: a splitter makes a column of every child."""

    def __init__(self, ui_state: UiState, workflow_list: WorkflowList, beside: QWidget, page: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, page)
        self._workflow_list, self._page = workflow_list, page
        self.setHandleWidth(1)
        self.addWidget(workflow_list)
        self.addWidget(beside)
        read_in_order(self)
        self.setStretchFactor(1, 1)
        self.setCollapsible(0, False)
        self._ui_state, self._has_width = ui_state, False
        self.splitterMoved.connect(lambda at, _: ui_state.keep("manager.width", at))
        workflow_list.view.clicked.connect(self._close)
        workflow_list.view.activated.connect(self._close)

    def show_narrow(self, narrow: bool) -> None:
        self._workflow_list.is_drawer = narrow
        if narrow:
            self._workflow_list.setParent(self._page)
            self._workflow_list.hide()
            self._workflow_list.catch_up()
        else:
            self.insertWidget(0, self._workflow_list)
            read_in_order(self)
            self.setCollapsible(0, False)
            self._workflow_list.show()
            self._has_width = False
            self._give_width()

    def toggle(self) -> None:
        """In a narrow window the list comes over the page, or goes."""
        shown = not self._workflow_list.isVisible()
        self._cover()
        self._workflow_list.setVisible(shown)
        self._workflow_list.raise_()
        if shown:
            self._workflow_list.view.setFocus()

    def _give_width(self) -> None:
        """As wide as it was, once there is room: a splitter gives what is put into it the width that this likes."""
        wanted = int(self._ui_state.get("manager.width", WIDTH))
        if not (self._has_width or self._workflow_list.is_drawer) and self.width() > 2 * wanted:
            self.setSizes([wanted, self.width() - wanted - 1])
            self._has_width = True

    def _cover(self) -> None:
        self._workflow_list.setGeometry(0, 0, _DRAWER, self.height())

    def _close(self, index: QModelIndex) -> None:
        """A workflow was chosen, not a pack."""
        if self._workflow_list.is_drawer and index.data(SUMMARY) is not None:
            self._workflow_list.hide()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_width()
        if self._workflow_list.is_drawer and self._workflow_list.isVisible():
            self._cover()
