"""The words of a text for the full-text index; writing without spaces is split into overlapping pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_IDEOGRAPHS = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_IDEOGRAPHS}]+")
_WORD = re.compile(r"[^\W_]+")


def index_text(text: str) -> str:
    """A text with each run of Han and kana as its pairs, and its last letter alone: 备份失败 → 备份 份失 失败 败."""
    if text.isascii():
        return text
    return _RUN.sub(lambda match: f" {' '.join(_pairs(match[0]))} {match[0][-1]} ", text)


def _pairs(run: str) -> Iterable[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def tokenize(text: str) -> list[str]:
    """The words of a text as the index has them; of a run of Han its pairs, or its one letter."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        at = 0
        for run in _RUN.finditer(word):
            found += [word[at : run.start()]] if run.start() > at else []
            found += _pairs(run[0]) if len(run[0]) > 1 else [run[0]]
            at = run.end()
        found += [word[at:]] if at < len(word) else []
    return found


def has_ideographs(text: str) -> bool:
    """Whether some of it is Han or kana, which is written without spaces."""
    return _RUN.search(text) is not None
