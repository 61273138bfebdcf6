"""P21: what it costs to check a definition."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import yaml

from smartspec.domain.definition.check import check
from smartspec.domain.definition.parse import parse
from tests.benchmarks.figure import Figure, median, ms

_BUDGETS = ((500, 0.020), (10_000, 0.600))  # tasks and seconds of CPU


def text(tasks: int) -> str:
    """A workflow file as a generator writes one: a needs line and a command each, every fourth with a template."""
    head = "smartspec: 1\nname: large\nvars: {out: ./reports}\ntasks:\n"
    return head + "".join(
        f"  t{n}:\n    run: echo {n}\n"
        + (f"    needs: [t{n - 1}]\n" if n else "")
        + ('    env: {OUT: "{{ vars.out }}"}\n' if n % 4 == 0 else "")
        for n in range(tasks)
    )


def definitions(_: Path, __: int) -> Iterator[Figure]:
    """From the text to the problems, which are none, beside libyaml alone: its events of the same text."""
    for tasks, budget in _BUDGETS:
        source = text(tasks)
        assert check(parse(source), lambda ref: None).problems == ()
        ours = median([_cpu(partial(_check, source)) for _ in range(5)])
        bare = median([_cpu(partial(_events, source)) for _ in range(5)])
        yield Figure(
            f"check of {tasks:,} tasks, CPU (median)", ms(ours), f"{ms(bare)} events", ours / bare,
            f"<= {budget * 1000:g} ms", ours <= budget,
        )  # fmt: skip


def _cpu(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _check(source: str) -> None:
    check(parse(source), lambda ref: None)


def _events(source: str) -> None:
    for _ in yaml.parse(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        pass
