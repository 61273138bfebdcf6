"""A log outside of the window: as a file, in an editor, in the clipboard."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from smartspec.commands import execution_logs
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.errors import unwritable
from smartspec.gui.widgets.log.ansi import strip_ansi
from smartspec.gui.widgets.log.source import LogSource

MOST_COPIED = 100_000  # lines
_PIECE = 2_000
_NOT_PLAIN = re.compile(r"[^\w.-]+")


def file_name(execution: Execution, row: TaskExecution | None) -> str:
    """backup-42-copy-2.log"""
    attempt = f"{row.task}-{row.attempt}" if row else "all"
    name = f"{execution.workflow_name}-{execution.number}-{attempt}"
    plain = _NOT_PLAIN.sub("-", name).strip("-.")[:120]
    return f"{plain or 'log'}.log"


def save(source: LogSource, row: TaskExecution | None, path: Path) -> None:
    """Of an attempt the bytes as they were written, of several tasks each line after its name. Raises Invalid."""
    try:
        with path.open("wb") as opened:
            if row is None:
                for at in range(0, source.count, _PIECE):
                    for line in source.read(at, _PIECE):
                        opened.write(line.task.encode() + b": " + line.raw + b"\n")
                return
            offset = 0
            while (chunk := execution_logs.read_log(row, offset)).data:
                opened.write(chunk.data)
                offset = chunk.next
    except OSError as error:
        raise unwritable(path, error) from error


def copy_for_editor(source: LogSource, row: TaskExecution | None, name: str) -> Path:
    """A copy that only its owner can read and nobody write: the log itself is evidence. Raises Invalid."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="smartspec-log-"))
    except OSError as error:
        raise unwritable(Path(tempfile.gettempdir()), error) from error
    path = folder / name
    save(source, row, path)
    path.chmod(0o400)
    return path


def text_of(source: LogSource, lines: range) -> str:
    """Lines as they are shown, at most 100,000."""
    found: list[str] = []
    for at in range(lines.start, min(lines.stop, lines.start + MOST_COPIED), _PIECE):
        read = source.read(at, min(_PIECE, lines.stop - at))
        found += [strip_ansi(line.raw) for line in read if line.number is not None]
    return "\n".join(found)
