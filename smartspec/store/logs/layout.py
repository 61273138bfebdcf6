"""Where the logs of an execution lie below the folder of logs, and their removal."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from smartspec.domain import times
from smartspec.domain.execution import TaskExecution
from smartspec.store import database
from smartspec.store.database import folders


def root() -> Path:
    return database.folder() / "logs"


def prefix(execution_id: str, created_at: datetime) -> str:
    """What the names of an execution's logs begin with, below the folder of logs."""
    return f"{created_at:%Y/%m}/{execution_id}"


def own_file(prefix: str, task: int) -> str:
    return f"{prefix}/{task}.log"


def execution_of(task: TaskExecution) -> tuple[str, datetime]:
    id_, created_at = database.rows("SELECT id, created_at FROM executions WHERE pk = ?", (task.execution,))[0]
    return id_, times.from_ms(created_at)


def remove(execution_id: str, created_at: datetime) -> None:
    """Every log of an execution, and the folders that are empty then."""
    stem = root() / prefix(execution_id, created_at)
    for suffix in (".log", ".live"):
        with suppress(OSError):
            stem.with_name(f"{stem.name}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(stem, ignore_errors=True)
    folders.remove_empty(stem.parent, root())
