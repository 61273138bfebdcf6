"""What is wrong with a text: errors and warnings below it, with what would fix them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.errors import Problem
from smartspec.gui.pages.workflows.problem_list import ProblemRows
from smartspec.gui.style import icons, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame, line, row
from smartspec.messages import tr

_SHOWN = 5  # rows at once


class ProblemList(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self._text = ""
        self._folded = False
        self.errors = Chip(tr("Errors"), "x-circle-fill", "failed")
        self.warnings = Chip(tr("Warnings"), "warning-fill", "retrying")
        for chip in (self.errors, self.warnings):
            chip.setChecked(True)
            chip.toggled.connect(self._fill_list)
        self._state = label("", "caption")
        self.fold_button = icon_button("caret-down", tr("Fold the problems"), self._fold)
        self.list = ProblemRows()
        self.chosen, self.fix_asked = self.list.chosen, self.list.fix_asked
        top = frame("surface")
        top.setLayout(row(
            label(tr("Problems"), "heading"), 4, self.errors, self.warnings, None, self._state, self.fold_button,
            margins=(20, 4, 12, 4),
        ))  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(line())
        layout.addWidget(top)
        layout.addWidget(self.list)

    def show_problems(self, problems: Sequence[Problem], text: str) -> None:
        """Of a text, as they were found in it."""
        ordered = sorted(problems, key=lambda each: each.severity)  # errors first
        self._problems, self._text = tuple(ordered), text
        errors = sum(each.severity == "error" for each in problems)
        for chip, count in ((self.errors, errors), (self.warnings, len(problems) - errors)):
            chip.set_count(number(count))
            chip.setVisible(count > 0)
        self._state.setText(tr("Checked · F8 next problem") if problems else tr("Checked · no problems"))
        self._fill_list()

    def show_waiting(self) -> None:
        """The text has changed since."""
        self._state.setText(tr("Checking…"))

    @property
    def rows(self) -> list[Problem]:
        """As they are listed."""
        return [*self.list.problem_model.rows]

    def step(self) -> None:
        """To the next problem, from the last to the first."""
        self.list.step()

    def _fill_list(self) -> None:
        wanted = {"error": self.errors.isChecked(), "warning": self.warnings.isChecked()}
        kept = self.list.currentIndex().row()
        self.list.problem_model.show_problems([each for each in self._problems if wanted[each.severity]], self._text)
        if 0 <= kept < self.list.problem_model.rowCount():
            self.list.setCurrentIndex(self.list.problem_model.index(kept, 0))
        self._arrange()

    def _fold(self) -> None:
        self._folded = not self._folded
        self._arrange()

    def _arrange(self) -> None:
        rows = self.list.problem_model.rowCount()
        self.fold_button.setVisible(rows > 0)
        self.fold_button.setIcon(icons.icon("caret-up" if self._folded else "caret-down"))
        name = tr("Show the problems") if self._folded else tr("Fold the problems")
        self.fold_button.setToolTip(name)
        self.fold_button.setAccessibleName(name)
        self.list.setVisible(rows > 0 and not self._folded)
        height = max(theme.ROW, self.list.sizeHintForRow(0)) if rows else theme.ROW
        self.list.setFixedHeight(height * min(_SHOWN, rows) + 2)
