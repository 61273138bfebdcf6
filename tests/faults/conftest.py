"""How often a fault is tried: a bounded number in every run, the full one under `python3 packaging faults`."""

import os
import random
import time
from collections.abc import Iterator

import pytest

from tests.clock import FULL


def times_(few: int, many: int) -> int:
    return many if FULL else few


@pytest.fixture
def chance() -> Iterator[random.Random]:
    """A source of chance whose seed is printed, so that a failure can be had again."""
    seed = int(os.environ.get("SMARTSPEC_SEED", time.time_ns() % 2**32))
    print(f"SMARTSPEC_SEED={seed}")
    yield random.Random(seed)
