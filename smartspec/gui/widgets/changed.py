"""A text as it was and as it is, on red and on green: side by side, or one below the other."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from smartspec.gui.widgets.labels import label


class Changed(QFrame):
    """Signs say the same as the colours."""

    def __init__(self, *, beside: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._names = (label("", "caption"), label("", "caption"))
        self._texts = (label("", "mono", selectable=True), label("", "mono", selectable=True))
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        layout = QBoxLayout(way, self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        for role, name, text in zip(("removedPart", "addedPart"), self._names, self._texts, strict=True):
            half = QFrame()
            half.setProperty("role", role)
            inner = QVBoxLayout(half)
            inner.setContentsMargins(14, 6, 14, 6)
            inner.setSpacing(4)
            inner.addWidget(name)
            inner.addWidget(text)
            name.setVisible(beside)
            text.setWordWrap(True)
            layout.addWidget(half, 1)

    @property
    def text(self) -> str:
        return "\n".join(each.text() for each in self._texts)

    def show_change(self, old: str, new: str, names: tuple[str, str] = ("", "")) -> None:
        for label_, name in zip(self._names, names, strict=True):
            label_.setText(name)
        self._texts[0].setText(f"−  {old}")
        self._texts[1].setText(f"+  {new}")
