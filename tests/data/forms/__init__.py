"""Ledgers as earlier programs made them (README.md here says how), unpacked and read."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

FORMS = {
    "d72f1f3": 1,
    "7e823d0": 1,
    "f6bbc72": 1,
    "97b8132": 1,
    "7d77b1d": 2,
    "170effc": 3,
}  # and the last step of each
_OF_THE_FILE = {"metadata", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}

Columns = dict[str, list[str]]


def unpacked(form: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "smartspec.db"
    file.write_bytes(gzip.decompress((Path(__file__).parent / f"{form}.db.gz").read_bytes()))
    return file


def columns_of(file: Path) -> Columns:
    """The columns of each table that holds rows of its own."""
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            for (table,) in tables
            if table not in _OF_THE_FILE and not table.startswith("execution_search")
        }


def rows_of(file: Path, columns: Columns | None = None) -> dict[str, list[Any]]:
    """All rows of these columns, but the events that tell of the file itself."""
    columns = columns or columns_of(file)
    with closing(sqlite3.connect(file)) as connection:
        found = {}
        for table, names in columns.items():
            there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            picked = ", ".join(f'"{name}"' if name in there else "NULL" for name in names if name != "is_active")
            where = " WHERE type NOT LIKE 'database_%'" if table == "events" else ""
            found[table] = connection.execute(f"SELECT {picked} FROM {table}{where} ORDER BY 1, 2").fetchall()
        return found
