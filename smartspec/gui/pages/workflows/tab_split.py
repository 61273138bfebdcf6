"""The tabs of a workflow, and its executions: below them, as high as they were with each tab, or at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.gui.core.ui_state import UiState
from smartspec.gui.pages.workflows.executions import STRIP, WorkflowExecutions
from smartspec.gui.widgets.tab_order import read_in_order

_HEIGHTS = {  # of the executions; 0: folded
    "overview": 272, "config": 150, "definition": 0, "versions": 0, "workflow-schedules": 0,
}  # fmt: skip
_UNFOLDED = 220
LOW, _LOW_HEIGHT = 700, 172  # a page that is low, and what the executions get of it at most
_LOW_SHARE = 0.3  # and of one that is very low
_ASIDE, WIDE = 640, 1_400  # width of the executions at the right, and of a page that has room for them there


class TabSplit(QSplitter):
    def __init__(self, ui_state: UiState, executions: WorkflowExecutions) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._ui_state, self._executions = ui_state, executions
        self._tab, self._page, self._narrow = "overview", QSize(), False
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._on_moved)
        executions.folded.connect(self._on_folded)

    def hold(self, tabs: QWidget) -> None:
        """Once it stands in its place: what is moved is styled again."""
        for number, each in enumerate((tabs, self._executions)):
            self.addWidget(each)
            self.setCollapsible(number, False)
        read_in_order(self)
        self.setStretchFactor(0, 1)

    @property
    def is_aside(self) -> bool:
        """Whether the executions stand at the right: where that is wanted, and the page is wide."""
        return bool(self._ui_state.get("executions.aside", False)) and self._page.width() >= WIDE

    def toggle_aside(self) -> None:
        self._ui_state.keep("executions.aside", not self._ui_state.get("executions.aside", False))
        self._arrange()

    def arrange(self, tab: str, page: QSize, narrow: bool) -> None:
        """As it was with this tab, as far as there is room on the page."""
        self._tab, self._page, self._narrow = tab, page, narrow
        self._arrange()

    def _arrange(self) -> None:
        aside = self.is_aside
        self._executions.show_narrow(self._narrow or aside)
        self.setOrientation(Qt.Orientation.Horizontal if aside else Qt.Orientation.Vertical)
        if aside:
            whole, part = self.width(), int(self._ui_state.get("executions.width", _ASIDE))
        else:
            whole, part = self.height() or LOW, self._height_below()
        self._executions.fold(part == 0)
        self._executions.fold_button.setVisible(not aside)
        part = part or STRIP + 6
        self.setSizes([whole - part, part])

    def _height_below(self) -> int:
        height = int(self._ui_state.get(f"executions.height.{self._tab}", _HEIGHTS[self._tab]))
        if self._page.height() >= LOW:
            return height
        return min(height, _LOW_HEIGHT, int(self._page.height() * _LOW_SHARE))

    def _on_folded(self, folded: bool) -> None:
        self._ui_state.keep(f"executions.height.{self._tab}", 0 if folded else _HEIGHTS[self._tab] or _UNFOLDED)
        self._arrange()

    def _on_moved(self) -> None:
        if self.is_aside:
            self._ui_state.keep("executions.width", self.sizes()[1])
        elif not self._executions.is_folded:
            self._ui_state.keep(f"executions.height.{self._tab}", self.sizes()[1])
