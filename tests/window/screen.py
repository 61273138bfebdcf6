"""A display with a window manager, and the real program on it, driven by keyboard and mouse."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.clock import HANGS_AFTER_S, until
from tests.conftest import ROOT
from tests.window import sight
from tests.window.sight import Word

TOOLS = ("Xvfb", "openbox", "xdotool", "import", "tesseract", "convert")
needs_a_screen = [
    pytest.mark.skipif(
        not all(shutil.which(tool) for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}: packaging installs them"
    ),
    pytest.mark.timeout(900),  # reading a screen takes seconds each time
]


class Screen:
    """A display, a window manager, and the program on it.

    Keys and clicks are taken in their order, each when the program comes to it: where one has need of what another
    brings, `see` waits for the words of that, or `wait` for what the ledger says.
    """

    def __init__(self, home: Path, pictures: Path) -> None:
        self.home, self.pictures = home, pictures
        self._seen: list[Word] = []
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"]
        self._server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:  # to its end: a server that cannot say the rest of it dies of that
            number = told.read().strip()
        self.environment = {
            **os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT),
            "SMARTSPEC_HOME": str(home), "HOME": str(home.parent),
        }  # fmt: skip
        self._manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.program = self.smartspec()

    def start(self) -> None:
        """Until the window is there and filled, in the size that the clicks count on."""
        self.see("Create your first workflow")
        self._x("windowsize", "--sync", self.window, "1280", "800")

    @property
    def window(self) -> str:
        """Looked for until it is found: while windows come and go a search may fail."""
        found: list[str] = []

        def look() -> bool:
            with suppress(subprocess.CalledProcessError):
                found[:] = self._x("search", "--onlyvisible", "--name", "^SmartSpec$").split()
            return bool(found)

        self.wait(look)
        return found[-1]

    @property
    def place(self) -> list[str]:
        """Where the window stands and how large it is, without its number."""
        return [each for each in self._x("getwindowgeometry", "--shell", self.window).split() if "WINDOW" not in each]

    def smartspec(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "smartspec", *arguments], env=self.environment)

    def _x(self, *arguments: str) -> str:
        return subprocess.run(
            ["xdotool", *arguments], env=self.environment, check=True, capture_output=True, text=True, timeout=30
        ).stdout

    def key(self, *keys: str) -> None:
        for each in keys:
            self._x("key", "--clearmodifiers", each)

    def type(self, text: str) -> None:
        self._x("type", "--delay", "15", text)

    def press_and_type(self, key: str, text: str) -> None:
        """Without a moment between them."""
        self._x("key", key, "type", "--delay", "1", text)

    def click(self, x: int, y: int) -> None:
        """In the window, from its upper left corner."""
        self._x("mousemove", "--sync", "--window", self.window, str(x), str(y), "click", "1")

    def point(self, x: int, y: int) -> None:
        """The mouse is moved there, in the window."""
        self._x("mousemove", "--window", self.window, str(x), str(y))

    def ask(self, *arguments: str) -> Any:
        """What the terminal says of the same ledger, meanwhile."""
        done = subprocess.run(
            [sys.executable, "-m", "smartspec", *arguments, "--json"],
            env={**self.environment, "QT_QPA_PLATFORM": ""}, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        return json.loads(done.stdout) if done.returncode == 0 else None

    def wait(self, condition: Callable[[], object], seconds: float = HANGS_AFTER_S) -> None:
        until(condition, seconds, pause=lambda: time.sleep(0.2))

    def picture(self, name: str) -> None:
        command = ["import", "-window", "root", str(self.pictures / f"{name}.png")]
        subprocess.run(command, env=self.environment, check=True, timeout=30)

    # What a person does who only has the screen

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where a text stands on the screen now."""
        picture = self.pictures / "seen.png"
        subprocess.run(["import", "-window", "root", str(picture)], env=self.environment, check=True, timeout=30)
        found, self._seen = sight.look(picture, text)
        return found

    def see(self, text: str, seconds: float = HANGS_AFTER_S) -> tuple[int, int]:
        """Look until a text is there; the answer is where. What was read instead stands in the failure."""
        found: list[tuple[int, int]] = []

        def look() -> bool:
            found[:] = self._places(text)
            return bool(found)

        try:
            self.wait(look, seconds)
        except BaseException:
            print(f"“{text}” is not to be seen, but: {' '.join(word.text for word in self._seen)}")
            raise
        return found[0]

    def click_on(self, text: str) -> None:
        x, y = self.see(text)
        self._x("mousemove", "--sync", str(x), str(y), "click", "1")

    def close(self) -> None:
        for process in (self.program, self._manager, self._server):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
