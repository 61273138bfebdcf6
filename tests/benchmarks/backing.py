"""P18: a verified backup while another process writes, and how long that one waits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smartspec.commands import database
from tests.benchmarks.figure import Figure, median, timed
from tests.benchmarks.ledger import fill

_PER_SECOND = 50
_ROUNDS = 3
_LONGEST_WAIT_MS = 100.0

# Writes so often, and tells at its end how long the longest write took.
_WRITER = """
import json, sys, threading, time
from pathlib import Path
from smartspec.commands import database, settings
database.open_database(Path(sys.argv[1]))
over, waits, number = threading.Event(), [], 0
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
print("begun", flush=True)
while not over.is_set():
    began = time.perf_counter()
    number += 1
    settings.set_setting("runner.at_once", 1 + number % 2)
    waits.append(time.perf_counter() - began)
    time.sleep(max(0.0, 1 / float(sys.argv[2]) - waits[-1]))
print(json.dumps([len(waits), max(waits)]))
"""


def beside_a_writer(folder: Path, size: int) -> Iterator[Figure]:
    file = folder / "smartspec.db"
    fill(file, size)
    database.close_database()
    database.open_database(file)
    alone = [timed(_back_up) for _ in range(_ROUNDS)]
    waits: list[float] = []
    beside = []
    for _ in range(_ROUNDS):
        with _writer(file, waits):
            beside.append(timed(_back_up))
    database.close_database()
    ratio = median(beside) / median(alone)
    yield Figure(
        f"back up {size:,} executions beside {_PER_SECOND} writes a second", f"{median(beside):.2f} s",
        f"{median(alone):.2f} s alone", ratio, "≤ 1.5 ×", ratio <= 1.5,
    )  # fmt: skip
    longest = max(waits) * 1000
    yield Figure(
        "the longest wait of the writer meanwhile", f"{longest:.0f} ms", f"{_LONGEST_WAIT_MS:.0f} ms",
        longest / _LONGEST_WAIT_MS, "< 100 ms", longest < _LONGEST_WAIT_MS,
    )  # fmt: skip


def _back_up() -> None:
    made = database.back_up_database()
    Path(made.path).unlink()
    Path(made.path).with_suffix(".json").unlink()


@contextmanager
def _writer(file: Path, waits: list[float]) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(file), str(_PER_SECOND)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        yield
        said, _ = process.communicate()
        waits.append(json.loads(said)[1])
