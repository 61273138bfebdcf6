"""What was found, a line each; only what is wrong has a colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from smartspec.gui.shell.safe_start.words import Line
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import frame, line, restyle, row
from smartspec.messages import tr

_HEIGHT, _NAME = 31, 92
_ICONS = {"good": ("check-circle-fill", "completed"), "bad": ("x-circle-fill", "failed"),
          "unknown": ("circle-dashed", "pending")}  # fmt: skip


class Findings(QFrame):
    """A card with one row for each name; a line of the same name takes the place of the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.looked = label(tr("being looked at…"), "small")
        self._rows: dict[str, _Row] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.setSpacing(0)
        head = frame("plain")
        head.setLayout(row(label(tr("What was found"), "heading"), None, self.looked, margins=(15, 0, 15, 0)))
        head.setMinimumHeight(38)
        self._layout.addWidget(head)

    def show_lines(self, lines: Sequence[Line]) -> None:
        for each in lines:
            if each.name not in self._rows:
                self._layout.addWidget(line())
                self._rows[each.name] = _Row(each.name, verbatim=each.verbatim)
                self._layout.addWidget(self._rows[each.name])
            self._rows[each.name].show_line(each)

    def text(self) -> str:
        """As it stands, for who copies it."""
        return "\n".join(each.accessibleName() for each in self._rows.values())


class _Row(QWidget):
    def __init__(self, name: str, *, verbatim: bool) -> None:
        super().__init__()
        self._icon = Icon()
        self._name, self._text, self._more = label(name, "strong"), Elided("secondary"), label("", "small")
        self._name.setMinimumWidth(_NAME)
        for each in (self, self._text):
            each.setProperty("verbatim", verbatim)
        layout = row(self._icon, self._name, self._text, self._more, margins=(15, 0, 15, 0), spacing=8)
        layout.setStretchFactor(self._text, 1)
        self.setLayout(layout)
        self.setMinimumHeight(_HEIGHT)

    def show_line(self, found: Line) -> None:
        self._text.setText(found.text)
        restyle(self._text, role="badstrong" if found.state == "bad" else "secondary")
        self._more.setText(found.more)
        self.setAccessibleName(f"{found.name}: {found.text} {found.more}".strip())
        self._icon.show_icon(*_ICONS[found.state])
