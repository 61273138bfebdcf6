"""The command palette: every action, workflow and execution, a few letters away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from smartspec.commands import executions, workflows
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui import icons, theme
from smartspec.gui.actions import plain_text
from smartspec.gui.desk import AppContext
from smartspec.gui.places import Location
from smartspec.gui.widgets import painting
from smartspec.gui.widgets.controls import label
from smartspec.gui.words import ago, duration, execution_style, several, tr
from smartspec.value import frozen

WIDTH, TOP, ROW, HEAD = 640, 92, 36, 26
_MOST = 8
Index = QModelIndex | QPersistentModelIndex


@frozen
class Entry:
    """A line of the palette; without `do` it is the head of a group. `run` is what Ctrl+Enter does."""

    text: str
    icon: str = ""
    colour: str = "text2"
    more: str = ""
    keys: str = ""
    name: str = ""
    do: Callable[[], object] | None = None
    run: Callable[[], object] | None = None


def fits(text: str, words: Iterable[str]) -> bool:
    """Whether each word begins one of the text's."""
    parts = text.lower().split()
    return all(any(part.startswith(word) for part in parts) for word in words)


class Palette(QFrame):
    """Over the window until something is chosen. `>` looks among commands only, `#` among executions only."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "overlay")
        self._context, self._outer = context, parent
        self._found: tuple[tuple[Workflow, ...], tuple[Execution, ...]] = ((), ())
        self._asked = 0.0
        self._scrim = _Scrim(parent)
        self._scrim.pressed.connect(self.close_palette)
        self.input = QLineEdit()
        self.input.setObjectName("palette_input")
        self.input.setFont(theme.font("title"))
        self.input.setPlaceholderText(tr("Type a command, a workflow, or # and a number"))
        self.input.setAccessibleName(tr("Command palette"))
        self.input.addAction(icons.icon("magnifying-glass", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = _EntryModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_EntryDelegate(self))
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
        words = text.lower().lstrip(">#").split()
        if text.startswith(">"):
            self._on_found(text, ((), ()))
            return
        self._context.run(self, partial(_look_up, text, words, self._context.workspace), partial(self._on_found, text))

    def _on_found(self, text: str, found: tuple[tuple[Workflow, ...], tuple[Execution, ...]]) -> None:
        if text != self.input.text():
            return  # an answer to an older question
        self._found = found
        entries = [*self._commands(text), *self._workflows(), *self._executions()]
        self.model.show_entries(entries, text.lower().lstrip(">#").split())
        first = next((row for row, entry in enumerate(entries) if entry.do is not None), -1)
        self.view.setCurrentIndex(self.model.index(first, 0))
        self.view.scrollToTop()
        results = sum(entry.do is not None for entry in entries)
        self._status.setText(
            f"{several(results, tr('result'), tr('results'))} · {round((time.monotonic() - self._asked) * 1000)} ms"
        )
        self.reposition()

    def _commands(self, text: str) -> list[Entry]:
        if text.startswith("#"):
            return []
        words = text.lower().lstrip(">").split()
        recent = self._context.ui_state.get("palette.recent", [])
        found = [action for action in self._context.actions if action.isEnabled() and fits(plain_text(action), words)]
        found = [action for action in found if action.objectName() != "palette"]
        found.sort(key=lambda each: recent.index(each.objectName()) if each.objectName() in recent else len(recent))
        most = 40 if text.startswith(">") else _MOST
        made = [
            Entry(
                plain_text(action), str(action.property("icon_name") or "caret-right"), name=action.objectName(),
                keys=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), do=action.trigger,
            )
            for action in found[:most]
        ]  # fmt: skip
        return [Entry(tr("Commands")), *made] if made else []

    def _workflows(self) -> list[Entry]:
        go = self._context.navigator.go
        made = [
            Entry(
                each.name, "tree-structure", more=each.ref, do=partial(go, Location("workflows", each.id)),
                run=partial(self._run, each),
            )
            for each in self._found[0]
        ]  # fmt: skip
        return [Entry(tr("Workflows")), *made] if made else []

    def _run(self, workflow: Workflow) -> None:
        self._context.navigator.go(Location("workflows", workflow.id))
        self._context.actions.do("run")

    def _executions(self) -> list[Entry]:
        go, now = self._context.navigator.go, times.now()
        made = []
        for each in self._found[1]:
            shown = execution_style(each)
            took = f" {duration(each.duration_ms)}" if each.duration_ms is not None else ""
            more = f"{shown.word.lower()}{took} · {ago(each.created_at, now)}"
            made.append(
                Entry(each.label, shown.icon, shown.colour, more, do=partial(go, Location("execution", each.id)))
            )
        return [Entry(tr("Executions")), *made] if made else []

    # Choosing

    def _choose_entry(self, entry: Entry, *, run: bool = False) -> None:
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


def _look_up(text: str, words: list[str], workspace: str) -> tuple[tuple[Workflow, ...], tuple[Execution, ...]]:
    """Workflows by name; executions by number, else by words; nothing where the text is no search."""
    found: tuple[Workflow, ...] = ()
    if not text.startswith("#"):
        name = words[0] if words else None
        page = workflows.list_workflows(WorkflowFilter(name=name), limit=200, workspace=workspace)
        found = tuple(each for each in page.rows if fits(f"{each.name} {each.ref}", words))[:_MOST]
    number = text.strip().lstrip("#")
    if text.startswith("#") and number.isdecimal():
        return found, _by_number(number, workspace)
    if not words:
        return found, executions.list_executions(limit=3, workspace=workspace).rows
    try:
        return found, executions.search_executions(" ".join(words), limit=5, workspace=workspace).rows
    except SmartSpecError:
        return found, ()


def _by_number(number: str, workspace: str) -> tuple[Execution, ...]:
    found = []
    for each in workflows.list_workflows(limit=200, workspace=workspace).rows:
        try:
            found.append(executions.get_execution(f"{each.ref}#{number}", workspace))
        except SmartSpecError:
            continue
    return tuple(found[:_MOST])


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


class _EntryModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.words: list[str] = []

    def show_entries(self, entries: list[Entry], words: list[str]) -> None:
        self.beginResetModel()
        self.entries, self.words = entries, words
        self.endResetModel()

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        entry = self.entries[index.row()]
        return f"{entry.text} {entry.more}".strip()

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.entries[index.row()].do is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class _EntryDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, _EntryModel)
        return QSize(100, HEAD if model.entries[index.row()].do is None else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _EntryModel)
        entry, rect = model.entries[index.row()], QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.do is None:
            painting.text(painter, rect.adjusted(18, 4, 0, 0), entry.text, "text2", theme.font("caption", 600))
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(8, 1, -8, -1), 6, 6)
        icons.paint(painter, QRectF(rect.left() + 20, rect.center().y() - 8, 16, 16), entry.icon, entry.colour)
        x = self._matched(painter, rect, entry.text, model.words)
        if entry.more:
            room = QRectF(x + 12, rect.top(), rect.right() - x - 24, rect.height())
            painting.text(painter, room, entry.more, "text2", theme.font("small"))
        if entry.keys:
            painting.text(painter, rect.adjusted(0, 0, -20, 0), entry.keys, "text2", theme.font("small", 500),
                          Qt.AlignmentFlag.AlignRight)  # fmt: skip
        painter.restore()

    def _matched(self, painter: QPainter, rect: QRectF, text: str, words: list[str]) -> float:
        """The text with what was typed in bold; the answer is where it ends."""
        x = rect.left() + 48
        for part in text.split(" "):
            length = max((len(word) for word in words if part.lower().startswith(word)), default=0)
            for piece, bold in ((part[:length], True), (part[length:] + " ", False)):
                font = theme.font("body", 600 if bold else 400)
                painter.setFont(font)
                painter.setPen(theme.colour("accent_text" if bold else "text"))
                width = painter.fontMetrics().horizontalAdvance(piece)
                painter.drawText(QRectF(x, rect.top(), width + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, piece)
                x += width
        return x
