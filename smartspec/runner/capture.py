"""What is kept of a task's output: all of it in the log, the tails in memory."""

from smartspec.commands.runs import LogWriter

TAIL_BYTES = 64 * 1024
EXCERPT_BYTES = 2_000


class Tail:
    """The last bytes of a stream."""

    def __init__(self, size: int = TAIL_BYTES) -> None:
        self._size = size
        self._kept = bytearray()

    def add(self, data: bytes) -> None:
        self._kept += data[-self._size :]
        if len(self._kept) > 2 * self._size:
            del self._kept[: -self._size]

    def text(self) -> str:
        return bytes(self._kept[-self._size :]).decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


class Capture:
    """Takes the bytes of both streams as they come."""

    def __init__(self, log: LogWriter) -> None:
        self._log = log
        self.stdout, self.stderr, self._both = Tail(), Tail(), Tail(EXCERPT_BYTES)

    def __call__(self, data: bytes, is_error: bool) -> None:
        self._log.write(data)
        (self.stderr if is_error else self.stdout).add(data)
        self._both.add(data)

    def excerpt(self) -> str | None:
        return self._both.text().strip() or None
