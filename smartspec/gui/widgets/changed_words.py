"""What changed between two versions, in words: a line for each task or setting, its kind as an icon."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.domain.compare.change_groups import ChangeGroup
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, row
from smartspec.messages import tr, translate, trn

MOST = 6  # lines at once
_ICONS = {
    "added": ("plus", "completed"), "removed": ("minus", "failed"), "renamed": ("arrow-right", "accent_text"),
    "changed": ("pencil-simple", "accent_text"), "same": ("check", "completed"),
}  # fmt: skip


class ChangedWords(QWidget):
    """A difference is told by the icon and by the word; more than `MOST` of them are counted."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3)
        self.lines: list[str] = []

    def show_groups(self, groups: Sequence[ChangeGroup], same: str = "") -> None:
        """`same` is a sentence about what is as it was."""
        self._clear()
        for each in groups[:MOST]:
            self._add(each.kind, translate(each.subject), translate(each.words))
        if (more := len(groups) - MOST) > 0:
            self._add("", "", trn("… and {n} more", "… and {n} more", more))
        if same:
            self._add("same", "", same)

    def show_sentence(self, text: str) -> None:
        """Instead of changes."""
        self._clear()
        self._add("", "", text)

    def _clear(self) -> None:
        self.lines = []
        clear_layout(self._layout)

    def _add(self, kind: str, subject: str, words: str) -> None:
        line = QWidget()
        parts: list[QWidget] = [Icon(*_ICONS[kind])] if kind in _ICONS else []
        if subject:
            parts.append(label(f"{subject}:" if words else subject, "heading"))
        told = Elided("secondary")
        told.setText(words)
        layout = row(*parts, told, spacing=6)
        layout.setStretchFactor(told, 1)
        line.setLayout(layout)
        self._layout.addWidget(line)
        self.lines.append(" ".join(filter(None, (_said(kind), subject, words))))
        line.setAccessibleName(self.lines[-1])


def _said(kind: str) -> str:
    """What the icon says."""
    words = {"added": tr("Added"), "removed": tr("Removed"), "renamed": tr("Renamed"), "changed": tr("Changed")}
    return f"{words[kind]}:" if kind in words else ""
