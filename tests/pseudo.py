"""A language that nobody speaks: every letter of a text is another one, so that what was not translated shows.

`Pseudo` is a catalogue for `messages.use_catalogue`, and the fixture `pseudo` speaks it. What is shown then is judged by
`untranslated`: a plain letter is one that went through no catalogue, unless a person or another program wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OTHER = "áƀćďéƒĝĥíĵķĺɱńőƥɋŕśťúṽŵẋýžÁƁĆĎÉƑĜĤÍĴĶĹṀŃŐƤɊŔŚŤÚṼŴẊÝŽ"
_CHANGED = str.maketrans(_PLAIN, _OTHER)
# What a translation keeps: places for values, marks of rich text, the endings of files
_KEPT = re.compile(r"(\{[a-z0-9_]*\}|</?[a-z][^<>]*>|&(?:amp|lt|gt|quot|nbsp);|\*\.\w+)")
_WORD = re.compile(r"[A-Za-z]+")
# The same in every language: the program's name, units, keys, and formats
ALWAYS = (
    "SmartSpec", "KiB", "MiB", "GiB", "TiB", "JSON", "YAML", "SQLite", "Python", "UTF-8", "CPU", "Ctrl", "Shift", "Alt",
    "Del", "Esc", "Enter", "Return", "Tab", "Space",
)  # fmt: skip
_KEY = re.compile(r"\bF\d{1,2}\b|(?<=\+)[A-Z]\b|(?<=Ctrl )[A-Z]\b|(?<=Shift )[A-Z]\b|(?<=Alt )[A-Z]\b")


class Pseudo:
    """A catalogue that has every text."""

    def gettext(self, message: str, /) -> str:
        context, end, text = message.rpartition("\x04")
        parts = _KEPT.split(text)
        return (
            context
            + end
            + "".join(part if number % 2 else part.translate(_CHANGED) for number, part in enumerate(parts))
        )

    def ngettext(self, one: str, many: str, n: int, /) -> str:
        return self.gettext(one if n == 1 else many)


def untranslated(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """The words that are as they are written in the code; `allowed` is what people and other programs wrote."""
    text = _KEY.sub(" ", re.sub(r"<[^<>]+>|&(?:amp|lt|gt|quot|nbsp);", " ", text))
    for known in sorted({*allowed, *ALWAYS} - {""}, key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z]){re.escape(known)}(?![A-Za-z])", " ", text)
    return _WORD.findall(text)
