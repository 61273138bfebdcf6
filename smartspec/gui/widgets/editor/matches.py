"""What is found in the text of an editor: all of its places, the one that is selected, and what stands instead."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit

from smartspec.gui.widgets.editor.search import Search, Span

_MOST_IN_LINE = 200


class Matches(QObject):
    """`found`: other places are; `changed`: they, or which of them is selected."""

    found = Signal()
    changed = Signal()

    def __init__(self, editor: QPlainTextEdit, text: Callable[[], str]) -> None:
        """`text` answers with that of the editor."""
        super().__init__(editor)
        self._editor, self._text = editor, text
        self._search: Search | None = None
        self.spans: list[Span] = []
        editor.textChanged.connect(self._on_text)

    def find_all(self, search: Search | None) -> int:
        """The answer is how many there are, one more than `MOST_SHOWN` where there are more."""
        self._search = search
        self.spans = search.spans(self._text()) if search is not None else []
        self.found.emit()
        self.changed.emit()
        return len(self.spans)

    def _on_text(self) -> None:
        if self._search is not None:
            self.find_all(self._search)

    def in_block(self, block: QTextBlock) -> list[QTextCursor]:
        """Those that begin in it, as cursors over them; of very many the first."""
        first = bisect_left(self.spans, (block.position(), 0))
        last = bisect_left(self.spans, (block.position() + block.length(), 0))
        document = self._editor.document()
        return [cursor_over(document, span) for span in self.spans[first : min(last, first + _MOST_IN_LINE)]]

    @property
    def number(self) -> int:
        """Which of the places is selected, counted from 1; 0 where none is."""
        span = selected_span(self._editor)
        at = bisect_left(self.spans, span)
        return at + 1 if at < len(self.spans) and self.spans[at] == span else 0

    def find_next(self, *, back: bool = False) -> bool:
        """Select the next place, past the end from the beginning."""
        if not self.spans:
            return False
        start, end = selected_span(self._editor)
        if back:
            at = bisect_left(self.spans, (start, 0)) - 1
        else:
            at = bisect_right(self.spans, (end if end > start else start - 1, 1 << 60)) % len(self.spans)
            at = at if self.spans[at][0] >= start or at == 0 else at + 1
        self._editor.setTextCursor(cursor_over(self._editor.document(), self.spans[at]))
        self._editor.centerCursor()
        self.changed.emit()
        return True

    def replace_one(self, instead: str) -> bool:
        """The place that is selected, and on to the next; one that is not selected yet is selected first."""
        if self._search is None or not self.spans:
            return False
        if not self.number:
            return self.find_next()
        match = self._search.match_at(self._text(), selected_span(self._editor))
        if match is not None:
            self._editor.textCursor().insertText(self._search.replacement(match, instead))
        return self.find_next()

    def replace_all(self, instead: str) -> int:
        """Every place, as one step that Undo takes back; the answer is how many there were."""
        if self._search is None:
            return 0
        text, span, count = self._search.replaced(self._text(), instead)
        if count:
            cursor_over(self._editor.document(), span).insertText(text)
        return count


def cursor_over(document: QTextDocument, span: Span) -> QTextCursor:
    """What is put into it takes the place of the span, as one step that can be undone."""
    made = QTextCursor(document)
    made.setPosition(span[0])
    made.setPosition(span[1], QTextCursor.MoveMode.KeepAnchor)
    return made


def selected_span(editor: QPlainTextEdit) -> Span:
    cursor = editor.textCursor()
    return cursor.selectionStart(), cursor.selectionEnd()
