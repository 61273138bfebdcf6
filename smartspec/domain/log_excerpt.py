"""The line of a log that says why something failed."""

from __future__ import annotations

import re

from smartspec.domain.display import display_lines

_ERROR_WORDS = re.compile(
    r"error\b|\b(?:fatal|failed|failure|exception|panic|denied|cannot|no such|not found)\b", re.IGNORECASE
)


def error_line(text: str) -> str | None:
    """Of what a process said last the line that speaks of the error, else the last one; None where it said nothing."""
    lines = [line.strip() for line in display_lines(text) if line.strip()]
    telling = (line for line in reversed(lines) if _ERROR_WORDS.search(line))
    return next(telling, lines[-1] if lines else None)
