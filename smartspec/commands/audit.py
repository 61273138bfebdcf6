"""The audit trail of a workspace: who did what, and when, to its workflows; listed, counted and exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from smartspec.commands import row_files
from smartspec.commands.registry import command
from smartspec.commands.result_json import to_json
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import progress_callback
from smartspec.domain.audit import AuditEntry, AuditFilter, describe
from smartspec.domain.page import Page
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.errors import Invalid
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
    """What was done to workflows, versions, settings and schedules, newest first; drafts are left out.

    Raises Invalid for a limit out of 1 to 10,000.
    """
    if not 1 <= limit <= 10_000:
        raise Invalid(_("A page holds 1 to 10,000 lines."))
    return audit.page(_here(wanted, workspace), after, limit)


def count_audit(wanted: AuditFilter | None = None, workspace: str = DEFAULT, *, exact: bool = False) -> int:
    """How many a filter lets through; without `exact` the counting stops one above `MOST_COUNTED`."""
    return audit.count(_here(wanted, workspace), None if exact else MOST_COUNTED + 1)


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

    Raises as `row_files.write_rows`, and Stopped.
    """
    return row_files.write_rows(path, map(_values, _all(wanted, on_progress, workspace)), _COLUMNS)


def as_csv(entries: Iterable[AuditEntry]) -> str:
    """Entries as CSV (RFC 4180), with a line of headings."""
    return row_files.as_csv(map(_values, entries), _COLUMNS)


def _here(wanted: AuditFilter | None, workspace: str) -> AuditFilter:
    return replace(wanted or AuditFilter(), workspace=workspaces.get(workspace).pk)


def _all(wanted: AuditFilter | None, on_progress: ProgressCallback, workspace: str) -> Iterator[AuditEntry]:
    whole, done, after = max(1, count_audit(wanted, workspace, exact=True)), 0, None
    while True:
        page = audit.page(_here(wanted, workspace), after, _AT_ONCE)
        yield from page.rows
        done, after = done + len(page.rows), page.next
        progress_callback.report_progress(on_progress, min(1.0, done / whole))
        if after is None:
            return


def _values(entry: AuditEntry) -> Mapping[str, str]:
    """As a line of a file has it."""
    at = str(to_json(entry.event)["at"])
    said = (at, entry.event.actor, entry.event.type.value, entry.name, entry.ref, describe(entry.event),
            entry.event.message)  # fmt: skip
    return {name: str(value or "") for name, value in zip(_COLUMNS, said, strict=True)}
