"""The real program on a real X server with a window manager, driven by keyboard and mouse from an empty home."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.window.screen import Screen, needs_a_screen

pytestmark = needs_a_screen
DESK = """smartspec: 1
name: desk
description: Says where to
config: {host: {type: string, default: one, description: Where to}}
tasks:
  hello: {run: 'echo "to $H"', env: {H: "{{ config.host }}"}}
  done: {needs: [hello], run: echo done}
"""


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
