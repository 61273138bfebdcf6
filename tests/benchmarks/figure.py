"""One figure: what was measured, what it is held against, and the budget."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass
class Figure:
    """`ratio` is ours over the limit, or the other way round where more is better; `met` compares it with the budget."""

    what: str
    ours: str
    limit: str
    ratio: float
    budget: str
    met: bool

    def line(self, name: str) -> str:
        verdict = "met" if self.met else "MISSED"
        return f"{name:4} {self.what:58} {self.ours:>14} {self.limit:>22} {self.ratio:7.2f}  {self.budget:14} {verdict}"


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, round(len(seconds) * 0.95))]


def median(seconds: Sequence[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def cpu(act: Callable[[], object]) -> float:
    """Seconds that this thread works: the same beside others."""
    began = time.thread_time()
    act()
    return time.thread_time() - began


def interleaved(
    first: Callable[[], float], second: Callable[[], float], rounds: int
) -> tuple[list[float], list[float]]:
    """Measure two things in turns, in an order drawn each time: a fixed order favours one of them."""
    one: list[float] = []
    other: list[float] = []
    for _ in range(rounds):
        turns = [(first, one), (second, other)]
        random.shuffle(turns)
        for act, kept in turns:
            kept.append(act())
    return one, other


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
