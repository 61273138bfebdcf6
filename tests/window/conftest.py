"""A screen for each test of the real program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.window.screen import Screen


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
