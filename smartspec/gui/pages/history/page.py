"""The page History: everything that ever ran, by chips and by the language of the search."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from smartspec.changes import Topic
from smartspec.commands import executions, exporting, metrics
from smartspec.commands.metrics import Outcomes
from smartspec.domain import times
from smartspec.domain.search import query
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import Page
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.history.counts import MatchCounts
from smartspec.gui.pages.history.saved_filters import SavedFilters
from smartspec.gui.pages.history.selection_bar import SelectionBar
from smartspec.gui.pages.history.sessions_pane import SessionsPane
from smartspec.gui.pages.history.time_strip import TimeStrip
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.segments import Segments
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.table.filter_bar import FilterBar
from smartspec.gui.widgets.table.view import ExecutionsView
from smartspec.messages import tr, trn

SESSIONS = "sessions"  # the tab of a location


class HistoryPage(Page):
    topics = frozenset({Topic.EXECUTIONS, Topic.SETTINGS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._text = ""
        self.counts = MatchCounts(context, self)
        self.counts.counted.connect(self._show_footer)
        self._is_counted = False
        self.filters = FilterBar(context, ("after", "workflow", "trigger", "dur", "user", "session"), shown=5)
        self.filters.changed.connect(self._on_filtered)
        self.view = ExecutionsView(context, "history")
        self.view.executions.settled.connect(self._on_settled)
        self.view.executions.failed.connect(self._on_search_failed)
        self.view.verticalScrollBar().valueChanged.connect(lambda _: self._show_footer())
        self.view.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_footer())
        self.states = ContentStates(self.view)
        self.by_session = SessionsPane(context)
        self.by_session.view.opened.connect(lambda id_: self.search(query.with_filter("", "session", id_)))
        self.grouping = Segments(tr("Shown"), ((tr("Executions"), ""), (tr("Sessions"), SESSIONS)))
        self.grouping.chosen.connect(lambda tab: context.navigator.go(Location("history", tab=str(tab))))
        self.saved = SavedFilters(context.ui_state)
        self.saved.chosen.connect(self.search)
        self.export_button = button(tr("Export…"), "", "export", context.actions["export_history"].trigger)
        self.clear_button = button(tr("Clear filters"), "link", then=self.clear)
        self.columns = self.view.columns_button()
        self.selection = SelectionBar(context, self.view, self.register_page_handlers)
        self.strip = TimeStrip()
        self._lay_out_history()
        self.clear_button.hide()

    def _lay_out_history(self) -> None:
        head = frame("surface")
        head.setLayout(
            row(
                label(tr("History"), "title"),
                8,
                self.grouping,
                8,
                self.saved,
                None,
                self.export_button,
                margins=(20, 8, 14, 8),
            )
        )
        chips = frame("surface")
        chips.setLayout(row(self.filters, 6, self.clear_button, None, self.columns, margins=(20, 6, 14, 6)))
        self._of_executions = executions_pane = QWidget()
        executions_pane.setLayout(
            column(chips, line(), self.strip, self.states, line(), self.selection, spacing=0, fill=self.states)
        )
        self._shown = QStackedWidget()
        self._shown.addWidget(executions_pane)
        self._shown.addWidget(self.by_session)
        self.setLayout(column(head, line(), self._shown, spacing=0, fill=self._shown))

    # What is shown

    @property
    def text(self) -> str:
        return self._text

    def show_location(self, location: Location) -> None:
        grouped = location.tab == SESSIONS
        self.grouping.choose(location.tab)
        self._shown.setCurrentWidget(self.by_session if grouped else self._of_executions)
        for each in (self.saved, self.export_button):
            each.setVisible(not grouped)
        if grouped:
            self.by_session.read_sessions()
        else:
            self.search(location.query, remember=False)
        self.register_page_handlers()

    def panes(self) -> list[QWidget]:
        if self._shown.currentWidget() is self.by_session:
            return [self.by_session.view]
        return [self.view, self.filters]

    def bottom_bars(self) -> list[QWidget]:
        return [self.selection]

    def show_narrow(self, narrow: bool) -> None:
        self.filters.show_statuses(2 if narrow else 5)
        self.saved.show_narrow(narrow)
        self.view.show_narrow(narrow)

    def search(self, text: str, *, remember: bool = True) -> None:
        """Show what fits a search; the chips show the same."""
        if text == self._text and self.view.executions.is_loaded:
            return
        self._text = text
        self.filters.show_text(text)
        self.clear_button.setVisible(bool(text))
        self.states.show_loading()
        read = partial(executions.read_query, text, self.context.workspace)
        self.context.run(self, read, self.view.executions.show, self._on_search_failed)
        self._is_counted = False  # once the page is there: it comes first
        if remember:
            self.context.navigator.go(Location("history", query=text))
        self.saved.show_text(text)

    def clear(self) -> None:
        self.search("")

    def reload(self) -> None:
        if not self.view.executions.is_loaded:
            text, self._text = self._text, "\0"
            self.search(text, remember=False)
            return
        self.view.executions.reload()
        self._count_matches()

    def _on_filtered(self, text: str) -> None:
        self.search(text)

    def _on_settled(self) -> None:
        if self.view.executions.rows:
            self.states.show_content()
        elif self.view.executions.is_looking:
            return
        elif self._text:
            self.states.show_empty(
                "magnifying-glass", tr("No execution fits “{filter}”", filter=self._text), "",
                (tr("Clear filters"), self.clear),
            )  # fmt: skip
        else:
            self.states.show_empty(
                "clock-counter-clockwise", tr("Nothing has run yet"),
                tr("Every execution is kept here: from this window, the terminal, and programs."),
            )  # fmt: skip
        if not self._is_counted:
            self._is_counted = True
            self._count_matches(force=True)
        self._show_footer()
        self.register_page_handlers()

    def _on_search_failed(self, error: SmartSpecError) -> None:
        self.view.executions.drop()
        self.states.show_error(error, self.clear)

    # Counts

    def _count_matches(self, *, force: bool = False) -> None:
        if force or self.counts.is_due():
            self.counts.count(self._text)
            self.filters.count("")
            self._read_strip()

    def _read_strip(self) -> None:
        """Where a time is asked for: how much ran when, of all or of the workflow."""
        text, workspace = self._text, self.context.workspace

        def read() -> tuple[Outcomes, ...]:
            wanted = executions.read_query(text, workspace)
            if wanted.since is None:
                return ()
            return metrics.outcomes_over_time(wanted.since, times.now(), wanted.workflow, workspace)

        self.context.run(self, read, self._on_strip, lambda _: self.strip.hide(), worker="slow")

    def _on_strip(self, found: tuple[Outcomes, ...]) -> None:
        hourly = len(found) > 1 and found[1].begin - found[0].begin < timedelta(days=1)
        self.strip.show_outcomes(found, hourly)

    def _show_footer(self) -> None:
        rows = self.view.rows_in_sight()
        if not rows:
            self.selection.show_counts("")
            return
        rows_shown = f"{number(rows.start + 1)}–{number(rows.stop)}"
        took = duration(round(self.view.executions.took_ms))
        self.selection.show_counts(
            tr("{rows} of {total} matching · {all} executions · {took}",
               rows=rows_shown, total=self.counts.total, all=self.counts.everything, took=took)
            if self._text
            else tr("{rows} of {total} executions · {took}", rows=rows_shown, total=self.counts.total, took=took)
        )  # fmt: skip

    # Actions

    def handlers(self) -> dict[str, Handler]:
        if self._shown.currentWidget() is self.by_session:
            return {"refresh": self.by_session.read_sessions}
        return {
            **self.selection.execution_actions.handlers(), "delete": self.selection.delete, "refresh": self.refresh,
            "export_history": self.export,
        }  # fmt: skip

    def disabled(self) -> set[str]:
        return self.selection.disabled()

    def refresh(self) -> None:
        self.invalidate()
        self._count_matches(force=True)

    def export(self) -> None:
        """All that fits the filter, as CSV or JSON Lines."""
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export executions"), "executions.csv", tr("CSV (*.csv);;JSON Lines (*.jsonl)")
        )
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        wanted: ExecutionFilter = self.view.executions.filter
        command = partial(exporting.export_executions, path, wanted, workspace=self.context.workspace)
        self.context.background.start_job(
            self, tr("Exporting"), command,
            lambda written: self.context.notifications.toast(
                trn("Wrote {n} execution to {file}", "Wrote {n} executions to {file}", written, file=path.name),
                None, "export",
            ),
        )  # fmt: skip
