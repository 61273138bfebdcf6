"""How long ago something was is said anew while nobody touches the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from smartspec.commands import configs, workflows
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.gui.shell.ages import Ages
from tests.gui.conftest import CHAIN, Desktop


def test_ages_are_true_while_nothing_happens(
    desktop: Desktop, ran: Callable[..., Execution], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(CHAIN)
    desktop.do("back_up")
    desktop.wait(lambda: "backup verified just now" in desktop.window.status.database.text())
    configs.set_config("chain", "host", "nas")
    later = times.now() + timedelta(minutes=7)
    (ages,) = desktop.window.findChildren(Ages)
    for tab, name in (("overview", "success"), ("config", "host")):
        desktop.go("workflows", workflows.get_workflow("chain").id, tab)
        said = desktop.workflows.tabs.content(tab)
        words = said._figures[name].text() if tab == "overview" else said.rows[name]._description.text()
        assert "just now" in words
    monkeypatch.setattr(times, "now", lambda: later)
    ages.tell()
    assert "backup verified 7 min ago" in desktop.window.status.database.text()
    assert "7 min ago" in desktop.workflows.tabs.content("config").rows["host"]._description.text()
    desktop.workflows.tabs.show_tab("overview")
    ages.tell()
    assert desktop.workflows.tabs.content("overview")._figures["success"].text() == "7 min ago"
