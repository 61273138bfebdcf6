"""In the row of the tabs: that there is a text which is no version yet, and the way to it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.style import icons, painting, theme
from smartspec.messages import tr

_DOT, _GAP, _PADDING = 8, 7, 6


class DraftMark(QAbstractButton):
    """Pressed it is to lead to the tab Definition, where it is not shown itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_draft(self, draft: Draft, *, is_shown: bool) -> None:
        """`is_shown`: the text itself is to be seen."""
        version = draft.next_version
        words = tr("Draft of v{version}", version=version) if version else tr("Draft")
        self.setText(words)
        self.setAccessibleName(words)
        errors = len(draft.errors)
        self.setToolTip(
            tr("It has errors; Definition shows them") if errors else tr("Written in Definition, and no version yet")
        )
        self.setVisible(draft.is_dirty and not is_shown)
        self.updateGeometry()

    # Qt

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font())
        width = metrics.horizontalAdvance(self.text()) + _DOT + _GAP + 2 * _PADDING
        return QSize(width, max(26, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(_DOT + 2 * _PADDING, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painting.plate(painter, QRectF(self.rect()), "hover")
        middle = self.height() / 2
        icons.paint(painter, QRectF(_PADDING, middle - _DOT / 2, _DOT, _DOT), "circle-fill", "retrying")
        room = QRectF(self.rect()).adjusted(_PADDING + _DOT + _GAP, 0, -2, 0)
        painting.text(painter, room, self.text(), "text2", theme.font())
        if self.hasFocus():
            box = QRectF(self.rect())
            painting.selection(painter, box, selected=False, hovered=False, bar=False, focused=True)
        painter.end()
