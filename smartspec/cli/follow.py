"""Watching an execution on the terminal: its output as it comes, what runs, and how it ended."""

from __future__ import annotations

import shutil
import sys
import threading
import time

import click

from smartspec import changes
from smartspec.changes import Change, Topic
from smartspec.cli.output import SIGNS, harmless, status, task_label
from smartspec.commands import executions
from smartspec.domain import times
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.states import FINAL, ExecutionStatus

_TICK_SECONDS = 0.1
_FAILED_LINES = 10


class Follower:
    """Prints what is new each time it is asked to look; nudged by changes, it pulls from rows and logs."""

    def __init__(self, execution: Execution, *, quiet: bool = False) -> None:
        self._id = execution.id
        self._quiet = quiet
        self._live = sys.stdout.isatty() and not quiet
        self._news = threading.Event()
        self._offsets: dict[int, int] = {}
        self._rest: dict[int, str] = {}
        self._told: dict[int, str] = {}
        self._drawn = 0
        self._waiting_for = ""
        self._began = time.monotonic()

    def until_over(self, is_over: threading.Event | None = None, waiting_for: object = None) -> Execution:
        """Follow to the end, or (when somebody in this process runs it) until that one is done."""
        stop = changes.subscribe(self._on_change)
        try:
            while True:
                done = is_over.is_set() if is_over is not None else False
                execution = self.look(str(getattr(waiting_for, "waiting_for", None) or ""))
                if done or (is_over is None and execution.status in FINAL):
                    return execution
                self._news.wait(_TICK_SECONDS if is_over is None or not is_over.is_set() else 0)
                self._news.clear()
        finally:
            stop()
            self._draw("")

    def _on_change(self, change: Change) -> None:
        if change.topic in (Topic.EXECUTIONS, Topic.TASKS):
            self._news.set()

    def wake(self) -> None:
        self._news.set()

    def look(self, waiting_for: str = "") -> Execution:
        """Print what is new since the last look."""
        execution = executions.get_execution(self._id)
        tasks = executions.list_task_executions(self._id)
        if not self._quiet:
            self._tell_waiting(waiting_for)
            for task in tasks:
                self._tell(execution, task)
            self._draw(self._status_line(execution, tasks, waiting_for))
        return execution

    def _tell_waiting(self, waiting_for: str) -> None:
        """In a pipe, where no line can change, why it does not start is said once."""
        if waiting_for and waiting_for != self._waiting_for and not self._live:
            click.echo(f"waiting: {waiting_for}", err=True)
        self._waiting_for = waiting_for

    def _tell(self, execution: Execution, task: TaskExecution) -> None:
        if self._told.get(task.pk) == task.status:
            if task.status == "running":
                self._tell_output(execution, task)
            return
        self._tell_output(execution, task, ended=task.status != "running")
        self._told[task.pk] = task.status
        if task.task_type in ("parallel", "sequential") or task.status == "pending":
            return
        if task.status == "running":
            if task.task_type == "manual":
                self._print(f"{SIGNS['running']} {task_label(task)} waits: {(task.input or {}).get('manual', '')}")
                self._print(f"  smartspec confirm {self._id[:18]} {task.task}")
            return
        words = [status(task.status).replace(task.status, task_label(task))]
        if task.duration_ms is not None:
            words.append(times.humane(task.duration_ms))
        if task.status not in ("completed",):
            words.append(task.status + (f" ({task.status_reason})" if task.status_reason else ""))
        if task.attempt > 1:
            words.append(f"attempt {task.attempt}")
        self._print("  ".join(words))

    def _tell_output(self, execution: Execution, task: TaskExecution, *, ended: bool = False) -> None:
        if executions.log_path(task, execution) is None:
            return
        prefix = click.style(f"{task_label(task)} | ", fg="bright_black")
        while True:
            chunk = executions.read_log(task, self._offsets.get(task.pk, 0))
            if not chunk.data:
                break
            self._offsets[task.pk] = chunk.next
            if chunk.left_out:
                self._print(prefix + f"[… {chunk.left_out:,} bytes left out …]")
            text = self._rest.pop(task.pk, "") + chunk.data.decode("utf-8", "replace")
            *lines, rest = text.split("\n")
            for line in lines:
                self._print(prefix + harmless(line.rsplit("\r", 1)[-1] if line.endswith("\r") is False else line))
            if rest:
                self._rest[task.pk] = rest
        if ended and (rest := self._rest.pop(task.pk, "")):
            self._print(prefix + harmless(rest))

    def _print(self, line: str) -> None:
        self._draw("")
        click.echo(line)

    def _status_line(self, execution: Execution, tasks: tuple[TaskExecution, ...], waiting_for: str) -> str:
        if execution.status is ExecutionStatus.PENDING:
            return f"waiting: {waiting_for}" if waiting_for else "waiting to start"
        now = times.now()
        running = [
            task for task in tasks if task.status == "running" and task.task_type not in ("parallel", "sequential")
        ]
        words = []
        for task in running[:4]:
            lasted = times.to_ms(now) - times.to_ms(task.started_at) if task.started_at else 0
            words.append(f"{task_label(task)} {times.humane(max(0, lasted) // 1000 * 1000)}")
        if len(running) > 4:
            words.append(f"and {len(running) - 4} more")
        verb = "cancelling" if execution.requested == "cancel" else "pausing" if execution.requested else "running"
        return f"{verb}: {', '.join(words)}" if words else ""

    def _draw(self, line: str) -> None:
        """The one line at the bottom that changes (on a terminal only)."""
        if not self._live or (not line and not self._drawn):
            return
        width = shutil.get_terminal_size().columns - 1
        sys.stdout.write("\r\x1b[2K" + click.style(line[:width], fg="blue"))
        sys.stdout.flush()
        self._drawn = len(line)


def farewell(execution: Execution) -> str:
    """How it ended, and what the failed ones said last."""
    lasted = times.humane(execution.duration_ms)
    lines = [f"{status(execution.status)}  {execution.label} in {lasted}  {execution.id}"]
    if execution.status_reason:
        lines[0] += f"  ({execution.status_reason})"
    if execution.error:
        lines.append(f"  {execution.error}")
    last = {(task.task, task.item_index): task for task in executions.list_task_executions(execution.id)}
    for task in last.values():
        if task.status in ("failed", "timeout") and not task.tolerated and task.excerpt:
            lines.append(f"  the last lines of {task_label(task)} (attempt {task.attempt}):")
            lines += [f"    {line}" for line in harmless(task.excerpt).strip().splitlines()[-_FAILED_LINES:]]
    return "\n".join(lines)
