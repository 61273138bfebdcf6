"""The log of an attempt: which one, first error, search, follow, copy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QWidget

from smartspec.commands import execution_logs
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.errors import unwritable
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import number, size
from smartspec.gui.style.status import status_style, task_status
from smartspec.gui.widgets.buttons import button, fold_to_fit, icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.inputs import Choice, search_field
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.log.index import LogIndex, LogLine
from smartspec.gui.widgets.log.view import LogView
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, trn
from smartspec.value import frozen

_LOOK_EVERY_MS = 250


@frozen
class _Read:
    """What reading on came to: lines known, bytes, bytes left out, and whether there is more to read now."""

    count: int
    size: int
    left_out: int
    more: bool


class LogPane(QWidget):
    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._execution: Execution | None = None
        self._rows: tuple[TaskExecution, ...] = ()
        self._index: LogIndex | None = None
        self._matches: list[int] = []
        self._at = -1
        self._reading = False
        self._unseen = 0  # lines that came while it does not follow
        self._is_read = False
        self.view = LogView()
        self.view.wanted.connect(self._on_wanted)
        self.view.followed.connect(self._on_followed)
        self.states = ContentStates(self.view)
        self.choice = Choice(tr("Task and attempt"))
        self.choice.setMinimumWidth(190)
        self.choice.activated.connect(lambda _: self._open(self.choice.currentData()))
        self._size = label("", "caption")
        self.first_error = button(tr("First error"), "ghost", "arrow-up", self.go_to_error)
        self.search = search_field(tr("Find in the log"), tr("Find in the log"))
        self.search.setMaximumWidth(190)
        self._typing = QTimer(self, singleShot=True, interval=150)
        self._typing.timeout.connect(self._search)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.search.returnPressed.connect(self.next_match)
        self._found = label("", "caption")
        self.times = icon_button("clock", tr("When each line was written"), checkable=True)
        self.times.toggled.connect(self._on_times)
        self.times.setChecked(context.ui_state.get("log.times", False))
        self.follow = Chip(tr("Follow"), "arrow-down")
        self.follow.setChecked(True)
        self.follow.clicked.connect(lambda: self.view.set_follows(True))
        self._heading = label(tr("Log"), "heading")
        self._top = top = frame("surface")
        top.setLayout(row(
            self._heading, self.choice, self._size, None, self.first_error, self.search, self._found,
            icon_button("caret-up", tr("Previous match (Shift+F3)"), partial(self.next_match, -1)),
            icon_button("caret-down", tr("Next match (F3)"), self.next_match), self.times, self.follow,
            icon_button("download-simple", tr("Save the log…"), self.save),
            icon_button("folder-open", tr("Show the file"), self.show_file), margins=(20, 4, 12, 4), spacing=6,
        ))  # fmt: skip
        self.setLayout(column(top, line(), self.states, spacing=0, fill=self.states))
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("F3"), self, self.next_match, context=inside)
        QShortcut(QKeySequence("Shift+F3"), self, partial(self.next_match, -1), context=inside)
        QShortcut(QKeySequence("Ctrl+Shift+E"), self, self.go_to_error, context=inside)
        self._looking = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looking.timeout.connect(self._read_on)

    # What is shown

    @property
    def row(self) -> TaskExecution | None:
        return self._index.row if self._index else None

    def show_rows(self, execution: Execution, rows: Sequence[TaskExecution]) -> None:
        """The attempts there are; the one that is shown stays, else the most telling is."""
        self._execution, self._rows = execution, tuple(rows)
        shown = self.row
        self.choice.clear()
        for each in self._rows:
            self.choice.addItem(_name(each), each)
        same = next((each for each in self._rows if shown is not None and each.pk == shown.pk), None)
        if same is not None:
            self._select(same)
            if self._index is not None:
                self._index.row = same
            self._read_on()
        elif self._rows:
            self._open(_most_telling(self._rows))
        else:
            self.states.show_empty("text-align-left", tr("There is no log"), tr("No task of this execution has begun."))
        if self._execution.status == "running":
            self._looking.start()

    def show_task(self, task: str, attempt: int | None = None, item: int | None = None) -> None:
        """The log of a task: of this attempt and item, else the last."""
        found = [
            each
            for each in self._rows
            if each.task == task and attempt in (None, each.attempt) and item in (None, each.item_index)
        ]
        if found:
            self._open(found[-1])

    def _select(self, row_: TaskExecution) -> None:
        at = next((n for n in range(self.choice.count()) if self.choice.itemData(n).pk == row_.pk), -1)
        self.choice.setCurrentIndex(at)

    def _open(self, row_: TaskExecution) -> None:
        if self._index is not None and self._index.row.pk == row_.pk:
            return
        self._select(row_)
        self._index = LogIndex(row_)
        self._matches, self._at, self._unseen, self._is_read = [], -1, 0, False
        self._found.setText("")
        self.view.clear()
        self.view.set_follows(row_.status is TaskStatus.RUNNING)
        self.states.show_content()
        self._reading = False
        self._read_on()

    # Reading: on the thread for slow jobs, so that a large log keeps nobody waiting

    def _read_on(self) -> None:
        if self._index is None or self._reading or not self.isVisible():
            return
        self._reading = True
        self._context.run(self, partial(_read_on, self._index), partial(self._on_read, self._index), worker="logs")

    def _on_read(self, index: LogIndex, read: _Read) -> None:
        if index is not self._index:
            return
        self._reading = False
        new = read.count - self.view.count
        if not self.view.follows and self._is_read:
            self._unseen += max(0, new)
        self._is_read = self._is_read or not read.more
        self.view.show_count(read.count)
        left_out = tr("{size} left out in the middle", size=size(read.left_out)) if read.left_out else ""
        told = (trn("{n} line", "{n} lines", read.count), size(read.size), left_out)
        self._size.setText(" · ".join(filter(None, told)))
        self._tell_follow()
        if read.count == 0 and index.row.status is not TaskStatus.RUNNING:
            self.states.show_empty(
                "text-align-left", tr("{task} wrote nothing", task=index.row.task), index.row.error or ""
            )
        elif read.count:
            self.states.show_content()
        if read.more:
            self._read_on()
        elif self._execution is not None and self._execution.status != "running":
            self._looking.stop()

    def _on_wanted(self, first: int, count: int) -> None:
        if self._index is not None:
            index = self._index
            self._context.run(
                self, partial(index.read, first, count), partial(self._on_lines, index, first), worker="logs"
            )

    def _on_lines(self, index: LogIndex, first: int, lines: list[LogLine]) -> None:
        if index is self._index:
            self.view.take(first, lines)

    def _on_times(self, shown: bool) -> None:
        self.view.show_times(shown)
        self._context.ui_state.keep("log.times", shown)

    def _on_followed(self, follows: bool) -> None:
        self._unseen = 0 if follows else self._unseen
        self._tell_follow()

    def _tell_follow(self) -> None:
        self.follow.setChecked(self.view.follows)
        self.follow.set_count(trn("{n} new", "{n} new", self._unseen) if self._unseen and not self.view.follows else "")

    # Finding

    def find_text(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search(self) -> None:
        text = self.search.text()
        if self._index is None or not text:
            self._on_found(text, [])
            return
        self._context.run(self, partial(self._index.search, text), partial(self._on_found, text), worker="logs")

    def _on_found(self, text: str, lines: list[int]) -> None:
        if text != self.search.text():
            return
        self._matches, self._at = lines, -1
        self.view.show_matches(lines, text)
        self._found.setText(tr("0 of {all}", all=number(len(lines))) if text else "")
        if lines:
            self.next_match()

    def next_match(self, by: int = 1) -> None:
        if self._matches:
            self._at = (self._at + by) % len(self._matches)
            self._found.setText(tr("{at} of {all}", at=number(self._at + 1), all=number(len(self._matches))))
            self.view.go_to(self._matches[self._at])

    def go_to_error(self) -> None:
        if self._index is not None:
            self._context.run(self, self._index.first_error, self._on_error, worker="logs")

    def _on_error(self, found: int | None) -> None:
        if found is None:
            self._context.notifications.toast(tr("No line speaks of an error"), None, "info")
        else:
            self.view.go_to(found)

    # The file

    def save(self) -> None:
        if self._index is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the log"), f"{self._index.row.task}.log")
        if path:
            told = tr("Wrote {path}", path=path)
            command = partial(_save, self._index.row, Path(path))
            self._context.run(
                self, command, lambda _: self._context.notifications.toast(told, None, "export"), worker="logs"
            )

    def show_file(self) -> None:
        if self._index is not None:
            self._context.run(self, partial(execution_logs.log_path, self._index.row), self._on_path)

    def _on_path(self, path: Path | None) -> None:
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
        else:
            self._context.notifications.toast(
                tr("A short log is kept in the database; “Save the log…” makes a file"), None, "info"
            )

    def _fit_bar(self) -> None:
        """In a narrow window the icons have to do."""
        for each in (self._heading, self._size):
            each.show()
        fold_to_fit(self._top, [self.first_error])
        is_narrow = not self.first_error.text()
        for each in (self._heading, self._size):
            each.setVisible(not is_narrow)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.hasFocus():
            self.search.clear()
            self.view.setFocus()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: object) -> None:
        self._read_on()


def _read_on(index: LogIndex) -> _Read:
    more = index.read_on()
    return _Read(index.count, index.size, index.left_out, more)


def _save(row_: TaskExecution, path: Path) -> None:
    """The bytes as they were written. Raises Invalid."""
    try:
        with path.open("wb") as opened:
            offset = 0
            while (chunk := execution_logs.read_log(row_, offset)).data:
                opened.write(chunk.data)
                offset = chunk.next
    except OSError as error:
        raise unwritable(path, error) from error


def _name(row_: TaskExecution) -> str:
    item = f"[{row_.item_index}]" if row_.item is not None or row_.item_index else ""
    attempt = tr("attempt {number}", number=row_.attempt) if row_.attempt > 1 else ""
    return " · ".join(filter(None, (f"{row_.task}{item}", attempt, status_style(task_status(row_)).in_text)))


def _most_telling(rows: Sequence[TaskExecution]) -> TaskExecution:
    """What failed first; else what runs; else the last that wrote something."""
    for wanted in (("failed", "timeout"), ("running",)):
        found = [each for each in rows if each.status in wanted and not each.tolerated]
        if found:
            return found[-1] if wanted == ("running",) else found[0]
    written = [each for each in rows if each.log_bytes]
    return (written or [*rows])[-1]
