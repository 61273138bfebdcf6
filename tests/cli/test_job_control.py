"""Ctrl-Z in a recorded command on a terminal: the job stops and goes on, as without `record`."""

from __future__ import annotations

import os
import pty
import select
import shutil
import time
from pathlib import Path

import pytest

from tests.cli.test_record import TYPED, environment, recorded
from tests.clock import until

BASH = shutil.which("bash") or ""
pytestmark = pytest.mark.skipif(not BASH, reason="needs a shell with job control")
COMMAND = "sh -c 'echo rea\"\"dy; read x; echo got $x; exit 4'"


class Shell:
    """An interactive shell on a terminal."""

    def __init__(self) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(BASH, ["bash", "--norc", "--noprofile", "-i"], {**environment(), "PS1": "next> ", "HISTFILE": ""})
        self.seen = b""

    def expect(self, words: bytes) -> None:
        until(lambda: words in self.seen, what=repr(words), pause=self._read)
        self.seen = self.seen.partition(words)[2]

    def _read(self) -> None:
        if select.select([self.master], [], [], 0.1)[0]:
            self.seen += os.read(self.master, 65536)

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def stop_the_job(self) -> None:
        """Ctrl-Z, as often as it takes: a key that comes before the shell has handed over its terminal is lost."""
        wanted = [0.0]

        def press() -> None:
            if time.monotonic() >= wanted[0] and os.tcgetpgrp(self.master) != self.pid:
                self.type("\x1a")
                wanted[0] = time.monotonic() + 5
            self._read()

        until(lambda: b"Stopped" in self.seen, what="Stopped", pause=press)
        self.expect(b"Stopped")

    def end(self) -> None:
        os.close(self.master)
        os.waitpid(self.pid, 0)


@pytest.mark.parametrize("command", [COMMAND, f"{TYPED} record --name z -- {COMMAND}"], ids=["as without", "recorded"])
def test_a_job_stops_and_goes_on(command: str, ledger: Path) -> None:
    shell = Shell()
    shell.type(f"{command}\r")
    shell.expect(b"ready")
    for _ in range(2):
        shell.stop_the_job()
        shell.type("echo at the pro''mpt; stty -a | grep -o '.echo '\r")
        shell.expect(b"at the prompt")
        shell.expect(b" echo ")
        shell.type("fg\r")
        shell.expect(b"read x")
    shell.type("hello\r")
    shell.expect(b"got hello")
    shell.expect(b"next> ")  # until then what is typed is the command's
    shell.type("echo code $?\r")
    shell.expect(b"code 4")
    shell.end()
    if "record" in command:
        execution, row, log = recorded(ledger, "z")
        assert (execution.status, row.exit_code) == ("failed", 4) and "got hello" in log


def test_what_cannot_be_started_is_told_on_a_terminal_too(ledger: Path) -> None:
    shell = Shell()
    shell.type(f"{TYPED} record --name n -- no-such-program; echo code $?\r")
    shell.expect("“no-such-program” was not found".encode())
    shell.expect(b"code 127")
    shell.end()
    assert recorded(ledger, "n")[0].status == "failed"


def test_a_command_ended_by_a_signal_on_a_terminal(ledger: Path) -> None:
    shell = Shell()
    shell.type(f"{TYPED} record --name k -- sh -c 'kill -9 $$'; echo code $?\r")
    shell.expect(b"code 137")
    shell.end()
    assert recorded(ledger, "k")[1].status_reason == "signal SIGKILL"
