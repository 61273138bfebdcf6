"""The table of executions: fixed columns, rows that can be selected and opened, live while something runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from smartspec.commands.result_json import to_json
from smartspec.commands.row_files import as_text
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.table.columns import COLUMNS, ColumnSpec
from smartspec.gui.widgets.table.delegate import ExecutionDelegate
from smartspec.gui.widgets.table.model import ExecutionsModel
from smartspec.gui.widgets.table.rows import RowsView
from smartspec.messages import tr, translate, trn

_NAMES = tuple(each.name for each in COLUMNS)
_LIVE = tuple(number for number, each in enumerate(COLUMNS) if each.is_live)
_FRAME_MS = 100
_ROOM_FOR_RESULT = 220  # px


class ExecutionsView(RowsView):
    """Enter opens the current one. `name` is what its columns are remembered by.

    `selection_changed`: others are selected, or the same ones by other rows. Another filter selects nothing.
    """

    opened = Signal(object)
    selection_changed = Signal()

    def __init__(
        self, context: AppContext, name: str, hidden: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Executions"), parent)
        self._context, self._name, self._absent = context, name, hidden
        self.executions = ExecutionsModel(context, self)
        self.setModel(self.executions)
        self.setItemDelegate(ExecutionDelegate(self))
        self._set_up_headers()
        self.row_opened.connect(lambda row: self.opened.emit(self.executions.rows[row]))
        self.opened.connect(lambda execution: context.navigator.go(Location("execution", execution.id)))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self._kept: set[ExecutionPk] = set()
        self._kept_current: ExecutionPk | None = None
        self.executions.modelAboutToBeReset.connect(self._keep_selection)
        self.executions.modelReset.connect(self._restore_selection)
        self.executions.asked_otherwise.connect(self._forget_selection)
        self.selectionModel().selectionChanged.connect(lambda: self.selection_changed.emit())
        self.executions.settled.connect(self._on_settled)
        self._frame = QTimer(self, interval=_FRAME_MS)
        self._frame.timeout.connect(self._on_frame)

    def _set_up_headers(self) -> None:
        columns = self.horizontalHeader()
        columns.setSectionsClickable(True)
        columns.sectionClicked.connect(self._on_head)
        self.executions.turn(self._context.ui_state.get(f"{self._name}.oldest_first", False))
        self._narrow = False
        self._apply_columns()
        columns.sectionResized.connect(self._on_resized)

    @property
    def hidden_columns(self) -> list[str]:
        return [each for each in self._context.ui_state.get(f"{self._name}.hidden", []) if each in _NAMES]

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._apply_columns()

    def _apply_columns(self) -> None:
        left_out = {*self._absent, *self.hidden_columns}
        left_out.update([*self._giving_way(left_out)])
        for number, column in enumerate(COLUMNS):
            self.setColumnHidden(number, column.name in left_out)
            if width := self._width(column):
                self.setColumnWidth(number, width)

    def _giving_way(self, left_out: set[str]) -> Iterator[str]:
        """So that the last column, the result, has room for some words."""
        shown = [column for column in COLUMNS if column.name not in left_out]
        room = self.width() - sum(map(self._width, shown))
        for column in sorted(filter(_gives_way, shown), key=_gives_way):
            if room >= _ROOM_FOR_RESULT:
                return
            room += self._width(column)
            yield column.name

    def _width(self, column: ColumnSpec) -> int:
        """As it was made; in a narrow window as it has to be."""
        if self._narrow and column.narrow_width:
            return column.narrow_width
        return int(self._context.ui_state.get(f"{self._name}.widths", {}).get(column.name, column.width))

    def _on_head(self, section: int) -> None:
        """The newest or the oldest first."""
        if COLUMNS[section].is_sorted:
            self.executions.turn(not self.executions.oldest_first)
            self._context.ui_state.keep(f"{self._name}.oldest_first", self.executions.oldest_first)

    def _on_resized(self, section: int, old: int, new: int) -> None:
        if new and not self._narrow and section < len(COLUMNS) - 1:
            widths = {**self._context.ui_state.get(f"{self._name}.widths", {}), COLUMNS[section].name: new}
            self._context.ui_state.keep(f"{self._name}.widths", widths)

    def columns_button(self) -> QToolButton:
        """Opens the menu of columns."""
        made = icon_button("columns", tr("Columns"))
        made.clicked.connect(lambda: show_below(self.column_menu(), made))
        return made

    def column_menu(self) -> QMenu:
        """Which columns are shown."""
        menu = popup_menu(self)
        for column in COLUMNS:
            if column.name in self._absent or column.is_needed:
                continue
            action = menu.addAction(translate(column.heading))
            action.setCheckable(True)
            action.setChecked(column.name not in self.hidden_columns)
            action.toggled.connect(partial(self._show_column, column.name))
        return menu

    def _show_column(self, column: str, shown: bool) -> None:
        hidden = [each for each in self.hidden_columns if each != column]
        self._context.ui_state.keep(f"{self._name}.hidden", hidden if shown else [*hidden, column])
        self._apply_columns()

    # Selection

    @property
    def selected(self) -> list[Execution]:
        return [self.executions.rows[row] for row in self.chosen_rows]

    @property
    def current(self) -> Execution | None:
        index = self.currentIndex()
        return self.executions.row(index) if index.isValid() and index.row() < len(self.executions.rows) else None

    def rows_in_sight(self) -> range:
        """The rows that can be seen now, in part at least; none of an empty table."""
        count = len(self.executions.rows)
        first, last = self.rowAt(1), self.rowAt(self.viewport().height() - 2)
        last = count - 1 if last < 0 else min(last, count - 1)  # below the last there is nothing
        return range(max(0, first), last + 1)

    def select(self, pk: ExecutionPk) -> None:
        if (row := self.executions.position(pk)) >= 0:
            self.setCurrentIndex(self.executions.index(row, 0))

    def _keep_selection(self) -> None:
        self._kept = {each.pk for each in self.selected}
        current = self.current
        self._kept_current = current.pk if current else None

    def _restore_selection(self) -> None:
        if (row := self.executions.position(self._kept_current)) >= 0:
            current = self.executions.index(row, 0)
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.choose_rows(row for row, each in enumerate(self.executions.rows) if each.pk in self._kept)
        self.selection_changed.emit()  # a model that was reset does not say that it is empty

    def _forget_selection(self) -> None:
        """What is selected is what can be seen: never rows of a filter that is gone."""
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())

    def as_text(self, kind: str) -> str:
        """What is selected as text (tab separated), csv or json."""
        if kind == "json":
            return json.dumps([to_json(each) for each in self.selected], ensure_ascii=False, indent=1)
        shown = [column for number, column in enumerate(COLUMNS) if not self.isColumnHidden(number)]
        made = io.StringIO()
        writer = csv.writer(made, delimiter="\t" if kind == "text" else ",", lineterminator="\n")
        writer.writerow([translate(column.heading) for column in shown])
        writer.writerows(
            [as_text(column.text(each, self.executions.facts(each))) for column in shown] for each in self.selected
        )
        return made.getvalue()

    def copy(self, kind: str) -> None:
        if chosen := len(self.selected):
            QGuiApplication.clipboard().setText(self.as_text(kind))
            self._context.notifications.toast(trn("Copied {n} row", "Copied {n} rows", chosen), icon="copy")

    def _on_menu(self, position: QPoint) -> None:
        menu = popup_menu(self)
        actions = self._context.actions
        current = self.current
        if current is not None:
            menu.addAction(tr("Open"), lambda: self.opened.emit(current))
            menu.addSeparator()
        for name in ("rerun", "again", "replay", "compare", "stop", "resume", "pin", "note", "delete"):
            if actions[name].isEnabled():
                menu.addAction(actions[name])
        menu.addSeparator()
        for kind, word in (("text", tr("Copy as text")), ("csv", tr("Copy as CSV")), ("json", tr("Copy as JSON"))):
            menu.addAction(word, partial(self.copy, kind))
        for name in ("copy_command", "copy_link"):
            if actions[name].isEnabled():
                menu.addAction(actions[name])
        menu.popup(self.viewport().mapToGlobal(position))

    # Live

    def _on_settled(self) -> None:
        runs = any(each.status == "running" for each in self.executions.rows[:200])
        if runs and not self._frame.isActive():
            self._frame.start()
        elif not runs:
            self._frame.stop()

    def _on_frame(self) -> None:
        """What runs turns and grows: only those cells are painted again."""
        if not self.isVisible():
            return
        for row, each in enumerate(self.executions.rows[:200]):
            if each.status == "running":
                for number in _LIVE:
                    self.update(self.executions.index(row, number))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._apply_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy("text")
            return
        super().keyPressEvent(event)


def _gives_way(column: ColumnSpec) -> int:
    return column.gives_way
