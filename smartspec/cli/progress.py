"""How far something slow is, on the terminal; Ctrl-C stops it between two steps."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from smartspec.domain.progress_callback import ProgressCallback
from smartspec.messages import translate


@contextmanager
def progress(what: str) -> Iterator[ProgressCallback]:
    """A line on stderr where that is a terminal, written again as it moves on; `what` is a Message."""
    label = translate(what)
    shows = sys.stderr is not None and sys.stderr.isatty()
    is_wanted, last = True, -1

    def stop(*_: object) -> None:
        nonlocal is_wanted
        is_wanted = False

    def on_progress(share: float) -> bool:
        nonlocal last
        percent = int(share * 100)
        if shows and percent != last:
            last = percent
            with suppress(OSError):
                sys.stderr.write(f"\r{label} … {percent} %")
                sys.stderr.flush()
        return is_wanted

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield on_progress
    finally:
        signal.signal(signal.SIGINT, before)
        if last >= 0:
            with suppress(OSError):
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
