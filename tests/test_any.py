"""`Any` stands where another library or a shape made at run time begins, and in no more places than these."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.conftest import ROOT
from tests.source import MODULES, tree_of

# By folder: how often `Any` stands there (imports aside), and at which seam. The numbers may only become smaller.
SEAMS = {
    ".": (28, "value.py makes classes of whatever fields; a Message that is packed; the API and Qt, imported late"),
    "api": (24, "what programs hand over and what their functions give, of whatever type"),
    "cli": (7, "click's signatures; options that are handed on by name; what signal.signal gave"),
    "commands": (12, "columns of a row by name, on their way to peewee; the answer of a command found by its name"),
    "commands/system": (4, "what a service says over D-Bus, by jeepney: of the type that its own pages give it"),
    "compat": (2, "payloads of another program, and what the command of that name answers"),
    "domain": (2, "a JSON Schema that a person wrote: every keyword has a shape of its own"),
    "domain/definition": (10, "what Jinja's operators are given; PyYAML's events; workflow.schema.json"),
    "domain/json_schema": (3, "what a rule says and what it refuses: the keyword decides; tuples of what is described"),
    "domain/search": (1, "fields of a filter by name, on their way to `replace`"),
    "gui": (1, "an attribute that shiboken sets"),
    "gui/core": (1, "a value of the type of what holds otherwise"),
    "gui/pages/execution": (4, "data of Qt's models: its role decides"),
    "gui/widgets": (1, "data of Qt's models"),
    "gui/widgets/forms": (2, "a JSON Schema that a person wrote; what a group of fields holds, or UNSET"),
    "gui/widgets/table": (2, "data of Qt's models"),
    "importers": (1, "what its reader made of each field of a line"),
    "runner": (1, "options of subprocess.Popen, which differ by system"),
    "runner/engine": (1, "one key of a task, rendered: the key decides"),
    "runner/process": (1, "options of subprocess.Popen"),
    "runner/record": (3, "what termios and signal.signal gave; options of subprocess.Popen"),
    "sandbox": (4, "JSON from a process of its own, of the shape that its function gives"),
    "store": (12, "columns of a row by name, as peewee takes them; rows of views"),
    "store/database": (4, "rows of SQL; the SQLite library, of which there are two"),
    "store/models": (8, "peewee's fields and queries; a row becomes the class that is asked for"),
}


def uses_of_any(tree: ast.Module) -> int:
    return sum(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(tree))


def uses_by_folder() -> Counter[str]:
    package = ROOT / "smartspec"
    found: Counter[str] = Counter()
    for file in MODULES:
        found[file.parent.relative_to(package).as_posix()] += uses_of_any(tree_of(file))
    return +found


FOUND = uses_by_folder()


@pytest.mark.parametrize("folder", sorted(FOUND | dict.fromkeys(SEAMS, 0)))
def test_any_stays_at_its_seams(folder: str) -> None:
    allowed, _why = SEAMS.get(folder, (0, ""))
    assert FOUND[folder] <= allowed, f"give it a type, or say in SEAMS why {folder} needs one more"


def test_negative_control_a_use_is_counted_and_an_import_is_not() -> None:
    assert uses_of_any(ast.parse("from typing import Any\ndef f(x: dict[str, Any]) -> Any: ...\n")) == 2
