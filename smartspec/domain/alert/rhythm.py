"""How often something succeeds that no schedule of ours starts: as it was said, or as it was seen to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from smartspec.domain import times
from smartspec.value import frozen

MOST_SUCCESSES = 21  # that are looked at
_LEAST_GAPS = 8
_LEAST_SPAN_MS = 3 * 86_400_000
_NEAR = 0.2  # so far from the median, as a share of it
_MOSTLY = 0.75  # of the gaps: on weekdays it is four of five
MOST_RHYTHMS = 10  # without any success: then it is over for good


@frozen
class Rhythm:
    """`every_ms` is usual, `longest_ms` was seen: a weekend, a holiday."""

    every_ms: int
    longest_ms: int


def learned(begun: Sequence[datetime]) -> Rhythm | None:
    """Out of when the last successes began, in any order; None: there is none.

    At least eight gaps over at least three days, of which three in four are within a fifth of their median.
    """
    moments = sorted(times.to_ms(each) for each in begun)[-MOST_SUCCESSES:]
    gaps = sorted(after - before for before, after in pairwise(moments))
    if len(gaps) < _LEAST_GAPS or moments[-1] - moments[0] < _LEAST_SPAN_MS:
        return None
    median = gaps[len(gaps) // 2]
    near = sum(abs(gap - median) <= _NEAR * median for gap in gaps)
    return Rhythm(median, gaps[-1]) if near >= _MOSTLY * len(gaps) else None
