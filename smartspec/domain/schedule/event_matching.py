"""Whether what happened is what a schedule waits for: an execution that ended, or files that are other than before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatch
from posixpath import basename

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.schedule.events import FileChange, FileEvent, WorkflowEnd, WorkflowEvent
from smartspec.value import field, frozen

_FAILED = (ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT)


def fits_end(event: WorkflowEvent, ref: str, status: ExecutionStatus, before: ExecutionStatus | None) -> bool:
    """`before` is how the execution of the workflow before it ended, None for the first one. What was cancelled neither
    completed nor failed."""
    if ref != event.ref:
        return False
    match event.end:
        case WorkflowEnd.COMPLETED:
            return status is ExecutionStatus.COMPLETED
        case WorkflowEnd.FAILED:
            return status in _FAILED
        case WorkflowEnd.RECOVERED:
            return status is ExecutionStatus.COMPLETED and before in _FAILED


@frozen
class FileStamp:
    """What tells that a file is another than before."""

    modified_ns: int
    size: int


@frozen
class FolderState:
    """What was seen at the last look, by path; `pending` are those that may not be quiet yet, and since when they are
    as they are."""

    seen: Mapping[str, FileStamp]
    pending: Mapping[str, datetime] = field(default_factory=dict)


@frozen
class FileHappening:
    """`cause` is the key of its event: the same state of the same file is one event, whoever sees it."""

    path: str
    cause: str


def look_at_files(
    event: FileEvent, before: FolderState | None, found: Mapping[str, FileStamp], now: datetime
) -> tuple[FolderState, tuple[FileHappening, ...]]:
    """`found` are the files of the folder, or the one file, by path. The first look finds nothing: what is there
    already has happened before."""
    found = {path: stamp for path, stamp in found.items() if fits_name(event, path)}
    if before is None:
        return FolderState(found), ()
    pending = {path: since for path, since in before.pending.items() if path in found}
    for path, stamp in found.items():
        is_new, is_other = path not in before.seen, before.seen.get(path, stamp) != stamp
        if is_new or (is_other and (event.change is FileChange.CHANGED or path in pending)):
            pending[path] = now
    quiet = timedelta(milliseconds=event.quiet_ms)
    ripe = [path for path, since in pending.items() if now - since >= quiet]
    state = FolderState(found, {path: since for path, since in pending.items() if path not in ripe})
    return state, tuple(FileHappening(path, _cause(path, found[path])) for path in ripe)


def fits_name(event: FileEvent, path: str) -> bool:
    """By the pattern, where there is one; as names in a shell, letter case counts only where the system says so."""
    return not event.pattern or fnmatch(basename(path.replace("\\", "/")), event.pattern)


def _cause(path: str, stamp: FileStamp) -> str:
    return f"{path}@{stamp.modified_ns}.{stamp.size}"
