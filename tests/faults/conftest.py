"""How often a fault is tried: a bounded number in every run, the full one under `python3 packaging faults`."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartspec.commands import database
from tests.benchmarks.ledger import fill
from tests.clock import FULL


def times_(few: int, many: int) -> int:
    return many if FULL else few


LARGE = times_(20_000, 5_000_000)  # executions


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a large ledger, closed."""
    file = tmp_path_factory.mktemp("large") / "large.db"
    fill(file, LARGE)
    database.close_database()
    return file


@pytest.fixture
def chance() -> Iterator[random.Random]:
    """A source of chance whose seed is printed, so that a failure can be had again."""
    seed = int(os.environ.get("SMARTSPEC_SEED", time.time_ns() % 2**32))
    print(f"SMARTSPEC_SEED={seed}")
    yield random.Random(seed)
