"""The tab Compare: which two, whether a replay came to the same, what differs, what is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smartspec.commands import comparing, configs, executions, recording, starting
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.gui.pages.execution.findings import parts_of
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, Desktop

Ran = Callable[..., Execution]
COUNTS = """smartspec: 1
name: counts
config: {host: {type: string, default: good}}
tasks:
  same: {run: echo same}
  other: {run: 'test {{ config.host }} = good && echo fine || { echo "error: no host"; exit 2; }'}
"""


def compare_of(desktop: Desktop, execution: Execution) -> Any:
    desktop.go("execution", execution.id, "compare")
    return desktop.execution.tabs.content("compare")


def test_a_replay_is_compared_with_its_original_and_says_whether_it_came_to_the_same(
    desktop: Desktop, ran: Ran
) -> None:
    original = ran(BROKEN)
    compare = compare_of(desktop, run_on(comparing.replay_execution(original.id)).execution)
    assert compare.verdict.isVisible()
    assert compare.verdict.told.text() == "Identical: every task of broken #2 came to what it came to in broken #1."
    assert compare.other.accessibleName() == "Compare with: #1 the original, failed"
    assert compare.this.accessibleName() == "#2 this execution · failed"


def test_what_is_no_replay_has_no_verdict(desktop: Desktop, ran: Ran) -> None:
    ran(BROKEN)
    compare = compare_of(desktop, ran(BROKEN))
    assert not compare.verdict.isVisible()


def test_only_the_tasks_that_differ_are_shown_until_all_are_wanted(desktop: Desktop, ran: Ran) -> None:
    good = ran(COUNTS)
    assert good.workflow is not None
    configs.set_config("counts", "host", "bad")
    started = starting.start_execution("counts", {}, origin=Origin(Trigger.CLI))
    compare = compare_of(desktop, run_on(started).execution)
    tasks = compare.detail.tasks
    assert [pair.task for pair in tasks._pairs] == ["other"]
    desktop.click(compare.differences)
    assert [pair.task for pair in tasks._pairs] == ["same", "other"]
    desktop.click(compare.differences)
    assert compare.other.accessibleName() == "Compare with: #1 last success, completed"
    assert parts_of(compare.findings.finding) == ("The setting host changed", "good → bad")


def test_everything_has_room_without_a_bar_of_its_own(desktop: Desktop, ran: Ran) -> None:
    ran(COUNTS)
    configs.set_config("counts", "host", "bad")
    started = starting.start_execution("counts", {}, origin=Origin(Trigger.CLI))
    compare = compare_of(desktop, run_on(started).execution)
    for size in ((1280, 800), (720, 480)):
        desktop.window.resize(*size)
        desktop.settle()
        assert not compare.findings.verticalScrollBar().isVisible()
        assert not compare.detail.diff.verticalScrollBar().isVisible()
        assert compare.other.geometry().right() < compare.this.geometry().left()


def test_of_what_holds_no_record_nothing_is_claimed(desktop: Desktop, ran: Ran) -> None:
    ran(COUNTS)
    for _ in range(2):
        begun = recording.begin_execution("counts")
        recording.end_execution(begun.id, recording.Report(begun.status.COMPLETED))
    two, one = executions.list_executions(limit=2).rows
    desktop.go("execution", two.id, "compare", one.id)
    compare = desktop.execution.tabs.content("compare")
    assert compare.detail.headline.text() == "Nothing is recorded that could be compared"
    assert compare.findings.item(0).text() == "Nothing is recorded but how they ended"
