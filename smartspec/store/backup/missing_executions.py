"""What a restored database does not know of: executions that are newer than its backup."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from smartspec.domain import ids, times
from smartspec.store import database
from smartspec.store.database import sidecars, sqlite
from smartspec.value import frozen

_ID_LENGTH = 36


@frozen
class MissingExecution:
    """`name` where the old file could still be read, `log` where it has left one on the disk."""

    id: str
    at: datetime
    name: str | None = None
    log: str | None = None


def since(moment: datetime, aside: Path | None) -> tuple[MissingExecution, ...]:
    """Those made since, oldest first, that the open database has no row of: by the logs beside it and the old file."""
    made_ms = times.to_ms(moment)
    found = {each.id: each for each in _in_file(aside, made_ms)} if aside else {}
    for id_, log in logged(database.folder() / "logs"):
        if ids.ms_of(id_) >= made_ms:
            known = found.get(id_)
            found[id_] = MissingExecution(id_, times.from_ms(ids.ms_of(id_)), known.name if known else None, str(log))
    unknown = (each for each in found.values() if not _is_known(each.id))
    return tuple(sorted(unknown, key=lambda each: (each.at, each.id)))


def _is_known(id_: str) -> bool:
    return database.scalar("SELECT 1 FROM executions WHERE id = ?", (id_,)) is not None


def logged(folder: Path) -> Iterator[tuple[str, Path]]:
    """The executions that files and folders below are named after."""
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if ids.is_id(name[:_ID_LENGTH]):
                yield name[:_ID_LENGTH], Path(parent, name)


def _in_file(file: Path, made_ms: int) -> list[MissingExecution]:
    """From a file that may be damaged: what can be read of it."""
    journal = sidecars.journal(file, "-wal")
    how = "mode=ro" if journal.exists() and journal.stat().st_size else "immutable=1"  # which makes no files beside it
    try:
        with closing(sqlite.library.connect(f"file:{quote(str(file))}?{how}", uri=True)) as old:
            rows = old.execute(
                "SELECT id, created_at, workflow_name || ' #' || number FROM executions WHERE created_at >= ?",
                (made_ms,),
            ).fetchall()
    except sqlite.LIBRARY_ERRORS:
        return []
    return [MissingExecution(id_, times.from_ms(at), name) for id_, at, name in rows if ids.is_id(id_)]
