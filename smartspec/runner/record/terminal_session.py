"""A command in a session of its own, and who leads it there: as a shell does, it hears when the command is stopped."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from smartspec.errors import RunError
from smartspec.runner.process.spawn import spawn, why_not
from smartspec.runner.process.usage import RSS_UNIT

_STDOUT = 1
_NOT_FOR_IT = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")  # what the command alone is to get


class Session:
    """Without a leader that is another process the command could not be stopped by Ctrl-Z: nobody could continue it."""

    def __init__(self, argv: list[str], run: Callable[..., subprocess.Popen[bytes]] = spawn, **streams: object) -> None:
        """`streams` are the command's, as of `Popen`; its stdout is the terminal. Raises RunError."""
        self._told, tell = os.pipe()
        self._leader = os.fork()
        if not self._leader:
            try:
                _lead(argv, run, tell, streams)
            finally:
                os._exit(0)
        os.close(tell)
        self._heard = b""
        word, *numbers = self._next_line()
        if word != "runs":
            self.close()
            error = OSError(int(numbers[0]), os.strerror(int(numbers[0]))) if numbers else OSError("its session ended")
            raise RunError(why_not(argv[0], None, error)) from error
        self.pid = int(numbers[0])
        os.set_blocking(self._told, False)

    def look(self) -> tuple[str, list[int]]:
        """(what happened, its numbers): stopped by a signal, ended with code, CPU ms and peak bytes, or nothing yet."""
        word, *numbers = self._next_line()
        return word, [int(number) for number in numbers]

    def _next_line(self) -> list[str]:
        try:
            while b"\n" not in self._heard:
                data = os.read(self._told, 4096)
                if not data:  # somebody ended who leads it: then the terminal ended the command
                    return ["ended", str(-signal.SIGHUP), "0", "0"]
                self._heard += data
        except BlockingIOError:
            return [""]
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode().split()

    def close(self) -> None:
        os.close(self._told)
        with suppress(ChildProcessError):
            os.waitpid(self._leader, 0)


def _lead(argv: list[str], run: Callable[..., subprocess.Popen[bytes]], tell: int, streams: dict[str, Any]) -> None:
    """In the process of the leader, until the command has ended."""
    for name in _NOT_FOR_IT:
        number = getattr(signal, name)
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: None)  # unlike one that is ignored, the command gets it anew
    os.setsid()
    fcntl.ioctl(streams["stdout"], termios.TIOCSCTTY, 0)
    try:
        command = run(argv, process_group=0, preexec_fn=_take_the_foreground, **streams)
    except RunError as error:
        os.write(tell, f"error {getattr(error.__cause__, 'errno', None) or ''}\n".encode())
        return
    os.write(tell, f"runs {command.pid}\n".encode())
    for stream in (*streams.values(), 0, 1, 2):  # whoever reads them is to see their end with the command's
        if isinstance(stream, int) and stream >= 0:
            with suppress(OSError):
                os.close(stream)
    while True:
        _, status, usage = os.wait4(command.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        os.write(tell, f"stopped {os.WSTOPSIG(status)}\n".encode())
    cpu_ms = round((usage.ru_utime + usage.ru_stime) * 1000)
    os.write(tell, f"ended {os.waitstatus_to_exitcode(status)} {cpu_ms} {usage.ru_maxrss * RSS_UNIT}\n".encode())


def _take_the_foreground() -> None:
    """In the new process, before the command begins."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    os.tcsetpgrp(_STDOUT, os.getpid())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTTOU])
