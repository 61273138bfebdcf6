"""Frames, hairlines, rows and columns."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QVBoxLayout,
    QWidget,
)


def frame(role: str, name: str = "") -> QFrame:
    """`role` is pane, surface, strip, card or overlay."""
    made = QFrame()
    made.setProperty("role", role)
    if name:
        made.setObjectName(name)
    return made


def line(vertical: bool = False) -> QFrame:
    """A hairline between panes."""
    made = QFrame()
    made.setProperty("role", "hairline")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def row(
    *parts: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Side by side: a number is room in pixels, None takes what is left."""
    made = QHBoxLayout()
    _fill_layout(made, parts, spacing, margins)
    return made


def column(
    *parts: QWidget | QLayout | int | None,
    spacing: int = 8,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    fill: QWidget | None = None,
) -> QVBoxLayout:
    """As `row`, from top to bottom; `fill` is the part that grows with the whole."""
    made = QVBoxLayout()
    _fill_layout(made, parts, spacing, margins)
    if fill is not None:
        made.setStretchFactor(fill, 1)
    return made


def _fill_layout(layout: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget | QLayout | int | None, ...], spacing: int,
          margins: tuple[int, int, int, int]) -> None:  # fmt: skip
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def clear_layout(layout: QLayout) -> None:
    """Take the widgets out of it; they are gone at once, and deleted when the event loop is back."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet looks at."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
