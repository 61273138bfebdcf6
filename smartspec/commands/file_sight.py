"""What a schedule that waits for files would see: which that fit lie there, and when they were written last."""

from __future__ import annotations

from datetime import UTC, datetime

from smartspec.commands.file_scans import FileScans
from smartspec.domain.schedule.events import FileEvent
from smartspec.domain.schedule.file_watch import WHOLE, problem_of
from smartspec.domain.schedule.watch_words import problem_in_words
from smartspec.messages import Message
from smartspec.value import frozen

_PATIENCE_S = 2.0  # a disk that does not answer by then is said to be one
_MOST_FILES = 5
_scans = FileScans(patience_s=_PATIENCE_S)  # what did not answer is not asked again with each letter


@frozen
class FilePreview:
    """`files` are names with when each was written, the newest first; `count` is how many fit. `problem` is why nothing
    is seen, or not all."""

    files: tuple[tuple[str, datetime], ...] = ()
    count: int = 0
    problem: Message | None = None


def preview_files(event: FileEvent) -> FilePreview:
    """One look, of two seconds at most."""
    sight = _scans.scan(event).sight
    code = problem_of(event, sight)
    problem = problem_in_words(code, event.path) if code else None
    written = sorted(((each.modified_ns, name) for name, each in sight.files.items() if name != WHOLE), reverse=True)
    newest = tuple((name, datetime.fromtimestamp(ns / 1e9, UTC)) for ns, name in written[:_MOST_FILES])
    return FilePreview(newest, len(written), problem)
