"""The first line in which two logs differ, what changes in every run aside: times, durations, ids, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import zip_longest

from smartspec.domain.display import apply_overwrites
from smartspec.value import frozen

_CHANGING = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?"  # dates and moments
    r"|\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?"  # times of the day
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"  # UUIDs
    r"|\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b"  # addresses and hashes
    r"|\b\d+(?:[.,]\d+)? ?(?:ms|s|sec|secs|seconds?|m|min|minutes?|h|hours?)\b"  # durations
    r"|\b(?:pid|PID)[ =:]?\d+|\[\d+\]"  # processes
    r"|/tmp/[^\s'\":]+"
)


@frozen
class LineDifference:
    """`line` counts from 1; an empty side has ended there."""

    line: int
    old: str | None
    new: str | None


def first_difference(old: Iterable[str], new: Iterable[str]) -> LineDifference | None:
    """None where there is none, or only in what changes in every run; reads no further than needed."""
    for number, (before, after) in enumerate(zip_longest(old, new), start=1):
        if before != after and (before is None or after is None or _settled(before) != _settled(after)):
            return LineDifference(number, before, after)
    return None


def _settled(line: str) -> str:
    return _CHANGING.sub("…", apply_overwrites(line))
