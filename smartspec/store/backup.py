"""Backups: whole copies in the folder `backups`, each with a small JSON beside it. The folder is the list."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from smartspec import __version__
from smartspec.domain import telling, times
from smartspec.domain.telling import Tell, go_on
from smartspec.errors import DatabaseDamaged, NotFound
from smartspec.store import checking, sqlite

_COPIED = 0.5  # the part of the work that is copying; the rest is looking at the copy


@dataclass(frozen=True, slots=True)
class Backup:
    """`size` in bytes; `rows` per table; `made_at` is ISO text in UTC."""

    path: str
    made_at: str
    reason: str
    size: int
    sha256: str
    rows: dict[str, int]
    application_version: str


def backup(connection: Any, file: Path, reason: str, tell: Tell = go_on) -> Backup:
    """Copy the open database, verify the copy, and only then give it its name. Raises DatabaseDamaged or Stopped."""
    folder = file.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    moment = times.now()
    stem = f"{file.stem}-{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z"
    target, partial = folder / f"{stem}.db", folder / f"{stem}.partial"
    try:
        _copy(connection, partial, tell)
        rows = _verified(partial, lambda share: tell(_COPIED + share * (1 - _COPIED)))
        size, digest = partial.stat().st_size, _sha256(partial)
        made = Backup(str(target), moment.isoformat(), reason, size, digest, rows, __version__)
        _write_private(target.with_suffix(".json"), json.dumps(asdict(made), indent=1))
        partial.replace(target)
        sync_folder(folder)
    finally:
        partial.unlink(missing_ok=True)
    return made


def _copy(connection: Any, partial: Path, tell: Tell) -> None:
    def look(_: int, remaining: int, pages: int) -> None:
        telling.check(tell, _COPIED * (1 - remaining / max(1, pages)))

    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    copy = sqlite.library.connect(partial)
    try:
        connection.backup(copy, pages=4096, progress=look)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()


def _verified(file: Path, tell: Tell = go_on) -> dict[str, int]:
    """The number of rows per table of a sound copy. Raises DatabaseDamaged."""
    copy = sqlite.library.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)
    try:
        found = checking.check(copy, tell)
        broken = copy.execute("PRAGMA foreign_key_check").fetchall()
        if found or broken:
            why = found[0] if found else f"{len(broken)} rows point nowhere"
            raise DatabaseDamaged(f"The database is damaged, so no backup was made of it: {why}.")
        tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        return {name: _count(copy, name) for (name,) in tables.fetchall()}
    except sqlite.LIBRARY_ERRORS as error:
        raise sqlite.translated(error) from error
    finally:
        copy.close()


def _count(copy: Any, table: str) -> int:
    return int(copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - a name from the schema


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write_private(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable (there is nothing to do on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def list_backups(folder: Path) -> Iterator[Backup]:
    """The complete ones, newest first."""
    for description in sorted((folder / "backups").glob("*.json"), reverse=True):
        if description.with_suffix(".db").exists():
            yield Backup(**json.loads(description.read_text(encoding="utf-8")))


def verify(folder: Path, name: str) -> Backup:
    """Check a backup's bytes against its description, and its rows. Raises NotFound or DatabaseDamaged."""
    for each in list_backups(folder):
        if name in (each.path, Path(each.path).name):
            file = folder / "backups" / Path(each.path).name
            if _sha256(file) != each.sha256 or _verified(file) != each.rows:
                raise DatabaseDamaged(f"The backup {name} is not as it was made; take another.")
            return each
    raise NotFound(f"There is no backup “{name}”; `smartspec db backups` lists them.")
