"""What surrounded executions, described without values: each description once, by its hash; and the key for hashes."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from smartspec.domain.ids import EnvironmentPk, ExecutionPk
from smartspec.domain.jsontext import Json
from smartspec.errors import ConnectionFailed
from smartspec.messages import _
from smartspec.store import database
from smartspec.store.database import folders

_KEY_BYTES = 32


def note(execution: ExecutionPk, digest: str, body: str) -> None:
    """Note what surrounds an execution; a description that is there already is not stored again."""
    with database.transaction():
        database.execute("INSERT INTO environments (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, body))
        database.execute(
            "UPDATE executions SET environment = (SELECT pk FROM environments WHERE hash = ?) WHERE pk = ?",
            (digest, execution),
        )


def note_interpreter(execution: ExecutionPk, interpreter: str) -> None:
    with database.transaction():
        database.execute("UPDATE executions SET interpreter = ? WHERE pk = ?", (interpreter, execution))


def note_room(execution: ExecutionPk, free_disk: int) -> None:
    with database.transaction():
        database.execute("UPDATE executions SET free_disk_bytes = ? WHERE pk = ?", (free_disk, execution))


def get(pk: EnvironmentPk | None) -> Json:
    """What surrounded an execution: path, variables (hashes by name) and kernel; None where that was not noted."""
    found = database.rows("SELECT body FROM environments WHERE pk = ?", (pk,))
    return json.loads(found[0][0]) if found else None


def before_rerun(execution: ExecutionPk) -> Json:
    """What surrounded the attempt before the last re-run; None where that was not noted."""
    found = database.rows(
        "SELECT json_extract(data, '$.environment') FROM events WHERE execution = ? AND type = 'execution_rerun'"
        " ORDER BY pk DESC LIMIT 1",
        (execution,),
    )
    return get(found[0][0]) if found else None


def keyed_hash(name: str, value: bytes) -> str:
    """What a value is known by in this ledger: without its key nobody can try out values."""
    return hmac.digest(_key(database.folder()), name.encode("utf-8", "surrogateescape") + b"\0" + value, "sha256")[
        :8
    ].hex()


def key_name() -> str:
    """Which key made the hashes: those of another key say nothing about these."""
    return hmac.digest(_key(database.folder()), b"which key", "sha256")[:4].hex()


@cache
def _key(folder: Path) -> bytes:
    """Random, made once, in a file of its own: a copy of the database does not have it. Raises ConnectionFailed."""
    file = folder / "ledger.key"
    try:
        return _read(file) or _make(file)
    except OSError as error:
        raise ConnectionFailed(
            _("{file} cannot be used: {why}.", file=file, why=(error.strerror or str(error)).lower())
        ) from error


def _read(file: Path) -> bytes | None:
    with suppress(FileNotFoundError):
        found = file.read_bytes()
        return found if len(found) == _KEY_BYTES else None
    return None


def _make(file: Path) -> bytes:
    """Two processes may make one at the same moment: the first holds."""
    partial = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    folders.write(partial, secrets.token_bytes(_KEY_BYTES))
    try:
        if _read(file) is None and file.exists():
            partial.replace(file)  # what stands there is no key
        else:
            os.link(partial, file)
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)
    found = _read(file)
    if found is None:
        raise OSError(f"{file} holds no key")
    return found
