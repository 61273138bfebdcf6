"""A JSON value as text, and how large it is: made piece by piece, so that a large one holds nobody up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from smartspec.domain.jsontext import Json
from smartspec.gui.core.slices import Slices
from smartspec.gui.style import theme

_MOST_TEXT = 1_000_000  # characters


def measure(value: Json, then: Callable[[int], object]) -> Iterator[None]:
    """Its size in bytes, as it is kept."""
    size = 0
    for piece in json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).iterencode(value):
        size += len(piece) if piece.isascii() else len(piece.encode("utf-8", "surrogatepass"))
        yield
    then(size)


class JsonText(QPlainTextEdit):
    """It is filled when it is first seen; what is longer than a million letters ends in …"""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setProperty("verbatim", True)
        self.setFont(theme.font("small", mono=True))
        self._filling = Slices(self)

    def show_value(self, value: Json) -> None:
        self._filling.stop()
        self.clear()
        self._filling.run(self._fill(value))

    def _fill(self, value: Json) -> Iterator[None]:
        pieces, length, total = list[str](), 0, 0
        for piece in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(value):
            pieces.append(piece)
            length += len(piece)
            if length > 4_000:
                total += length
                self._add("".join(pieces))
                pieces, length = [], 0
                if total > _MOST_TEXT:
                    pieces = ["\n…"]
                    break
                yield
        self._add("".join(pieces))

    def _add(self, text: str) -> None:
        """At the end, the view staying where it is."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)
