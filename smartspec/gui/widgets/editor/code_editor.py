"""A text editor for code: line numbers, marks, waves under what is wrong, completion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QTextBlock, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from smartspec.domain.definition.completion import Completions
from smartspec.errors import Problem
from smartspec.gui.style import theme
from smartspec.gui.widgets.editor.completion_popup import CompletionPopup
from smartspec.gui.widgets.editor.gutter import Gutter
from smartspec.gui.widgets.editor.matches import Matches, cursor_over, selected_span
from smartspec.gui.widgets.editor.painted_lines import Colours, PaintedLines
from smartspec.gui.widgets.editor.search import MOST_SHOWN

_INDENT = 2
_KEYS_OF_THE_POPUP = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Backtab)


class CodeEditor(QPlainTextEdit):
    """`complete` answers what fits at a position of the text, `colours` with the colours of a line."""

    def __init__(
        self,
        complete: Callable[[str, int], Completions] | None = None,
        colours: Colours | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._complete = complete
        self._plain, self._plain_revision = "", -1
        self._typed_early = ""
        self._lines = PaintedLines(self, colours)
        self.matches = Matches(self, lambda: self.text)
        self.matches.found.connect(self._show_matches)
        self._gutter = Gutter(self, self._seen, self._lines.severity)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(False)
        self.popup = CompletionPopup(self)
        self.popup.chosen.connect(lambda rest: self.textCursor().insertText(rest))
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._on_update)
        self.cursorPositionChanged.connect(self._mark_line)
        theme.on_change(self._on_theme)
        self._on_theme()

    def _on_theme(self) -> None:
        self.setFont(theme.font(mono=True))
        self._lines.forget()
        self._make_room()
        self._mark_line()

    def zoom(self, by: int) -> None:
        """By points; 0 returns to the size of the theme."""
        font = self.font()
        size = theme.font(mono=True).pointSizeF() if by == 0 else max(6.0, min(40.0, font.pointSizeF() + by))
        font.setPointSizeF(size)
        self.setFont(font)
        self._make_room()

    @property
    def text(self) -> str:
        """All of it; asked for again it costs nothing."""
        revision = self.document().revision()
        if revision != self._plain_revision:
            self._plain, self._plain_revision = self.toPlainText(), revision
        return self._plain

    def write_typed_early(self) -> None:
        """What was typed while the text was waited for stands in it, where the cursor is."""
        early, self._typed_early = self._typed_early, ""
        if early:
            self.textCursor().insertText(early)

    def wait_for_text(self) -> None:
        """Nothing can be written until it is there; what is typed is kept for it."""
        self.setReadOnly(True)

    # Problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        self._lines.show_problems(problems)
        self._gutter.update()

    def severity(self, line: int) -> str | None:
        """Of the worst problem of a line, counted from 1."""
        return self._lines.severity(line) or None

    def go_to(self, line: int, column: int = 1) -> None:
        block = self.document().findBlockByNumber(min(line, self.blockCount()) - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(_units(block.text()[: column - 1]), max(0, block.length() - 1)))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    def _mark_line(self) -> None:
        made = QTextEdit.ExtraSelection()
        made.format.setBackground(theme.colour("hover"))
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        cursor = self.textCursor()
        cursor.clearSelection()
        made.cursor = cursor
        self.setExtraSelections([made, *self._found_in_line()])
        self._gutter.update()

    def _found_in_line(self) -> list[QTextEdit.ExtraSelection]:
        """The tint of the current line would cover what is found in it."""
        found = []
        for cursor in self.matches.in_block(self.textCursor().block()):
            made = QTextEdit.ExtraSelection()
            made.format.setBackground(theme.colour("warn_soft"))
            made.cursor = cursor
            found.append(made)
        return found

    def _show_matches(self) -> None:
        self._lines.show_found(self.matches.spans[:MOST_SHOWN])
        self._mark_line()

    def replace_text(self, text: str) -> None:
        """All of it, by what differs: the cursor stays where it is, and Undo brings the other text back."""
        old, start, end = self.text, 0, 0
        most = min(len(old), len(text))
        while start < most and old[start] == text[start]:
            start += 1
        while end < most - start and old[-1 - end] == text[-1 - end]:
            end += 1
        span = _units(old[:start]), _units(old[: len(old) - end])
        cursor_over(self.document(), span).insertText(text[start : len(text) - end])

    # Completion

    def propose(self, *, asked: bool = False) -> None:
        """Show what fits here; unasked only once something is begun."""
        if self._complete is None:
            return
        before = self.textCursor().position()
        text = self.text
        found = self._complete(text, before if text.isascii() else _characters(text, before))
        if found.words and (asked or found.prefix):
            self.popup.show_words(found)
        else:
            self.popup.close()

    # Gutter

    def _make_room(self) -> None:
        self.setViewportMargins(self._gutter.wanted_width(), 0, 0, 0)
        rect = self.contentsRect()
        self._gutter.setGeometry(QRect(rect.left(), rect.top(), self._gutter.wanted_width(), rect.height()))

    def _on_update(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def _seen(self) -> list[tuple[QTextBlock, QRectF]]:
        """The lines in the window, and where they stand."""
        found = []
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > self.viewport().height():
                break
            found.append((block, box))
            block = block.next()
        return found

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        first = self.firstVisibleBlock()
        rows = self.viewport().height() // max(1, self.fontMetrics().height()) + 2
        self._lines.colour(first, first.blockNumber() + rows)
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.popup.is_open and event.key() in _KEYS_OF_THE_POPUP:
            event.ignore()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.isReadOnly():
            self._typed_early += event.text() if event.text().isprintable() and not control else ""
            super().keyPressEvent(event)
        elif control and event.key() == Qt.Key.Key_Space:
            self.propose(asked=True)
        elif event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self._indent(1)
        elif event.key() == Qt.Key.Key_Backtab:
            self._indent(-1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._new_line()
        else:
            super().keyPressEvent(event)
            written = event.text().strip() and not control
            if written or (self.popup.is_open and event.key() == Qt.Key.Key_Backspace):
                self.propose()

    def _indent(self, by: int) -> None:
        """All selected lines further in, or out; without a selection, in means blanks up to the next column."""
        cursor = self.textCursor()
        if by > 0 and not cursor.hasSelection():
            cursor.insertText(" " * (_INDENT - cursor.positionInBlock() % _INDENT))
            return
        at, is_selected = cursor.position(), cursor.hasSelection()
        first, last = (self.document().findBlock(each) for each in selected_span(self))
        start, end = first.position(), last.position() + last.length() - 1
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        lines = cursor.selectedText().split("\u2029")
        moved = "\n".join(_moved(line, by) for line in lines)
        if moved == "\n".join(lines):
            return
        cursor.insertText(moved)  # at once: line by line twenty thousand take twice as long
        if is_selected:
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(max(start, at + len(moved) - len(lines[0])))
        self.setTextCursor(cursor)

    def _new_line(self) -> None:
        """With the indentation of the line above, one level more after a colon."""
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        indent = len(line) - len(line.lstrip(" "))
        deeper = _INDENT if line.rstrip().endswith((":", "|", ">")) else 0
        cursor.insertText("\n" + " " * (indent + deeper))
        self.ensureCursorVisible()


def _moved(line: str, by: int) -> str:
    """Further in, unless it is empty, or out."""
    if by > 0:
        return " " * _INDENT + line if line.strip() else line
    return line[min(_INDENT, len(line) - len(line.lstrip(" "))) :]


def _units(text: str) -> int:
    """How many of Qt's characters: those beyond the first 65,536 of Unicode are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _characters(text: str, units: int) -> int:
    """How many characters some of Qt's are."""
    return len(text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "replace"))
