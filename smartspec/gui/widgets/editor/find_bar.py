"""Below the head of an editor: find in it, and replace."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.editor.code_editor import CodeEditor
from smartspec.gui.widgets.editor.search import MOST_SHOWN, Search
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame, line, restyle, row
from smartspec.gui.widgets.search_field import search_field
from smartspec.messages import tr, trn


class FindBar(QWidget):
    """Enter and F3 go on, Shift+Enter and Shift+F3 back, Esc closes."""

    def __init__(self, editor: CodeEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.field: QLineEdit = search_field(tr("Find"), tr("Find in the text"))
        self.field.setMaximumWidth(420)
        self.instead = QLineEdit()
        self.instead.setPlaceholderText(tr("Replace with"))
        self.instead.setAccessibleName(tr("Replace with"))
        self.instead.setMaximumWidth(420)
        self.case = self._option("text-aa", tr("Match case"))
        self.words = self._option("text-underline", tr("Whole words"))
        self.pattern = self._option("asterisk", tr("Regular expression; \\1 stands for its first group"))
        self.count = label("", "caption")
        self.replace_button = button(tr("Replace"), then=self.replace_one)
        self.all_button = button(tr("Replace all"), then=self.replace_all)
        self._lay_out_fields()
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)  # it takes Enter with Shift for one without
        self.instead.returnPressed.connect(self.replace_one)
        editor.matches.changed.connect(self._show_count)
        self.hide()

    def _option(self, icon: str, name: str) -> QToolButton:
        return icon_button(icon, name, self._search, checkable=True)

    def _lay_out_fields(self) -> None:
        self._second = QWidget()
        self._second.setLayout(row(self.replace_button, self.all_button, None, spacing=6))
        order = (self.field, self.instead, self.replace_button, self.all_button, self.case)
        grid = QGridLayout()
        grid.setContentsMargins(20, 5, 12, 5)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        first = row(
            self.case, self.words, self.pattern,
            icon_button("arrow-up", tr("Previous match"), lambda: self.step(back=True)),
            icon_button("arrow-down", tr("Next match"), self.step), 4, self.count, None,
            icon_button("x", tr("Close"), self.close_bar), spacing=2,
        )  # fmt: skip
        grid.addWidget(self.field, 0, 0)
        grid.addLayout(first, 0, 1)
        grid.addWidget(self.instead, 1, 0)
        grid.addWidget(self._second, 1, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        bar = frame("surface")
        bar.setLayout(grid)
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(line())

    def open(self, *, replacing: bool = False) -> None:
        """With what is selected, where that is a part of one line."""
        for each in (self.instead, self._second):
            each.setVisible(replacing)
        chosen = self._editor.textCursor().selectedText()
        if chosen and "\u2029" not in chosen and not self.isVisible():
            self.field.setText(chosen)
        self.show()
        self._search()
        self.field.setFocus()
        self.field.selectAll()

    def close_bar(self) -> None:
        self.hide()
        self._editor.matches.find_all(None)
        self._editor.setFocus()

    def step(self, *, back: bool = False) -> None:
        self._editor.matches.find_next(back=back)

    def replace_one(self) -> None:
        self._editor.matches.replace_one(self.instead.text())

    def replace_all(self) -> None:
        """Undo takes all of it back at once."""
        count = self._editor.matches.replace_all(self.instead.text())
        self.count.setText(trn("{n} replaced", "{n} replaced", count))

    @property
    def search(self) -> Search | None:
        """What is looked for; None where nothing is."""
        if not self.field.text():
            return None
        return Search(
            self.field.text(), self.pattern.isChecked(), self.case.isChecked(), whole_words=self.words.isChecked()
        )

    def _search(self) -> None:
        if self.isVisible():
            self._editor.matches.find_all(self.search)

    def _show_count(self) -> None:
        search, found = self.search, len(self._editor.matches.spans)
        problem = search.problem if search is not None else ""
        restyle(self.field, invalid=bool(problem))
        for each in (self.replace_button, self.all_button):
            each.setEnabled(found > 0)
        self.count.setText(problem or (self._match_text(found) if search is not None else ""))

    def _match_text(self, found: int) -> str:
        if found == 0:
            return tr("Nothing found")
        if found > MOST_SHOWN:
            return tr("more than {n}", n=number(MOST_SHOWN))
        if chosen := self._editor.matches.number:
            return tr("{number} of {all}", number=number(chosen), all=number(found))
        return trn("{n} match", "{n} matches", found)

    def _take_enter(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter:
            self.step(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return enter

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take_enter(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() == Qt.Key.Key_F3:
            self.step(back=shifted)
        else:
            super().keyPressEvent(event)
