"""The list of what is wrong with a text: errors and warnings, with what would fix them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from smartspec.domain.definition.fixes import quick_fix
from smartspec.errors import Problem
from smartspec.gui.style import icons, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import frame, line, row
from smartspec.messages import tr, translate

_PROBLEM = int(Qt.ItemDataRole.UserRole) + 1


class ProblemList(QWidget):
    chosen = Signal(object)
    fix_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self._text = ""
        self.errors = Chip(tr("Errors"), "x-circle-fill", "failed")
        self.warnings = Chip(tr("Warnings"), "warning-fill", "retrying")
        for chip in (self.errors, self.warnings):
            chip.setChecked(True)
            chip.toggled.connect(self._fill_list)
        self._state = label("", "caption")
        self.list = QTreeWidget()
        self.list.setObjectName("problems")
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setAccessibleName(tr("Problems"))
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setColumnWidth(1, 290)
        self.list.setColumnWidth(2, 96)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.itemActivated.connect(lambda item, _: self.chosen.emit(item.data(0, _PROBLEM)))
        top = frame("surface")
        top.setLayout(
            row(label(tr("Problems"), "heading"), self.errors, self.warnings, None, self._state, margins=(20, 4, 16, 4))
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(line())
        layout.addWidget(top)
        layout.addLayout(row(self.list, margins=(14, 0, 12, 0)), 1)

    def show_problems(self, problems: Sequence[Problem], text: str) -> None:
        self._problems, self._text = tuple(sorted(problems, key=lambda each: each.severity)), text  # errors first
        errors = sum(each.severity == "error" for each in problems)
        for chip, count in ((self.errors, errors), (self.warnings, len(problems) - errors)):
            chip.set_count(number(count))
            chip.setVisible(count > 0)
        self._state.setText(tr("F8 next problem") if problems else tr("No problems"))
        self._fill_list()
        rows = min(5, len(problems))
        self.list.setVisible(bool(problems))
        self.list.setColumnHidden(1, not any(quick_fix(each, text) for each in problems))
        self.list.setFixedHeight(theme.ROW * rows + 4)

    def step(self) -> None:
        """To the next problem, from the last to the first."""
        count = self.list.topLevelItemCount()
        if count:
            item = self.list.topLevelItem((self.list.currentIndex().row() + 1) % count)
            assert item is not None
            self.list.setCurrentItem(item)
            self.chosen.emit(item.data(0, _PROBLEM))

    def _fill_list(self) -> None:
        self.list.clear()
        for each in self._problems:
            is_error = each.severity == "error"
            if not (self.errors if is_error else self.warnings).isChecked():
                continue
            found = quick_fix(each, self._text)
            place = tr("line {line}:{column}", line=each.line, column=each.column) if each.line else ""
            sentence = translate(each.sentence)
            item = QTreeWidgetItem([sentence, translate(found.label) if found else "", place])
            item.setIcon(
                0, icons.icon("x-circle-fill", "failed") if is_error else icons.icon("warning-fill", "retrying")
            )
            item.setData(0, _PROBLEM, each)
            item.setToolTip(0, plain_tip(sentence))
            item.setForeground(1, theme.colour("accent_text"))
            item.setForeground(2, theme.colour("text3"))
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setSizeHint(0, QSize(0, theme.ROW))
            self.list.addTopLevelItem(item)

    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        problem = item.data(0, _PROBLEM)
        if column == 1 and item.text(1):
            self.fix_asked.emit(problem)
        else:
            self.chosen.emit(problem)
