"""When which byte of a log was written: marks at most ten times a second, fewer in what lasts for hours."""

from collections.abc import Iterator

TimeMark = tuple[int, int]  # an offset, and when what begins there was written (ms since the epoch)
MOST = 16_384  # marks of one log: the last 27 minutes to the tenth of a second, a day to about ten seconds
_EVERY_MS = 100


class Times:
    """Collects marks; beyond the most every other one goes, and from then on they are half as frequent."""

    def __init__(self) -> None:
        self.marks: list[TimeMark] = []
        self._every_ms = _EVERY_MS

    def note(self, offset: int, at_ms: int) -> bool:
        """True where this was worth a mark; a clock that was set back is."""
        if self.marks and 0 <= at_ms - self.marks[-1][1] < self._every_ms:
            return False
        self.marks.append((offset, at_ms))
        if len(self.marks) > MOST:
            del self.marks[1::2]
            self._every_ms *= 2
        return True


def pack(marks: list[TimeMark]) -> bytes | None:
    """Differences, seven bits a byte, the lowest first; that of a time may be negative (zigzag). None for no mark."""
    packed = bytearray()
    offset = at = 0
    for next_offset, next_at in marks:
        _add(packed, next_offset - offset)
        _add(packed, (next_at - at) << 1 if next_at >= at else (at - next_at) << 1 | 1)
        offset, at = next_offset, next_at
    return bytes(packed) or None


def _add(packed: bytearray, number: int) -> None:
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)


def unpack(packed: bytes) -> list[TimeMark]:
    """What `pack` was given."""
    marks: list[TimeMark] = []
    numbers = _numbers(packed)
    offset = at = 0
    for by in numbers:
        offset += by
        change = next(numbers, 0)
        at += -(change >> 1) if change & 1 else change >> 1
        marks.append((offset, at))
    return marks


def _numbers(packed: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            yield number
            number = shift = 0
