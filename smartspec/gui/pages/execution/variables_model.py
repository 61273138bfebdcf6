"""The variables of an execution as a table: name, value, who set it, when."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from smartspec.domain.text import one_line
from smartspec.domain.variable import DEFAULT, DEFINITION, GIVEN, PINNED, Variable
from smartspec.formatting import format_milliseconds
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import exact
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
NAME, VALUE, SOURCE, WHEN = range(4)
_LONGEST = 400  # letters of a value in its row


class VariablesModel(QAbstractTableModel):
    """What was not there when it was last looked at is `new`, while the execution runs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Variable] = []
        self.new: set[str] = set()

    def show_variables(self, found: list[Variable], new: set[str]) -> None:
        """More of the same come below; a value that changed is painted anew."""
        names, known = [each.name for each in found], [each.name for each in self.rows]
        self.new = new
        if not known or names[: len(known)] != known:
            self.beginResetModel()
            self.rows = found
            self.endResetModel()
            return
        self.rows = found[: len(known)]
        self.dataChanged.emit(self.index(0, 0), self.index(len(known) - 1, WHEN))
        if len(found) > len(known):
            self.beginInsertRows(ROOT, len(known), len(found) - 1)
            self.rows = found
            self.endInsertRows()

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:  # fmt: skip
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Name"), tr("Value"), tr("Set by"), tr("When"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        each, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(each, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            told = (each.name, each.text[:2_000], source_of(each), exact(each.at) if each.at else "")
            return plain_tip(told[column])
        return None


class VariableDelegate(QStyledItemDelegate):
    """With the room at the sides that the header has."""

    # Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, rect = index.model(), QRectF(option.rect)
        assert isinstance(model, VariablesModel)
        state, column = option.state, index.column()
        painter.save()
        painting.selection(
            painter, rect, selected=bool(state & QStyle.StateFlag.State_Selected), bar=column == NAME, focused=False,
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
        )  # fmt: skip
        each = model.rows[index.row()]
        mono = column in (NAME, VALUE)
        font = theme.font("small" if mono else "body", 600 if mono and each.name in model.new else 400, mono=mono)
        painting.text(painter, rect.adjusted(8, 0, -8, 0), _cell(each, column), _colour(each, column), font)
        painter.restore()


def _cell(each: Variable, column: int) -> str:
    if column == NAME:
        return each.name
    if column == VALUE:
        return one_line(each.text[: 4 * _LONGEST], _LONGEST)
    if column == SOURCE:
        return source_of(each)
    return format_milliseconds(each.at.astimezone()) if each.at is not None else ""


def source_of(each: Variable) -> str:
    """Who set it, in words."""
    if each.by is not None:
        attempt = tr("attempt {number}", number=each.by.attempt) if each.by.attempt > 1 else ""
        return " · ".join(filter(None, (each.by.label, attempt)))
    words = {
        GIVEN: tr("given at the start"), DEFAULT: tr("the default"), DEFINITION: tr("the definition"),
        PINNED: tr("the original, whose time it keeps"),
    }  # fmt: skip
    return words[each.source]


def _colour(each: Variable, column: int) -> str:
    if column == NAME:
        return "syn_key"
    if column != VALUE:
        return "text2"
    return "syn_str" if isinstance(each.value, str) else "syn_num" if isinstance(each.value, int | float) else "text"
