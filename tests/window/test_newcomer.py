"""Somebody who was never told: with keys, a mouse and what is to be read on the screen, from an empty home.

No terminal and no look at the database: every step waits for the words that the step before brings.
"""

from __future__ import annotations

from tests.window.screen import Screen, needs_a_screen

pytestmark = needs_a_screen


def test_a_newcomer_runs_breaks_understands_mends_and_looks_up(screen: Screen) -> None:
    # runs
    screen.click_on("Create your first workflow")
    screen.see("It begins with one task that runs")
    screen.type("Backup")
    screen.key("Return")
    screen.see("Checked no problems")
    screen.key("ctrl+Return")
    screen.see("Executions 1")
    screen.picture("newcomer-1-ran")

    # breaks
    screen.click_on("hello")
    screen.see("Checked no problems")
    screen.key("ctrl+End", "BackSpace", "End")
    screen.type(" && cat photos.txt")
    screen.picture("newcomer-2-breaks")
    screen.key("ctrl+Return")
    screen.see("failed after")
    screen.picture("newcomer-3-failed")

    # understands
    screen.click_on("Open")
    screen.see("No such file or directory")
    screen.picture("newcomer-4-why")
    screen.click_on("What changed since it last worked")
    screen.see("tasks.hello.run changed")
    screen.picture("newcomer-5-compared")

    # mends
    screen.click_on("Open Versions")
    screen.see("What changed, in words")
    screen.picture("newcomer-6-versions")
    screen.click_on("Restore v1.0.0")
    screen.see("What for")
    screen.picture("newcomer-7-restore")
    screen.key("Return")
    screen.see("v1.0.2")
    screen.key("ctrl+Return")
    screen.see("Executions 3")
    screen.picture("newcomer-8-mended")

    # looks up
    screen.key("ctrl+f")
    screen.type("photos")
    screen.see("1-1 of 1 matching")
    screen.key("ctrl+a")
    screen.type("status:completed")
    screen.see("1-2 of 2 matching")
    screen.picture("newcomer-9-found")

    # restores
    screen.key("ctrl+k")
    screen.type("back up")
    screen.see("Back up the database")
    screen.key("Return")
    screen.see("backup verified just now")
    screen.click_on("File")
    screen.click_on("Restore a backup")
    screen.see("Where to")
    screen.picture("newcomer-10-restore")
    screen.key("Return")
    screen.see("read-only")
    screen.picture("newcomer-11-restored")
