"""The rows of what is wrong with a text: painted when they are seen, each with what would fix it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from smartspec.domain.definition.fixes import QuickFix, quick_fix
from smartspec.errors import Problem
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr, translate

Index = QModelIndex | QPersistentModelIndex
PROBLEM = int(Qt.ItemDataRole.UserRole) + 1
FIX = PROBLEM + 1
MARKS = {"error": ("x-circle-fill", "failed"), "warning": ("warning-fill", "retrying")}
_PLACE, _GAP = 110, 16


class ProblemModel(QAbstractListModel):
    """What fixes a problem is looked for when its row is seen: there may be a thousand of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Problem, ...] = ()
        self._text = ""
        self._fixes: dict[int, QuickFix | None] = {}

    def show_problems(self, problems: Sequence[Problem], text: str) -> None:
        self.beginResetModel()
        self.rows, self._text, self._fixes = tuple(problems), text, {}
        self.endResetModel()

    def fix_of(self, row: int) -> QuickFix | None:
        if row not in self._fixes:
            self._fixes[row] = quick_fix(self.rows[row], self._text)
        return self._fixes[row]

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        problem = self.rows[index.row()]
        if role == PROBLEM:
            return problem
        if role == FIX:
            return self.fix_of(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return translate(problem.sentence)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = tr("Error") if problem.severity == "error" else tr("Warning")
            fix = self.fix_of(index.row())
            told = (word, translate(problem.sentence), place_of(problem), translate(fix.label) if fix else "")
            return ", ".join(filter(None, told))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(translate(problem.sentence))
        return None


def place_of(problem: Problem) -> str:
    """line 28:25"""
    if not problem.line:
        return ""
    return tr("line {line}:{column}", line=number(problem.line), column=problem.column)


class ProblemRows(QListView):
    """`chosen`: the problem to go to; `fix_asked`: the one to mend. Alt+Enter mends, Enter goes there."""

    chosen = Signal(object)
    fix_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("problems")
        self.setAccessibleName(tr("Problems"))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.problem_model = ProblemModel(self)
        self.setModel(self.problem_model)
        self._delegate = _ProblemDelegate(self)
        self.setItemDelegate(self._delegate)
        self.activated.connect(lambda index: self.chosen.emit(index.data(PROBLEM)))

    def step(self) -> None:
        """To the next one, from the last to the first."""
        count = self.problem_model.rowCount()
        if count:
            index = self.problem_model.index((self.currentIndex().row() + 1) % count, 0)
            self.setCurrentIndex(index)
            self.chosen.emit(index.data(PROBLEM))

    def press(self, index: QModelIndex, at: QPoint) -> None:
        """On its fix, which is a link, or on the rest of the row."""
        problem = index.data(PROBLEM)
        if self._delegate.link(QRectF(self.visualRect(index)), index).contains(at):
            self.fix_asked.emit(problem)
        else:
            self.chosen.emit(problem)

    # Qt

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.press(index, event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        on_link = index.isValid() and self._delegate.link(QRectF(self.visualRect(index)), index).contains(at)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_link else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.AltModifier and self.currentIndex().isValid():
            self.fix_asked.emit(self.currentIndex().data(PROBLEM))
        else:
            super().keyPressEvent(event)


class _ProblemDelegate(QStyledItemDelegate):
    def link(self, rect: QRectF, index: Index) -> QRectF:
        """Where the fix stands; nowhere, without one."""
        fix = index.data(FIX)
        if not isinstance(fix, QuickFix):
            return QRectF()
        metrics = QFontMetrics(theme.font("body", 500))
        width = min(metrics.horizontalAdvance(translate(fix.label)) + 4.0, rect.width() * 0.4)
        return QRectF(rect.right() - _PLACE - _GAP - width, rect.top(), width, rect.height())

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(theme.ROW, option.fontMetrics.height() + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        problem, rect = index.data(PROBLEM), QRectF(option.rect)
        assert isinstance(problem, Problem)
        painter.save()
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painting.selection(
            painter, rect, selected=selected, hovered=bool(state & QStyle.StateFlag.State_MouseOver), bar=True,
            focused=bool(state & QStyle.StateFlag.State_HasFocus),
        )  # fmt: skip
        icons.paint(painter, QRectF(rect.left() + 20, rect.center().y() - 7, 14, 14), *MARKS[problem.severity])
        link = self.link(rect, index)
        end = link.left() - _GAP if link.width() else rect.right() - _PLACE - _GAP
        words = QRectF(rect.left() + 42, rect.top(), end - rect.left() - 42, rect.height())
        font = theme.font("body", 500 if problem.severity == "error" else 400)
        painting.text(painter, words, str(index.data()), "text", font)
        fix = index.data(FIX)
        if isinstance(fix, QuickFix):
            painting.text(painter, link, translate(fix.label), "accent_text", theme.font("body", 500))
        place = QRectF(rect.right() - _PLACE - 14, rect.top(), _PLACE, rect.height())
        painting.text(painter, place, place_of(problem), "text3", theme.font("small"), Qt.AlignmentFlag.AlignRight)
        painter.restore()
