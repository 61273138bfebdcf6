"""The texts of click that the program says in another language: those that the installed click has."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import click

from smartspec.cli import click_texts


def texts_of_click() -> set[object]:
    """What its modules look up by the names that are replaced."""
    trees = (ast.parse(file.read_text("utf-8")) for file in Path(click.__file__).parent.glob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"))
    return {each.value for call in named for each in call.args if isinstance(each, ast.Constant)}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_each_is_a_text_of_click() -> None:
    assert click_texts._TEXTS.keys() - texts_of_click() == set()


def test_negative_control_another_text_is_none() -> None:
    assert "Show this message, and exit." not in texts_of_click()


def test_each_has_places_only_for_what_click_fills_in() -> None:
    assert [text for text, ours in click_texts._TEXTS.items() if not places(ours) <= places(text)] == []
