"""A ledger that is only looked at: damaged, newer than this program, or not to be touched. Nothing is written.

SQLite writes beside a file whose journal it plays in. So where there is a journal, a copy of both is read; without
one, the file as it stands; and where somebody has it open, as any reader does, with the index that is there.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from smartspec.errors import DatabaseMissing, StorageError
from smartspec.messages import Message, _
from smartspec.store.database import header, openers, sidecars, sqlite
from smartspec.store.database.connection import begin_with, restore_previous, state
from smartspec.store.database.queries import scalar
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

_open_copies: list[tempfile.TemporaryDirectory[str]] = []  # of what this process has open


@frozen
class _Source:
    """`address` is what SQLite opens, `copy` the folder of a copy, `left_out` says what is not in it."""

    address: str
    copy: tempfile.TemporaryDirectory[str] | None = None
    left_out: Message | None = None


def open_to_look(file: Path) -> tuple[str, ...]:
    """Open a ledger of whatever form; nothing is written to it, nor beside it.

    The answer says, in sentences, what is not shown of it. Raises a StorageError where nothing of it can be read:
    ConnectionFailed, DatabaseEncrypted, DatabaseForeign, DatabaseMissing or DatabaseDamaged.
    """
    file = sidecars.resolve_path(file)
    _refuse_nothing(file)
    before, source = state.opened, _source(file)
    let_go()
    if source.copy is not None:
        _open_copies.append(source.copy)
    begin_with(file, to_look=source.address)
    try:
        scalar("SELECT count(*) FROM sqlite_master")
    except StorageError:
        restore_previous(before)
        raise
    return (source.left_out,) if source.left_out else ()


def let_go() -> None:
    """Take away the copy of what is no longer open."""
    while _open_copies:
        _open_copies.pop().cleanup()


@contextmanager
def reading(file: Path) -> Iterator[Connection]:
    """A connection to a ledger of whatever form, whether this process has it open or not. Raises as `open_to_look`."""
    file = sidecars.resolve_path(file)
    _refuse_nothing(file)
    source = _source(file)
    try:
        with sqlite.typed_errors(), closing(sqlite.library.connect(source.address, uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield connection
    finally:
        if source.copy is not None:
            source.copy.cleanup()


def _refuse_nothing(file: Path) -> None:
    header.check(file, None)
    if not file.is_file() or not file.stat().st_size:
        raise DatabaseMissing(_("There is nothing to look at in {file}.", file=file))


def _source(file: Path) -> _Source:
    journal = sidecars.journal(file, "-wal")
    if _is_in_use(file):
        return _Source(f"{file.as_uri()}?mode=ro")
    as_it_stands = f"{file.as_uri()}?mode=ro&immutable=1"
    if not journal.exists() or not journal.stat().st_size:
        return _Source(as_it_stands)
    try:
        return _copied(file, journal)
    except OSError:
        left_out = _("What stands in its journal alone is not shown: there is no room for a copy of both.")
        return _Source(as_it_stands, None, left_out)


def _is_in_use(file: Path) -> bool:
    if state.opened is not None and state.opened.path == file and not state.opened.is_to_look:
        return True  # by this process; to ask for the locks would drop its own
    try:
        return not openers.is_free(file)
    except OSError:  # its lock may not even be asked for
        return False


def _copied(file: Path, journal: Path) -> _Source:
    """Of both, in a folder of temporary files."""
    folder = tempfile.TemporaryDirectory(prefix="smartspec-look-", ignore_cleanup_errors=True)
    needed = file.stat().st_size + journal.stat().st_size
    if shutil.disk_usage(folder.name).free < needed * 2:
        raise OSError
    copy = Path(folder.name, file.name)
    shutil.copyfile(file, copy)
    shutil.copyfile(journal, sidecars.journal(copy, "-wal"))
    return _Source(f"{copy.as_uri()}?mode=rw", folder)
