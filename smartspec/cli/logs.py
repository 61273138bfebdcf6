"""`logs` and `events`: what an execution wrote, and what happened in it."""

from __future__ import annotations

import sys
import time

import click

from smartspec.cli import screen
from smartspec.cli.options import WHICH, command
from smartspec.cli.output import harmless, moment, show, task_label
from smartspec.cli.session import session
from smartspec.commands import executions
from smartspec.domain.event import Event
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.states import FINAL


@command("events")
@WHICH
@click.option("-f", "follow", is_flag=True, help="Go on until it has ended.")
def events_command(which: str, follow: bool) -> None:
    """What happened in an execution, oldest first.

    \b
    Example:
      smartspec events backup#42
    """
    here = session()
    tasks: dict[int, str] = {}
    after: str | None = None
    seen: list[Event] = []
    while True:
        page = executions.list_events(which, after=after, workspace=here.workspace)
        seen += page.rows
        if not here.json and page.rows:
            tasks |= {
                each.pk: task_label(each) for each in executions.list_task_executions(which, None, here.workspace)
            }
            for each in page.rows:
                task = tasks.get(each.task_execution or 0, "")
                told = " ".join(word for word in (task, each.message or "") if word)
                click.echo(f"{moment(each.at)}  {each.type:28}  {told}".rstrip())
        after = str(page.rows[-1].pk) if page.rows else after
        if not screen.is_there(sys.stdout):
            break
        if page.next is None and (not follow or executions.get_execution(which, here.workspace).status in FINAL):
            break
        time.sleep(0 if page.next else 0.2)
    if here.json:
        show(seen)


@command("logs")
@WHICH
@click.argument("task", required=False)
@click.option("-f", "follow", is_flag=True, help="Go on until it has ended.")
@click.option("--raw", is_flag=True, help="The bytes as they were written, on a terminal too.")
def logs_command(which: str, task: str | None, follow: bool, raw: bool) -> None:
    """What the tasks of an execution wrote, or one of them.

    Into a file or pipe go the bytes as they were; on a terminal control sequences are left out.

    \b
    Examples:
      smartspec logs backup#42
      smartspec logs -f backup copy
    """
    here = session()
    execution = executions.get_execution(which, here.workspace)
    reader = _LogReader(execution, task, raw or not sys.stdout.isatty())
    while True:
        ended = executions.get_execution(execution.id).status in FINAL
        reader.read_on()
        if ended or not follow or not screen.is_there(sys.stdout):
            return
        time.sleep(0.1)


class _LogReader:
    """Writes what follows its own offset in each log."""

    def __init__(self, execution: Execution, task: str | None, raw: bool) -> None:
        self._execution = execution
        self._task = task
        self._raw = raw
        self._offsets: dict[int, int] = {}
        self._last: int | None = None

    def read_on(self) -> None:
        rows = executions.list_task_executions(self._execution.id, self._task)
        for row in rows:
            if executions.may_have_log(row):
                self._read(row, alone=self._task is not None and len(rows) == 1)
        sys.stdout.buffer.flush()

    def _read(self, row: TaskExecution, *, alone: bool) -> None:
        while (chunk := executions.read_log(row, self._offsets.get(row.pk, 0))).data and screen.is_there(sys.stdout):
            self._offsets[row.pk] = chunk.next
            if self._last != row.pk and not alone:
                self._write(f"── {task_label(row)}, attempt {row.attempt}\n".encode())
            self._last = row.pk
            if chunk.left_out:
                self._write(f"[… {chunk.left_out:,} bytes left out …]\n".encode())
            self._write(chunk.data)

    def _write(self, data: bytes) -> None:
        if self._raw:
            sys.stdout.buffer.write(data)
        else:
            click.echo(harmless(data.decode("utf-8", "replace")), nl=False)


COMMANDS = (events_command, logs_command)
