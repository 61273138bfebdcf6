"""Text as it may be shown: without what drives a terminal, as it came to look in the end, and how wide that is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from smartspec.domain.text import escape_undecodable

_DRIVES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, links, the clipboard
    r"|\x1b[ -/]*[0-Z\\-~]|\x1b\[[0-?]*[ -/]*[@-~]"  # everything else that begins with ESC
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
    r"|[\u202a-\u202e\u2066-\u2069]"  # what makes a text read in another order than it is written
)
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_FLAGS = range(0x1F1E6, 0x1F200)  # two of them are one flag
_SKINS = range(0x1F3FB, 0x1F400)  # colour the letter before them
_JAMO = range(0x1160, 0x1200)  # vowels and ends, drawn into the syllable that they belong to


def strip_escapes(text: str) -> str:
    """Without control sequences, but for tabs and line breaks; bytes that are no text are made visible.

    What a person, a file or a process wrote must not drive the terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    return escape_undecodable(_DRIVES.sub("", text))


def apply_overwrites(line: str) -> str:
    """Of a line that was drawn over and over, as progress bars are, what it came to."""
    drawn = line.rstrip("\r").rpartition("\r")[2]
    if "\b" not in drawn:
        return drawn
    kept: list[str] = []
    for letter in drawn:
        if letter != "\b":
            kept.append(letter)
        elif kept:
            kept.pop()
    return "".join(kept)


def apply_overwrites_to_lines(lines: bytes) -> bytes:
    """The same of whole lines in bytes; how each of them ends stays as it is."""
    if b"\r" not in lines:
        return lines
    return b"\n".join(_last_state(line) for line in lines.split(b"\n"))


def _last_state(line: bytes) -> bytes:
    text = line.rstrip(b"\r")
    return text.rpartition(b"\r")[2] + line[len(text) :][-1:]


def display_lines(text: str) -> list[str]:
    """The lines of what a process wrote, as they may be shown; empty ones at both ends left out."""
    return [strip_escapes(apply_overwrites(line)) for line in text.strip().split("\n")]


def display_width(text: str) -> int:
    """Columns on the screen: wide letters take two, accents none, an emoji of several code points two."""
    return len(text) if text.isascii() else sum(_widths(text))


def _widths(text: str) -> Iterator[int]:
    before, flag = "", False
    for letter in text:
        if letter == _EMOJI_STYLE and before and _width(before) == 1:
            yield 1  # drawn as a picture, of two columns
        elif ord(letter) in _FLAGS:
            yield 0 if flag else 2
            flag = not flag
        elif before != _JOINER and ord(letter) not in _SKINS:
            yield _width(letter)
        if ord(letter) not in _FLAGS:
            flag = False
        before = letter


def _width(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc", "Cn") or ord(letter) in _JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
