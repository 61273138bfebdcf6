"""The processes that evaluate for this one: started when they are needed, kept for the next call, ended at a limit."""

from __future__ import annotations

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from smartspec.messages import _
from smartspec.sandbox import CPU_SECONDS, MEMORY_BYTES, WALL_SECONDS, Check, LimitReached, SandboxError, frames

_KEPT = 2
_TICK_SECONDS = 0.05
_GRACE_SECONDS = 5.0  # to start in, and to be ended by its own timer
_MAIN = "import sys; sys.path[:] = sys.argv[1:]; from smartspec.sandbox.worker import main; main()"
_TIME = _("took more than {limit} s of processor time and was ended", limit=f"{CPU_SECONDS:g}")
_WALL_TIME = _("had not ended after {limit} s", limit=f"{WALL_SECONDS:g}")
_MEMORY = _("needs more than {limit} MiB of memory and was ended", limit=MEMORY_BYTES >> 20)
_DEPTH = _("is nested too deeply")
_LIMITS = {} if sys.platform == "win32" else {
    -signal.SIGPROF: _TIME,
    -signal.SIGALRM: _WALL_TIME,
    -signal.SIGABRT: _MEMORY,  # a library that had none left
    -signal.SIGKILL: _MEMORY,  # the system had none left
    -signal.SIGSEGV: _DEPTH,  # the stack is full
}  # fmt: skip

_lock = threading.Lock()
_idle: list[Process] = []


def call(function: str, arguments: Sequence[object], check: Check | None) -> Any:
    """As `sandbox.call`. Raises SandboxError, LimitReached for a limit, RuntimeError where the function raises."""
    process = _take()
    try:
        answer = process.ask(frames.encode([function, arguments]), check)
    except BaseException:
        process.end()
        raise
    if "value" in answer:
        _put_back(process)
        return answer["value"]
    process.end()
    if "limit" in answer:
        raise LimitReached(_MEMORY)
    raise RuntimeError(f"{function} raised {answer['raised']}")


def _take() -> Process:
    with _lock:
        while _idle:
            process = _idle.pop()
            if process.is_alive:
                return process
            process.end()
    return Process()


def _put_back(process: Process) -> None:
    with _lock:
        if len(_idle) < _KEPT:
            _idle.append(process)
            return
    process.end()


def close() -> None:
    """End those that wait for the next call."""
    with _lock:
        processes, _idle[:] = _idle[:], []
    for process in processes:
        process.end()


class Process:
    """One of them; it answers one question at a time."""

    def __init__(self) -> None:
        """Raises SandboxError where it cannot be started."""
        try:
            self._popen = subprocess.Popen(
                _command(),
                env={name: value for name, value in os.environ.items() if not name.startswith("SMARTSPEC_")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except (OSError, TypeError) as error:  # TypeError: a Python inside another program does not know its own file
            why = _("cannot be evaluated: no process could be started for it ({why})", why=error)
            raise SandboxError(why) from error
        self._questions: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="sandbox", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def ask(self, question: bytes, check: Check | None) -> dict[str, Any]:
        """Raises LimitReached, SandboxError, and what `check` raises. After that it has to be ended."""
        self._questions.put(question)
        deadline = time.monotonic() + WALL_SECONDS + _GRACE_SECONDS
        while True:
            try:
                answer = self._answers.get(timeout=_TICK_SECONDS)
                break
            except queue.Empty:
                if check is not None:
                    check()
                self._watch_memory()
                if time.monotonic() > deadline:
                    raise LimitReached(_WALL_TIME) from None
        if not answer:
            raise self._why_ended()
        found: dict[str, Any] = json.loads(answer)
        return found

    def _serve(self) -> None:
        """On a thread of its own: a pipe cannot be waited for with a limit on every system."""
        assert self._popen.stdin is not None and self._popen.stdout is not None
        while (question := self._questions.get()) is not None:
            answer = b""
            with suppress(OSError, ValueError):
                frames.write(self._popen.stdin.fileno(), question)
                answer = frames.read(self._popen.stdout.fileno())
            self._answers.put(answer)
        self._popen.stdin.close()
        self._popen.stdout.close()

    def _watch_memory(self) -> None:
        if sys.platform != "linux":
            import psutil

            with suppress(psutil.Error):
                if psutil.Process(self._popen.pid).memory_info().rss > MEMORY_BYTES:
                    raise LimitReached(_MEMORY)

    def _why_ended(self) -> SandboxError:
        code = self._popen.wait()
        if sys.platform == "win32":
            return LimitReached(_TIME)
        if code in _LIMITS:
            return LimitReached(_LIMITS[code])
        return SandboxError(_("was not evaluated: the process for it ended with exit code {code}", code=code))

    def end(self) -> None:
        self._popen.kill()
        self._popen.wait()
        self._questions.put(None)


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--sandbox"]  # __main__ knows it
    root = str(Path(__file__).parents[2])
    return [sys.executable, "-I", "-S", "-B", "-c", _MAIN, root, *(each for each in sys.path if each)]


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # they answer to the process that started them
