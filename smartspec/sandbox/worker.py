"""The other side: the process that calls what it is asked for, and that the system ends at the limit."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from functools import cache

from smartspec.sandbox import CPU_SECONDS, MEMORY_BYTES, WALL_SECONDS, frames


def main() -> None:
    """Until nobody asks any more: the pipe is at its end when the process that asks is gone."""
    questions, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)  # nobody's print gets between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    _limit_memory()
    _limit_time(nowhere, on=False)
    while question := frames.read(questions):
        _limit_time(nowhere, on=True)
        answer = _answer(question)
        _limit_time(nowhere, on=False)
        frames.write(answers, answer)


def _limit_memory() -> None:
    """Where the system keeps to it; elsewhere the one that asks watches."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would put on disk what was handed over
        if sys.platform == "linux":
            own = resource.getrlimit(resource.RLIMIT_AS)[1]
            limit = MEMORY_BYTES if own == resource.RLIM_INFINITY else min(own, MEMORY_BYTES)
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_time(nowhere: int, *, on: bool) -> None:
    """By timers that end the process without asking the interpreter, also when the one that asked is gone."""
    if sys.platform == "win32":
        import faulthandler

        if on:
            faulthandler.dump_traceback_later(CPU_SECONDS, exit=True, file=nowhere)
        else:
            faulthandler.cancel_dump_traceback_later()
        return
    if not on:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS if on else 0)
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS if on else 0)


def _answer(question: bytes) -> bytes:
    try:
        name, arguments = json.loads(question)
        return frames.encode({"value": _function(name)(*arguments)})
    except MemoryError:
        return frames.encode({"limit": "memory"})
    except Exception as error:  # noqa: BLE001 - the edge of a process: the one that asked raises it
        return frames.encode({"raised": f"{type(error).__name__}: {error}"})


@cache
def _function(name: str) -> Callable[..., object]:
    module, _, function = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    return found
