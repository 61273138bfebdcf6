"""What was masked in the record because it holds a secret: as it was written, until the execution has ended."""

from __future__ import annotations

import hashlib
from typing import Any

from smartspec.domain import jsontext
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.store import ephemeral_files


def store(execution: str, key: str, value: Json) -> None:
    """Beside its environment, for the owner alone. Raises StorageError."""
    ephemeral_files.write(execution, _name(key), jsontext.dump(value).encode())


def load(execution: str, key: str) -> Any:
    """None where it is not kept any more."""
    written = ephemeral_files.read(execution, _name(key))
    try:
        return None if written is None else jsontext.load(written.decode(), "what was kept")
    except (Invalid, UnicodeDecodeError):
        return None


def of_task(task: str, item: int, attempt: int) -> str:
    """The key of what an attempt gave."""
    return f"task/{task}/{item}/{attempt}"


INPUT = "input"  # the key of the parameters and vars of an execution


def _name(key: str) -> str:
    """A name that fits every disk."""
    return f"value-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}"
