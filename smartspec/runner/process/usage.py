"""What a process used: CPU time and memory."""

import os
import sys
import time
from pathlib import Path

from smartspec.runner.process.process_exit import ProcessExit

_SAMPLE_SECONDS = 0.25
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB elsewhere


class MemoryWatch:
    """The most memory that a process had, from before it starts to its end.

    A new process counts the memory of the one that it was forked from as its own (Linux, exec_mmap), so the figure
    of the system is believed only where it is higher than that; else what was seen in passing holds.
    """

    def __init__(self) -> None:
        self._inherited = _own_peak()
        self._seen = 0
        self._sample_at = time.monotonic() + _SAMPLE_SECONDS / 5

    def sample(self, pid: int) -> None:
        """Look at the running process, if it is time to."""
        if time.monotonic() >= self._sample_at:
            self._sample_at = time.monotonic() + _SAMPLE_SECONDS
            self._seen = max(self._seen, _peak_of(pid))

    def peak(self, told: int) -> int | None:
        """Bytes; `told` is the figure of the system at its end. None where it cannot be known."""
        return told if told > self._inherited else self._seen or None


def _own_peak() -> int:
    """The most memory that this process had, in bytes; 0 where that is no matter."""
    if sys.platform != "linux":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT


def _peak_of(pid: int) -> int:
    """The most memory that a running process had, in bytes; 0 where that cannot be read."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
        return int(status.partition(b"VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return 0


def collect(pid: int, memory: MemoryWatch, *, block: bool) -> ProcessExit | None:
    """How a child ended, with what the children used that it waited for; None: it runs."""
    found, status, usage = os.wait4(pid, 0 if block else os.WNOHANG)
    if not found:
        return None
    cpu_ms = round((usage.ru_utime + usage.ru_stime) * 1000)
    return ProcessExit(os.waitstatus_to_exitcode(status), cpu_ms, memory.peak(usage.ru_maxrss * RSS_UNIT))
