"""The log beside the tasks: it shows the one that is chosen, and by itself whatever runs."""

from __future__ import annotations

from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import ExecutionPk
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.log import LogPane


class Follower:
    """From one running task to the next, until an attempt that has ended is chosen, or the log is scrolled up."""

    def __init__(self, log: LogPane) -> None:
        self._log = log
        self._execution: Execution | None = None
        self._rows: tuple[TaskExecution, ...] = ()
        self._chosen: TaskExecution | None = None
        self._of: tuple[ExecutionPk, int] | None = None  # the execution, and its round
        self._is_open = False  # whether it had not ended, when it was looked at last
        self._ran = False  # what is shown, when it was looked at last

    def choose(self, row: TaskExecution) -> None:
        """The log of an attempt, also of one that was read since."""
        self._chosen = row
        if self._execution is not None:
            self._show_rows(self._execution)
            self._log.show_task(row.task, row.attempt, row.item_index)

    def show_detail(self, detail: Detail) -> None:
        """The attempts as they are now; of another execution the one that says most."""
        execution = detail.execution
        is_other, self._of = self._of != (execution.pk, detail.round), (execution.pk, detail.round)
        if is_other:
            self._chosen, self._ran = None, False
        self._execution = execution
        self._rows = tuple(row for row in detail.rows if row.started_at is not None)
        self._show_rows(execution)
        has_ended, self._is_open = self._is_open and execution.completed_at is not None, execution.completed_at is None
        if (is_other or (has_ended and self._chosen is None)) and (telling := detail.telling) is not None:
            self._log.show_task(telling.task, telling.attempt, telling.item_index)
        self._show_running_task()

    def _show_rows(self, execution: Execution) -> None:
        chosen = self._chosen
        is_new = chosen is not None and chosen.started_at is not None and chosen.pk not in {r.pk for r in self._rows}
        self._log.show_rows(execution, [*self._rows, *([chosen] if is_new and chosen is not None else [])])

    def _show_running_task(self) -> None:
        shown = self._log.row
        now = next((row for row in self._rows if shown is not None and row.pk == shown.pk), None)
        is_left = self._ran and not self._log.view.follows  # somebody reads further up
        running = [row for row in self._rows if row.status == "running"]
        if now is None or now.status == "running" or is_left or not running:
            self._ran = now is not None and now.status == "running"
            return
        if self._chosen is None or self._ran or self._chosen.pk != now.pk:
            self._log.show_task(running[-1].task, running[-1].attempt, running[-1].item_index)
            self._ran = True
