"""The ways out of a ledger that did not open, a card each; the one that is best has the accent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import restyle, row
from smartspec.gui.widgets.tag import Tag
from smartspec.messages import tr

_HEIGHT = 204


class Card(QFrame):
    """One way: its button does it, its link something near it. One that cannot be gone says why in its text."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._picture, self._tag = _Picture(icon), Tag(tr("Recommended"), "accent")
        self._title, self._text = label("", "heading"), wrapped("", "small")
        self._title.setWordWrap(True)
        self.button, self.link = button(""), button("", "link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(2)
        layout.addLayout(row(self._picture, None, self._tag))
        layout.addSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addStretch(1)
        layout.addSpacing(10)
        layout.addLayout(row(self.button, self.link, None, spacing=12))
        self.link.hide()

    def show_way(self, title: str, text: str, verb: str, *, can: bool = True) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(verb)
        self.button.setEnabled(can)
        self.button.setAccessibleDescription(text)
        self.setAccessibleName(title)

    def show_link(self, words: str) -> None:
        self.link.setText(words)
        self.link.setVisible(bool(words))

    def recommend(self, recommended: bool) -> None:
        self._tag.setVisible(recommended)
        self._picture.show_strong(recommended)
        restyle(self, recommended=recommended)
        restyle(self.button, kind="primary" if recommended else "")
        self.setAccessibleDescription(tr("Recommended") if recommended else "")


class Cards(QWidget):
    """Side by side, or below each other where there is little room."""

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__()
        self._cards = cards
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(16)
        for each in cards:
            self._layout.addWidget(each, 1)

    def show_narrow(self, narrow: bool) -> None:
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(way)
        for each in self._cards:
            each.setMinimumHeight(0 if narrow else _HEIGHT)

    def order(self, best: Card) -> QPushButton:
        """The best one is recommended; the answer is its button."""
        for each in self._cards:
            each.recommend(each is best)
        return best.button


class _Picture(QWidget):
    """An icon in a small square."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon, self._strong = icon, False
        self.setFixedSize(QSize(32, 32))

    def show_strong(self, strong: bool) -> None:
        self._strong = strong
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if self._strong else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        icons.paint(painter, QRectF(8, 8, 16, 16), self._icon, "on_accent" if self._strong else "text2")
        painter.end()
