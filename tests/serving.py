"""A background runner in a thread of the tests' own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from smartspec.commands import database
from smartspec.runner.worker import Worker


@contextmanager
def serving() -> Iterator[Worker]:
    """It runs what is queued until it is left."""
    ready, stop, served = threading.Event(), threading.Event(), []

    def serve() -> None:
        runner = Worker("background")
        served.append(runner)
        ready.set()
        runner.run_until(stop.is_set)
        database.close_connection()

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(10)
    try:
        yield served[0]
    finally:
        stop.set()
        thread.join()
