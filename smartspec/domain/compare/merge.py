"""Two edits of one text brought together, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from smartspec.domain.version import normal_newlines
from smartspec.value import frozen

MINE, MIDDLE, THEIRS = "<<<<<<< mine", "=======", ">>>>>>> saved meanwhile"


@frozen
class MergeResult:
    """`conflicts` counts the places where both changed the same lines; there both stand, between marks."""

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str) -> MergeResult:
    """What changed from the base in either; where both made the same change, it is made once."""
    lines = [normal_newlines(text).splitlines(keepends=True) for text in (base, mine, theirs)]
    out: list[str] = []
    conflicts = 0
    for original, ours, other in _regions(*lines):
        if ours == other or other == original:
            out += ours
        elif ours == original:
            out += other
        else:
            conflicts += 1
            out += [f"{MINE}\n", *_closed(ours), f"{MIDDLE}\n", *_closed(other), f"{THEIRS}\n"]
    return MergeResult("".join(out), conflicts)


def _closed(lines: list[str]) -> list[str]:
    """With a newline at the end of the last."""
    return [*lines[:-1], lines[-1] if lines[-1].endswith("\n") else f"{lines[-1]}\n"] if lines else []


def _regions(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The texts in pieces: those that are the same in all three, and what stands between them."""
    at = my = their = 0
    for start, my_start, their_start, size in _common(base, mine, theirs):
        yield base[at:start], mine[my:my_start], theirs[their:their_start]
        yield (base[start : start + size],) * 3
        at, my, their = start + size, my_start + size, their_start + size
    yield base[at:], mine[my:], theirs[their:]


def _common(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that all three have, in order."""
    ours = _matches(base, mine)
    others = _matches(base, theirs)
    line = 0
    while line < len(base):
        if line not in ours or line not in others:
            line += 1
            continue
        size = 1
        while (ours.get(line + size), others.get(line + size)) == (ours[line] + size, others[line] + size):
            size += 1
        yield line, ours[line], others[line], size
        line += size


def _matches(base: list[str], other: list[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for block in difflib.SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks():
        found |= {block.a + step: block.b + step for step in range(block.size)}
    return found
