"""Lines with an icon, and a column of them that is filled anew."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from smartspec.gui.style import icons
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import clear_layout, row


def icon_line(icon: str, colour: str, sentence: str, role: str, place: str = "") -> QWidget:
    """The icon, the sentence on as many lines as it needs, and where it is."""
    picture = QLabel()
    picture.setPixmap(icons.icon(icon, colour).pixmap(14, 14))
    words = label(sentence, role)
    words.setWordWrap(True)
    where = label(place, "small")
    inner = row(picture, words, where, spacing=8)
    inner.setStretchFactor(words, 1)
    for each in (picture, where):
        inner.setAlignment(each, Qt.AlignmentFlag.AlignTop)
    where.setVisible(bool(place))
    made = QWidget()
    made.setLayout(inner)
    return made


def refill(layout: QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    """These in place of those that were there."""
    clear_layout(layout)
    for each in widgets:
        layout.addWidget(each)
