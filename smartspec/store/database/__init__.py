"""The one database of this process: `opening` opens it, what stands here reads it and writes to it."""

from smartspec.store.database.connection import (
    BUSY_TIMEOUT_MS,
    LARGEST_JOURNAL_BYTES,
    check_disk,
    check_file,
    close_connection,
    database,
    folder,
    fresh_connection,
    in_transaction,
    is_open,
    is_to_look,
    path,
    snapshot,
    writer_id,
)
from smartspec.store.database.queries import data_version, execute, rows, scalar
from smartspec.store.database.transactions import after_commit, record_change, record_changes, transaction

__all__ = [
    "BUSY_TIMEOUT_MS",
    "LARGEST_JOURNAL_BYTES",
    "after_commit",
    "check_disk",
    "check_file",
    "close_connection",
    "data_version",
    "database",
    "execute",
    "folder",
    "fresh_connection",
    "in_transaction",
    "is_open",
    "is_to_look",
    "path",
    "record_change",
    "record_changes",
    "rows",
    "scalar",
    "snapshot",
    "transaction",
    "writer_id",
]
