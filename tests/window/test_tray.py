"""The icon in the notification area: the real program, and a desktop that has a place for it, or none."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.tray_watcher import TrayWatcher
from tests.window.screen import Screen, needs_a_screen

pytestmark = [
    *needs_a_screen,
    pytest.mark.skipif(not TrayWatcher.is_possible, reason="dbus-daemon is not here"),
]


@pytest.fixture
def area(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TrayWatcher]:
    """A bus where a notification area may come, and a person who wants the window to close into it."""
    made = TrayWatcher()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
    (tmp_path / "home" / "data").mkdir(parents=True)
    (tmp_path / "home" / "data" / "window.json").write_text('{"close.to_tray": true}')
    yield made
    made.close()


def is_seen(screen: Screen) -> bool:
    with suppress(subprocess.CalledProcessError):
        return bool(screen._x("search", "--onlyvisible", "--name", "^SmartSpec$").split())
    return False


def test_the_window_closes_into_the_icon_and_comes_back_from_it(
    area: TrayWatcher, request: pytest.FixtureRequest
) -> None:
    area.come()
    screen: Screen = request.getfixturevalue("screen")
    screen.wait(lambda: area.ask("look"))
    first = area.ask("look")
    assert first["tip"] == "All well" and first["sizes"][:2] == [16, 22]
    menu = area.ask("menu")
    assert menu[0] == "All well" and menu[-2:] == ["Open SmartSpec", "Quit…"]

    # what fails while nobody sees the window is said by the icon, and its line leads to it
    screen.key("alt+F4")
    screen.wait(lambda: not is_seen(screen))
    assert screen.program.poll() is None
    assert screen.smartspec("record", "--name", "sync", "--", "false").wait(60) == 1
    screen.wait(lambda: area.ask("look")["tip"] == "1 problem since yesterday")
    assert area.ask("look")["picture"] != first["picture"]
    assert area.ask("choose 1 problem since yesterday")
    screen.wait(lambda: is_seen(screen))
    screen.see("1-1 of 1 matching")
    screen.picture("13-from-the-tray")

    # a click brings it back; Quit ends the program, whatever is kept
    screen.key("alt+F4")
    screen.wait(lambda: not is_seen(screen))
    area.ask("click")
    screen.wait(lambda: is_seen(screen))
    screen.key("alt+F4")
    screen.wait(lambda: not is_seen(screen))
    assert area.ask("choose Quit…")
    assert screen.program.wait(60) == 0


def test_where_the_area_goes_the_window_comes_back_and_without_one_closing_is_the_end(
    area: TrayWatcher, request: pytest.FixtureRequest
) -> None:
    area.come()
    screen: Screen = request.getfixturevalue("screen")
    screen.wait(lambda: area.ask("look"))
    screen.key("alt+F4")
    screen.wait(lambda: not is_seen(screen))
    area.go()
    screen.wait(lambda: is_seen(screen))
    screen.key("alt+F4")
    assert screen.program.wait(60) == 0
