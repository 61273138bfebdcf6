"""Durations and sizes as a person types them, `30 s`, `1 h 30 m`, `14 days`, `2 GB`, and as they are written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum

from smartspec.domain.text import fold
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import Message, _, _n, translate
from smartspec.value import frozen

_PART = re.compile(r"([\d,]*\d(?:\.\d+)?|\.\d+)\s*([^\d\s.,]*)\s*")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_LONGEST_TEXT = 60
_MOST_DECIMALS = 4


@frozen
class Unit:
    """`factor` is how many of the smallest unit it is; `word` says its name beside so many."""

    factor: int
    word: Callable[[int], Message]
    names: tuple[str, ...]


# From the smallest to the largest
_DURATIONS = (
    Unit(1, lambda n: _n("millisecond", "milliseconds", n), ("ms", "msec")),
    Unit(1_000, lambda n: _n("second", "seconds", n), ("s", "sec", "secs")),
    Unit(60_000, lambda n: _n("minute", "minutes", n), ("m", "min", "mins")),
    Unit(3_600_000, lambda n: _n("hour", "hours", n), ("h", "hr", "hrs")),
    Unit(86_400_000, lambda n: _n("day", "days", n), ("d",)),
    Unit(604_800_000, lambda n: _n("week", "weeks", n), ("w",)),
)
# In powers of 1,024, as they are shown (IEC 80000-13); MB is what most people write for MiB
_SIZES = (
    Unit(1, lambda n: _n("byte", "bytes", n), ("b",)),
    Unit(1024, lambda _count: Message("KiB"), ("k", "kb")),
    Unit(1024**2, lambda _count: Message("MiB"), ("m", "mb")),
    Unit(1024**3, lambda _count: Message("GiB"), ("g", "gb")),
    Unit(1024**4, lambda _count: Message("TiB"), ("t", "tb")),
)
# As `formatting` writes them: what is shown can be typed
_SHOWN: dict[int, Callable[[], Message]] = {
    1: lambda: _("{number} ms", number=""), 1_000: lambda: _("{number} s", number=""),
    60_000: lambda: _("{n} m", n=""), 3_600_000: lambda: _("{n} h", n=""), 86_400_000: lambda: _("{n} d", n=""),
}  # fmt: skip


class Kind(StrEnum):
    """What a whole number counts: milliseconds, or bytes."""

    DURATION = "ms"
    SIZE = "bytes"

    @property
    def units(self) -> tuple[Unit, ...]:
        return _DURATIONS if self is Kind.DURATION else _SIZES


@frozen
class Quantity:
    """A number as a field shows it, beside its unit."""

    number: str
    unit: Unit

    @property
    def word(self) -> Message:
        return self.unit.word(1 if self.number == "1" else 2)

    @property
    def words(self) -> Message:
        return _("{number} {unit}", number=self.number, unit=self.word)


def quantity(value: int, kind: Kind) -> Quantity:
    """In the largest unit of which it is a whole number; a few decimals are better than very many of the smallest."""
    if value == 0:
        return Quantity("0", kind.units[1])
    found = next(unit for unit in reversed(kind.units) if value % unit.factor == 0)
    if found.factor == 1 and value >= kind.units[1].factor:
        larger = kind.units[1]
        parts = Decimal(value) / larger.factor
        if -int(parts.as_tuple().exponent) <= _MOST_DECIMALS:
            return Quantity(f"{parts.normalize():,f}", larger)
    if found is _DURATIONS[-1]:  # nobody says two weeks for 14 days
        found = _DURATIONS[-2]
    return Quantity(format_number(value // found.factor), found)


def parse_quantity(text: str, kind: Kind, bare: int) -> int:
    """So many of the smallest unit; a number alone counts in units of `bare`. Raises Invalid."""
    cleaned = text.strip()
    found = list(_parts(cleaned, kind, bare)) if len(cleaned) <= _LONGEST_TEXT else []
    if not found or None in found:
        raise _no_quantity(cleaned[:_LONGEST_TEXT], kind)
    return sum(part for part in found if part is not None)


def _no_quantity(text: str, kind: Kind) -> Invalid:
    if kind is Kind.DURATION:
        return Invalid(_("“{text}” is not a duration: write a number with its unit, as in 30 s or 1.5 h.", text=text))
    return Invalid(_("“{text}” is not a size: write a number with its unit, as in 512 MiB or 2 GiB.", text=text))


def parse_number(text: str) -> int:
    """A whole number, its digits grouped or not. Raises Invalid."""
    cleaned = text.strip()
    plain = cleaned.replace(",", "") if _GROUPED.fullmatch(cleaned) else cleaned
    if not re.fullmatch(r"[-+]?\d{1,20}", plain):
        raise Invalid(_("“{text}” is not a whole number.", text=cleaned[:_LONGEST_TEXT]))
    return int(plain)


def _parts(text: str, kind: Kind, bare: int) -> Iterator[int | None]:
    """What each number with its unit comes to; None for what is none."""
    known, at = _names(kind), 0
    while at < len(text):
        part = _PART.match(text, at)
        factor = None if part is None else known.get(fold(part[2])) if part[2] else bare
        number = None if part is None or (part[2] == "" and at) else _number(part[1])
        if part is None or factor is None or number is None:
            yield None
            return
        yield round(number * factor)
        at = part.end()


def _number(digits: str) -> Decimal | None:
    if "," in digits and not _GROUPED.fullmatch(digits):
        return None
    return Decimal(digits.replace(",", ""))


def _names(kind: Kind) -> dict[str, int]:
    """Every way to write a unit, letter case aside."""
    found: dict[str, int] = {}
    for unit in kind.units:
        words = [*unit.names, *(unit.word(n) for n in (1, 2)), *(translate(unit.word(n)) for n in (1, 2))]
        if kind is Kind.DURATION and unit.factor in _SHOWN:
            words.append(translate(_SHOWN[unit.factor]()))
        found |= {fold(word.strip()): unit.factor for word in words}
    return found
