"""Whether the file that was opened still stands in its place: asked before each transaction and at each poll.

Only its directory entry is looked at. To open it would be worse than to know nothing: closing any descriptor of a file
drops all locks that the process holds on it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from smartspec.errors import DatabaseGone, DatabaseReplaced, ReadOnly
from smartspec.messages import _
from smartspec.store.database import sidecars
from smartspec.value import frozen

_WRITABLE = 0o222
_PAUSE_SECONDS = 0.05
Identity = tuple[int, int]  # device and inode


def identity(file: str) -> Identity | None:
    """None where there is no such file, or its disk does not answer."""
    try:
        found = os.stat(file)  # noqa: PTH116 - a Path takes twice as long
    except OSError:
        return None
    return found.st_dev, found.st_ino


@frozen
class OpenedFile:
    """A file as it was when it was opened; `file` is its path as the system takes it, as is that of its journal."""

    path: Path
    file: str
    journal: str
    identity: Identity | None
    is_writable: bool
    address: str  # for SQLite: of the file, or of what is looked at in its stead
    is_to_look: bool
    is_disk_writable: bool

    def check(self, *, to_write: bool = True) -> None:
        """Raises DatabaseGone, DatabaseReplaced, or ReadOnly where it was not that before. (A hot path.)"""
        if to_write and self.is_to_look:
            raise ReadOnly(_("This ledger is open to look at only: nothing is written to it."))
        try:
            found = os.stat(self.file)  # noqa: PTH116 - as above
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise DatabaseGone(
                _(
                    "The database {path} is gone ({why}); nothing is written, and nothing new is made, until it is "
                    "back.",
                    path=self.path,
                    why=why,
                )
            ) from error
        if (found.st_dev, found.st_ino) != self.identity:
            raise DatabaseReplaced(
                _(
                    "Another file stands in the place of the database {path}: what runs cannot be recorded there.",
                    path=self.path,
                )
            )
        if to_write and self.is_writable and not found.st_mode & _WRITABLE:
            raise ReadOnly(
                _("The database {path} was made read-only; nothing is written until it may be again.", path=self.path)
            )

    def check_disk(self) -> None:
        """Raises ReadOnly where its disk was made read-only, or DatabaseGone where that does not answer."""
        if self.is_disk_writable and not is_disk_writable(self.file):
            self.check(to_write=False)  # it may be gone
            raise ReadOnly(
                _("The disk of the database {path} was made read-only; nothing is written to it.", path=self.path)
            )


def is_disk_writable(file: str) -> bool:
    """Whether what a file lies on is mounted to be written; False where there is no such file. Unix tells it."""
    if not hasattr(os, "statvfs"):
        return True
    try:
        return not os.statvfs(file).f_flag & os.ST_RDONLY
    except OSError:
        return False


class JournalFile:
    """What a connection writes to: it stays for as long as that is open."""

    def __init__(self, of: OpenedFile) -> None:
        self._of = of
        self._identity = identity(of.journal)
        self._asked_at = time.monotonic()

    @property
    def is_there(self) -> bool:
        return self._identity is not None

    def check(self) -> None:
        """Raises DatabaseReplaced where it was removed, or another stands in its place. (A hot path.)"""
        if not os.access(self._of.journal, os.F_OK) or not self._is_same():
            raise DatabaseReplaced(
                _(
                    "The journal of the database {path} was removed while it was in use: what runs cannot be recorded.",
                    path=self._of.path,
                )
            )

    def _is_same(self) -> bool:
        """Asked some times a second: where the times of a file were asked for, its next sync has to keep them too, and
        takes a third longer (Linux from 6.13, multigrain timestamps; measured).
        """
        now = time.monotonic()
        if now - self._asked_at < _PAUSE_SECONDS:
            return True
        if identity(self._of.journal) != self._identity:
            return False
        self._asked_at = now
        return True


def opened(file: Path, to_look: str = "") -> OpenedFile:
    """As it is now. `to_look` is the address of what is read in its stead, where nothing is to be written."""
    is_writable = bool(file.stat().st_mode & _WRITABLE)
    address = to_look or f"{file.as_uri()}?mode=rw"
    journal = str(sidecars.journal(file, "-wal"))
    return OpenedFile(
        file, str(file), journal, identity(str(file)), is_writable, address, bool(to_look), is_disk_writable(str(file))
    )
