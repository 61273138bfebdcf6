"""Whose log is shown: a task, or all of them, and which of its attempts and items."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from smartspec.domain.execution import TaskExecution
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import number
from smartspec.gui.style.status import status_style, task_status
from smartspec.gui.widgets.choice import Choice
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class _Rows(QAbstractListModel):
    """Attempts under their names; each is worked out when it is seen, for there may be 100,000."""

    def __init__(self, parent: QObject, *, by_task: bool) -> None:
        super().__init__(parent)
        self._by_task = by_task
        self.rows: Sequence[TaskExecution | None] = ()  # None: all tasks together

    def show(self, rows: Sequence[TaskExecution | None]) -> None:
        if self._known(rows) == self._known(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    @staticmethod
    def _known(rows: Sequence[TaskExecution | None]) -> list[int]:
        return [row.pk if row else 0 for row in rows]

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.task if self._by_task else attempt_name(row)) if row else tr("All tasks, in time")
        if role == Qt.ItemDataRole.AccessibleTextRole and row:
            return f"{row.task if self._by_task else attempt_name(row)}, {status_style(task_status(row)).in_text}"
        if role == Qt.ItemDataRole.DecorationRole:
            if row is None:
                return icons.icon("stack", "text2")
            style = status_style(task_status(row))
            return icons.icon(style.icon, style.colour)
        return None


class LogPicker(QWidget):
    """`chosen` carries a TaskExecution, or None for all tasks."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[str, list[TaskExecution]] = {}  # by task
        self.task, self.attempt = _choice(tr("Task"), 10), _choice(tr("Attempt"), 8)
        self._tasks, self._attempts = _Rows(self, by_task=True), _Rows(self, by_task=False)
        self.task.setModel(self._tasks)
        self.attempt.setModel(self._attempts)
        self.task.activated.connect(lambda at: self.chosen.emit(self._tasks.rows[at]))
        self.attempt.activated.connect(lambda at: self.chosen.emit(self._attempts.rows[at]))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.task)
        layout.addWidget(self.attempt)

    def show_rows(self, rows: Sequence[TaskExecution]) -> None:
        """Of each task the last attempt stands for it; one that failed among its items does."""
        self._of = {}
        for row in rows:
            self._of.setdefault(row.task, []).append(row)
        tasks = [_representative(each) for each in self._of.values()]
        self._tasks.show([None, *tasks] if len(tasks) > 1 else tasks)

    def select(self, row: TaskExecution | None) -> None:
        """Show which one is shown."""
        tasks = [each.task if each else None for each in self._tasks.rows]
        self.task.setCurrentIndex(tasks.index(row.task if row else None))
        attempts = self._of.get(row.task, []) if row else []
        self._attempts.show(attempts)
        self.attempt.setVisible(len(attempts) > 1)
        at = next((at for at, each in enumerate(attempts) if row is not None and each.pk == row.pk), -1)
        self.attempt.setCurrentIndex(at)


def _choice(name: str, letters: int) -> Choice:
    made = Choice(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(letters)
    made.setIconSize(QSize(14, 14))
    return made


def _representative(rows: Sequence[TaskExecution]) -> TaskExecution:
    last = {row.item_index: row for row in rows}.values()
    return next((row for row in last if row.status in ("failed", "timeout")), rows[-1])


def attempt_name(row: TaskExecution) -> str:
    """What tells the attempts of a task apart."""
    attempt = tr("Attempt {number}", number=number(row.attempt))
    if row.item is None and not row.item_index:
        return attempt
    item = tr("Item {number}", number=number(row.item_index))
    return f"{item} · {attempt}" if row.attempt > 1 else item


def most_telling(rows: Sequence[TaskExecution]) -> TaskExecution:
    """What failed first, its last attempt; else what runs; else the last that wrote something."""
    failed = next((row for row in rows if row.status in ("failed", "timeout") and not row.tolerated), None)
    if failed is not None:
        return [row for row in rows if (row.task, row.item_index) == (failed.task, failed.item_index)][-1]
    running = [row for row in rows if row.status == "running"]
    written = [row for row in rows if row.log_bytes]
    return (running or written or [*rows])[-1]
