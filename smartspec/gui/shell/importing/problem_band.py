"""What is wrong with a file, above what it would change: a line each, with its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from smartspec.errors import Problem
from smartspec.gui.shell.importing.lines import icon_line, refill
from smartspec.gui.widgets.dialogs import scrolled
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame, restyle
from smartspec.messages import tr, translate, trn

_ERROR, _WARNING = ("x-circle-fill", "failed"), ("warning-fill", "retrying")
_SHOWN = 50
_MOST_HEIGHT = 132


class ProblemBand(QWidget):
    """Errors first; with errors it is red, else amber. `note` is one more sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Problems"))
        self._frame = frame("warnBand")
        self._frame_layout = QVBoxLayout(self._frame)
        self._frame_layout.setContentsMargins(0, 0, 0, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)
        self._inside: QVBoxLayout | None = None
        self._area: QScrollArea | None = None
        self.texts: list[str] = []

    def show_problems(self, problems: Sequence[Problem], note: str = "") -> None:
        ordered = sorted(problems, key=lambda each: each.severity)
        self.texts = [translate(each.sentence) for each in ordered] + ([note] if note else [])
        self.setVisible(bool(self.texts))
        lines = QWidget()
        layout = QVBoxLayout(lines)
        layout.setContentsMargins(13, 6, 16, 6)
        layout.setSpacing(4)
        refill(layout, [*([icon_line(*_WARNING, note, "problem")] if note else []), *map(_line, ordered[:_SHOWN])])
        if len(ordered) > _SHOWN:
            layout.addWidget(label(trn("… and {n} more", "… and {n} more", len(ordered) - _SHOWN), "small"))
        self._inside, self._area = layout, scrolled(lines)
        refill(self._frame_layout, [self._area])
        self._fit_height()
        restyle(self._frame, role="badBand" if any(each.severity == "error" for each in problems) else "warnBand")

    def _fit_height(self) -> None:
        """As high as its lines are at this width; more of them are scrolled."""
        if self._inside is None or self._area is None:
            return
        inside = self._inside
        wraps = inside.hasHeightForWidth()
        height = inside.totalHeightForWidth(max(200, self.width() - 3)) if wraps else inside.totalSizeHint().height()
        self._area.setFixedHeight(min(_MOST_HEIGHT, height))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()


def _line(problem: Problem) -> QWidget:
    place = tr("line {line}:{column}", line=problem.line, column=problem.column) if problem.line else problem.path
    icon = _ERROR if problem.severity == "error" else _WARNING
    return icon_line(*icon, translate(problem.sentence), "problem", place)
