"""The command palette: every action, workflow and execution, a few letters away."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from smartspec.errors import SmartSpecError
from smartspec.gui.contract import Feature, PaletteEntry, PaletteQuery, PaletteSource
from smartspec.gui.core.actions import plain_text
from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.palette.entry_list import HEAD, ROW, EntryDelegate, EntryModel
from smartspec.gui.style import icons, theme
from smartspec.gui.style.formatting import duration
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.search_field import name_buttons
from smartspec.messages import tr, translate, trn

WIDTH = 640
TOP = 92
_MOST, _MOST_COMMANDS = 8, 40  # among everything, among commands alone


class Palette(QFrame):
    """Over the window until something is chosen. `>` looks among commands only, `#` among executions only."""

    def __init__(self, context: AppContext, features: Iterable[Feature], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "overlay")
        self._sources = tuple(source for each in features for source in each.palette)
        self._context, self._outer = context, parent
        self._asked = 0.0
        self._is_finding = False
        self._scrim = _Scrim(parent)
        self._scrim.pressed.connect(self.close_palette)
        self.input = QLineEdit()
        self.input.setObjectName("palette_input")
        self.input.setFont(theme.font("title"))
        self.input.setPlaceholderText(tr("Type a command, a workflow, or # and a number"))
        self.input.setAccessibleName(tr("Command palette"))
        self.input.addAction(icons.icon("magnifying-glass", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        name_buttons(self.input)
        self.model = EntryModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(EntryDelegate(self))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName(tr("What was found"))
        self.view.clicked.connect(lambda index: self._choose_entry(self.model.entries[index.row()]))
        self._status = label("", "caption")
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 8)
        foot.setSpacing(8)
        for key, word in (("↑↓", tr("move")), ("Enter", tr("open")), ("Ctrl Enter", tr("run")), ("Esc", tr("close"))):
            foot.addWidget(label(key, "key"))
            foot.addWidget(label(word, "caption"))
            foot.addSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._status)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 4, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.input)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)
        self.input.textChanged.connect(self._look_for)
        self.input.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        self._scrim.setGeometry(self._outer.rect())
        self._scrim.show()
        self._scrim.raise_()
        self.input.clear()
        self._look_for("")
        self.show()
        self.raise_()
        self.input.setFocus()

    def reposition(self) -> None:
        outer = self._outer
        width = min(WIDTH, outer.width() - 40)
        lines = sum(HEAD if entry.do is None else ROW for entry in self.model.entries)
        height = min(outer.height() - TOP - 40, 44 + 40 + max(ROW, lines) + 12)
        self.setGeometry((outer.width() - width) // 2, TOP, width, height)

    # What is found

    def _look_for(self, text: str) -> None:
        self._asked = time.monotonic()
        if text.startswith(">"):
            self._on_found(text, [])
            return
        if self._is_finding:
            return  # it looks for what stands there then: letters that were written meanwhile are one question
        self._is_finding = True
        find = partial(_find, self._context, self._sources, _query(text))
        self._context.run(self, find, partial(self._on_answer, text), self._on_failed, worker="finds")

    def _on_answer(self, text: str, found: list[PaletteEntry]) -> None:
        self._is_finding = False
        if text == self.input.text():
            self._on_found(text, found)
        elif self.isVisible():
            self._look_for(self.input.text())

    def _on_failed(self, error: SmartSpecError) -> None:
        self._is_finding = False
        self._context.notifications.notify_error(error)

    def _on_found(self, text: str, found: list[PaletteEntry]) -> None:
        entries = [*self._commands(text), *found] or [PaletteEntry(tr("Nothing fits “{text}”", text=text.strip()))]
        self.model.show_entries(entries, [*_query(text).words])
        first = next((row for row, entry in enumerate(entries) if entry.do is not None), -1)
        self.view.setCurrentIndex(self.model.index(first, 0))
        self.view.scrollToTop()
        results = sum(entry.do is not None for entry in entries)
        took = duration(round((time.monotonic() - self._asked) * 1000))
        self._status.setText(trn("{n} result · {took}", "{n} results · {took}", results, took=took))
        self.reposition()

    def _commands(self, text: str) -> list[PaletteEntry]:
        """Those that can be done, what was chosen lately first."""
        if text.startswith("#"):
            return []
        query = _query(text)
        recent = self._context.ui_state.get("palette.recent", [])
        found = [
            action for action in self._context.actions
            if action.isEnabled() and query.fits(plain_text(action)) and action.objectName() != "palette"
        ]  # fmt: skip
        found.sort(key=lambda each: recent.index(each.objectName()) if each.objectName() in recent else len(recent))
        most = _MOST_COMMANDS if text.startswith(">") else _MOST
        made = [_command_entry(action) for action in found[:most]]
        return [PaletteEntry(tr("Commands")), *made] if made else []

    # Choosing

    def _choose_entry(self, entry: PaletteEntry, *, run: bool = False) -> None:
        do = (entry.run or entry.do) if run else entry.do
        if do is None:
            return
        if entry.name:
            recent = [name for name in self._context.ui_state.get("palette.recent", []) if name != entry.name]
            self._context.ui_state.keep("palette.recent", [entry.name, *recent][:20])
        self.close_palette()
        do()

    def close_palette(self) -> None:
        self.hide()
        self._scrim.hide()
        self._outer.setFocus()

    def _move(self, by: int) -> None:
        row = self.view.currentIndex().row() + by
        while 0 <= row < len(self.model.entries) and self.model.entries[row].do is None:
            row += by
        if 0 <= row < len(self.model.entries):
            self.view.setCurrentIndex(self.model.index(row, 0))

    # Qt

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_palette()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._move(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                row = self.view.currentIndex().row()
                if row >= 0:
                    run = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                    self._choose_entry(self.model.entries[row], run=run)
                return True
        return False


def _query(text: str) -> PaletteQuery:
    return PaletteQuery(text, tuple(text.lower().lstrip(">#").split()))


def _find(context: AppContext, sources: Iterable[PaletteSource], query: PaletteQuery) -> list[PaletteEntry]:
    """What each source finds, below its heading."""
    found: list[PaletteEntry] = []
    for source in sources:
        if entries := source.find(context, query):
            found += [PaletteEntry(translate(source.heading)), *entries]
    return found


def _command_entry(action: QAction) -> PaletteEntry:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    icon = str(action.property("icon_name") or "caret-right")
    return PaletteEntry(plain_text(action), icon, keys=keys, name=action.objectName(), do=action.trigger)


class _Scrim(QWidget):
    """Dims what is below; a press on it closes the palette."""

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("scrim"))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
