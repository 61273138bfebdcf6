"""A text of 20,000 lines: what is seen is coloured, the rest waits; nothing is searched for on the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from smartspec.commands import definitions
from smartspec.commands.definitions import ExaminedText
from smartspec.gui.pages.workflows.definition import DefinitionEditor
from tests.gui.conftest import Desktop

LONG = "smartspec: 1\nname: long\ntasks:\n" + "".join(
    f"  t{n}:\n    run: echo {n}\n    timeout: 10s\n    retry: {{max: 1}}\n" for n in range(5_000)
)


@pytest.fixture
def definition(desktop: Desktop, imported: Callable[..., str]) -> DefinitionEditor:
    desktop.go("workflows", imported(LONG), "definition")
    found = desktop.workflows.tabs.content("definition")
    assert isinstance(found, DefinitionEditor)
    desktop.window.grab()
    return found


def coloured(definition: DefinitionEditor, line: int) -> bool:
    return bool(definition.editor.document().findBlockByNumber(line - 1).layout().formats())


def test_lines_are_coloured_when_they_are_seen(desktop: Desktop, definition: DefinitionEditor) -> None:
    assert definition.editor.blockCount() == 20_004
    assert coloured(definition, 2) and not coloured(definition, 15_000)
    definition.editor.go_to(15_000)
    desktop.settle()
    desktop.window.grab()
    assert coloured(definition, 15_000) and not coloured(definition, 10_000)


def test_colours_change_nothing_that_is_heard_of(desktop: Desktop, definition: DefinitionEditor) -> None:
    told: list[str] = []
    definition.editor.textChanged.connect(lambda: told.append("text"))
    definition.editor.document().contentsChange.connect(lambda *_: told.append("contents"))
    definition.editor.go_to(12_000)
    desktop.window.grab()
    assert coloured(definition, 12_000) and told == []


def test_it_is_checked_beside_the_window_and_listed_when_seen(
    desktop: Desktop, definition: DefinitionEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    examine = definitions.examine_text

    def watched(*given: str) -> ExaminedText:
        threads.append(threading.current_thread().name)
        return examine(*given)

    monkeypatch.setattr(definitions, "examine_text", watched)
    definition.editor.setPlainText(LONG.replace("timeout", "timeoot"))
    desktop.settle()
    assert {each.partition("_")[0] for each in threads} == {"texts"}
    model = definition.problems.list.problem_model
    assert model.rowCount() == 1_001, "a thousand, and that there may be more"
    assert len(model._fixes) < 50, "what would mend them is looked for when they are seen"
    assert len(definition.outline.model.tasks) == 5_000
