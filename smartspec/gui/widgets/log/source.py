"""What the view of a log shows: lines by their place, whatever they come from."""

from __future__ import annotations

from typing import Protocol

from smartspec.value import frozen

ASKED = 4_000  # bytes at the beginning of a line, in which it may speak of an error


@frozen
class LogLine:
    """The bytes of a line without its newline, and about when it was written (ms since the epoch).

    `number` counts from 0 within its log, None for a place where lines were left out; `task` is whose log it is where
    there are several.
    """

    raw: bytes
    at: int | None = None
    number: int | None = None
    task: str = ""


class LogSource(Protocol):
    """It is used by one thread at a time, but for `count`, `size` and `errors`."""

    @property
    def count(self) -> int:
        """Lines that are known so far."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def errors(self) -> list[int]:
        """The places of the lines that speak of an error, as far as was looked."""

    def read_on(self) -> bool:
        """Get to know what follows; False at the end of what there is."""

    def look_on(self) -> bool:
        """Look on for errors in what is known; False where all of it was looked at."""

    def read(self, first: int, count: int) -> list[LogLine]:
        """Some lines by their places."""

    def search(self, text: str) -> list[int]:
        """The places of the lines that hold a text, letter case aside; at most 10,000."""
