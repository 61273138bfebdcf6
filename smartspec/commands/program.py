"""How this program is started again, as another process."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def command_line(database: Path, arguments: Sequence[str]) -> tuple[str, ...]:
    """The words that start it on a ledger: with this interpreter, or the program that is all in one."""
    start = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "smartspec"]
    return (*start, "--db", str(database), *arguments)
