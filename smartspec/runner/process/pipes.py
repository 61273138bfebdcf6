"""The pipes that a process writes to: one for both streams, or one each whose common order can nearly be told."""

import os
import selectors
import stat
from contextlib import suppress

from smartspec.errors import RunError, reason
from smartspec.messages import _

_PACKET_BYTES = 4096  # the most of one: PIPE_BUF (pipe(7))
_PACKETS = getattr(os, "O_DIRECT", 0) if hasattr(os, "pipe2") else 0


class Pipes:
    """`sources` are the ends to read, each with whether it is for stderr alone; `stdout` and `stderr` those to hand on.

    One pipe keeps the order of what is written. Of two, a read takes no more than one write (Linux); read as they come
    to have something (`to_the_end_of_the_queue`), they give the order wherever the streams take turns.
    """

    def __init__(self, *, apart: bool) -> None:
        """Raises RunError."""
        self.sources: dict[int, bool] = {}
        self._handed_on: list[int] = []
        try:
            self.stdout = self._open(apart)
            self.stderr = self._open(apart, is_error=True) if apart else self.stdout
        except OSError as error:
            self.close_handed_on()
            self.close()
            raise RunError(_("No pipe could be made for what it writes: {why}.", why=reason(error))) from error

    def _open(self, apart: bool, *, is_error: bool = False) -> int:
        source, written = _pipe() if apart else os.pipe()
        self.sources[source] = is_error
        self._handed_on.append(written)
        return written

    def close_handed_on(self) -> None:
        """Whoever writes has them now."""
        while self._handed_on:
            os.close(self._handed_on.pop())

    def taken(self) -> dict[int, bool]:
        """The sources, for somebody else to close."""
        sources, self.sources = self.sources, {}
        return sources

    def close(self) -> None:
        """As often as anybody likes."""
        while self.sources:
            os.close(self.sources.popitem()[0])


def _pipe() -> tuple[int, int]:
    """Each write is a packet of its own, where the system can do that (pipe(7), O_DIRECT)."""
    if _PACKETS:
        with suppress(OSError):
            return os.pipe2(os.O_CLOEXEC | _PACKETS)
    return os.pipe()


def read(source: int, most: int) -> bytes:
    """What one write wrote, or all that is there of a pipe without packets; empty at the end.

    Raises BlockingIOError where nothing is there. A full packet is one of several that a larger write became.
    """
    data = os.read(source, most)
    if len(data) != _PACKET_BYTES:
        return data
    parts, size = [data], len(data)
    with suppress(OSError):  # nothing more is there, or nobody can write any more
        while len(data) == _PACKET_BYTES and size < most:
            data = os.read(source, most - size)
            parts.append(data)
            size += len(data)
    return b"".join(parts)


def to_the_end_of_the_queue(selector: selectors.BaseSelector, source: int) -> None:
    """After a read: what the other pipe has had meanwhile comes first.

    epoll tells of descriptors in the order in which they came to have something, but puts one that it has told of back
    at once, though it may be empty.
    """
    key = selector.unregister(source)
    selector.register(source, key.events, key.data)


def is_same(one: int, other: int) -> bool:
    """Whether two descriptors lead to one file, pipe or terminal."""
    try:
        here, there = os.fstat(one), os.fstat(other)
    except OSError:
        return False
    known = here.st_ino or stat.S_ISCHR(here.st_mode)  # Windows has no number for a pipe
    return bool(known) and (here.st_dev, here.st_ino, here.st_rdev) == (there.st_dev, there.st_ino, there.st_rdev)
