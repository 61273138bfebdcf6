"""A line of text with a small icon before it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from smartspec.gui.style import icons
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row


class IconLine(QWidget):
    """A text that may be broken, with a small icon before it."""

    def __init__(self, role: str, *, icon_size: int = 13) -> None:
        super().__init__()
        self._icon, self._colour, self._size = "", "", icon_size
        self._words = label("", role)
        self._words.setWordWrap(role != "caption" or icon_size == 13)
        self._words.setSizePolicy(
            QSizePolicy.Policy.Preferred if icon_size == 12 else QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum
        )
        self._layout = row(self._words, spacing=0)
        self.setLayout(self._layout)

    def set_wraps(self, wraps: bool) -> None:
        """Over several lines in the room there is, else as wide as it is on one."""
        self._words.setWordWrap(wraps)
        vertical = Qt.AlignmentFlag.AlignTop if wraps else Qt.AlignmentFlag.AlignVCenter
        self._words.setAlignment(vertical | Qt.AlignmentFlag.AlignLeft)
        horizontal = QSizePolicy.Policy.Ignored if wraps else QSizePolicy.Policy.Preferred
        self._words.setSizePolicy(horizontal, QSizePolicy.Policy.Minimum)

    @property
    def words(self) -> QLabel:
        return self._words

    @property
    def text(self) -> str:
        return self._words.text()

    def show_text(self, text: str, icon: str = "", colour: str = "") -> None:
        self._words.setText(text)
        self._icon, self._colour = icon, colour
        self._layout.setContentsMargins(self._size + 5 if icon else 0, 0, 0, 0)
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._icon:
            painter = QPainter(self)
            line, box = self._words.fontMetrics().height(), self._words.geometry()
            is_top = bool(self._words.alignment() & Qt.AlignmentFlag.AlignTop) or box.height() >= 2 * line
            middle = box.y() + (line if is_top else box.height()) / 2
            icons.paint(painter, QRectF(0, middle - self._size / 2, self._size, self._size), self._icon, self._colour)
            painter.end()
