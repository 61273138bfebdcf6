"""What a database's schema is, statement by statement, and how that differs from what the steps make.

Two statements are the same where they differ only in comments, white space and quotes around names: SQLite itself
rewrites a statement when a table is renamed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from smartspec.messages import N_, Message, _
from smartspec.store.database import sqlite
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

Objects = Mapping[tuple[str, str], str]  # (table, index, view or trigger; name) → its statement
SEARCH = "execution_search"
_TOKEN = re.compile(r"""--[^\n]*|/\*.*?\*/|\s+|('(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|.)""", re.DOTALL)


@frozen
class Difference:
    """`how` is missing, different or foreign (there, and no statement of ours)."""

    kind: str
    name: str
    how: str

    @property
    def words(self) -> Message:
        """Within a sentence: the index executions_queue is missing."""
        return _(_WORDS[self.how], kind=KINDS[self.kind], name=self.name)


KINDS = {"table": _("table"), "index": _("index"), "view": _("view"), "trigger": _("trigger")}
_WORDS = {
    "missing": N_("the {kind} {name} is missing"),
    "different": N_("the {kind} {name} is not as it was made"),
    "foreign": N_("the {kind} {name} is not SmartSpec's"),
}


@lru_cache(1024)
def canonical(statement: str) -> str:
    tokens = (found.group(1) for found in _TOKEN.finditer(statement))
    return " ".join(token.strip('"') for token in tokens if token)


def of(connection: Connection) -> dict[tuple[str, str], str]:
    """The schema of a database; what SQLite keeps for itself and for the full-text index is left out."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        (kind, name): statement for kind, name, statement in found if not name.startswith(("sqlite_", f"{SEARCH}_"))
    }


@lru_cache
def made_by(scripts: Sequence[str]) -> Objects:
    """The schema that these scripts make, run one after the other."""
    connection = sqlite.library.connect(":memory:")
    try:
        for script in scripts:
            connection.executescript(script)
        return of(connection)
    finally:
        connection.close()


def fingerprint(objects: Objects) -> str:
    """SHA-256, in hex, of all statements in the order of their kinds and names."""
    lines = (f"{kind} {name}: {canonical(statement)}\n" for (kind, name), statement in sorted(objects.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def differences(found: Objects, wanted: Objects) -> list[Difference]:
    """What is not as wanted; tables and views of other makers are nobody's fault, triggers and indexes may do harm."""
    wrong = [
        Difference(*key, "different" if key in found else "missing")
        for key, statement in wanted.items()
        if canonical(found.get(key, "")) != canonical(statement)
    ]
    ours = [name for kind, name in wanted if kind == "table"]
    foreign = [
        key
        for key, statement in found.items()
        if key not in wanted and key[0] in ("trigger", "index") and any(is_on(table, statement) for table in ours)
    ]
    return wrong + [Difference(*key, "foreign") for key in sorted(foreign)]


def is_on(table: str, statement: str) -> bool:
    """Whether an index or a trigger is one of a table."""
    return f" ON {table} " in f"{canonical(statement)} "


def tables(differing: Sequence[Difference]) -> list[Difference]:
    """Those without which rows cannot be read or written as they should be."""
    return [each for each in differing if each.kind == "table"]
