"""Two texts line by line: what stands beside each other, what changed in it, and what is the same and folded."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from smartspec.domain.version import normal_newlines
from smartspec.value import frozen

CONTEXT = 3  # lines that are the same, on each side of what changed
_MANY = 2_000  # lines to be compared; above it those that are frequent anchor nothing
Span = tuple[int, int]


@frozen
class Line:
    """A line of one side: its number, text, and the spans of characters that changed; `kind` is same, add, del."""

    number: int
    text: str
    kind: str = "same"
    changed: tuple[Span, ...] = ()


@frozen
class Pair:
    """What stands beside each other; None is a filler. `folded` counts lines that are the same and not shown."""

    old: Line | None
    new: Line | None
    folded: int = 0


def pairs(old: str, new: str, context: int = CONTEXT) -> tuple[Pair, ...]:
    """Two texts line by line, long runs of what is the same folded. Large ones take a while."""
    before, after = (normal_newlines(text).splitlines() for text in (old, new))
    found: list[Pair] = []
    opcodes = _opcodes(before, after)
    for number, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            run = [Pair(Line(i + 1, before[i]), Line(j1 + i - i1 + 1, after[j1 + i - i1])) for i in range(i1, i2)]
            found += _folded(run, number == 0, number == len(opcodes) - 1, context)
        else:
            found += _changed(before, after, (i1, i2), (j1, j2))
    return tuple(found)


def _opcodes(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    """As difflib's; what is the same at both ends is not searched, for that takes the square of the lines."""
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    end = next((at for at in range(most - start) if before[-1 - at] != after[-1 - at]), most - start)
    one, other = before[start : len(before) - end], after[start : len(after) - end]
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=len(one) + len(other) > _MANY)
    inner = [(tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in matcher.get_opcodes()]
    head = [("equal", 0, start, 0, start)] if start else []
    tail = [("equal", len(before) - end, len(before), len(after) - end, len(after))] if end else []
    return _joined([*head, *inner, *tail])


def _joined(opcodes: list[tuple[str, int, int, int, int]]) -> list[tuple[str, int, int, int, int]]:
    """Runs that are the same beside each other are one."""
    made: list[tuple[str, int, int, int, int]] = []
    for each in opcodes:
        if made and each[0] == made[-1][0] == "equal":
            made[-1] = ("equal", made[-1][1], each[2], made[-1][3], each[4])
        else:
            made.append(each)
    return made


def _folded(run: list[Pair], first: bool, last: bool, context: int) -> list[Pair]:
    head, tail = 0 if first else context, 0 if last else context
    if len(run) <= head + tail + 1:
        return run
    return [*run[:head], Pair(None, None, len(run) - head - tail), *run[len(run) - tail :]]


def _changed(before: list[str], after: list[str], old: Span, new: Span) -> Iterator[Pair]:
    for step in range(max(old[1] - old[0], new[1] - new[0])):
        i, j = old[0] + step, new[0] + step
        one = before[i] if i < old[1] else None
        other = after[j] if j < new[1] else None
        spans: tuple[tuple[Span, ...], tuple[Span, ...]] = ((), ())
        if one is not None and other is not None:
            spans = _words(one, other)
        yield Pair(
            Line(i + 1, one, "del", spans[0]) if one is not None else None,
            Line(j + 1, other, "add", spans[1]) if other is not None else None,
        )


def _words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where two lines that took each other's place differ, word by word; nothing where they have little in common."""
    one, other = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (old, new))
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < 0.3:
        return (), ()
    gone, come = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            gone.append((len("".join(one[:i1])), len("".join(one[:i2]))))
            come.append((len("".join(other[:j1])), len("".join(other[:j2]))))
    return tuple(gone), tuple(come)
