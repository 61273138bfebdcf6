"""SQL stands in the store and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.source import MODULES, tree_of

PACKAGE = ROOT / "smartspec"
ELSEWHERE = [file for file in MODULES if PACKAGE / "store" not in file.parents]
_STATEMENT = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s.+\sSET|DELETE\s+FROM|PRAGMA\s\w|ANALYZE$|WITH\s.+\sAS\s*\()",
    re.DOTALL,
)


def statements(tree: ast.AST) -> Iterator[int]:
    """The lines of texts that SQLite would run."""
    for node in ast.walk(tree):
        if _STATEMENT.match(_text(node)):
            yield getattr(node, "lineno", 0)


def _text(node: ast.AST) -> str:
    """A literal, with a name in the place of what is put into it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) or "name" for each in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize("file", ELSEWHERE, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_statement_stands_outside_of_the_store(file: Path) -> None:
    assert list(statements(tree_of(file))) == []


def test_negative_control_statements_are_found() -> None:
    code = """
database.execute("SELECT * FROM executions WHERE pk = ?")
sql = f"UPDATE {table} SET status = 'x'"
label = "Select all from the list"
scalar("PRAGMA user_version")
connection.execute("ANALYZE")
sql = "INSERT OR REPLACE INTO metadata VALUES (1)"
"""
    assert sorted(statements(ast.parse(code))) == [2, 3, 5, 6, 7]
