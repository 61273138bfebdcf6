"""The log of an attempt, or of all tasks in time: read, searched, followed, taken along."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from smartspec.commands import execution_logs
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.reasons import error_in_text
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.log_bar import LogBar
from smartspec.gui.pages.execution.log_export import LogExport
from smartspec.gui.pages.execution.log_new_lines import NewLines
from smartspec.gui.pages.execution.log_picker import most_telling
from smartspec.gui.pages.execution.log_reading import LogReading, ReadingProgress
from smartspec.gui.pages.execution.log_search import LogSearch
from smartspec.gui.style.formatting import size
from smartspec.gui.widgets.layout import column, line
from smartspec.gui.widgets.local_keys import add_local_key
from smartspec.gui.widgets.log.errors_only import ErrorsOnly
from smartspec.gui.widgets.log.index import LogIndex
from smartspec.gui.widgets.log.merged import MOST_LOGS, MergedLog
from smartspec.gui.widgets.log.source import LogSource
from smartspec.gui.widgets.log.view import LogView
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate, trn

_LOOK_EVERY_MS = 250


class LogPane(QWidget):
    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._execution: Execution | None = None
        self._rows: tuple[TaskExecution, ...] = ()
        self._row: TaskExecution | None = None  # whose log is shown; None for all tasks, or while there is none
        self._led = False  # it is followed since it ran
        self.reading = LogReading(context, self)
        self.view = LogView()
        self.states = ContentStates(self.view)
        self.bar = LogBar()
        self.matches = LogSearch(self.reading, self.view, self.bar)
        self.export = LogExport(context, self, self.reading, self.view)
        self.new_lines = NewLines(self.view)
        self.setLayout(column(self.bar, line(), self.states, spacing=0, fill=self.states))
        self._connect_view()
        self._connect_bar()
        self._add_keys()
        self._looking = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looking.timeout.connect(self._read_on)

    def _connect_view(self) -> None:
        self.view.wanted.connect(self.reading.want)
        self.view.followed.connect(self.bar.follow.setChecked)
        self.view.copy_asked.connect(self.export.copy)
        self.reading.lines_came.connect(self.view.take)
        self.reading.advanced.connect(self._on_advanced)

    def _connect_bar(self) -> None:
        bar, kept = self.bar, self._context.ui_state
        bar.picker.chosen.connect(self._on_picked)
        bar.first_error.clicked.connect(self.go_to_error)
        bar.errors.clicked.connect(self._on_errors_only)
        bar.follow.clicked.connect(lambda: self.view.set_follows(bar.follow.isChecked()))
        for tool, show, name in (
            (bar.times, self.view.show_times, "log.times"), (bar.wrap, self.view.set_wraps, "log.wrap"),
        ):  # fmt: skip
            tool.toggled.connect(show)
            tool.setChecked(kept.get(name, False))
            tool.toggled.connect(partial(kept.keep, name))
        bar.copy.clicked.connect(self.export.copy)
        bar.save.clicked.connect(self.export.save)
        bar.open.clicked.connect(self.export.open)
        bar.folder.clicked.connect(self.export.show_file)

    def _add_keys(self) -> None:
        for keys, do in (
            ("F3", self.matches.step), ("Shift+F3", partial(self.matches.step, -1)), ("Ctrl+Shift+E", self.go_to_error),
        ):  # fmt: skip
            add_local_key(self, keys, do, with_children=True)

    # Whose log is shown

    @property
    def row(self) -> TaskExecution | None:
        return self._row

    @property
    def search(self) -> QWidget:
        return self.bar.search

    def show_rows(self, execution: Execution, rows: Sequence[TaskExecution]) -> None:
        """The attempts there are; the one that is shown stays, else the most telling is."""
        is_other = self._execution is None or self._execution.pk != execution.pk
        self._execution, self._rows = execution, tuple(rows)
        self.bar.picker.show_rows(self._rows)
        if not self._rows:
            self.states.show_empty("text-align-left", tr("There is no log"), tr("No task of this execution has begun."))
            return
        if is_other or self.reading.source is None:
            self._open(most_telling(self._rows))
        else:
            self._update_source()
        if execution.status == "running":
            self._looking.start()

    def _update_source(self) -> None:
        """What is known of the attempts by now."""
        source = self.reading.source
        if isinstance(source, MergedLog):
            source.update_rows([row for row in self._rows if execution_logs.may_have_log(row)])
            self.bar.picker.select(None)
        else:
            shown = self._row
            same = next((row for row in self._rows if shown is not None and row.pk == shown.pk), None)
            if same is None:
                self._open(most_telling(self._rows))
                return
            if isinstance(source, LogIndex):
                source.row = same
            self._row = same
            self._go_on_following(same)
        self._read_on()

    def _go_on_following(self, row: TaskExecution) -> None:
        """Who follows a task to its end is led to the next that runs."""
        running = next((each for each in self._rows if each.status is TaskStatus.RUNNING), None)
        if self.view.follows and row.status is not TaskStatus.RUNNING and running is not None and self._led:
            self._open(running)
        else:
            self._led = self._led and row.status is TaskStatus.RUNNING
            self.bar.picker.select(row)

    def show_task(self, task: str, attempt: int | None = None, item: int | None = None) -> None:
        """The log of a task: of this attempt and item, else the last."""
        found = [
            each
            for each in self._rows
            if each.task == task and attempt in (None, each.attempt) and item in (None, each.item_index)
        ]
        if found:
            self._open(found[-1])

    def show_all(self) -> None:
        """All tasks together, in the order in which they wrote."""
        self._row = None
        self._begin(MergedLog([row for row in self._rows if execution_logs.may_have_log(row)]))

    def _on_picked(self, row: TaskExecution | None) -> None:
        if row is None:
            self.show_all()
        else:
            self._open(row)

    def _open(self, row: TaskExecution) -> None:
        if self._row is not None and self._row.pk == row.pk:
            self.bar.picker.select(row)
            return
        self._row = row
        self._begin(LogIndex(row))

    def _begin(self, source: LogSource) -> None:
        self.bar.picker.select(self._row)
        self.export.of(self._execution, self._row)
        self._led = self._is_live
        self.view.clear()
        self.matches.forget()
        self.new_lines.begin()
        self.bar.errors.setChecked(False)
        self.bar.show_errors(0, is_all=True)
        self.bar.follow.setVisible(self._is_live)
        self.bar.folder.setEnabled(self._row is not None)
        self.view.set_follows(self._is_live)
        self.bar.follow.setChecked(self._is_live)
        self.states.show_content()
        self.reading.open(source)

    @property
    def _is_live(self) -> bool:
        """Whether more may be written."""
        if self._row is not None:
            return self._row.status is TaskStatus.RUNNING
        return self._execution is not None and self._execution.status == "running"

    # Reading

    def _read_on(self) -> None:
        if self.isVisible():
            self.reading.read_on()

    def _on_advanced(self, progress: ReadingProgress) -> None:
        new = progress.shown - self.view.count
        self.new_lines.note_lines(new, is_read=not progress.more)
        is_moved = not isinstance(self.reading.shown, LogIndex) and new != 0
        self.view.show_count(progress.shown, anew=is_moved)
        self.view.show_errors(self.reading.shown.errors if self.reading.shown else [])
        self.bar.show_errors(progress.errors, is_all=progress.is_looked)
        self.bar.follow.setVisible(self._is_live)
        self.bar.tell(self._status_text(progress))
        self._show_state(progress)
        if new and self.bar.search.text() and not progress.more:
            self.matches.look(self.bar.search.text())
        if not progress.more and self._execution is not None and self._execution.status != "running":
            self._looking.stop()

    def _status_text(self, progress: ReadingProgress) -> str:
        left_out = tr("{size} left out in the middle", size=size(progress.left_out)) if progress.left_out else ""
        source = self.reading.source
        is_part = isinstance(source, MergedLog) and not source.is_whole
        part = trn("the first {n} log", "the first {n} logs", MOST_LOGS) if is_part else ""
        lines = trn("{n} line", "{n} lines", progress.count)
        return " · ".join(filter(None, (part, lines, size(progress.size), left_out)))

    def _show_state(self, progress: ReadingProgress) -> None:
        if progress.shown:
            self.states.show_content()
        elif isinstance(self.reading.shown, ErrorsOnly) and progress.count and progress.is_looked:
            self.states.show_empty(
                "check-circle-fill", tr("No line speaks of an error"), "", (tr("Show all lines"), self.show_all_lines)
            )
        elif progress.count == 0 and not self._is_live:
            task = self._row.task if self._row else tr("No task")
            error = self._row.error if self._row else None
            said = translate(error_in_text(error)) if error else ""
            self.states.show_empty("text-align-left", tr("{task} wrote nothing", task=task), said)

    # Errors

    def _on_errors_only(self) -> None:
        """The same with only its errors; the line that was shown stays where it can."""
        before, line = self.reading.shown, self.view.current
        if line >= 0 and isinstance(before, ErrorsOnly):
            line = before.line_at(line)
        self.view.clear()
        self.matches.forget()
        self.view.set_follows(False)
        self.new_lines.begin()
        self.reading.show_errors_only(self.bar.errors.isChecked())
        shown = self.reading.shown
        place = shown.place(line) if isinstance(shown, ErrorsOnly) else line
        if place is not None and line >= 0:
            self.reading.ask(lambda: None, lambda _: self.view.go_to(place))
        if self.bar.search.text():
            self.matches.look(self.bar.search.text())

    def show_all_lines(self) -> None:
        self.bar.errors.setChecked(False)
        self._on_errors_only()

    def go_to_error(self) -> None:
        shown = self.reading.shown
        if shown is not None:
            self.reading.ask(partial(_first_error, shown), partial(self._on_error, shown))

    def _on_error(self, shown: LogSource, found: int | None) -> None:
        if shown is not self.reading.shown:
            return
        if found is None:
            self._context.notifications.toast(tr("No line speaks of an error"), None, "info")
        else:
            self.view.go_to(found)

    # Finding

    def find_text(self) -> None:
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.new_lines.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.bar.search.hasFocus():
            self.bar.search.clear()
            self.view.setFocus()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: object) -> None:
        self._read_on()


def _first_error(shown: LogSource) -> int | None:
    """Looked for as far as is needed."""
    while not shown.errors and shown.look_on():
        pass
    return shown.errors[0] if shown.errors else None
