"""The real program on a real X server with a window manager, driven by keyboard and mouse from an empty home."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.clock import HANGS_AFTER_S, until
from tests.conftest import ROOT

TOOLS = ("Xvfb", "openbox", "xdotool", "import")
pytestmark = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}: packaging installs them"
)
DESK = """smartspec: 1
name: desk
description: Says where to
config: {host: {type: string, default: one, description: Where to}}
tasks:
  hello: {run: 'echo "to $H"', env: {H: "{{ config.host }}"}}
  done: {needs: [hello], run: echo done}
"""


class Screen:
    """A display, a window manager, and the program on it."""

    def __init__(self, home: Path, pictures: Path) -> None:
        self.home, self.pictures = home, pictures
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"]
        self._server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:  # to its end: a server that cannot say the rest of it dies of that
            number = told.read().strip()
        self.environment = {
            **os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT),
            "SMARTSPEC_HOME": str(home),
        }  # fmt: skip
        self._manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.program = self.smartspec()

    def start(self) -> None:
        """Until the window is there, in the size that the clicks count on."""
        self.wait(lambda: self.window)
        time.sleep(1.5)
        self._x("windowsize", "--sync", self.window, "1280", "800")
        time.sleep(0.5)

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

    def smartspec(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "smartspec", *arguments], env=self.environment)

    def _x(self, *arguments: str) -> str:
        return subprocess.run(
            ["xdotool", *arguments], env=self.environment, check=True, capture_output=True, text=True, timeout=30
        ).stdout

    def key(self, *keys: str) -> None:
        for each in keys:
            self._x("key", "--clearmodifiers", each)
            time.sleep(0.25)

    def type(self, text: str) -> None:
        self._x("type", "--delay", "15", text)
        time.sleep(0.3)

    def click(self, x: int, y: int) -> None:
        """In the window, from its upper left corner."""
        self._x("mousemove", "--window", self.window, str(x), str(y), "click", "1")
        time.sleep(0.4)

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

    def close(self) -> None:
        for process in (self.program, self._manager, self._server):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """Pictures go where WINDOW_PICTURES says, else where nobody keeps them."""
    pictures = Path(os.environ.get("WINDOW_PICTURES", tmp_path / "pictures"))
    pictures.mkdir(parents=True, exist_ok=True)
    made = Screen(tmp_path / "home", pictures)
    try:
        made.start()
        yield made
    finally:
        made.close()


def rows(found: Any) -> list[Any]:
    return found if isinstance(found, list) else found["rows"] if found else []


def test_a_first_day_at_the_desk(screen: Screen, tmp_path: Path) -> None:
    screen.picture("1-empty")
    screen.key("ctrl+e")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "list"))) == 5)
    time.sleep(1.5)
    screen.picture("2-samples")

    # a second start hands its file to this window, which shows it before it is imported
    file = tmp_path / "desk.yaml"
    file.write_text(DESK, encoding="utf-8")
    second = screen.smartspec("open", str(file))
    assert second.wait(20) == 0
    time.sleep(1)
    screen.picture("3-import")
    screen.key("Return")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "list"))) == 6)
    time.sleep(1)

    # run it, and see it live
    screen.key("ctrl+Return")
    screen.wait(
        lambda: (
            [each["status"] for each in rows(screen.ask("--workspace", "samples", "history", "wf:desk"))]
            == ["completed"]
        )
    )
    time.sleep(1)
    screen.picture("4-ran")

    # find it in the history
    screen.key("ctrl+2", "ctrl+f")
    screen.type("wf:desk trigger:manual")
    screen.key("Return")
    time.sleep(1)
    screen.picture("5-history")
    screen.key("ctrl+1")

    # change a setting
    screen.key("alt+3")
    screen.click(800, 226)
    screen.key("ctrl+a")
    screen.type("elsewhere")
    screen.picture("6-config")
    screen.key("ctrl+s")
    screen.wait(lambda: '"elsewhere"' in json.dumps(screen.ask("--workspace", "samples", "config", "list", "desk")))

    # make a version
    screen.key("alt+2")
    screen.click(700, 400)
    screen.key("ctrl+End")
    screen.type("# the end")
    time.sleep(0.6)
    screen.picture("7-definition")
    screen.key("ctrl+s")
    time.sleep(0.5)
    screen.type("A last line")
    screen.key("Return")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "versions", "desk"))) == 2)

    # restore the one before
    screen.key("alt+4")
    time.sleep(1)
    screen.picture("8-versions")
    screen.click(1190, 158)
    time.sleep(0.5)
    screen.key("Return")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "versions", "desk"))) == 3)

    # delete, and undo
    screen.click(180, 172)
    screen.key("Delete")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "list"))) < 6)
    screen.picture("9-deleted")
    screen.key("ctrl+z")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "list"))) == 6)

    # light and dark, commands, quit
    screen.key("ctrl+shift+t")
    screen.key("ctrl+k")
    screen.type("comp")
    time.sleep(0.5)
    screen.picture("10-palette")
    screen.key("Escape", "ctrl+q")
    assert screen.program.wait(20) == 0


def test_quitting_while_something_runs_asks_and_it_can_keep_running(screen: Screen, tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text("smartspec: 1\nname: long\ntasks:\n  a: {run: sleep 6; echo over}\n", encoding="utf-8")
    assert screen.ask("import", str(file)) is not None
    time.sleep(1.5)
    screen.key("ctrl+Return")
    screen.wait(lambda: [each["status"] for each in rows(screen.ask("history", "wf:long"))] == ["running"])
    time.sleep(1)
    screen.key("ctrl+q")
    time.sleep(0.8)
    screen.picture("11-quitting")
    assert screen.program.poll() is None
    screen.key("Return")
    assert screen.program.wait(20) == 0
    screen.wait(lambda: [each["status"] for each in rows(screen.ask("history", "wf:long"))] == ["completed"], 30)
