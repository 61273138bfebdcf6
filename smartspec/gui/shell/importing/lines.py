"""Lines with an icon, and a column of them that is filled anew."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import clear_layout, row


def icon_line(
    icon: str, colour: str, sentence: str, role: str, place: str = "", link: QWidget | None = None
) -> QWidget:
    """The icon, the sentence on as many lines as it needs, what can be done about it, and where it is."""
    picture = Icon(icon, colour)
    words = label(sentence, role)
    words.setWordWrap(True)
    where = label(place, "small")
    links = [link] if link is not None else []
    inner = row(picture, words, *links, where, spacing=8)
    inner.setStretchFactor(words, 1)
    for each in (picture, *links, where):
        inner.setAlignment(each, Qt.AlignmentFlag.AlignTop)
        if link is not None:  # the higher one: all of them stand in the line of its word
            each.setMinimumHeight(link.sizeHint().height())
    where.setVisible(bool(place))
    made = QWidget()
    made.setLayout(inner)
    return made


def refill(layout: QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    """These in place of those that were there."""
    clear_layout(layout)
    for each in widgets:
        layout.addWidget(each)
