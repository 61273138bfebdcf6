"""What goes wrong is told, whoever asked for it: where the dialog that asked was closed meanwhile, above the page."""

from __future__ import annotations

from functools import partial
from threading import Event

from smartspec.commands import workspaces
from smartspec.domain.workspace import Workspace
from smartspec.gui.widgets.dialogs import ask_text
from tests.gui.conftest import Desktop, write


def test_a_refusal_is_told_after_its_dialog_was_closed(desktop: Desktop) -> None:
    go = Event()

    def make(name: str) -> Workspace:
        go.wait()
        return workspaces.create_workspace(name)

    question = ask_text(
        desktop.window, "New workspace", "Name", "Make",
        then=lambda name, asked: asked.run(desktop.window.context, partial(make, name)),
    )  # fmt: skip
    write(question.field, "Default")
    question.press_primary()
    question.reject()
    go.set()
    desktop.wait(lambda: desktop.message)
    assert "Default" in desktop.message or "default" in desktop.message


def test_a_bug_is_reported_after_its_dialog_was_closed(desktop: Desktop) -> None:
    go = Event()
    seen: list[BaseException] = []
    desktop.program.background.broken.disconnect(desktop.program.crash_reporter.take_error)
    desktop.program.background.broken.connect(seen.append)

    def fail(_name: str) -> None:
        go.wait()
        raise RuntimeError("a bug")

    question = ask_text(
        desktop.window, "New workspace", "Name", "Make", text="x",
        then=lambda name, asked: asked.run(desktop.window.context, partial(fail, name)),
    )  # fmt: skip
    question.press_primary()
    question.reject()
    go.set()
    desktop.wait(lambda: seen)
    assert str(seen[0]) == "a bug"
