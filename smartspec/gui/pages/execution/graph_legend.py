"""What the marks of the graph mean: only those that are there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.graph.drawing import Drawing
from smartspec.messages import tr

_PIECES = {"line": 1, "attempts": 3, "items": 7}


class GraphLegend(QWidget):
    """It does not take clicks: the graph is below it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.marks: list[tuple[str, str, str]] = []  # kind, words, colour

    def show_drawing(self, drawing: Drawing) -> None:
        nodes = drawing.nodes.values()
        self.marks = []
        if drawing.path:
            word = tr("failed path") if drawing.is_failure else tr("longest path")
            self.marks.append(("line", word, "failed" if drawing.is_failure else "accent"))
        if any(node.pieces and not node.has_items for node in nodes):
            self.marks.append(("attempts", tr("attempts"), "failed"))
        if any(node.pieces and node.has_items for node in nodes):
            self.marks.append(("items", tr("items"), "completed"))
        self.setAccessibleName(", ".join(word for _, word, _ in self.marks))
        self.setVisible(bool(self.marks))
        self.updateGeometry()
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font("caption"))
        return QSize(sum(metrics.horizontalAdvance(word) + 48 for _, word, _ in self.marks), metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font, x = theme.font("caption"), 0.0
        for kind, word, colour in self.marks:
            pieces = _PIECES[kind]
            wide, high = 18 / pieces, 2.0 if kind == "line" else 3.0
            for place in range(pieces):
                gap = 2 if pieces > 1 and kind == "attempts" else 1 if pieces > 1 else 0
                box = QRectF(x + place * wide, self.height() / 2 - high / 2, wide - gap, high)
                painter.fillRect(box, theme.colour(colour))
            width = QFontMetrics(font).horizontalAdvance(word) + 4
            painting.text(painter, QRectF(x + 25, 0, width, self.height()), word, "text2", font)
            x += width + 44
        painter.end()
