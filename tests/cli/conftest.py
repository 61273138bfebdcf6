"""What the tests of the terminal share."""

from pathlib import Path

import pytest


@pytest.fixture
def ledger(home: Path) -> Path:
    """The database that the program uses; it is made by its first command."""
    return home / "data" / "smartspec.db"
