"""Two texts side by side or as one, with what changed in colour, sign and strength."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from smartspec.domain.compare.line_pairs import Line, Pair, pairs
from smartspec.gui.style import painting, theme
from smartspec.messages import tr, trn

ROW, GUTTER = 21, 52
_LONGEST = 2_000  # characters of a line that are painted


class DiffView(QAbstractScrollArea):
    """One scroll for both sides; when asked, both as one column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: Sequence[Pair] = ()
        self._rows: Sequence[Pair] = ()
        self._head = _Head(self)
        self.unified = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setAccessibleName(tr("Differences"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_texts(self, old: str, new: str, old_title: str = "", new_title: str = "") -> None:
        self.show_pairs(pairs(old, new), old_title, new_title)

    def show_pairs(self, found: Sequence[Pair], old_title: str = "", new_title: str = "") -> None:
        """What `pairs` found, elsewhere where that took long."""
        self._pairs = found
        self._head.show_titles(old_title, new_title)
        self._place_head()
        self._rows = self._arranged()
        added, removed = self.counts
        self.setAccessibleDescription(
            trn(
                "{n} line added, {removed} removed", "{n} lines added, {removed} removed", added, removed=f"{removed:,}"
            )
        )
        self._measure()
        self.viewport().update()

    def set_unified(self, unified: bool) -> None:
        self.unified = unified
        self._head.setVisible(self._head.has_titles and not unified)
        self._place_head()
        self._rows = self._arranged()
        self._measure()
        self.viewport().update()

    @property
    def counts(self) -> tuple[int, int]:
        """Lines added and removed."""
        added = sum(each.new is not None and each.new.kind == "add" for each in self._pairs)
        removed = sum(each.old is not None and each.old.kind == "del" for each in self._pairs)
        return added, removed

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def _arranged(self) -> Sequence[Pair]:
        """As they are shown, from top to bottom."""
        if not self.unified:
            return self._pairs
        made: list[Pair] = []
        held: list[Pair] = []
        for each in self._pairs:
            if each.old is not None and each.old.kind == "del":
                made.append(Pair(each.old, None))
                held += [Pair(None, each.new)] if each.new else []
            elif each.new is not None and each.new.kind == "add":
                held.append(Pair(None, each.new))
            else:
                made += [*held, each]
                held = []
        return made + held

    def _measure(self) -> None:
        step = self._row_height()
        bar = self.verticalScrollBar()
        bar.setSingleStep(step)
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, (len(self._rows) + 1) * step - self.viewport().height()))
        metrics = QFontMetrics(theme.font("small", mono=True))
        texts = (side.text for each in self._pairs for side in (each.old, each.new) if side)
        longest = metrics.horizontalAdvance(max(texts, key=len, default="")[:_LONGEST])
        width = self.viewport().width() // (1 if self.unified else 2)
        across = self.horizontalScrollBar()
        across.setRange(0, max(0, longest + GUTTER + 24 - width))
        across.setPageStep(width)

    def _row_height(self) -> int:
        return max(ROW, QFontMetrics(theme.font("small", mono=True)).height() + 4)

    def _place_head(self) -> None:
        height = self._head.sizeHint().height() if self._head.has_titles and not self.unified else 0
        self.setViewportMargins(0, height, 0, 0)
        self._head.setGeometry(0, 0, self.viewport().width(), height)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_head()
        self._measure()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        step = self._row_height()
        top = -self.verticalScrollBar().value()
        wide = self.viewport().width()
        half = wide if self.unified else wide / 2
        rows = self._rows
        first = max(0, -top // step)
        for number in range(first, min(len(rows), first + self.viewport().height() // step + 2)):
            each, y = rows[number], top + number * step
            if each.folded:
                painter.fillRect(QRectF(0, y, wide, step), theme.colour("pane"))
                words = trn("⋯ {n} unchanged line", "⋯ {n} unchanged lines", each.folded)
                room = QRectF(GUTTER, y, wide - GUTTER, step)
                painting.text(painter, room, words, "text3", theme.font("small"))
            elif self.unified:
                self._paint_line(painter, QRectF(0, y, wide, step), each.new or each.old)
            else:
                self._paint_line(painter, QRectF(0, y, half, step), each.old)
                self._paint_line(painter, QRectF(half, y, half, step), each.new)
        if not self.unified:
            painter.fillRect(QRectF(half, 0, 1, self.viewport().height()), theme.colour("line"))
        painter.end()

    def _paint_line(self, painter: QPainter, rect: QRectF, side: Line | None) -> None:
        painter.save()
        painter.setClipRect(rect)
        if side is None:
            painter.setPen(QPen(theme.colour("line"), 1))
            x = rect.left() - rect.height()
            while x < rect.right():
                painter.drawLine(int(x), int(rect.bottom()), int(x + rect.height()), int(rect.top()))
                x += 7
            painter.restore()
            return
        if side.kind != "same":
            painter.fillRect(rect, theme.colour("add_bg" if side.kind == "add" else "del_bg"))
        font = theme.font("small", mono=True)
        painter.setFont(font)
        painter.setPen(theme.colour("text3"))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(
            QRectF(rect.left(), rect.top(), 34, rect.height()),
            middle | int(Qt.AlignmentFlag.AlignRight),
            str(side.number),
        )
        sign = {"add": "+", "del": "−"}.get(side.kind, "")
        painter.setPen(theme.colour("completed" if side.kind == "add" else "failed"))
        painter.drawText(QRectF(rect.left() + 39, rect.top(), 12, rect.height()), middle, sign)
        metrics = QFontMetrics(font)
        left = rect.left() + GUTTER - self.horizontalScrollBar().value()
        painter.setClipRect(rect.adjusted(GUTTER - 2, 0, 0, 0))
        for start, end in side.changed:
            x = left + metrics.horizontalAdvance(side.text[:start])
            width = metrics.horizontalAdvance(side.text[start:end])
            strong = theme.colour("add_word" if side.kind == "add" else "del_word")
            painter.fillRect(QRectF(x, rect.top() + 2, width, rect.height() - 4), strong)
        painter.setPen(theme.colour("text"))
        words = QRectF(left, rect.top(), 100_000, rect.height())
        painter.drawText(words, middle | int(Qt.TextFlag.TextSingleLine), side.text[:_LONGEST])
        painter.restore()


class _Head(QWidget):
    """What each side is, above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._titles = ("", "")
        self.hide()

    @property
    def has_titles(self) -> bool:
        return any(self._titles)

    def show_titles(self, old: str, new: str) -> None:
        self._titles = (old, new)
        self.setVisible(self.has_titles)
        self.setAccessibleName(", ".join(filter(None, self._titles)))
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(0, max(28, QFontMetrics(theme.font("small", 600)).height() + 10))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("pane"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
        half = self.width() / 2
        painter.fillRect(QRectF(half, 0, 1, self.height()), theme.colour("line"))
        for number, title in enumerate(self._titles):
            room = QRectF(number * half + 16, 0, half - 24, self.height())
            painting.text(painter, room, title, "text2", theme.font("small", 600))
        painter.end()
