"""A row of tabs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabBar

from smartspec.gui.widgets.labels import plain_tip


class Tabs(QTabBar):
    """The tabs of a page. The selected one is bold and so wider: there is room for that.

    Where there is not, they are cut with …, and stand whole in their tooltips.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)

    # Qt

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(16, 0)

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self.setTabToolTip(index, plain_tip(self.tabText(index).replace("&&", "&")))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(160, self.sizeHint().width()), self.sizeHint().height())
