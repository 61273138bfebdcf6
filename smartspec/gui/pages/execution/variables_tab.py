"""The tab Variables: what templates can name by now, and who set it; it grows while the execution runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from smartspec.commands import task_runs
from smartspec.domain.execution import TaskExecution
from smartspec.domain.variable import Variable, variables_of
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.pages.execution.variables_model import NAME, SOURCE, VALUE, WHEN, VariableDelegate, VariablesModel
from smartspec.gui.style import theme
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.local_keys import add_local_key
from smartspec.gui.widgets.menus import popup_menu
from smartspec.gui.widgets.search_field import search_field
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, trn

_WIDTHS = {NAME: 320, SOURCE: 220, WHEN: 130}


class VariablesTab(ExecutionTab):
    """Enter goes to the task that set it; the copied name is as a template writes it."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._detail: Detail | None = None
        self._all: tuple[Variable, ...] = ()
        self._known_of = ""  # the execution whose names are known
        self._known: set[str] = set()
        self.model = VariablesModel(self)
        self.view = QTableView()
        self._lay_out_table()
        self.search = search_field(tr("Find name or value…"), tr("Find a variable"))
        self.search.setMaximumWidth(220)
        self.search.textChanged.connect(lambda _: self._show())
        self._count = label("", "caption")
        top = frame("surface")
        top.setLayout(row(label(tr("Variables"), "heading"), self._count, None, self.search, margins=(20, 4, 12, 4)))
        self.states = ContentStates(self.view)
        beside = row(12, self.states, spacing=0)  # as far in as what stands above
        self.setLayout(column(top, line(), beside, spacing=0))
        self.view.setItemDelegate(VariableDelegate(self.view))
        self.setFocusProxy(self.view)
        add_local_key(self.view, QKeySequence.StandardKey.Copy, self._copy_value)

    def _lay_out_table(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setAccessibleName(tr("Variables"))
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(theme.ROW)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for each, width in _WIDTHS.items():
            view.setColumnWidth(each, width)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        view.activated.connect(lambda index: self._open(self.model.rows[index.row()]))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_menu)

    def show_narrow(self, narrow: bool) -> None:
        self.view.setColumnHidden(WHEN, narrow)
        self.view.setColumnWidth(NAME, 200 if narrow else _WIDTHS[NAME])
        self.view.setColumnWidth(SOURCE, 130 if narrow else _WIDTHS[SOURCE])

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        self._detail = detail
        self._context.run(self, partial(_read_variables, detail), partial(self._on_variables, detail))

    def _on_variables(self, detail: Detail, found: tuple[tuple[Variable, ...], bool]) -> None:
        if detail is not self._detail:
            return
        self._all, is_cut = found
        told = trn("{n} variable", "{n} variables", len(self._all))
        self._count.setText(tr("{variables}, of the first outputs", variables=told) if is_cut else told)
        self._show()

    def _show(self) -> None:
        detail = self._detail
        if detail is None:
            return
        words = self.search.text().lower().split()
        shown = [each for each in self._all if all(word in _searched(each) for word in words)]
        names = {each.name for each in self._all}
        runs = detail.execution.completed_at is None and self._known_of == detail.execution.id
        chosen = self._chosen()
        self.model.show_variables(shown, names - self._known if runs else set())
        places = [each.name for each in shown]
        if chosen is not None and self._chosen() is None and chosen.name in places:
            self.view.selectRow(places.index(chosen.name))
        if not self.search.text():
            self._known_of, self._known = detail.execution.id, names
        if shown:
            self.states.show_content()
        elif words:
            self.states.show_empty("magnifying-glass", tr("No variable has “{text}”", text=self.search.text()))
        else:
            self.states.show_empty("brackets-curly", tr("There are no variables"),
                                   tr("Parameters, vars and what tasks put out stand here."))  # fmt: skip

    def _open(self, each: Variable) -> None:
        """The task that set it."""
        if each.by is not None and self._detail is not None:
            self._context.navigator.go(Location("execution", self._detail.execution.id, "graph", each.source))

    def _chosen(self) -> Variable | None:
        index = self.view.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    def _copy_value(self) -> None:
        each = self._chosen()
        if each is not None:
            QGuiApplication.clipboard().setText(each.text)

    def _copy_name(self) -> None:
        each = self._chosen()
        if each is not None:
            QGuiApplication.clipboard().setText("{{ " + each.name + " }}")

    def _on_menu(self, at: QPoint) -> None:
        each = self._chosen()
        if each is None:
            return
        menu = popup_menu(self)
        menu.addAction(tr("Copy the value"), self._copy_value)
        menu.addAction(tr("Copy as in a template"), self._copy_name)
        if each.by is not None:
            menu.addAction(tr("Show {task} in the graph", task=each.source), partial(self._open, each))
        menu.popup(self.view.viewport().mapToGlobal(at))

    def handlers(self) -> dict[str, Handler]:
        return {"find": self._find}

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()


def _searched(each: Variable) -> str:
    return f"{each.name} {each.text}".lower()


# On the thread of the commands


def _read_variables(detail: Detail) -> tuple[tuple[Variable, ...], bool]:
    """And whether there are more outputs than are read."""
    rows, is_cut = task_runs.outputs_of(detail.execution, detail.tasks, detail.round)
    return variables_of(detail.execution, rows), is_cut
