"""Rows as a file that other programs read: CSV (RFC 4180), JSON or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid, unwritable
from smartspec.messages import _

Row = Mapping[str, Json]
Writer = Callable[[IO[str], Iterable[Row]], int]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rows(path: Path, rows: Iterable[Row], columns: Sequence[str]) -> int:
    """Write by what the name of the file ends in: .csv (the columns alone), .json or .jsonl. The answer is how many.

    The file is there whole or not at all. Raises Invalid for another kind of file, or one that cannot be written.
    """
    writers: dict[str, Writer] = {
        ".csv": partial(_write_csv, columns=columns), ".json": _write_list, ".jsonl": _write_lines,
    }  # fmt: skip
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise Invalid(_("{name} says no format: let its name end in .csv, .json or .jsonl.", name=path.name))
    partial_file = path.with_name(f"{path.name}.partial")
    try:
        with partial_file.open("w", encoding="utf-8", newline="") as opened:
            count = writer(opened, rows)
        partial_file.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):  # where it could not be made, it may not be removed either
            partial_file.unlink(missing_ok=True)
    return count


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """With a line of headings."""
    text = io.StringIO(newline="")
    _write_csv(text, rows, columns)
    return text.getvalue()


def _write_csv(opened: IO[str], rows: Iterable[Row], columns: Sequence[str]) -> int:
    writer, count = csv.writer(opened), 0
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row[name] is None else as_text(str(row[name])) for name in columns])
        count += 1
    return count


def _write_lines(opened: IO[str], rows: Iterable[Row]) -> int:
    count = 0
    for row in rows:
        opened.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_list(opened: IO[str], rows: Iterable[Row]) -> int:
    """One list, a line for each."""
    count = 0
    opened.write("[")
    for row in rows:
        opened.write(("," if count else "") + "\n" + json.dumps(row, ensure_ascii=False))
        count += 1
    opened.write("\n]\n")
    return count


def as_text(value: str) -> str:
    """A cell that a spreadsheet takes as text, and never as a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
