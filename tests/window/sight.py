"""What a person reads on a screen: the words of a picture, and where they stand."""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

_ENLARGED = 2.5  # letters of 13 px are read badly, of 32 well (tesseract's own advice: capitals of 20 px and more)
_THRESHOLDS = ("2", "1")  # tesseract's: Sauvola's, and Otsu's by tiles
_ALIKE = 0.75  # of a word: 1 and l, or O and 0, are told apart by nobody


@dataclass(frozen=True)
class Word:
    """In pixels of the picture."""

    text: str
    x: int
    y: int
    width: int
    height: int
    line: tuple[str, ...]


def look(picture: Path, text: str) -> tuple[list[tuple[int, int]], list[Word]]:
    """The middle of each place where a text stands in one line, and the words that were read.

    Dark is told from light place by place, in one way and then in another: a dialog stands over a dimmed window, a
    toast is light on dark.
    """
    large = picture.with_suffix(".large.pgm")  # takes a seventh of the time of a PNG
    enlarge = ["convert", str(picture), "-colorspace", "Gray", "-resize", f"{_ENLARGED:.0%}", str(large)]
    subprocess.run(enlarge, check=True, timeout=60)
    words: list[Word] = []
    for method in _THRESHOLDS:
        words += (seen := _read(large, method))
        if found := places(seen, text):
            return found, words
    return [], words


def _read(picture: Path, threshold: str) -> list[Word]:
    asked = ["tesseract", str(picture), "-", "--psm", "11", "-c", f"thresholding_method={threshold}", "tsv"]
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads wait for each other, and read no faster
    told = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=120, env=alone).stdout
    rows = csv.DictReader(told.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_word(row) for row in rows if row["text"] and any(letter.isalnum() for letter in row["text"])]


def _word(row: dict[str, str]) -> Word:
    x, y, width, height = (round(int(row[name]) / _ENLARGED) for name in ("left", "top", "width", "height"))
    return Word(row["text"].strip(), x, y, width, height, (row["block_num"], row["par_num"], row["line_num"]))


def places(words: Sequence[Word], text: str) -> list[tuple[int, int]]:
    """The middle of each place where a text stands in one line."""
    wanted = text.lower().split()
    return [_middle(each) for line in _lines(words) for each in _runs(line, len(wanted)) if _fits(each, wanted)]


def _lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    for _line, found in groupby(words, key=lambda word: word.line):
        yield sorted(found, key=lambda word: word.x)


def _runs(line: list[Word], length: int) -> Iterator[list[Word]]:
    return (line[start : start + length] for start in range(len(line) - length + 1))


def _fits(words: Sequence[Word], wanted: Sequence[str]) -> bool:
    return all(_alike(word.text.lower(), each) for word, each in zip(words, wanted, strict=True))


def _alike(seen: str, wanted: str) -> bool:
    return SequenceMatcher(None, seen.strip(".,:;…“”\"'"), wanted.strip(".,:;…“”\"'")).ratio() >= _ALIKE


def _middle(words: Sequence[Word]) -> tuple[int, int]:
    left, right = words[0].x, words[-1].x + words[-1].width
    return (left + right) // 2, words[0].y + words[0].height // 2
