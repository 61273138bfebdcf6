"""A line to find tasks of a graph by their names."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.graph.canvas import GraphCanvas
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.search_field import search_field
from smartspec.messages import tr


class GraphFinder(QFrame):
    """Enter and F3 go on, with Shift back, Esc closes; what is found has a ring, where one is is said: 2 of 14."""

    def __init__(self, canvas: GraphCanvas, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("graph_finder")
        self._canvas = canvas
        self._found: list[str] = []
        self._at = 0
        self.field = search_field(tr("Find a task"), tr("Find a task of the graph"))
        self.field.setFixedWidth(170)
        self.count = label("", "caption")
        self.count.setMinimumWidth(64)
        self.setLayout(row(
            self.field, self.count, icon_button("caret-up", tr("Previous match (Shift+F3)"), lambda: self.step(-1)),
            icon_button("caret-down", tr("Next match (F3)"), self.step), icon_button("x", tr("Close"), self.close_line),
            margins=(6, 4, 6, 4), spacing=4,
        ))  # fmt: skip
        self.field.textChanged.connect(lambda _: self._search())
        self.hide()

    def open_line(self) -> None:
        self.show()
        self.raise_()
        self.field.setFocus()
        self.field.selectAll()
        self._search()

    def close_line(self) -> None:
        self.hide()
        self._canvas.show_found(())
        self._canvas.setFocus()

    def step(self, by: int = 1) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._show()

    def _search(self) -> None:
        wanted = self.field.text().strip().lower()
        nodes = self._canvas.drawing.nodes.values()
        # As one reads: column by column.
        fitting = sorted((node.x, node.y, node.name) for node in nodes if wanted and wanted in node.title.lower())
        self._found, self._at = [name for _, _, name in fitting], 0
        self._canvas.show_found(frozenset(self._found))
        self._show()

    def _show(self) -> None:
        if self._found:
            self._canvas.pick(self._found[self._at])
            told = tr("{at} of {all}", at=number(self._at + 1), all=number(len(self._found)))
        else:
            told = tr("0 of {all}", all=number(0)) if self.field.text().strip() else ""
        self.count.setText(told)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_line()
        elif event.key() in (Qt.Key.Key_F3, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if back else 1)
        else:
            super().keyPressEvent(event)
