"""Secrets made unreadable in what is kept: in texts, in JSON, and in streams that come in pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import overload
from urllib.parse import quote, quote_plus

from smartspec.domain.jsontext import Json

MASK = "******"
SHORTEST_SECRET = 4  # a shorter one would be found in everything
_SHORTEST_LINE = 8  # of a secret of several lines
HELD_SECONDS = 0.1  # how long the beginning of a secret is held back; who feeds looks again within as much


class Mask:
    """Replaces some secrets, in the forms they are commonly written in: as they are, in JSON, in URLs, line by line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self.forms = sorted((form.encode("utf-8", "surrogateescape") for form in forms), key=len, reverse=True)
        self.firsts = frozenset(form[0] for form in self.forms)
        self.pattern = re.compile(b"|".join(map(re.escape, self.forms)))
        self._has_numbers = any(not form.strip("0123456789.+-eE") for form in forms)
        self._text = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))

    def __bool__(self) -> bool:
        return bool(self.forms)

    def bytes(self, data: bytes) -> bytes:
        return self.pattern.sub(MASK.encode(), data) if self.forms else data

    def text(self, text: str) -> str:
        return self._text.sub(MASK, text) if self.forms else text

    @overload
    def json(self, value: Mapping[str, Json]) -> dict[str, Json]: ...
    @overload
    def json(self, value: Json) -> Json: ...
    def json(self, value: Json) -> Json:
        """The same, with every text in it masked, keys too; a number that holds a secret of digits becomes a text."""
        if not self.forms:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.json(each) for each in value]
        if isinstance(value, dict):
            return {self.text(str(key)): self.json(each) for key, each in value.items()}
        if self._has_numbers and isinstance(value, int | float) and not isinstance(value, bool):
            written = json.dumps(value)
            shown = self.text(written)
            return value if shown == written else shown
        return value


def _forms(secret: str) -> Iterable[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(secret, safe="", errors="replace")
    yield quote_plus(secret, errors="replace")
    lines = secret.split("\n")
    if len(lines) > 1:
        yield from (line.strip() for line in lines if len(line.strip()) >= _SHORTEST_LINE)


class MaskedStream:
    """One stream of bytes: what goes in comes out masked, also where a secret comes in pieces.

    The end of what came is held back while it may be the beginning of a secret, `HELD_SECONDS` at most; after that,
    half a secret or more goes out as a mask, and less as it is: then the rest is masked should it come.
    """

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._open = b""  # the end of what came, which may be the beginning of a secret
        self._out = 0  # how much of that is out already
        self._is_masked = False  # it went out as a mask
        self._since = 0.0

    def feed(self, data: bytes, now: float) -> bytes:
        """What can go out by now; `now` in monotonic seconds."""
        buffer, done = self._open + data, self._out
        parts: list[bytes] = []
        start = 0
        for match in self._mask.pattern.finditer(buffer):
            if match.end() == len(buffer) and self._may_go_on(match[0]):
                break
            if not self._is_masked or match.start() >= self._out:
                parts += [buffer[done : match.start()], MASK.encode()]
            start = match.end()
            done = max(done, start)
        held = self._held_from(buffer, start)
        parts.append(buffer[done:held])
        self._is_masked = self._is_masked and held == 0
        self._open, self._out = buffer[held:], max(0, done - held)
        self._since = now
        return b"".join(parts)

    def rest(self, now: float) -> bytes:
        """What has been held back long enough."""
        if len(self._open) == self._out or now - self._since < HELD_SECONDS:
            return b""
        return self.end()

    def end(self) -> bytes:
        """What is held back, whatever may come."""
        held, self._out = self._open[self._out :], len(self._open)
        if not held or self._is_masked:
            return b""
        least = min((len(form) for form in self._mask.forms if form.startswith(self._open)), default=0)
        self._is_masked = len(self._open) >= max(SHORTEST_SECRET, least / 2)
        return MASK.encode() if self._is_masked else held

    def _may_go_on(self, found: bytes) -> bool:
        """Whether a secret is the beginning of a longer one."""
        return any(len(form) > len(found) and form.startswith(found) for form in self._mask.forms)

    def _held_from(self, buffer: bytes, start: int) -> int:
        """Where the longest end begins that is the beginning of a secret."""
        longest = len(self._mask.forms[0])
        for at in range(max(start, len(buffer) - longest), len(buffer)):
            if buffer[at] in self._mask.firsts:
                end = buffer[at:]
                if any(form.startswith(end) for form in self._mask.forms):
                    return at
        return len(buffer)
