"""The list of workflows, narrowed to those that one person made."""

from __future__ import annotations

import pytest

from smartspec.commands import workflows
from smartspec.commands.actor import user
from tests.gui.conftest import Desktop


@pytest.fixture
def made_by_two(monkeypatch: pytest.MonkeyPatch, desktop: Desktop) -> Desktop:
    """One by each."""
    for name in ("ada", "bob"):
        monkeypatch.setenv("LOGNAME", name)
        user.cache_clear()
        workflows.create_workflow(f"of {name}")
    user.cache_clear()
    desktop.go("workflows")
    return desktop


def listed(desktop: Desktop) -> list[str]:
    return [each.workflow.name for each in desktop.workflows.workflow_list.summaries]


def choose(desktop: Desktop, word: str) -> None:
    """In the menu of the filter."""
    found = [each for each in desktop.workflows.workflow_list.filter.menu().actions() if each.text() == word]
    found[0].trigger()
    desktop.settle()


def test_only_those_that_one_person_made(made_by_two: Desktop) -> None:
    assert listed(made_by_two) == ["of ada", "of bob"]
    choose(made_by_two, "bob")
    assert listed(made_by_two) == ["of bob"]
    assert "bob" in made_by_two.workflows.workflow_list.filter.button.toolTip()
    choose(made_by_two, "Anybody")
    assert listed(made_by_two) == ["of ada", "of bob"]


def test_where_none_is_left_it_says_why_and_clears(made_by_two: Desktop) -> None:
    page = made_by_two.workflows.workflow_list
    choose(made_by_two, "bob")
    page.search.setText("ada")
    made_by_two.settle()
    assert listed(made_by_two) == [] and page.states.currentWidget() is not page.states.content
    page._clear_filter()
    made_by_two.settle()
    assert listed(made_by_two) == ["of ada", "of bob"] and page.filter.created_by is None
