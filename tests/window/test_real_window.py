"""The real program on a real X server with a window manager, driven by keyboard and mouse from an empty home."""

from __future__ import annotations

import json
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
    before = screen.place
    screen.key("ctrl+e")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "list"))) == 5)
    screen.see("5 active")
    screen.picture("2-samples")
    assert screen.place == before  # it is another window, of another workspace

    # a second start hands its file to this window, which shows it before it is imported
    file = tmp_path / "desk.yaml"
    file.write_text(DESK, encoding="utf-8")
    second = screen.smartspec("open", str(file))
    assert second.wait(20) == 0
    screen.see("Import 1 file")
    screen.picture("3-import")
    screen.key("Return")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "list"))) == 6)
    screen.see("Says where to")

    # run it, and see it live
    screen.key("ctrl+Return")
    screen.wait(
        lambda: (
            [each["status"] for each in rows(screen.ask("--workspace", "samples", "history", "wf:desk"))]
            == ["completed"]
        )
    )
    screen.see("Executions 1")
    screen.picture("4-ran")

    # find it in the history
    screen.key("ctrl+2")
    screen.see("of 201 executions")
    screen.key("ctrl+f")
    screen.type("wf:desk trigger:manual")
    screen.key("Return")
    screen.see("1-1 of 1 matching")
    screen.picture("5-history")
    screen.key("ctrl+1")
    screen.see("Says where to")

    # change a setting
    screen.key("alt+3")
    screen.see("Add value")
    screen.click(800, 226)
    screen.key("ctrl+a")
    screen.type("elsewhere")
    screen.see("1 unsaved change")
    screen.picture("6-config")
    screen.key("ctrl+s")
    screen.wait(lambda: '"elsewhere"' in json.dumps(screen.ask("--workspace", "samples", "config", "list", "desk")))

    # make a version
    screen.key("alt+2")
    screen.see("Checked no problems")
    screen.click(700, 400)
    screen.key("ctrl+End")
    screen.type("# the end")
    screen.see("Save as v1.0.1")
    screen.picture("7-definition")
    screen.key("ctrl+s")
    screen.see("Cancel")
    screen.type("A last line")
    screen.key("Return")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "versions", "desk"))) == 2)

    # restore the one before
    screen.key("alt+4")
    screen.see("What changed, in words")
    screen.picture("8-versions")
    screen.click_on("Restore v1.0.0")
    screen.see("What for")
    screen.key("Return")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "versions", "desk"))) == 3)

    # delete, and undo
    def is_deleted() -> bool:
        for x in (640, 650):  # the toast with Undo stays while the mouse moves on it
            screen.point(x, 736)
        return len(rows(screen.ask("--workspace", "samples", "list"))) < 6

    screen.click(180, 172)
    screen.key("Delete")
    screen.wait(is_deleted)
    screen.picture("9-deleted")
    screen.key("ctrl+z")
    screen.wait(lambda: len(rows(screen.ask("--workspace", "samples", "list"))) == 6)

    # light and dark, commands, quit
    screen.key("ctrl+shift+t")
    screen.key("ctrl+k")
    screen.type("comp")
    screen.see("last success")
    screen.picture("10-palette")
    screen.key("Escape", "ctrl+q")
    assert screen.program.wait(20) == 0


def test_what_is_typed_in_the_moment_of_enter_stands_in_the_new_workflow(screen: Screen) -> None:
    screen.key("ctrl+n")
    screen.see("It begins with one task that runs")
    screen.type("Backup")
    screen.press_and_type("Return", "# as fast as it goes")
    screen.see("as fast as it goes")
    screen.picture("12-new")


def test_quitting_while_something_runs_asks_and_it_can_keep_running(screen: Screen, tmp_path: Path) -> None:
    go, file = tmp_path / "go", tmp_path / "long.yaml"
    waits = f"while [ ! -e {go} ]; do sleep 0.1; done; echo over"
    file.write_text(f"smartspec: 1\nname: long\ntasks:\n  a: {{run: {json.dumps(waits)}}}\n", encoding="utf-8")
    assert screen.ask("import", str(file)) is not None
    screen.see("It has not run yet")
    screen.key("ctrl+Return")
    screen.wait(lambda: [each["status"] for each in rows(screen.ask("history", "wf:long"))] == ["running"])
    screen.see("1 running")
    screen.key("ctrl+q")
    screen.see("Do not close")
    screen.picture("11-quitting")
    assert screen.program.poll() is None
    screen.key("Return")
    assert screen.program.wait(20) == 0
    go.touch()
    screen.wait(lambda: [each["status"] for each in rows(screen.ask("history", "wf:long"))] == ["completed"])
