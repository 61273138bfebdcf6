"""Another program that has a ledger open, and does not let go."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

_HOLD = """
import sys
from pathlib import Path
from smartspec.commands import database
database.open_database(Path(sys.argv[1]))
database.database_stats()
print("open", flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(file: Path) -> Iterator[int]:
    """Until it is left; the answer is the id of the process."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(file)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        try:
            assert other.stdout is not None and other.stdout.readline()
            yield other.pid
        finally:
            other.communicate()
