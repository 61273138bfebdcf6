"""The foot of History: what is selected and what can be done with it, and the counts at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame

from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.history.every_match import EveryMatch
from smartspec.gui.style.formatting import duration
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.execution_actions import ExecutionActions, delete_executions
from smartspec.gui.widgets.folding import fold_in_turn
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.table.view import ExecutionsView
from smartspec.messages import tr, trn

_OF_ROWS = ("rerun", "compare", "copy")  # what is done with rows that are loaded only


class SelectionBar(QFrame):
    """`on_changed` is called when other actions apply than before."""

    def __init__(self, context: AppContext, view: ExecutionsView, on_changed: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self._context, self._view, self._on_changed = context, view, on_changed
        self.execution_actions = ExecutionActions(context, view, lambda: view.selected)
        self.every_match = EveryMatch(context, self)
        self.every_match.changed.connect(self._show_selection)
        view.selection_changed.connect(self._on_selected)
        self.words = label("", "heading")
        self.select_all = button(
            tr("Select all that fit"), "link", then=lambda: self.every_match.select(view.executions.filter)
        )
        do = self.execution_actions
        self.buttons = {
            "rerun": button(tr("Re-run"), "ghost", "arrow-clockwise", do.rerun),
            "compare": button(tr("Compare"), "ghost", "arrows-left-right", do.compare),
            "copy": button(tr("Copy"), "ghost", "copy", lambda: view.copy("text")),
            "delete": button(tr("Delete"), "ghost", "trash", self.delete),
        }
        self.counts = label("", "caption")
        self.setLayout(row(self.words, self.select_all, *self.buttons.values(), None, self.counts,
                           margins=(16, 2, 14, 2), spacing=6))  # fmt: skip
        self.setMinimumHeight(33)
        self._show_selection()

    def disabled(self) -> set[str]:
        """The actions on executions that do not apply now."""
        if self.every_match.ids is not None:
            return set(self.execution_actions.handlers()) - {"delete"}
        return self.execution_actions.disabled()

    def delete(self) -> None:
        """The selected ones, or all that fit, into the trash; Undo brings them back."""
        if (ids := self.every_match.ids) is None:
            self.execution_actions.delete()
        else:
            self.every_match.forget()
            delete_executions(self._context, self._view, ids)

    def show_counts(self, text: str) -> None:
        self.counts.setText(text)
        self._fit_to_width()

    def _on_selected(self) -> None:
        self.every_match.forget()
        self._show_selection()

    def _show_selection(self) -> None:
        chosen, every, disabled = len(self._view.chosen_rows), self.every_match, self.disabled()
        rows = self._view.executions
        self.words.setText(self._selection_text())
        for name, each in self.buttons.items():
            each.setVisible(chosen > 0 and (every.ids is None or name not in _OF_ROWS))
            each.setEnabled(name not in disabled)
        loaded_only = 0 < chosen == len(rows.rows) and rows.canFetchMore(QModelIndex())
        self.select_all.setVisible(loaded_only and every.ids is None and not every.is_looking)
        self._fit_to_width()
        self._on_changed()

    def _selection_text(self) -> str:
        """The number is what an action takes."""
        every, chosen = self.every_match, self._view.selected
        if every.is_looking:
            return tr("Looking for all that fit…")
        if every.ids is not None and every.is_cut:
            return trn("The newest {n} is selected", "The newest {n} are selected", len(every.ids))
        if every.ids is not None:
            return trn("{n} selected", "{n} selected", len(every.ids))
        whole = duration(sum(each.duration_ms or 0 for each in chosen))
        return trn("{n} selected · {whole} in total", "{n} selected · {whole} in total", len(chosen), whole=whole) if (
            chosen
        ) else ""  # fmt: skip

    def _fit_to_width(self) -> None:
        """In a narrow window the icons have to do, and the counts give way to what is selected."""
        self.counts.show()
        if not fold_in_turn(self, self.buttons.values()):
            self.counts.hide()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_to_width()
