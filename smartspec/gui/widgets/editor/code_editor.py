"""A text editor for code: line numbers, marks, waves under what is wrong, completion, find."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, QStringListModel, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QPlainTextEdit, QTextEdit, QWidget

from smartspec.domain.definition.completion import Completions
from smartspec.errors import Problem
from smartspec.gui.style import icons, theme
from smartspec.messages import translate

GUTTER = 56
_SEPARATOR = "   — "


class CodeEditor(QPlainTextEdit):
    """`complete` answers what fits at a position of the text."""

    def __init__(
        self, complete: Callable[[str, int], Completions] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._complete = complete
        self._problems: tuple[Problem, ...] = ()
        self._found: list[QTextEdit.ExtraSelection] = []
        self._gutter = _Gutter(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(False)
        self._completer = QCompleter(self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._completer.setModel(QStringListModel(self))
        self._completer.activated.connect(self._insert)
        self._begun = ""
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._on_update)
        self.cursorPositionChanged.connect(self._mark)
        theme.on_change(self._on_theme)
        self._on_theme()

    def _on_theme(self) -> None:
        self.setFont(theme.font(mono=True))
        self._make_room()
        self._mark()

    def zoom(self, by: int) -> None:
        """By points; 0 returns to the size of the theme."""
        font = self.font()
        size = theme.font(mono=True).pointSizeF() if by == 0 else max(6.0, min(40.0, font.pointSizeF() + by))
        font.setPointSizeF(size)
        self.setFont(font)
        self._make_room()

    # Problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        self._problems = tuple(problems)
        self._mark()
        self._gutter.update()

    def severity(self, line: int) -> str | None:
        """Of the worst problem of a line, counted from 1."""
        found = {each.severity for each in self._problems if each.line == line}
        return "error" if "error" in found else "warning" if found else None

    def go_to(self, line: int, column: int = 1) -> None:
        block = self.document().findBlockByNumber(line - 1)
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.Right, n=min(column - 1, max(0, block.length() - 1)))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    def _mark(self) -> None:
        selections = [self._current_line(), *self._found]
        selections += [self._wave(problem) for problem in self._problems if problem.line is not None]
        self.setExtraSelections(selections)

    def _current_line(self) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.format.setBackground(theme.colour("hover"))
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        cursor = self.textCursor()
        cursor.clearSelection()
        made.cursor = cursor
        return made

    def _wave(self, problem: Problem) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(theme.colour("failed" if problem.severity == "error" else "retrying"))
        block = self.document().findBlockByNumber((problem.line or 1) - 1)
        cursor = QTextCursor(block)
        cursor.movePosition(
            QTextCursor.MoveOperation.Right, n=min((problem.column or 1) - 1, max(0, block.length() - 1))
        )
        cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
        made.cursor, made.format = cursor, form
        return made

    # Find

    def find_all(self, text: str) -> int:
        """Mark every occurrence; the answer is how many there are."""
        self._found = []
        if text:
            cursor = QTextCursor(self.document())
            while len(self._found) < 2_000:
                cursor = self.document().find(text, cursor)
                if cursor.isNull():
                    break
                made = QTextEdit.ExtraSelection()
                form = QTextCharFormat()
                form.setBackground(theme.colour("warn_soft"))
                made.cursor, made.format = QTextCursor(cursor), form
                self._found.append(made)
        self._mark()
        return len(self._found)

    def find_next(self, text: str, *, back: bool = False) -> bool:
        """Select the next occurrence, past the end from the beginning."""
        flag = self.document().FindFlag.FindBackward if back else self.document().FindFlag(0)
        if self.find(text, flag):
            return True
        self.moveCursor(QTextCursor.MoveOperation.End if back else QTextCursor.MoveOperation.Start)
        return self.find(text, flag)

    # Completion

    def propose(self, *, asked: bool = False) -> None:
        """Show what fits here; unasked only once something is begun."""
        if self._complete is None:
            return
        found = self._complete(self.toPlainText(), self.textCursor().position())
        if not found.words or (not asked and not found.prefix):
            self._completion_popup.hide()
            return
        self._begun = found.prefix
        model = self._completer.model()
        assert isinstance(model, QStringListModel)
        model.setStringList(
            [f"{each.word}{_SEPARATOR + translate(each.meaning) if each.meaning else ''}" for each in found.words]
        )
        self._completer.setCompletionPrefix("")
        popup = self._completion_popup
        popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
        rect = self.cursorRect()
        rect.translate(self.viewportMargins().left(), 0)
        rect.setWidth(min(460, popup.sizeHintForColumn(0) + 30))
        self._completer.complete(rect)

    @property
    def _completion_popup(self) -> QAbstractItemView:
        found = self._completer.popup()
        assert found is not None
        return found

    def _insert(self, line: str) -> None:
        word = line.partition(_SEPARATOR)[0]
        self.textCursor().insertText(word[len(self._begun) :])

    # Gutter

    def gutter_width(self) -> int:
        digits = len(str(max(1, self.blockCount())))
        return max(GUTTER, 34 + QFontMetrics(self.font()).horizontalAdvance("9") * digits)

    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        rect = self.contentsRect()
        self._gutter.setGeometry(QRect(rect.left(), rect.top(), self.gutter_width(), rect.height()))

    def _on_update(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def paint_gutter(self, event: QPaintEvent) -> None:
        painter = QPainter(self._gutter)
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.fillRect(self._gutter.width() - 1, event.rect().top(), 1, event.rect().height(), theme.colour("line"))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        current = self.textCursor().blockNumber()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > event.rect().bottom():
                break
            if block.isVisible():
                number = block.blockNumber() + 1
                painter.setPen(QColor(theme.colour("text" if block.blockNumber() == current else "text3")))
                words = QRectF(0, box.top(), self._gutter.width() - 10, box.height())
                painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number))
                severity = self.severity(number)
                if severity:
                    icon = ("x-circle-fill", "failed") if severity == "error" else ("warning-fill", "retrying")
                    icons.paint(painter, QRectF(6, box.top() + (box.height() - 13) / 2, 13, 13), *icon)
            block = block.next()
        painter.end()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self._completion_popup
        if popup.isVisible() and event.key() in (
            Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Backtab
        ):  # fmt: skip
            event.ignore()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() == Qt.Key.Key_Space:
            self.propose(asked=True)
            return
        if event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self.textCursor().insertText(" " * (2 - self.textCursor().positionInBlock() % 2))
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._new_line()
            return
        super().keyPressEvent(event)
        if (event.text().strip() and not control) or (popup.isVisible() and event.key() == Qt.Key.Key_Backspace):
            self.propose()

    def _new_line(self) -> None:
        """With the indentation of the line above, one level more after a colon."""
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        indent = len(line) - len(line.lstrip(" "))
        deeper = 2 if line.rstrip().endswith((":", "|", ">")) else 0
        cursor.insertText("\n" + " " * (indent + deeper))
        self.ensureCursorVisible()


class _Gutter(QWidget):
    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(self._editor.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_gutter(event)
