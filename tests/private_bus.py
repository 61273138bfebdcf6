"""A message bus of its own for a test, and what stands in for a service of the machine on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


class PrivateBus:
    """`address` is the bus's; `service` is the process that the file `stand_in` is, once it said that it is ready.

    The process finds the bus in `variable`.
    """

    is_possible = shutil.which("dbus-daemon") is not None

    def __init__(self, stand_in: str, variable: str = "DBUS_SESSION_BUS_ADDRESS") -> None:
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.bus.stdout is not None
        self.address = self.bus.stdout.readline().strip()
        self.service = subprocess.Popen(
            [sys.executable, stand_in], env={**os.environ, "PYTHONPATH": str(_ROOT), variable: self.address},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.read() == "ready"

    def tell(self, line: str) -> None:
        assert self.service.stdin is not None
        print(line, file=self.service.stdin, flush=True)

    def read(self) -> str:
        """Its next line; it waits for one."""
        assert self.service.stdout is not None
        return self.service.stdout.readline().strip()

    def close(self) -> None:
        for process in (self.service, self.bus):
            process.kill()
            process.communicate()
