"""Where the windows of one person meet: a folder that nobody else may enter, and a look at who answers.

On Windows the name is that of a pipe, which Qt keeps for its user by itself (QLocalServer.UserAccessOption).
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from smartspec import paths

if TYPE_CHECKING:
    import socket

_LONGEST_PATH = 100  # bytes of a socket's path; the least of the systems has room for 104 (unix(4) of macOS)


def address(database: Path) -> str | None:
    """Of the window on this file; None where there is no place that is private."""
    file = paths.expanded(database).resolve()
    digest = hashlib.sha256(os.fsencode(file)).hexdigest()[:24]
    if sys.platform == "win32":
        import getpass

        return f"smartspec-{getpass.getuser()}-{digest}"
    for folder in _folders(file):
        path = folder / f"{digest}.sock"
        if len(os.fsencode(path)) <= _LONGEST_PATH and _is_made_private(folder):
            return str(path)
    return None


def _folders(database: Path) -> Iterator[Path]:
    """The one that the system gives each person, else one of ours in the folder of temporary files, else the data's."""
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / "smartspec"
    yield Path(tempfile.gettempdir()) / f"smartspec-{os.getuid()}"
    yield database.parent / "window"


def _is_made_private(folder: Path) -> bool:
    """Make it where it is not there; whether it is ours alone: who made it before us may have left the door open."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


class Door:
    """A socket that is listened at, where there are no named pipes. What a killed process left is taken over.

    Raises OSError.
    """

    def __init__(self, place: str) -> None:
        import socket

        self._place = Path(place)
        self._place.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.bind(place)
            self._place.chmod(0o600)
            self._socket.listen()
        except OSError:
            self._socket.close()
            raise

    @property
    def descriptor(self) -> int:
        return self._socket.fileno()

    def hand_over(self) -> int:
        """Its descriptor, which is the caller's from now on."""
        return self._socket.detach()

    def close(self) -> None:
        self._socket.close()
        self._place.unlink(missing_ok=True)


def is_own_user(descriptor: int) -> bool:
    """Whether the process at the other end of a local socket belongs to the same person (root counts as everybody)."""
    if sys.platform == "win32":
        return True
    import socket  # where somebody answers; mostly nobody does

    with socket.socket(fileno=os.dup(descriptor)) as connection:
        return _peer(connection) in (os.getuid(), 0)


def _peer(connection: socket.socket) -> int:
    """The user id of the other end."""
    import socket

    if sys.platform == "linux":
        size = struct.calcsize("3i")  # struct ucred: pid, uid, gid (unix(7))
        return int(struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[1])
    credentials = connection.getsockopt(0, 0x001, 76)  # LOCAL_PEERCRED, struct xucred: version, uid, … (unix(4))
    return int(struct.unpack_from("=II", credentials)[1])
