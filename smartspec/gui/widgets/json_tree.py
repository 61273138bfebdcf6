"""A JSON value with its title: as a tree and as text, searched and copied."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from smartspec.domain.jsontext import Json
from smartspec.gui.core.slices import Slices
from smartspec.gui.style.formatting import size
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.json_model import JsonModel, Node, Stretch, matches
from smartspec.gui.widgets.json_text import JsonText, measure
from smartspec.gui.widgets.json_view import JsonView, text_of
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.search_field import search_field
from smartspec.messages import tr

_OPENED = 20  # of the second level


class JsonTree(QWidget):
    """`empty`: what is said where there is nothing."""

    def __init__(self, title: str, empty: str) -> None:
        super().__init__()
        self._empty = empty
        self._value: Json = None
        self._is_text_old = True
        self.model = JsonModel(self)
        self.view = JsonView(self.model)
        self.view.setAccessibleName(title)
        self.text = JsonText()
        self.text.setAccessibleName(tr("{title} as text", title=title))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.text)
        self._size = label("", "caption")
        self._measuring, self._finding = Slices(self), Slices(self)
        self.search: QLineEdit = search_field(tr("Find key or value"), tr("Find in {title}", title=title))
        self.search.setMaximumWidth(160)
        self.search.returnPressed.connect(self.find_next)
        self.as_text = icon_button("code", tr("As text"), checkable=True)
        self.as_text.toggled.connect(self._show_as)
        self.copy = icon_button("copy", tr("Copy all of it"), self._copy_all)
        top = frame("surface")
        top.setLayout(
            row(label(title, "heading"), self._size, None, self.search, self.as_text, self.copy, margins=(20, 4, 12, 4))
        )
        self.setLayout(column(top, line(), self._stack, spacing=0, fill=self._stack))
        self.setFocusProxy(self.view)

    def show_value(self, value: Json) -> None:
        if value == self._value and self.model.root.count:
            return
        self._value, self._is_text_old = value, True
        self._finding.stop()
        self.model.show(value)
        self._size.setText("" if value not in (None, {}) else tr("none"))
        self.view.show_sentence(self._empty if value in (None, {}) else "")
        if value not in (None, {}):
            self._measuring.run(measure(value, lambda bytes_: self._size.setText(size(bytes_))))
        self._show_as(self.as_text.isChecked())
        self._open_first()

    def _open_first(self) -> None:
        """What begins the value; of the stretches of many values the first."""
        for number in range(min(_OPENED, self.model.rowCount())):
            top = self.model.index(number, 0)
            if number == 0 or not isinstance(self.model.node(top), Stretch):
                self.view.expand(top)
                self._open_inside(top)

    def _open_inside(self, top: QModelIndex) -> None:
        for number in range(min(_OPENED, self.model.rowCount(top))):
            child = self.model.index(number, 0, top)
            node = self.model.node(child)
            is_opened = node.row == 0 if isinstance(node, Stretch) else isinstance(node.value, dict)
            if is_opened:
                self.view.expand(child)

    def _show_as(self, as_text: bool) -> None:
        self._stack.setCurrentWidget(self.text if as_text else self.view)
        if as_text and self._is_text_old:
            self._is_text_old = False
            self.text.show_value(self._value)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(text_of(self._value))

    # Finding

    def find_next(self) -> None:
        """To the next key or value that holds the words, after the current one and round."""
        words = self.search.text().lower()
        current = self.view.currentIndex()
        if words:
            self._finding.run(self._find(words, self.model.node(current).places if current.isValid() else ()))

    def _find(self, words: str, current: tuple[int, ...]) -> Iterator[None]:
        first: tuple[int, ...] | None = None
        for places in matches(self.model.root.value, words):
            yield
            first = first or places
            if places is not None and places > current:
                self._show_node(self.model.reach(places))
                return
        if first is not None:
            self._show_node(self.model.reach(first))

    def _show_node(self, node: Node) -> None:
        index = self.model.index_of(node)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
