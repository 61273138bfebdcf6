"""What is shown takes on another theme at once: nothing keeps the colours that it was made with."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from smartspec.domain.execution import Execution
from tests.conftest import ROOT
from tests.gui.conftest import BROKEN, CHAIN, Desktop

_KEPT = re.compile(r"\.setPixmap\(|\.setStyleSheet\(")
_OF_ITSELF = {"about_dialog.py", "theme.py"}  # the logo, and the sheet of the application


@pytest.mark.parametrize("tab", ["timeline", "graph", "compare"])
def test_a_failed_execution(desktop: Desktop, ran: Callable[..., Execution], tab: str) -> None:
    desktop.go("execution", ran(BROKEN).id, tab)
    desktop.do("theme")
    seen = desktop.execution.grab().toImage()
    desktop.go("execution", ran(CHAIN).id, tab)
    desktop.do("back")
    assert desktop.execution.grab().toImage() == seen


def test_no_picture_and_no_sheet_is_kept_by_a_widget() -> None:
    files = [*(ROOT / "smartspec" / "gui").rglob("*.py")]
    found = [each.name for each in files if _KEPT.search(each.read_text(encoding="utf-8"))]
    assert set(found) == _OF_ITSELF
