"""What stands over the graph of an execution: which version and attempt it shows, the way that matters, its colours."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.graph.drawing import Drawing
from smartspec.gui.widgets.graph.view import GraphView
from smartspec.gui.widgets.menus import popup_menu
from smartspec.messages import tr

_NARROW = 620
_INSET = 12


class GraphChips(QObject):
    """`round_asked`: another attempt of the execution is wanted."""

    round_asked = Signal(int)

    def __init__(self, context: AppContext, graph: GraphView) -> None:
        super().__init__(graph)
        self._context, self._graph = context, graph
        self._detail: Detail | None = None
        self.version = Chip("", "clock-counter-clockwise", checkable=False)
        self.version.clicked.connect(self._popup_rounds)
        self.path = Chip("", "path")
        self.path.setChecked(True)
        self.path.toggled.connect(graph.canvas.show_path)
        graph.canvas.show_path(True)
        self.colours = Chip(tr("Colours: outcome"), "paint-brush", checkable=False)
        self.colours.clicked.connect(self._popup_colours)
        for each in (self.version, self.colours):
            each.show_caret()
        for each in (self.version, self.path, self.colours):
            each.setParent(graph)

    def show_detail(self, detail: Detail, drawing: Drawing) -> None:
        self._detail = detail
        execution = detail.execution
        told = tr("As it was: v{version}", version=execution.workflow_version or "")
        if execution.attempt > 1:
            told = tr("{version}, attempt {number}", version=told, number=detail.round)
        self.version.set_word(told)
        self.path.setVisible(bool(drawing.path))
        self.path.set_word(tr("Failed path") if drawing.is_failure else tr("Longest path"))
        self.place()

    def place(self) -> None:
        """Side by side; in a narrow graph the last one folds."""
        x = _INSET
        self.colours.fold(self._graph.width() < _NARROW)
        for each in (self.version, self.path, self.colours):
            if not each.isHidden():
                each.resize(each.sizeHint())
                each.move(x, 10)
                x += each.width() + 8

    def colour(self, *, by_duration: bool) -> None:
        self._graph.canvas.show_durations(by_duration)
        self.colours.set_word(tr("Colours: duration") if by_duration else tr("Colours: outcome"))
        self.place()

    def _popup_colours(self) -> None:
        menu = popup_menu(self._graph)
        for by_duration, word in ((False, tr("By outcome")), (True, tr("By duration"))):
            action = menu.addAction(word, partial(self.colour, by_duration=by_duration))
            action.setCheckable(True)
            action.setChecked(self._graph.canvas.shows_durations == by_duration)
        menu.popup(self.colours.mapToGlobal(self.colours.rect().bottomLeft()))

    def _popup_rounds(self) -> None:
        """The attempts of the execution, and the version that it ran."""
        detail = self._detail
        if detail is None:
            return
        menu = popup_menu(self._graph)
        for number in range(detail.execution.attempt, 0, -1):
            told = tr("Attempt {number} of {all}", number=number, all=detail.execution.attempt)
            action = menu.addAction(told, partial(self.round_asked.emit, number))
            action.setCheckable(True)
            action.setChecked(number == detail.round)
        if detail.workflow:
            menu.addSeparator()
            versions = Location("workflows", detail.workflow, "versions")
            menu.addAction(tr("Versions"), lambda: self._context.navigator.go(versions))
        menu.popup(self.version.mapToGlobal(self.version.rect().bottomLeft()))
