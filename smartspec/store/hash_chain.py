"""The chain of a workflow's versions: each one's hash includes its parent's, so that none can be changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from smartspec.store.database.sqlite import Connection

# What is hashed of a row besides the parent's hash. Not the workflow: that goes with a purge, the versions stay.
HASHED = (
    "number", "version", "source", "source_format", "definition", "definition_hash", "change_log", "created_by",
    "created_at",
)  # fmt: skip
_READ = f"SELECT pk, parent, chain_hash, {', '.join(HASHED)} FROM workflow_versions ORDER BY pk"  # noqa: S608


def hash_of(parent: str | None, values: Sequence[object]) -> str:
    """SHA-256, in hex, of the parent's hash and each value with its length before it (none is an empty one, marked)."""
    digest = hashlib.sha256((parent or "").encode())
    for value in values:
        text = "" if value is None else str(value)
        digest.update(f"\n{'-' if value is None else len(text)}:{text}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def backfill(connection: Connection) -> None:
    """Give those their hash that were made before there was one. While the triggers are away."""
    known: dict[int, str] = {}
    for pk, parent, own, *values in connection.execute(_READ).fetchall():
        known[pk] = own or hash_of(known.get(parent), values)
        if own is None:
            connection.execute("UPDATE workflow_versions SET chain_hash = ? WHERE pk = ?", (known[pk], pk))


def broken(connection: Connection) -> list[tuple[str, str]]:
    """The versions (number and label) that do not follow from their parents; where that was purged, it is believed."""
    known: dict[int, str] = {}
    found = []
    for pk, parent, own, *values in connection.execute(_READ):
        known[pk] = own
        if parent is None and values[0] > 1:
            continue
        if own != hash_of(known.get(parent), values):
            found.append((str(values[0]), str(values[1])))
    return found
