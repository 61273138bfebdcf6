"""`python3 packaging bench [NAME…] [--size N]`: each figure beside its limit, measured in the same run.

Prints a table (what, ours, the limit, the ratio, the budget) and writes it to `.benchmarks/figures.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks import (  # noqa: E402
    backing,
    checking,
    finding,
    held,
    history,
    limits,
    recording,
    removing,
    running,
    schedules,
    window,
)
from tests.benchmarks.figure import Figure  # noqa: E402

BENCHMARKS = {
    "P1": recording.record_an_execution,
    "P16": recording.bytes_per_execution,
    "P25": recording.disk_per_execution,
    "P12": recording.record_a_command,
    "P2": finding.import_in_bulk,
    "P9": running.chain,
    "P26": running.stop,
    "P27": schedules.idle,
    "P28": schedules.reaction,
    "P29": schedules.at_once,
    "P30": schedules.look,
    "P31": limits.look,
    "P10": running.first_task_done,
    "P11": running.independent_tasks,
    "P13": running.many_items,
    "P14": running.gigabyte,
    "P3": history.pages,
    "P6": finding.search_as_you_type,
    "P4": history.totals,
    "P22": finding.totals_of_searches,
    "P22t": finding.large_trash,
    "P18": backing.beside_a_writer,
    "P21": checking.definitions,
    "P19": removing.what_others_wait,
    "P7": window.start,
    "P8": window.event_loop,
    "P3w": window.lists,
    "P6w": window.typing,
    "P13w": window.drawing,
    "P20": window.items,
    "P22g": window.large_graph,
    "P23": window.totals,
    "P20w": held.longest,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--size", type=int, default=1_000_000, help="executions in the large ledger")
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # programs are measured as they are installed: compiled
    os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".benchmarks" / "compiled")
    figures: list[Figure] = []
    for name in arguments.names or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="smartspec-bench-") as folder:
            for figure in BENCHMARKS[name](Path(folder), arguments.size):
                print(figure.line(name), flush=True)
                figures.append(figure)
    report = ROOT / ".benchmarks" / "figures.json"
    report.parent.mkdir(exist_ok=True)
    machine = {"platform": platform.platform(), "python": platform.python_version()}
    report.write_text(json.dumps({"machine": machine, "figures": [vars(each) for each in figures]}, indent=1))
    missed = [each.what for each in figures if not each.met]
    print(
        f"\n{len(figures) - len(missed)} of {len(figures)} budgets met"
        + (f"; missed: {'; '.join(missed)}" if missed else "")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
