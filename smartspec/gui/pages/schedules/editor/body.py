"""The form and its preview: side by side, or in a narrow window with the preview as a strip that unfolds."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.schedules.editor.form import ScheduleForm
from smartspec.gui.pages.schedules.editor.preview_pane import WIDTH, PreviewPane
from smartspec.gui.pages.schedules.editor.preview_strip import PreviewStrip
from smartspec.gui.widgets.dialogs import scrolled
from smartspec.gui.widgets.layout import column

_UNFOLDED = 270  # as high as the preview is below the strip
_ANY = 16_777_215  # Qt's widest


class EditorBody(QWidget):
    """Made from the outside in: each part has its place in the window before what is in it is made."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._narrow = False
        self.preview, self.strip = PreviewPane(), PreviewStrip()
        below, inner = QWidget(self), QWidget()
        self.area = scrolled(inner)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sides = QHBoxLayout(below)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(self.area, 1)
        self._sides.addWidget(self.preview)
        self.form = ScheduleForm(context, inner)
        inner.setLayout(column(self.form, spacing=0))
        self.setLayout(column(self.strip, below, spacing=0, fill=below))
        self.strip.swapped.connect(self._show_preview)
        self.show_narrow(False)

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.strip.setVisible(narrow)
        self.preview.show_narrow(narrow)
        way = QBoxLayout.Direction.BottomToTop if narrow else QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(way)
        self.preview.setMinimumWidth(0 if narrow else WIDTH)
        self.preview.setMaximumWidth(_ANY if narrow else WIDTH)
        self.preview.setMaximumHeight(_UNFOLDED if narrow else _ANY)
        self._show_preview()

    def _show_preview(self) -> None:
        self.preview.setVisible(not self._narrow or self.strip.is_open)
