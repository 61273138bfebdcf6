"""The audit trail of a workspace: who did what, and when, to its workflows; listed, counted and exported."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from smartspec.commands.exporting import as_text
from smartspec.commands.registry import command
from smartspec.commands.result_json import to_json
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import progress_callback
from smartspec.domain.audit import AuditEntry, AuditFilter, describe
from smartspec.domain.page import Page
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.errors import Invalid, unwritable
from smartspec.messages import _
from smartspec.store import audit, workspaces
from smartspec.value import replace

MOST_COUNTED = 10_000
_AT_ONCE = 1_000
_COLUMNS = ("at", "who", "what", "workflow", "ref", "details", "message")


@command
def list_audit(
    wanted: AuditFilter | None = None, *, after: str | None = None, limit: int = 100, workspace: str = DEFAULT
) -> Page[AuditEntry]:
    """What was done to workflows, versions and settings, newest first; drafts are left out.

    Raises Invalid for a limit out of 1 to 10,000.
    """
    if not 1 <= limit <= 10_000:
        raise Invalid(_("A page holds 1 to 10,000 lines."))
    return audit.page(_here(wanted, workspace), after, limit)


def count_audit(wanted: AuditFilter | None = None, workspace: str = DEFAULT) -> int:
    """How many a filter lets through; counting stops one above `MOST_COUNTED`."""
    return audit.count(_here(wanted, workspace), MOST_COUNTED + 1)


def cursor_after(entry: AuditEntry) -> str:
    """Where the page that follows an entry begins."""
    return audit.cursor_after(entry)


def audit_actors(workspace: str = DEFAULT) -> list[str]:
    """The names of those who did something."""
    return audit.actors(workspaces.get(workspace).pk)


def export_audit(
    path: Path, wanted: AuditFilter | None = None, *, on_progress: ProgressCallback = ignore_progress,
    workspace: str = DEFAULT,
) -> int:  # fmt: skip
    """Write all that a filter lets through, newest first: .csv, .json or .jsonl. The answer is how many.

    The file is there whole or not at all. Raises Invalid for another kind of file, or one that cannot be written, and
    Stopped.
    """
    writers = {".csv": _write_csv, ".jsonl": _write_lines, ".json": _write_json}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise Invalid(_("{name} says no format: let its name end in .csv, .json or .jsonl.", name=path.name))
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as opened:
            count = writer(opened, _all(wanted, on_progress, workspace))
        partial.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return count


def _here(wanted: AuditFilter | None, workspace: str) -> AuditFilter:
    return replace(wanted or AuditFilter(), workspace=workspaces.get(workspace).pk)


def _all(wanted: AuditFilter | None, on_progress: ProgressCallback, workspace: str) -> Iterator[AuditEntry]:
    whole, done, after = max(1, count_audit(wanted, workspace)), 0, None
    while True:
        page = audit.page(_here(wanted, workspace), after, _AT_ONCE)
        yield from page.rows
        done, after = done + len(page.rows), page.next
        progress_callback.report_progress(on_progress, min(1.0, done / whole))
        if after is None:
            return


def _values(entry: AuditEntry) -> dict[str, str]:
    """As a line of a file has it."""
    at = str(to_json(entry.event)["at"])
    said = (at, entry.event.actor, entry.event.type.value, entry.name, entry.ref, describe(entry.event),
            entry.event.message)  # fmt: skip
    return {name: str(value or "") for name, value in zip(_COLUMNS, said, strict=True)}


def _write_csv(opened: IO[str], entries: Iterator[AuditEntry]) -> int:
    writer, count = csv.writer(opened), 0
    writer.writerow(_COLUMNS)
    for each in entries:
        writer.writerow([as_text(value) for value in _values(each).values()])
        count += 1
    return count


def _write_lines(opened: IO[str], entries: Iterator[AuditEntry]) -> int:
    count = 0
    for each in entries:
        opened.write(json.dumps(_values(each), ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_json(opened: IO[str], entries: Iterator[AuditEntry]) -> int:
    """One list, a line for each."""
    count = 0
    opened.write("[")
    for each in entries:
        opened.write(("," if count else "") + "\n" + json.dumps(_values(each), ensure_ascii=False))
        count += 1
    opened.write("\n]\n")
    return count
