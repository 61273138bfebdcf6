"""Executions: named, found, listed, steered, put away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import (
    control,
    execution_logs,
    execution_trash,
    executions,
    exporting,
    recording,
    starting,
    versions,
    workflows,
)
from smartspec.commands.files import Imported
from smartspec.commands.recording import Report
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Origin, Trigger
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.store import database
from tests.conftest import Ran, run_on

TASK = {"tasks": {"a": {"run": "true"}}}
Store = Callable[..., Imported]


def test_an_execution_is_named_in_four_ways(run: Callable[..., Ran]) -> None:
    first, second = run(TASK).execution, run(TASK).execution
    assert (first.number, second.number) == (1, 2)
    for name in (first.id, first.id[:23], "test#1", "default.test#1"):
        assert executions.get_execution(name) == first
    assert executions.get_execution("test") == second
    with pytest.raises(errors.Conflict, match="More than one"):
        executions.get_execution(first.id[:6])
    for unknown in ("test#9", "0" * 36, "ffffffff", "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(errors.NotFound):
            executions.get_execution(unknown)


def test_a_number_is_never_given_twice(run: Callable[..., Ran]) -> None:
    run(TASK)
    done = run(TASK).execution
    execution_trash.delete_execution(done.id)
    execution_trash.purge_execution(done.id)
    assert run(TASK).execution.number == 3


def test_a_workflow_that_has_not_run_says_how(store: Store) -> None:
    store(TASK)
    with pytest.raises(errors.ExecutionNotFound, match="has not run yet; `smartspec run"):
        executions.get_execution("test")


def test_filters_combine(run: Callable[..., Ran], store: Store) -> None:
    good, bad = run({**TASK, "tags": ["x"]}).execution, run({"name": "bad", "tasks": {"a": {"run": "false"}}}).execution
    origin = Origin(Trigger.API, session_id="s", user_name="u", correlation_id="c")
    known = starting.start_execution("test", origin=origin)
    executions.pin_execution(good.id)
    executions.note_execution(bad.id, "100% of it_")
    now = times.now()

    def found(**asked: Any) -> list[str]:
        return [each.id for each in executions.list_executions(ExecutionFilter(**asked)).rows]

    workflow = workflows.get_workflow("test").pk
    assert found() == [known.id, bad.id, good.id]
    assert found(status=frozenset({E.COMPLETED, E.FAILED})) == [bad.id, good.id]
    assert found(workflow=workflow) == [known.id, good.id]
    assert found(workflow=workflow, status=frozenset({E.PENDING})) == [known.id]
    assert (
        found(session_id="s") == found(user_name="u") == found(correlation_id="c") == found(trigger="api") == [known.id]
    )
    assert found(session_id="s", user_name="other") == []
    assert found(pinned=True) == found(tag="x", status=frozenset({E.COMPLETED})) == [good.id]
    assert found(phrases=("100% of it_",)) == [bad.id] and found(phrases=("%%",)) == found(phrases=("it__",)) == []
    assert found(since=now + timedelta(seconds=1)) == [] and found(until=good.created_at) == []
    assert found(since=good.created_at, until=good.created_at + timedelta(milliseconds=1)) == [good.id]
    assert found(longer_ms=10_000) == [] and len(found(shorter_ms=10_000)) == 2
    assert [each.id for each in executions.failed_executions()] == [bad.id]
    assert [each.id for each in executions.recent_executions("test", 1)] == [known.id]
    assert executions.count_executions(ExecutionFilter(status=frozenset({E.FAILED}))) == 1


def test_pages_are_stable_while_more_is_written(store: Store) -> None:
    store(TASK)
    made = [starting.start_execution("test").id for _ in range(10)]
    seen, after = [], None
    while True:
        page = executions.list_executions(
            ExecutionFilter(status=frozenset({E.PENDING, E.RUNNING})), after=after, limit=3
        )
        seen += [each.id for each in page.rows]
        starting.start_execution("test")
        if (after := page.next) is None:
            break
    assert seen == made[::-1]
    with pytest.raises(errors.Invalid):
        executions.list_executions(limit=0)


def test_active_ones_come_by_priority_then_age(store: Store) -> None:
    store(TASK)
    low, high, later = (starting.start_execution("test", origin=Origin(priority=p)).id for p in (0, 5, 0))
    assert [id_ for (id_,) in database.rows("SELECT id FROM active_executions")] == [high, low, later]


def test_input_is_kept_as_given_and_variables_as_they_came_out(store: Store) -> None:
    store({
        "params": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"default": "{{ execution.number }}"}}},
        "vars": {"c": "{{ params.a + 1 }}"}, **TASK,
    })  # fmt: skip
    began = starting.start_execution("test", {"a": 1})
    assert began.input == {"a": 1}
    assert began.variables == {"params": {"a": 1, "b": 1}, "vars": {"c": 2}}
    with pytest.raises(errors.Invalid, match="“a” does not fit"):
        starting.start_execution("test", {"a": "x"})


def test_run_again_takes_the_input_and_todays_version(run: Callable[..., Ran], store: Store) -> None:
    def params(b: int) -> dict[str, object]:
        number = {"type": "integer", "default": 1}
        return {"type": "object", "properties": {"a": number, "b": {**number, "default": b}}}

    done = run({**TASK, "params": params(1)}, {"a": 5})
    store({**TASK, "params": params(2)})
    again = control.run_again(done.execution.id)
    assert (again.input, again.number, again.workflow_version) == ({"a": 5}, 2, "1.0.1")
    assert again.variables == {"params": {"a": 5, "b": 2}}
    workflows.delete_workflow("test")
    with pytest.raises(errors.Conflict, match="in the trash"):
        control.run_again(done.execution.id)


def test_what_waits_is_cancelled_and_paused_at_once(store: Store) -> None:
    store(TASK)
    waiting = starting.start_execution("test")
    assert control.pause_execution(waiting.id, "later").pause_reason == "later"
    assert control.resume_execution(waiting.id).status is E.PENDING
    assert control.cancel_execution(waiting.id).status is E.CANCELLED
    verbs: tuple[Callable[[str], object], ...] = (
        control.cancel_execution,
        control.pause_execution,
        control.resume_execution,
        control.give_up_execution,
    )
    for verb in verbs:
        with pytest.raises(errors.InvalidTransition):
            verb(waiting.id)
    assert run_on(control.rerun_failed(waiting.id)).status == "completed"
    with pytest.raises(errors.InvalidTransition, match="only what failed"):
        control.rerun_failed(waiting.id)


def test_when_only_the_output_failed_a_rerun_is_refused(run: Callable[..., Ran]) -> None:
    done = run({**TASK, "output": {"x": "{{ tasks.a.outputs.none }}"}})
    assert done.execution.status_reason == "output"
    with pytest.raises(errors.Conflict, match="no task would run again"):
        control.rerun_failed(done.execution.id)


def test_trash_notes_and_pins(run: Callable[..., Ran]) -> None:
    done = run({"tasks": {"a": {"run": "head -c 5000 /dev/zero"}}})
    log = execution_logs.log_path(done.row("a"))
    assert log is not None and log.exists()
    id_ = done.execution.id
    assert executions.note_execution(id_, "a note").note == "a note"
    assert executions.note_execution(id_, None).note is None
    with pytest.raises(errors.Conflict, match="not in the trash"):
        execution_trash.purge_execution(id_)
    execution_trash.delete_execution(id_)
    assert (
        executions.list_executions().rows == ()
        and len(executions.list_executions(ExecutionFilter(deleted=True)).rows) == 1
    )
    assert execution_trash.restore_execution(id_).deleted_at is None
    with pytest.raises(errors.Conflict):
        execution_trash.restore_execution(id_)
    execution_trash.delete_execution(id_)
    execution_trash.purge_execution(id_)
    assert not log.exists()
    with pytest.raises(errors.ExecutionNotFound):
        executions.get_execution(id_)


@pytest.mark.parametrize("name", ["file/x.csv", f"{'n' * 250}.csv", "missing/x.csv", "folder.csv"])
def test_a_place_that_takes_no_export_is_a_sentence(db: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(errors.Invalid, match="cannot be written"):
        exporting.export_executions(tmp_path / name)


@pytest.mark.parametrize(("ending", "read"), [
    (".csv", lambda text: list(csv.DictReader(io.StringIO(text)))), (".json", json.loads),
    (".jsonl", lambda text: [json.loads(line) for line in text.splitlines()]),
])  # fmt: skip
def test_an_export_is_what_its_name_says(
    run: Callable[..., Ran], tmp_path: Path, ending: str, read: Callable[[str], list[dict[str, Any]]]
) -> None:
    ids = [run(TASK).execution.id for _ in range(2)]
    file = tmp_path / f"executions{ending}"
    assert exporting.export_executions(file) == 2
    assert [each["id"] for each in read(file.read_text(encoding="utf-8"))] == ids[::-1]
    with pytest.raises(errors.Invalid, match=r"\.csv, \.json or \.jsonl"):
        exporting.export_executions(tmp_path / "executions.xls")
    assert [each.name for each in tmp_path.glob("executions*")] == [file.name]


def test_a_pending_execution_is_not_deleted(store: Store) -> None:
    store(TASK)
    with pytest.raises(errors.Conflict, match="takes it out of the queue"):
        execution_trash.delete_execution(starting.start_execution("test").id)


def test_old_ones_go_to_the_trash_to_the_millisecond_and_pinned_ones_never(run: Callable[..., Ran]) -> None:
    kept, older, pinned = (run(TASK).execution for _ in range(3))
    executions.pin_execution(pinned.id)
    day = 86_400_000
    now = times.to_ms(times.now())
    for execution, age in ((kept, 10 * day - 60_000), (older, 10 * day + 60_000), (pinned, 20 * day)):
        database.execute("UPDATE executions SET completed_at = ? WHERE pk = ?", (now - age, execution.pk))
    assert execution_trash.delete_old_executions(10) == 1
    assert {each.id for each in executions.list_executions().rows} == {kept.id, pinned.id}
    with pytest.raises(errors.Invalid):
        execution_trash.delete_old_executions(-1)


def test_execution_lifecycle(store: Store) -> None:
    """What is reported from outside: it begins, stays running, and ends once."""
    store(TASK)
    began = recording.begin_execution("test", "told by a script")
    assert (began.status, began.runner, began.workflow_name, began.kind) == (
        E.RUNNING,
        None,
        "told by a script",
        "external",
    )
    ended = recording.end_execution(began.id, Report(E.FAILED, {"rows": 1}, "it broke"))
    assert (ended.status, ended.output, ended.error) == (E.FAILED, {"rows": 1}, "it broke")
    assert ended.completed_at is not None and ended.duration_ms is not None
    with pytest.raises(errors.InvalidTransition):
        recording.end_execution(began.id, Report(E.COMPLETED))
    with pytest.raises(errors.InvalidTransition, match="recorded"):
        control.rerun_failed(began.id)
    ours = starting.start_execution("test")
    with pytest.raises(errors.Conflict, match="run by SmartSpec"):
        recording.end_execution(ours.id, Report(E.COMPLETED))


def test_unknown_tasks_are_told(run: Callable[..., Ran]) -> None:
    done = run({"tasks": {"a": {"run": "false"}, "b": {"needs": ["a"], "run": "true"}}})
    with pytest.raises(errors.TaskNotFound, match="has no task “c”"):
        executions.list_task_executions(done.execution.id, "c")
    assert len(executions.list_task_executions(done.execution.id, "a")) == 1


@pytest.mark.parametrize("field", ["session_id", "user_name", "correlation_id", "triggered_by"])
def test_hostile_marks_are_refused_or_kept(store: Store, field: str) -> None:
    """R38 for what an execution is known by."""
    store(TASK)

    def known_by(value: str) -> Origin:
        fields: dict[str, Any] = {field: value}
        return Origin(**fields)

    text = "'; DROP TABLE executions; -- %_ 🙂"
    began = starting.start_execution("test", origin=known_by(text))
    assert getattr(began, field) == text
    for bad in ("a\0b", "x" * 501):
        with pytest.raises(errors.Invalid):
            starting.start_execution("test", origin=known_by(bad))


def test_retries_that_wait_and_attempts_that_timed_out_are_listed(run: Callable[..., Ran], db: Path) -> None:
    done = run({"tasks": {"a": {"run": "sleep 5", "timeout": "100ms"}}})
    assert [each.pk for each in executions.timed_out_tasks()] == [done.row("a").pk]
    assert executions.pending_retries() == ()


def test_what_comes_after_a_purge_inherits_nothing(db: Path) -> None:
    """Keys are never used again: the events of what was purged stay, and are not those of the next."""
    workflow = workflows.create_workflow("w")
    for _ in range(2):
        execution = recording.begin_execution(workflow.id)
        recording.end_execution(execution.id, Report(E.COMPLETED))
        assert [event.type for event in executions.list_events(execution.id).rows] == [
            "execution_started", "execution_completed",
        ]  # fmt: skip
        execution_trash.delete_execution(execution.id)
        execution_trash.purge_execution(execution.id)
    workflows.delete_workflow(workflow.id)
    workflows.purge_workflow(workflow.id)
    again = workflows.create_workflow("another")
    assert [event.type for event in versions.workflow_history(again.id).rows] == ["workflow_created"]
