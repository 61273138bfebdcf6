"""The modules of the program, as the tests read them that look through its code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "smartspec").rglob("*.py"))
each_module = pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(ROOT).as_posix())


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))
