"""What is wrong with a file, above what it would change: a line each, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from smartspec.domain.definition.fixes import quick_fix
from smartspec.errors import Problem
from smartspec.gui.core.slices import Slices
from smartspec.gui.shell.importing.lines import icon_line, refill
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import scrolled
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame, restyle
from smartspec.messages import tr, translate, trn

_ERROR, _WARNING = ("x-circle-fill", "failed"), ("warning-fill", "retrying")
_MENDED = ("pencil-simple", "accent_text")
_SHOWN, _AT_ONCE = 50, 8
_MOST_HEIGHT = 132


class ProblemBand(QWidget):
    """Errors first; with errors it is red, else amber. `fix_asked` carries what would mend the text, `revert_asked`:
    what was mended is to be as it was.
    """

    fix_asked = Signal(object)
    revert_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fixes: list[QPushButton] = []
        self.setAccessibleName(tr("Problems"))
        self._frame = frame("warnBand")
        self._frame_layout = QVBoxLayout(self._frame)
        self._frame_layout.setContentsMargins(0, 0, 0, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)
        self._filling = Slices(self)
        self._inside: QVBoxLayout | None = None
        self._area: QScrollArea | None = None
        self.texts: list[str] = []

    def show_problems(self, problems: Sequence[Problem], text: str, note: str = "", *, is_mended: bool = False) -> None:
        """Of a text, with a link for what is offered to mend it; `note` is one more sentence."""
        ordered = sorted(problems, key=lambda each: each.severity)
        self.fixes = []
        notes = [icon_line(*_WARNING, note, "problem")] if note else []
        if is_mended:
            undo = button(tr("Undo"), "link", then=self.revert_asked.emit)
            undo.setProperty("size", "small")
            notes.append(icon_line(*_MENDED, _mended(), "problem", link=undo))
        self.texts = [translate(each.sentence) for each in ordered] + ([note] if note else [])
        self.texts += [_mended()] if is_mended else []
        self.setVisible(bool(self.texts))
        lines = QWidget()
        layout = QVBoxLayout(lines)
        layout.setContentsMargins(13, 6, 16, 6)
        layout.setSpacing(4)
        refill(layout, notes)
        self._filling.run(self._fill(layout, ordered, text), _AT_ONCE)
        self._inside, self._area = layout, scrolled(lines)
        refill(self._frame_layout, [self._area])
        self._fit_height()
        restyle(self._frame, role="badBand" if any(each.severity == "error" for each in problems) else "warnBand")

    def _fill(self, layout: QVBoxLayout, problems: Sequence[Problem], text: str) -> Iterator[None]:
        for each in problems[:_SHOWN]:
            layout.addWidget(self._line(each, text))
            yield
        if len(problems) > _SHOWN:
            layout.addWidget(label(trn("… and {n} more", "… and {n} more", len(problems) - _SHOWN), "small"))

    def _line(self, problem: Problem, text: str) -> QWidget:
        place = tr("line {line}:{column}", line=problem.line, column=problem.column) if problem.line else problem.path
        icon = _ERROR if problem.severity == "error" else _WARNING
        fix = quick_fix(problem, text)
        if fix is None:
            return icon_line(*icon, translate(problem.sentence), "problem", place)
        offered = button(translate(fix.label), "link", then=partial(self.fix_asked.emit, fix))
        offered.setProperty("size", "small")
        offered.setAccessibleDescription(translate(problem.sentence))
        self.fixes.append(offered)
        return icon_line(*icon, translate(problem.sentence), "problem", place, offered)

    def fix_first(self) -> None:
        """What is offered for the first problem that has something to offer."""
        if self.fixes:
            self.fixes[0].click()

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


def _mended() -> str:
    return tr("Mended here: what is imported differs from the file, which stays as it is.")
