"""All that is only in the ledger, and not in the backup: a row each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from smartspec.domain import times
from smartspec.formatting import format_number
from smartspec.gui.shell.restore.newer_list import name_of, number_of, sign_of, summed, what_came
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago, exact
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.messages import tr
from smartspec.value import frozen

if TYPE_CHECKING:
    from smartspec.commands.safe_start import Newer

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
_ROW = 28


@frozen
class _Row:
    """`cells` in the order of the columns; `tip` is of the moment."""

    icon: tuple[str, str]
    cells: tuple[str, str, str, str, str]
    tip: str = ""


class NewerModel(QAbstractTableModel):
    def __init__(self, newer: Newer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = list(_rows(newer))

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:  # fmt: skip
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Name"), tr("Number"), tr("When"), tr("Status"), tr("What came of it"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        each, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return each.cells[column]
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return icons.icon(*each.icon)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(each.tip if column == 2 else each.cells[column])
        return None


class NewerDialog(Dialog):
    """Over the dialog that restores: nothing of that is lost meanwhile."""

    def __init__(self, newer: Newer, parent: QWidget) -> None:
        super().__init__(parent, tr("Newer than the backup"), summed(newer), width=820, height=560)
        self.view = QTableView()
        self.view.setModel(NewerModel(newer, self.view))
        self.view.setAccessibleName(tr("Newer than the backup"))
        self._lay_out_table()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.view)
        left_out = newer.count - len(newer.executions)
        if left_out:
            told = tr("The newest {count} are shown; an export has all.", count=format_number(len(newer.executions)))
            self.add_left(label(told, "small"))
        self.add_button(tr("Close"), then=self.reject).setDefault(True)

    def _lay_out_table(self) -> None:
        view = self.view
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(_ROW)
        head = view.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 80), (2, 140), (3, 110), (4, 220)):
            view.setColumnWidth(column, width)


def _rows(newer: Newer) -> Iterator[_Row]:
    now = times.now()
    for version in newer.versions:
        name = tr("version {version} of {ref}", version=version.version, ref=version.ref)
        yield _Row(("git-branch", "text2"), (name, f"v{version.number}", "", tr("version"), ""))
    for each in newer.executions:
        status = status_style(each.status).word if each.status else tr("only its log")
        cells = (name_of(each), number_of(each), ago(each.at, now), status, what_came(each))
        yield _Row(sign_of(each), cells, exact(each.at))
