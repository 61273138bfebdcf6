"""The texts that a person wrote, or another program said: what the ledger holds, and the machine."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from smartspec.store import database
from tests.conftest import ROOT
from tests.pseudo import untranslated

_NOTATION = re.compile(
    r"\bv\d+(?:\.\d+)*\b|https?://\S+|\b(?:Alt|Ctrl|Shift)\+\w+|\b[0-9a-f]{8}(?:-[0-9a-f]{4,12})+\b|`smartspec [^`]*`"
    r"|SMARTSPEC_[A-Z_]+|smartspec-\d{8}T\d+Z\.db|\bext\d\b|\btasks\.[\w-]+\.outputs\S*"
)  # versions, keys, ids, files, file systems, what is typed into a terminal: the same in every language
_OF_THE_PROGRAM = frozenset({
    "status", "status_reason", "type", "kind", "trigger", "level", "requested", "actor", "task_type", "source_format",
    "value_type", "mode",
})  # fmt: skip


class Ledger:
    """What people and other programs wrote: the texts of a database, their lines, keys and values; paths and names."""

    def __init__(self, file: Path, also: Iterable[str] = ()) -> None:
        found = {*also, *_of_the_machine(file)}
        for (table,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'"):
            found |= set(_of_table(table))
        self.texts = frozenset(text for text in found if re.search("[A-Za-z]", text))
        self._judged: dict[str, list[str]] = {}
        self._all = "\n".join(" ".join(text.split()) for text in self.texts)

    def foreign(self, text: str) -> list[str]:
        """The words that are neither theirs nor in the language that is spoken."""
        text = text.replace("\u200b", "")  # where a line may break
        if text not in self._judged:
            self._judged[text] = self._judge(text)
        return self._judged[text]

    def _judge(self, text: str) -> list[str]:
        if not untranslated(text):
            return []
        text = re.sub(r"(\S+)…(\S*)", lambda cut: " " if cut[1] in self._all and cut[2] in self._all else cut[0], text)
        text = re.sub(r"([^\n“”·]{6,}?)…", lambda cut: " " if cut[1].strip() in self._all else cut[0], text)
        words = untranslated(text, [each for each in self.texts if each in text])
        return untranslated(_NOTATION.sub(" ", text), [each for each in self.texts if each in text]) if words else []


def _of_table(table: str) -> Iterator[str]:
    names = [name for (name,) in database.rows(f"SELECT name FROM pragma_table_info('{table}')")]
    for row in database.rows(f'SELECT * FROM "{table}"'):
        for name, value in zip(names, row, strict=True):
            if name in _OF_THE_PROGRAM:
                continue
            if isinstance(value, bytes):
                value = value.decode("utf-8", "replace")
            if isinstance(value, str):
                yield from _parts(value)


def _parts(text: str) -> Iterator[str]:
    yield text
    yield " ".join(text.split())
    yield from (line.strip() for line in text.splitlines())
    try:
        yield from _leaves(json.loads(text))
    except ValueError:
        yield from re.findall(r"[\w./-]+(?=:)", text)  # the keys of YAML


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield str(value)
        yield json.dumps(value, ensure_ascii=False)


def _of_the_machine(file: Path) -> Iterator[str]:
    home = str(file.parent)
    yield from (home, home.replace(str(Path.home()), "~"), file.name, str(ROOT))
    yield from (platform.system(), platform.release(), platform.python_version(), "offscreen", "wal")
    yield from ("smartspec", "smartspec://")
    with suppress(OSError):  # names of filesystems
        yield from (line.split()[2] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines())
