"""What is shown of an execution in a row that is not of its own row in the database."""

from __future__ import annotations

from smartspec.value import frozen


@frozen
class RowFacts:
    """Of the workflow the median and the 95 % value of its durations (ms); of a replay what it came to, in words."""

    usual: tuple[int | None, int | None] = (None, None)
    verdict: str = ""


NONE = RowFacts()
