"""`list` says what there is, and why there is nothing."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands.actor import user
from tests.conftest import Said

Call = Callable[..., Said]


def test_only_those_that_a_person_made(terminal: Call) -> None:
    terminal("new", "nightly")
    assert "nightly" in terminal("list", "--created-by", user()).out
    said = terminal("list", "--created-by", "nobody").out
    assert "nightly" not in said and "No workflow is like this." in said


def test_nothing_is_told_by_its_reason(terminal: Call) -> None:
    assert "There is no workflow yet" in terminal("list").out
    assert "The trash is empty." in terminal("list", "--trash").out
    assert "No workflow is like this." in terminal("list", "--tag", "daily").out
