"""The lines of the page as a table, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from smartspec.domain import times
from smartspec.domain.alert import words
from smartspec.domain.alert.alert import AlertState
from smartspec.formatting import format_due
from smartspec.gui.pages.alerts.lines import AlertLine
from smartspec.gui.pages.alerts.words import HEADS, KIND_STYLES, STATE_ICONS, second_line
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import exact, number, spoken
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.rows import Index, RowDelegate
from smartspec.messages import _, _p, tr, translate
from smartspec.vocabulary import ALERT_KIND_WORDS

LINE = int(Qt.ItemDataRole.UserRole) + 1
SECOND = LINE + 1
KIND, REASON, SINCE, VALUE = range(4)
_HEADINGS = (_p("a kind of alert stands below", "Alert"), _("What and why"), _("Since"), _("Value"))
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
S = AlertState
ASIDE = frozenset({S.ACKNOWLEDGED, S.SNOOZED})


def row_height(line: AlertLine) -> int:
    """Two lines of text; the head of a group one."""
    of_text = QFontMetrics(theme.font()).height()
    return max(26, of_text + 8) if line.alert is None else max(50, 2 * of_text + 14)


class AlertsModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[AlertLine] = []

    def show(self, lines: Sequence[AlertLine]) -> None:
        self.beginResetModel()
        self.lines = [*lines]
        self.endResetModel()

    def refresh(self) -> None:
        """Time has passed: figures that grow are others now."""
        if self.lines:
            self.dataChanged.emit(self.index(0, KIND), self.index(len(self.lines) - 1, VALUE))

    # Qt

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The head of a group is passed over."""
        if not index.isValid() or self.lines[index.row()].alert is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == VALUE:
            return _RIGHT
        return translate(_HEADINGS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line, column, now = self.lines[index.row()], index.column(), times.now()
        if role == LINE:
            return line
        if role == SECOND:
            return _second(line, column, now)
        if role == Qt.ItemDataRole.DisplayRole:
            return _first(line, column, now)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(", ".join(filter(None, (_first(line, column, now), _second(line, column, now)))))
        if role == Qt.ItemDataRole.ToolTipRole and line.alert is not None:
            if column == SINCE:
                return plain_tip(exact(line.alert.raised_at))
            return plain_tip("\n".join(filter(None, (_first(line, column, now), _second(line, column, now)))))
        return None


def _first(line: AlertLine, column: int, now: datetime) -> str:
    alert = line.alert
    if alert is None:
        return tr("{state}, {count}", state=HEADS[line.state], count=number(line.count)) if column == KIND else ""
    if column == KIND:
        return translate(ALERT_KIND_WORDS[alert.kind])
    if column == REASON:
        return tr("{name}: {reason}", name=alert.evidence.label or tr("Database"), reason=words.reason(alert, now))
    if column == SINCE:
        return translate(format_due(alert.raised_at, now))
    return translate(words.figure(alert, now))


def _second(line: AlertLine, column: int, now: datetime) -> str:
    if line.alert is None:
        return ""
    if column == REASON:
        return second_line(line.alert, line.state, now)
    if column == VALUE and line.state in ASIDE:
        return tr("Wake") if line.state is S.SNOOZED else tr("Raise again")
    return ""


class AlertDelegate(RowDelegate):
    """Two lines a row; what nobody has to care about now is grey."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        line: AlertLine = index.data(LINE)
        if line.alert is None:
            self._paint_head(painter, rect, line, index.column())
            return
        middle = rect.center().y()
        inner = rect.adjusted(8, 0, -8, 0)
        first = QRectF(inner.left(), rect.top() + 4, inner.width(), middle - rect.top() - 4)
        second = QRectF(inner.left(), middle, inner.width(), rect.bottom() - middle - 5)
        is_raised = line.state is S.RAISED
        strong, weak = theme.font("body", 600 if is_raised else 400), theme.font("small")
        text, below = str(index.data() or ""), str(index.data(SECOND) or "")
        match index.column():
            case 0:
                icon, colour = KIND_STYLES[line.alert.kind]
                box = QRectF(inner.left() + 4, first.center().y() - 7, 14, 14)
                icons.paint(painter, box, icon, colour if is_raised else "text2")
                painting.text(painter, first.adjusted(26, 0, 0, 0), text, "text" if is_raised else "text2", strong)
            case 1:
                self._paint_reason(painter, first, line, text)
                self._paint_second(painter, second, line, below, weak)
            case 2:
                painting.text(painter, first, text, "text2", theme.font())
            case _:
                right = Qt.AlignmentFlag.AlignRight
                painting.text(painter, first, text, "text" if is_raised else "text2", strong, right)
                painting.text(painter, second, below, "accent_text", theme.font("small", 500), right)

    def _paint_head(self, painter: QPainter, rect: QRectF, line: AlertLine, column: int) -> None:
        painter.fillRect(rect.adjusted(0, 0, 0, -1), theme.colour("pane"))
        if column == KIND:
            bold, word = theme.font("small", 600), translate(HEADS[line.state])
            inner = rect.adjusted(12, 0, 0, 0)
            painting.text(painter, inner, word, "text", bold)
            beyond = QFontMetrics(bold).horizontalAdvance(word) + 8
            painting.text(painter, inner.adjusted(beyond, 0, 0, 0), number(line.count), "text2", theme.font("small"))

    def _paint_reason(self, painter: QPainter, rect: QRectF, line: AlertLine, text: str) -> None:
        """The name stands out."""
        assert line.alert is not None
        name = line.alert.evidence.label or tr("Database")
        font = theme.font("body", 600 if line.state is S.RAISED else 500)
        width = min(QFontMetrics(font).horizontalAdvance(name) + 1.0, rect.width() * 0.6)
        painting.text(painter, QRectF(rect.left(), rect.top(), width + 1, rect.height()), name, "text", font)
        said = translate(words.reason(line.alert, times.now()))
        rest = rect.adjusted(width + 10, 0, 0, 0)
        painting.text(painter, rest, said, "text2", theme.font())

    def _paint_second(self, painter: QPainter, rect: QRectF, line: AlertLine, text: str, font: object) -> None:
        inner = rect
        if line.state is not S.RAISED:
            colour = "completed" if line.state is S.CLOSED else "text2"
            icons.paint(painter, QRectF(rect.left(), rect.center().y() - 6, 12, 12), STATE_ICONS[line.state], colour)
            inner = rect.adjusted(18, 0, 0, 0)
        painting.text(painter, inner, text, "text2", theme.font("small"))

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, row_height(index.data(LINE)))
