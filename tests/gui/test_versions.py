"""The tab Versions: what there was, what changed between two, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smartspec.commands import starting, versions, workflows, working_copies
from smartspec.domain.compare.line_pairs import pairs
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.gui.pages.workflows import versions as versions_tab
from smartspec.gui.pages.workflows.versions import Versions
from smartspec.gui.widgets.dialogs import Question
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop


def tab(desktop: Desktop, id_: str) -> Versions:
    desktop.go("workflows", id_, "versions")
    found = desktop.workflows.tabs.content("versions")
    assert isinstance(found, Versions)
    return found


def sides(page: Versions) -> tuple[str, str]:
    assert page.chosen is not None
    return page.chosen[0].label, page.chosen[1].label


def test_versions_tell_what_changed_and_restore(desktop: Desktop, chain: str) -> None:
    more = CHAIN.replace("echo third", "echo end").replace("  days: {type: number, default: 30}\n", "")
    working_copies.save_version(chain, more + "  last: {run: echo, needs: [third]}\n", change_log="Another end")
    page = tab(desktop, chain)
    assert [each.label for each in page.model.rows] == ["1.0.1", "1.0.0"]
    assert [each.tag for each in page.model.rows] == ["Active", ""]
    assert page.diff.counts == (2, 2)
    assert page.words.lines == [
        'Removed: config.days removed', "Added: last new", "Changed: third run echo third → echo end",
        "2 tasks are the same",
    ]  # fmt: skip
    assert page.restore.text() == "Restore v1.0.0…"
    desktop.click(page.restore)
    question = desktop.dialog(Question)
    desktop.type_text(question.field, "It was better")
    desktop.press("Return", question.field)
    newest = versions.latest_version(chain)
    assert (newest.number, newest.source, newest.change_log) == (3, CHAIN, "It was better")
    assert "Restored v1.0.0 as v1.0.2" in desktop.toast
    assert sides(page) == ("1.0.1", "1.0.2"), "what was made is shown"
    desktop.do("undo")
    assert versions.latest_version(chain).source == more + "  last: {run: echo, needs: [third]}\n"


def test_an_old_and_a_new_side_are_chosen_by_click_and_key(desktop: Desktop, chain: str) -> None:
    for word in ("one", "two"):
        working_copies.save_version(chain, CHAIN.replace("third", word, 1), change_log=word)
    page = tab(desktop, chain)
    page.timeline.setCurrentIndex(page.model.index(1, 0))
    desktop.settle()
    assert sides(page) == ("1.0.0", "1.0.1")
    page.timeline.shifted.emit(2)
    page.new.setCurrentIndex(0)
    page.new.activated.emit(0)
    desktop.settle()
    assert sides(page) == ("1.0.0", "1.0.2")
    page.timeline.setFocus()
    desktop.press("Down", page.timeline)
    desktop.press("Up", page.timeline)
    desktop.press("Space", page.timeline)
    assert sides(page)[0] == "1.0.2"


def test_what_is_written_stands_on_top_and_can_be_compared(desktop: Desktop, chain: str) -> None:
    page = tab(desktop, chain)
    desktop.go("workflows", chain, "definition")
    editor = desktop.workflows.tabs.content("definition").editor
    editor.setPlainText(CHAIN.replace("echo third", "echo draft"))
    desktop.settle()
    desktop.workflows.tabs.show_tab("versions")
    desktop.settle()
    assert [(each.label, each.tag) for each in page.model.rows] == [("1.0.1", "draft"), ("1.0.0", "Active")]
    assert not page.restore.isEnabled(), "neither side is an old version"
    page.timeline.setCurrentIndex(page.model.index(0, 0))
    desktop.settle()
    assert sides(page) == ("1.0.0", "1.0.1")
    assert page.words.lines[0] == "Changed: third run echo third → echo draft"
    desktop.workflows.draft.write(CHAIN + "  [")
    desktop.settle()
    assert page.words.lines == ["The draft cannot be read yet; Definition says why."]
    desktop.workflows.draft.write(CHAIN)
    desktop.settle()
    assert [each.label for each in page.model.rows] == ["1.0.0"]


def test_how_the_executions_of_each_ended(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    execution = ran(BROKEN, times=2)
    id_ = workflows.get_workflow(execution.workflow_name).id
    working_copies.save_version(id_, BROKEN.replace("exit 3", "exit 4"))
    page = tab(desktop, id_)
    assert [each.result for each in page.model.rows] == ["not run", "0 of 2 ok"]
    assert page.model.rows[1].went_badly and page.model.rows[1].by.startswith("you · ")


def test_more_versions_than_are_read_at_once(desktop: Desktop, chain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions_tab, "_AT_ONCE", 10)
    for number in range(24):
        working_copies.save_version(chain, f"{CHAIN}# {number}\n")
    page = tab(desktop, chain)
    seen = set()
    while len(page.model.rows) not in seen:
        seen.add(len(page.model.rows))
        bar = page.timeline.verticalScrollBar()
        bar.setValue(bar.maximum())
        desktop.settle()
    assert len(page.model.rows) == 25


def test_two_texts_that_are_long_and_nearly_the_same_are_compared_by_what_differs() -> None:
    lines = [f"line {number % 50}" for number in range(20_000)]
    found = pairs("\n".join(lines), "\n".join([*lines[:9_000], "new", *lines[9_000:]]))
    assert [(each.folded, each.new.text if each.new else "") for each in found if each.folded or each.old is None] == [
        (8_997, ""), (0, "new"), (10_997, "")
    ]  # fmt: skip


def test_what_ends_meanwhile_counts_and_the_sides_stay(desktop: Desktop, chain: str) -> None:
    working_copies.save_version(chain, CHAIN + "# more\n")
    page = tab(desktop, chain)
    page.timeline.setCurrentIndex(page.model.index(1, 0))
    desktop.settle()
    before = sides(page)
    run_on(starting.start_execution(chain, {}, origin=Origin(Trigger.CLI)))
    desktop.settle()
    assert page.model.rows[0].result == "1 of 1 ok" and sides(page) == before
