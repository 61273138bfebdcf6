"""Watching an execution on the terminal: its output as it comes, what runs, and how it ended."""

from __future__ import annotations

import shutil
import sys
import threading
from collections import deque

from smartspec import changes
from smartspec.changes import Change, Topic
from smartspec.cli.echo import echo, echo_notice, paint, redraw
from smartspec.cli.output import SIGNS, marked, said_reason, short, status
from smartspec.commands import execution_logs, executions
from smartspec.commands.change_polling import ChangePoller
from smartspec.domain import times
from smartspec.domain.display import apply_overwrites, display_lines
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.execution import Execution, Request, TaskExecution
from smartspec.domain.ids import TaskExecutionPk
from smartspec.domain.reasons import error_in_text
from smartspec.formatting import format_duration, format_number
from smartspec.messages import N_, _, sentences, tr, translate
from smartspec.runner.worker import Worker
from smartspec.vocabulary import status_in_text

_TICK_SECONDS = 0.1
_FAILED_LINES = 10
_STATUS_LINES = {
    Request.CANCEL: N_("cancelling: {tasks}"), Request.PAUSE: N_("pausing: {tasks}"), None: N_("running: {tasks}"),
}  # fmt: skip


class Follower:
    """Prints what is new each time it is asked to look; nudged by changes, it pulls from rows and logs."""

    def __init__(self, execution: Execution, *, quiet: bool = False) -> None:
        self._execution = execution
        self._quiet = quiet
        self._live = sys.stdout.isatty() and not quiet
        self._poller = ChangePoller()
        self._nudged = threading.Event()  # look again at once
        self._news = threading.Event()  # rows were written since the last look
        self._news.set()
        self._open: dict[TaskExecutionPk, TaskExecution] = {}  # the attempts that have not ended, by key
        self._last = TaskExecutionPk(0)  # the highest key seen
        self._pass_over()
        self._asked: set[TaskExecutionPk] = set()  # the manual tasks that were asked about
        self._offsets: dict[TaskExecutionPk, int] = {}
        self._rest: dict[TaskExecutionPk, str] = {}
        self._drawn = 0
        self._waiting_for = ""
        self._write_error: str | None = None

    def _pass_over(self) -> None:
        """What an earlier round or claim has ended is not told as if it ran now."""
        for task in executions.task_news(self._execution, self._last, ()):
            self._last = task.pk
            if task.status in (TaskStatus.PENDING, TaskStatus.RUNNING):
                self._open[task.pk] = task

    def until_over(self, is_over: threading.Event, runner: Worker) -> Execution:
        """Follow until the runner of this process is done with it."""
        stop = changes.subscribe(self._on_change)
        try:
            while not is_over.is_set():
                self._print_write_error(runner.write_error)
                self._print_notices(runner.notices)
                self._print_news(runner.waiting_for or "")
                self._nudged.wait(_TICK_SECONDS)
                self._nudged.clear()
            self._news.set()
            self._print_news("")
            return self._execution
        finally:
            stop()
            self._draw("")

    def wake(self) -> None:
        self._nudged.set()

    def _on_change(self, change: Change) -> None:
        if change.topic in (Topic.EXECUTIONS, Topic.TASKS) and self._execution.pk in change.ids:
            self._news.set()

    def _print_news(self, waiting_for: str) -> None:
        """Print what is new since the last look: rows where anything was written, logs of what runs in any case."""
        self._poller.poll()
        if self._quiet:
            return
        self._print_waiting(waiting_for)
        if self._news.is_set():
            self._news.clear()
            self._execution = executions.get_execution_by_key(self._execution.pk)
            for task in executions.task_news(self._execution, self._last, self._open):
                self._print_task(task)
        for task in self._open.values():
            if task.status is TaskStatus.RUNNING:
                self._print_new_output(task)
        self._draw(self._status_line(waiting_for))

    def _print_task(self, task: TaskExecution) -> None:
        self._last = max(self._last, task.pk)
        if task.status in (TaskStatus.PENDING, TaskStatus.RUNNING):
            self._open[task.pk] = task
            if task.task_type == "manual" and task.pk not in self._asked:
                self._asked.add(task.pk)
                self._ask(task)
            return
        self._open.pop(task.pk, None)
        self._print_new_output(task)
        self._print_end(task)

    def _print_write_error(self, error: str | None) -> None:
        """Once when it begins, however long it lasts."""
        if error and error != self._write_error:
            self._draw("")
            echo_notice(sentences([error, _("What runs goes on, and is recorded when it can be.")]))
        self._write_error = error

    def _print_notices(self, notices: deque[str]) -> None:
        while notices:
            self._draw("")
            echo_notice(notices.popleft())

    def _print_waiting(self, waiting_for: str) -> None:
        """In a pipe, where no line can change, why it does not start is said once."""
        if waiting_for and waiting_for != self._waiting_for and not self._live:
            echo(tr("waiting: {why}", why=waiting_for), err=True)
        self._waiting_for = waiting_for

    def _ask(self, task: TaskExecution) -> None:
        question = (task.input or {}).get("manual", "")
        waits = tr("{task} waits: {question}", task=task.label, question=question)
        self._print(f"{SIGNS['running']} {waits}")
        self._print(f"  smartspec confirm {short(self._execution.id)} {task.task}")

    def _print_end(self, task: TaskExecution) -> None:
        if rest := self._rest.pop(task.pk, ""):
            self._print_output(task, rest)
        if task.task_type in ("parallel", "sequential"):
            return
        words = [marked(task.status, task.label)]
        if task.duration_ms is not None:
            words.append(translate(format_duration(task.duration_ms)))
        if task.status is not TaskStatus.COMPLETED:
            word = translate(status_in_text(task.status))
            words.append(f"{word} ({said_reason(task.status_reason, self._execution)})" if task.status_reason else word)
        if task.attempt > 1:
            words.append(tr("attempt {n}", n=task.attempt))
        self._print("  ".join(words))

    def _print_new_output(self, task: TaskExecution) -> None:
        """What follows in its log, whole lines."""
        if not execution_logs.may_have_log(task):
            return
        while (chunk := execution_logs.read_log(task, self._offsets.get(task.pk, 0))).data:
            self._offsets[task.pk] = chunk.next
            if chunk.left_out:
                self._print_output(task, tr("[… {n} bytes left out …]", n=format_number(chunk.left_out)))
            text = self._rest.pop(task.pk, "") + chunk.data.decode("utf-8", "replace")
            *lines, rest = text.split("\n")
            for line in lines:
                self._print_output(task, line)
            if rest:
                self._rest[task.pk] = rest

    def _print_output(self, task: TaskExecution, line: str) -> None:
        """Of a line that was drawn over and over, what it came to."""
        self._print(paint(f"{task.label} | ", "bright_black") + apply_overwrites(line))

    def _print(self, line: str) -> None:
        self._draw("")
        echo(line)

    def _status_line(self, waiting_for: str) -> str:
        if self._execution.status is ExecutionStatus.PENDING:
            return tr("waiting: {why}", why=waiting_for) if waiting_for else tr("waiting to start")
        now = times.now()
        running = [
            task
            for task in self._open.values()
            if task.started_at is not None and task.task_type not in ("parallel", "sequential")
        ]
        words = []
        for task in running[:4]:
            lasted = times.elapsed_ms(task.started_at or now, now) // 1000
            words.append(f"{task.label} {translate(format_duration(lasted * 1000)) if lasted else ''}".rstrip())
        if len(running) > 4:
            words.append(tr("and {n} more", n=len(running) - 4))
        template = _STATUS_LINES[self._execution.requested]
        return tr(template, tasks=", ".join(words)) if words else ""

    def _draw(self, line: str) -> None:
        """The one line at the bottom that changes (on a terminal only)."""
        if not self._live or (not line and not self._drawn):
            return
        redraw(paint(line[: shutil.get_terminal_size().columns - 1], "blue"))
        self._drawn = len(line)


def farewell(execution: Execution) -> str:
    """How it ended, and what the failed ones said last."""
    lasted = format_duration(execution.duration_ms)
    what = tr("{ref} in {duration}", ref=execution.label, duration=lasted)
    lines = [f"{status(execution.status)}  {what}  {execution.id}"]
    if execution.status_reason:
        lines[0] += f"  ({said_reason(execution.status_reason, execution)})"
    if execution.error:
        lines.append(f"  {translate(error_in_text(execution.error))}")
    last = {(task.task, task.item_index): task for task in executions.list_task_executions(execution.id)}
    for task in last.values():
        if task.status in ("failed", "timeout") and not task.tolerated and task.excerpt:
            said = tr("the last lines of {task} (attempt {n}):", task=task.label, n=task.attempt)
            lines.append(f"  {said}")
            lines += [f"    {line}" for line in display_lines(task.excerpt)[-_FAILED_LINES:]]
    return "\n".join(lines)
