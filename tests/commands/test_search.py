"""Searching the history: what is found, what is not, and that nothing is found that is no longer so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartspec.commands import control, database, execution_trash, executions, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ACTIVE
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Invalid, WorkflowNotFound
from smartspec.store import database as rows
from smartspec.store import history as listed
from smartspec.value import replace
from tests.conftest import Ran, Said

Run = Callable[..., Ran]


def found(text: str) -> list[str]:
    return [each.label for each in executions.search_executions(text).rows]


def report(name: str, status: E = E.COMPLETED, output: Any = None, error: str | None = None) -> str:
    workflow = workflows.find_workflow_by_name(name) or workflows.create_workflow(name)
    execution = recording.begin_execution(workflow.id)
    return recording.end_execution(execution.id, Report(status, output, error)).id


@pytest.fixture
def history(db: object) -> None:
    report("nightly backup", E.FAILED, error="rsync: connection refused by node-7")
    report("nightly backup", output={"files": 1234, "disk": "café"})
    report("每日备份", E.FAILED, error="备份失败：磁盘已满")
    report("每日备份", output={"消息": "备份完成"})


@pytest.mark.parametrize(("text", "labels"), [
    ("rsync", ["nightly backup #1"]), ("rsy", ["nightly backup #1"]), ("ync", []), ("RSYNC refused", ["nightly backup #1"]),
    ("node-7", ["nightly backup #1"]), ("1234", ["nightly backup #2"]), ("cafe", ["nightly backup #2"]), ("files:1234", None),
    ("nightly", ["nightly backup #2", "nightly backup #1"]), ("nightly rsync", ["nightly backup #1"]), ("rsync 1234", []),
    ('"connection refused"', ["nightly backup #1"]), ('"refused connection"', []), ('"onnection refuse"', []),
    ("备份", ["每日备份 #2", "每日备份 #1"]), ("失败", ["每日备份 #1"]), ("备份失败", ["每日备份 #1"]), ("份", ["每日备份 #2", "每日备份 #1"]),
    ("满", ["每日备份 #1"]), ('"磁盘已满"', ["每日备份 #1"]), ("失备", []), ("备份已满", []),
    ('"备份完成"', ["每日备份 #2"]), ('"磁盘已满" "备份失败"', ["每日备份 #1"]), ('"每日备份" "备份完成"', ["每日备份 #2"]), ("备份 完成", ["每日备份 #2"]),
    ("status:failed backup", ["nightly backup #1"]), ("wf:nightly-backup files", ["nightly backup #2"]), ("before:1d rsync", []),
    ("after:1h rsync", ["nightly backup #1"]), ("!!!", []), ("", ["每日备份 #2", "每日备份 #1", "nightly backup #2", "nightly backup #1"]),
])  # fmt: skip
def test_what_is_found(history: None, text: str, labels: list[str] | None) -> None:
    if labels is None:
        with pytest.raises(Invalid, match="There is no filter"):
            found(text)
    else:
        assert found(text) == labels


def test_an_unknown_workflow_is_told(history: None) -> None:
    with pytest.raises(WorkflowNotFound):
        found("wf:nigthly-backup rsync")


def test_the_last_lines_of_tasks_are_searched(run: Run) -> None:
    run({"tasks": {"a": {"run": "echo unmistakable; exit 3"}}})
    assert found("unmistak") == ["test #1"] and found("wf:test unmistakable status:failed") == ["test #1"]
    assert found('"test" "unmistakable"') == ["test #1"] and found('"exit code" "unmistakable"') == ["test #1"]


def test_a_tag_of_the_workflow_is_searched_as_it_is_today(run: Run) -> None:
    run({"tags": ["weekly"], "tasks": {"a": {"run": "true"}}})
    assert found("weekly") == ["test #1"] and found("week") == ["test #1"]
    workflows.update_workflow("test", tags=("monthly",))
    assert found("weekly") == [] and found("monthly") == ["test #1"]


def test_a_note_is_found_while_it_is_there(history: None) -> None:
    one = executions.search_executions("rsync").rows[0].id
    executions.note_execution(one, "cable was loose")
    assert found("cable") == ["nightly backup #1"] and found("rsync cable") == ["nightly backup #1"]
    executions.note_execution(one, "cable replaced")
    assert found("loose") == [] and found("replaced") == ["nightly backup #1"]
    executions.note_execution(one, None)
    assert found("cable") == [] and found("rsync") == ["nightly backup #1"]


def test_what_runs_is_found_too(history: None) -> None:
    begun = recording.begin_execution("nightly-backup")
    assert found("nightly")[0] == "nightly backup #3"
    executions.note_execution(begun.id, "watch this one")
    assert (
        found("watch") == ["nightly backup #3"]
        and found('"this one"') == ["nightly backup #3"]
        and found("unwatched") == []
    )
    recording.end_execution(begun.id, Report(E.COMPLETED))
    assert found("watch") == ["nightly backup #3"]


def test_a_rerun_is_found_by_what_it_is_now(run: Run) -> None:
    ran = run({"tasks": {"a": {"run": 'test "$SMARTSPEC_ATTEMPT" = 2 || { echo firsttry; exit 1; }'}}})
    assert found("status:failed code") == ["test #1"]
    control.rerun_failed(ran.execution.id)
    assert found("status:failed") == [] and found("test") == ["test #1"]
    control.cancel_execution(ran.execution.id)
    assert found("status:cancelled test") == ["test #1"]


def test_the_trash_has_its_own_and_purged_ones_are_gone(history: None) -> None:
    one = executions.search_executions("rsync").rows[0].id
    execution_trash.delete_execution(one)
    assert found("rsync") == [] and found("trash:yes rsync") == ["nightly backup #1"]
    execution_trash.restore_execution(one)
    assert found("rsync") == ["nightly backup #1"]
    execution_trash.delete_execution(one)
    execution_trash.purge_execution(one)
    assert found("rsync") == [] and found("trash:yes rsync") == []


def test_the_index_is_consistent_after_all_that(history: None) -> None:
    one = executions.search_executions("rsync").rows[0].id
    executions.note_execution(one, "备份 note")
    executions.note_execution(one, "another")
    execution_trash.delete_execution(one)
    execution_trash.purge_execution(one)
    database.optimize_database()
    terms = {term for (term,) in rows.rows("SELECT DISTINCT term FROM terms")} if _with_terms() else set()
    assert "rsync" not in terms and "another" not in terms and "files" in terms


def _with_terms() -> bool:
    rows.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, execution_search, row)")
    return True


def test_pages_go_on_where_they_ended(db: object) -> None:
    for _ in range(7):
        report("many", error="same words", status=E.FAILED)
    seen: list[str] = []
    after: str | None = None
    while True:
        page = executions.search_executions("same", after=after, limit=3)
        seen += [each.label for each in page.rows]
        if page.next is None:
            break
        after = page.next
    assert seen == [f"many #{number}" for number in range(7, 0, -1)]
    assert executions.count_executions(executions.read_query("same")) == 7
    assert executions.count_executions(executions.read_query('"same words"')) == 7
    recording.begin_execution("many")
    assert executions.count_executions(executions.read_query("many"), exact=True) == 8
    assert executions.count_executions(executions.read_query("many status:failed after:1h")) == 7
    assert executions.count_executions(executions.read_query("many !!")) == 0


def test_history_takes_the_language(terminal: Callable[..., Said], home: object) -> None:
    terminal("record", "--name", "a", "--", "sh", "-c", "echo unmistakable; exit 3")
    terminal("call", "create_workflow", '{"name": "b"}')
    assert "a #1" in terminal("history", "status:failed", "unmistakable").out
    assert "a #1" in terminal("history", "a").out
    assert "Nothing has run" in terminal("history", "b").out
    assert "a #1" in terminal("history", "exit code").out
    assert terminal("history", "code with exit").out.startswith("Nothing")
    assert terminal("history", "--text", "exit code 3", "--count").out.strip() == "1"
    said = terminal("history", "stat:failed")
    assert said.code == 2 and "1:1" in said.err and "status" in said.err


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_finds_something_or_nothing(history: None, text: str) -> None:
    try:
        executions.search_executions(text)
        executions.search_executions(f'"{text.replace(chr(34), "")}"')
    except Invalid as error:
        assert error.problems


def test_accents_are_one_letter_or_two(db: object) -> None:
    report("x", output={"a": "cafe\u0301s", "b": "na\u00efve"})
    for text in ("caf\u00e9s", "cafes", "cafe\u0301", "naive", "nai\u0308ve"):
        assert found(text) == ["x #1"], text


def test_what_no_index_serves_is_found_step_by_step(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.store.history._STEP", 10)
    workflow = workflows.create_workflow("many")
    for number in range(35):
        execution = recording.begin_execution(workflow.id)
        recording.end_execution(execution.id, Report(E.COMPLETED))
        if number in (3, 33):
            executions.pin_execution(execution.id)
    wanted = ExecutionFilter(pinned=True)
    found, steps, after = list[int](), 0, None
    while True:
        page = executions.list_executions(wanted, after=after, in_steps=True)
        assert len(page.rows) < 2
        found, steps, after = [*found, *(each.number for each in page.rows)], steps + 1, page.next
        if after is None:
            break
    assert found == [34, 4] and steps == 4
    assert [each.number for each in executions.list_executions(wanted).rows] == found
    first = executions.list_executions(wanted, in_steps=True).next
    assert first and not executions.is_after(executions.get_execution("many#26"), first)
    assert executions.is_after(executions.get_execution("many#25"), first)
    assert executions.later_cursor(first, None) is None


@pytest.mark.parametrize("text", ["", "status:failed,completed", "backup", "trigger:external", "status:failed nightly"])
@pytest.mark.parametrize("in_steps", [False, True])
def test_the_oldest_first_is_the_same_from_the_other_end(
    history: None, monkeypatch: pytest.MonkeyPatch, text: str, in_steps: bool
) -> None:
    monkeypatch.setattr("smartspec.store.history._STEP", 3)
    for number in range(9):
        report(f"nightly {number % 3}", E.FAILED if number % 2 else E.COMPLETED)
    wanted = executions.read_query(text)

    def walked(oldest_first: bool) -> list[str]:
        found, after = list[str](), None
        while True:
            page = executions.list_executions(
                wanted, after=after, limit=2, oldest_first=oldest_first, in_steps=in_steps
            )
            found, after = [*found, *(each.id for each in page.rows)], page.next
            if after is None:
                return found

    assert walked(True) == walked(False)[::-1] and len(walked(True)) > 1


def test_a_large_trash_is_searched_as_a_small_one_is(history: None, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execution_trash.delete_executions([each.id for each in executions.search_executions("backup").rows])
    in_trash = ExecutionFilter(deleted=True)
    whole = executions.list_executions(in_trash).rows
    assert whole
    asked = [executions.read_query(text) for text in ("backup", "node-7", '"connection refused"', "nothing-of-it")]
    wanted = [replace(each, deleted=True) for each in asked]
    small = [executions.list_executions(each).rows for each in wanted]
    counts = [executions.count_executions(each) for each in wanted]
    monkeypatch.setattr("smartspec.store.history._LARGE_TRASH", 0)
    assert [executions.list_executions(each).rows for each in wanted] == small
    assert [executions.count_executions(each) for each in wanted] == counts == [len(each) for each in small]
    assert small[0] == whole and small[-1] == ()


def test_what_has_not_ended_is_found_by_its_own_index(db: Path) -> None:
    """A partial index serves only the condition that it was made with, word for word."""
    assert {each.strip("' ()") for each in listed._ACTIVE.partition("IN")[2].split(",")} == {*ACTIVE}
    sql = f"SELECT pk FROM executions WHERE +deleted_at IS NOT NULL AND {listed._ACTIVE}"
    plan = rows.rows(f"EXPLAIN QUERY PLAN {sql}")
    assert "executions_active" in str(plan)
