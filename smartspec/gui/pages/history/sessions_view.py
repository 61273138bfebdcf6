"""The table of sessions: what belongs together, as programs said when they started it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from smartspec.domain.session_summary import SessionSummary
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.history.sessions_model import EXECUTIONS, OUTCOME, SESSION, SessionsModel
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.table import cells
from smartspec.gui.widgets.table.rows import Index, RowDelegate, RowsView
from smartspec.messages import tr

_WIDTHS = (230, 96, 220, 300, 130)  # px, of all but the last


class SessionsView(RowsView):
    """`opened` carries the id of a session."""

    opened = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Sessions"), parent)
        self.sessions = SessionsModel(context, self)
        self.setModel(self.sessions)
        self.setItemDelegate(_SessionDelegate(self))
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.row_opened.connect(lambda row: self.opened.emit(self.sessions.rows[row].id))
        self._current = ""
        self.sessions.modelAboutToBeReset.connect(self._keep_current)
        self.sessions.modelReset.connect(self._restore_current)

    def _keep_current(self) -> None:
        row = self.currentIndex().row()
        self._current = self.sessions.rows[row].id if 0 <= row < len(self.sessions.rows) else ""

    def _restore_current(self) -> None:
        row = next((at for at, each in enumerate(self.sessions.rows) if each.id == self._current), -1)
        if row >= 0:
            self.setCurrentIndex(self.sessions.index(row, 0))


class _SessionDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        model = index.model()
        assert isinstance(model, SessionsModel)
        if index.column() == OUTCOME:
            _paint_outcome(painter, rect, model.rows[index.row()])
        elif index.column() == SESSION:
            font = theme.font("body", 500)
            painting.text(painter, rect.adjusted(12, 0, -8, 0), model.rows[index.row()].id, "text", font)
        else:
            cells.paint_text(painter, rect, str(index.data()), is_right=index.column() == EXECUTIONS)


def _paint_outcome(painter: QPainter, rect: QRectF, session: SessionSummary) -> None:
    """An icon and a number for each status, as far as there is room; the words are in the tooltip."""
    left, font = rect.left() + 8, theme.font()
    for status, count in sorted(session.counts.items()):
        words = number(count)
        width = QFontMetrics(font).horizontalAdvance(words) + 2
        if left + 20 + width > rect.right():
            return
        shown = status_style(status)
        painting.status_icon(painter, QRectF(left, rect.center().y() - 7, 14, 14), shown.icon, shown.colour)
        painting.text(painter, QRectF(left + 19, rect.top(), width, rect.height()), words, "text2", font)
        left += 19 + width + 12
