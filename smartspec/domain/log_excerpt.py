"""The line of a log that says why something failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smartspec.domain.display import display_lines
from smartspec.domain.failure_lines import is_echo, speaks_of_error
from smartspec.domain.text import one_line

_LONGEST = 300  # characters of a line that stands for what a program said
_SAYS_SOMETHING = re.compile(r"\w")
_TRACEBACK = "Traceback (most recent call last)"


def error_line(text: str) -> str | None:
    """Of what a process said last the line that speaks of an error, else the last one; None where it said nothing.

    One that only repeats that something failed, as make's does, stands back behind one that says what.
    """
    lines = [line.rstrip() for line in display_lines(text) if _SAYS_SOMETHING.search(line)]
    written = [line.encode("utf-8", "replace") for line in lines]
    telling = {at for at, line in enumerate(written) if speaks_of_error(line)} | _raised(lines)
    first_hand = [at for at in telling if not is_echo(written[at])]
    if not lines:
        return None
    return one_line(lines[max(first_hand or telling or [len(lines) - 1])], _LONGEST)


def _raised(lines: Sequence[str]) -> set[int]:
    """What the last traceback of Python says of its exception: the first line after it that is not indented."""
    begin = max((at for at, line in enumerate(lines) if _TRACEBACK in line), default=len(lines))
    after = [at for at in range(begin + 1, len(lines)) if lines[at][:1] not in " \t|"]
    return set(after[:1])


def told_failure(said: str | None, end: str, otherwise: str) -> str:
    """What stands for a failure everywhere: what the program said of it, and how it ended (exit code 3) as the detail.

    `otherwise` is said of one that said nothing.
    """
    line = error_line(said) if said else None
    return otherwise if line is None else f"{line} ({end})"
