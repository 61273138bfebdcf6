"""`logs` and `events`: what an execution wrote, and what happened in it."""

from __future__ import annotations

import sys
import time
from enum import Enum, auto

import click

from smartspec.cli import screen
from smartspec.cli.echo import echo
from smartspec.cli.options import WHICH, command
from smartspec.cli.output import cell, moment, show
from smartspec.cli.session import session
from smartspec.commands import execution_logs, executions
from smartspec.domain.display import apply_overwrites, apply_overwrites_to_lines
from smartspec.domain.engine.states import FINAL
from smartspec.domain.event import Event
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.formatting import format_number
from smartspec.messages import tr

_LONGEST_LINE = 1_048_576  # bytes; what is longer is no line that is drawn over


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
            tasks |= {each.pk: each.label for each in executions.list_task_executions(which, None, here.workspace)}
            for each in page.rows:
                task = tasks.get(each.task_execution or 0, "")
                said = " ".join(word for word in (task, each.message or "") if word)
                echo(f"{moment(each.at)}  {each.type:28}  {cell(said)}".rstrip())
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
@click.option("--raw", is_flag=True, help="The bytes as they were written, wherever they go.")
def logs_command(which: str, task: str | None, follow: bool, raw: bool) -> None:
    """What the tasks of an execution wrote, or one of them.

    Of a line that was drawn over and over, as progress bars are, the last state is shown; on a terminal control
    sequences are left out, too. With --json: a list of what each attempt wrote, as text.

    \b
    Examples:
      smartspec logs backup#42
      smartspec logs -f backup copy
      smartspec logs --raw backup copy > copy.log
    """
    here = session()
    execution = executions.get_execution(which, here.workspace)
    shown = Shown.JSON if here.json else Shown.RAW if raw else Shown.LINES if sys.stdout.isatty() else Shown.STATES
    reader = _LogReader(execution, task, shown)
    while True:
        is_last = executions.get_execution(execution.id).status in FINAL or not follow
        reader.read_on(is_last)
        if is_last or not screen.is_there(sys.stdout):
            break
        time.sleep(0.1)
    if here.json:
        show([{"task": label, "attempt": attempt, "text": text.decode("utf-8", "replace")}
              for (label, attempt), text in reader.texts.items()])  # fmt: skip


class Shown(Enum):
    """What becomes of what was written."""

    RAW = auto()  # nothing
    STATES = auto()  # of each line the last state
    LINES = auto()  # the same, harmless to a terminal
    JSON = auto()  # of each line the last state, kept until the end


class _LogReader:
    """Writes what follows its own offset in each log, in whole lines unless it is raw."""

    def __init__(self, execution: Execution, task: str | None, shown: Shown) -> None:
        self._execution = execution
        self._task = task
        self._shown = shown
        self._offsets: dict[int, int] = {}
        self._begun: dict[int, bytes] = {}  # lines without their end, by row
        self._last: int | None = None
        self._is_mid_line = False
        self.texts: dict[tuple[str, int], bytearray] = {}  # by task and attempt, for JSON

    def read_on(self, is_last: bool) -> None:
        rows = executions.list_task_executions(self._execution.id, self._task)
        for row in rows:
            if execution_logs.may_have_log(row):
                self._read(row, is_last, alone=self._task is not None and len(rows) == 1)
        sys.stdout.buffer.flush()

    def _read(self, row: TaskExecution, is_last: bool, *, alone: bool) -> None:
        while (chunk := execution_logs.read_log(row, self._offsets.get(row.pk, 0))).data and screen.is_there(
            sys.stdout
        ):
            self._offsets[row.pk] = chunk.next
            if self._last != row.pk and not alone and self._shown is not Shown.JSON:
                begin = "\n" if self._is_mid_line else ""
                heading = tr("{task}, attempt {n}", task=row.label, n=row.attempt)
                self._write(row, f"{begin}── {heading}\n".encode())
            self._last = row.pk
            if chunk.left_out:
                left_out = tr("[… {n} bytes left out …]", n=format_number(chunk.left_out))
                self._write(row, f"{left_out}\n".encode())
            self._write(row, self._whole_lines(row.pk, chunk.data))
        if is_last and (rest := self._begun.pop(row.pk, b"")):
            self._write(row, rest)

    def _whole_lines(self, row: int, data: bytes) -> bytes:
        """What can be shown of it by now."""
        if self._shown is Shown.RAW:
            return data
        lines, end, rest = (self._begun.pop(row, b"") + data).rpartition(b"\n")
        if len(rest) > _LONGEST_LINE:
            lines, end, rest = lines + end + rest, b"", b""
        self._begun[row] = rest
        return lines + end

    def _write(self, row: TaskExecution, data: bytes) -> None:
        if data:
            self._is_mid_line = not data.endswith(b"\n")
        if self._shown is not Shown.RAW:
            data = apply_overwrites_to_lines(data)
        if self._shown is Shown.JSON:
            self.texts.setdefault((row.label, row.attempt), bytearray()).extend(data)
        elif self._shown is Shown.LINES:
            echo("\n".join(apply_overwrites(line) for line in data.decode("utf-8", "replace").split("\n")), nl=False)
        else:
            sys.stdout.buffer.write(data)


COMMANDS = (events_command, logs_command)
