"""What the executions of a workflow tell a service, whoever runs them, and what comes of a service that does not answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

import smartspec as program
from smartspec.api.ledger import recorder
from smartspec.commands import configs, control, executions, pings, starting, workflows
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import as_mapping
from smartspec.errors import Invalid, NoKeyring
from smartspec.runner.pings import pinger
from smartspec.runner.pings.pinger import Pinger
from tests.check_service import CheckService, status
from tests.clock import until
from tests.conftest import Ran, run_on
from tests.keyring_in_a_file import FileKeyring
from tests.serving import serving

Store = Callable[..., Any]
GOOD = {"tasks": {"a": {"run": "true"}}}
BAD = {"tasks": {"a": {"run": "exit 3"}}}


@pytest.fixture
def service() -> Iterator[CheckService]:
    made = CheckService()
    yield made
    made.close()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyring; the answer is the file of its entries."""
    file = tmp_path / "keyring.json"
    monkeypatch.setenv("TEST_KEYRING_FILE", str(file))
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield file
    keyring.set_keyring(before)


@pytest.fixture
def run_pinging(store: Store, kept: Path, service: CheckService) -> Callable[[dict[str, Any]], Ran]:
    """Import a workflow that sends pings, and run it."""

    def run(definition: dict[str, Any]) -> Ran:
        workflow = store(definition).workflow
        pings.set_ping(workflow.id, service.url())
        return run_on(starting.start_execution(workflow.id))

    return run


def events_of(execution: Execution) -> list[tuple[str, Any, str | None]]:
    found = executions.list_events(execution.id).rows
    return [
        (each.type.value, as_mapping(each.data)["reason"], each.message)
        for each in found
        if each.type.value.startswith("ping")
    ]


def test_beginning_and_completing_are_told_and_each_is_an_event(
    run_pinging: Callable[..., Ran], service: CheckService
) -> None:
    ran = run_pinging(GOOD)
    assert service.paths == ["/a-secret-of-mine/start", "/a-secret-of-mine"]
    assert events_of(ran.execution) == [("ping_sent", None, "start"), ("ping_sent", None, "success")]


def test_a_failure_is_told_and_so_is_a_timeout(run_pinging: Callable[..., Ran], service: CheckService) -> None:
    assert run_pinging(BAD).status == "failed" and service.paths[1:] == ["/a-secret-of-mine/fail"]
    ran = run_pinging({"name": "slow", "timeout": "50ms", "tasks": {"a": {"run": "sleep 9"}}})
    assert ran.status == "timeout" and service.paths[2:] == ["/a-secret-of-mine/start", "/a-secret-of-mine/fail"]


def test_a_workflow_without_an_address_opens_no_connection(
    store: Store, service: CheckService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing may be sent")

    monkeypatch.setattr(pinger, "attempt", refuse)
    ran = run_on(starting.start_execution(store(GOOD).workflow.id))
    assert ran.status == "completed" and events_of(ran.execution) == []


def test_an_address_that_is_removed_is_told_nothing_and_forgotten(
    run_pinging: Callable[..., Ran], service: CheckService, kept: Path
) -> None:
    ran = run_pinging(GOOD)
    assert pings.remove_ping("test") and not pings.remove_ping("test")
    run_on(starting.start_execution(workflows.get_workflow("test").id))
    assert len(service.asked) == 2 and json.loads(kept.read_text()) == {}
    assert pings.get_ping("test").source is None and ran.status == "completed"


def test_what_was_cancelled_tells_no_end_and_what_goes_on_tells_its_beginning_once(
    store: Store, kept: Path, service: CheckService, tmp_path: Path
) -> None:
    two = {"tasks": {"a": {"run": f"touch {tmp_path}/began; sleep 0.1"}, "b": {"needs": ["a"], "run": "true"}}}
    workflow = store(two).workflow
    pings.set_ping(workflow.id, service.url())
    with serving() as worker:
        execution = starting.start_execution(workflow.id)
        until((tmp_path / "began").exists)
        control.pause_execution(execution.id)
        until(lambda: executions.get_execution(execution.id).status is ExecutionStatus.PAUSED)
        control.resume_execution(execution.id)
        until(lambda: executions.get_execution(execution.id).status is ExecutionStatus.COMPLETED)
        (tmp_path / "began").unlink()
        other = starting.start_execution(workflow.id)
        until((tmp_path / "began").exists)
        control.cancel_execution(other.id)
        until(lambda: executions.get_execution(other.id).status is ExecutionStatus.CANCELLED)
        worker.pinger.wait()
    start = "/a-secret-of-mine/start"
    assert service.paths == [start, "/a-secret-of-mine", start]


def test_a_sub_workflow_tells_of_itself_and_what_cannot_begin_has_failed(
    store: Store, kept: Path, service: CheckService
) -> None:
    inner = store({**GOOD, "name": "inner"}).workflow
    pings.set_ping(inner.id, service.url("/inner-of-mine"))
    assert run_on(starting.start_execution(store({"tasks": {"a": {"workflow": "inner"}}}).workflow.id)).status == (
        "completed"
    )
    assert service.paths == ["/inner-of-mine/start", "/inner-of-mine"]
    needy = store({"name": "needy", "config": {"token": {"type": "secret"}}, **GOOD}).workflow
    configs.set_config(needy.id, "token", "very-secret")
    pings.set_ping(needy.id, service.url("/needy-of-mine"))
    execution = starting.start_execution(needy.id)
    entries = json.loads(kept.read_text())
    kept.write_text(json.dumps({key: each for key, each in entries.items() if each != "very-secret"}))
    assert run_on(execution).status == "failed" and service.paths[2:] == ["/needy-of-mine/fail"]


@pytest.mark.parametrize("code", [204, 500])
def test_what_the_service_answers_changes_nothing(
    run_pinging: Callable[..., Ran], service: CheckService, code: int
) -> None:
    service.answers = status(code)
    ran = run_pinging(GOOD)
    assert ran.status == "completed"
    reason = None if code == 204 else "status 500"
    assert [each[1] for each in events_of(ran.execution)] == [reason, reason]
    assert "500" not in str(ran.execution.error) and ran.execution.warned == 0


def test_a_service_that_hangs_holds_nothing_up_and_is_given_up(
    run_pinging: Callable[..., Ran], service: CheckService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinger, "SECONDS", 0.3)
    service.answers = service.hang
    ran = run_pinging(GOOD)
    duration = ran.execution.duration_ms
    assert duration is not None and ran.status == "completed"
    assert events_of(ran.execution) == [
        ("ping_failed", "timeout 0.3", "start: there was no answer within 0.3 s"),
        ("ping_failed", "timeout 0.3", "success: there was no answer within 0.3 s"),
    ]
    assert service.paths[0].endswith("/start"), "the end waits for the beginning: they are never the other way round"


def test_who_must_go_waits_a_moment_and_says_what_was_not_answered(
    store: Store, kept: Path, service: CheckService
) -> None:
    workflow = store(GOOD).workflow
    pings.set_ping(workflow.id, service.url())
    execution = run_on(starting.start_execution(workflow.id)).execution
    service.answers = service.hang
    sender = Pinger()
    sender.began(execution, {})
    sender.ended(execution, {})
    sender.wait(0.05)
    assert sender.is_busy, "it did not wait for an answer"
    assert [each[1] for each in events_of(execution)[2:]] == ["ended", "ended"]
    service.close()
    until(lambda: not sender.is_busy)
    assert len(events_of(execution)) == 4, "what came too late is no event"


def test_an_execution_does_not_wait_for_its_pings(store: Store, kept: Path, service: CheckService) -> None:
    """Negative control: where it did, this would hang."""
    service.answers = service.hang
    workflow = store(GOOD).workflow
    pings.set_ping(workflow.id, service.url())
    with serving() as worker:
        execution = starting.start_execution(workflow.id)
        until(lambda: executions.get_execution(execution.id).status is ExecutionStatus.COMPLETED)
        assert worker.pinger.is_busy
    service.close()
    until(lambda: not worker.pinger.is_busy)


# The address


def test_it_is_masked_in_what_tasks_say_and_stands_nowhere_in_the_ledger(
    store: Store, kept: Path, service: CheckService, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = store({"tasks": {"a": {"run": 'printf \'%s/start %s\' "$URL" "${URL##*/}"'}}}).workflow
    monkeypatch.setenv("URL", service.url())
    before = run_on(starting.start_execution(workflow.id))
    assert before.log("a") == f"{service.url()}/start a-secret-of-mine".encode(), "negative control"
    pings.set_ping(workflow.id, service.url("/another-of-mine"))
    monkeypatch.setenv("URL", service.url("/another-of-mine"))
    ran = run_on(starting.start_execution(workflow.id))
    assert ran.log("a") == b"******/start ******"
    found = [file for file in db.parent.rglob("*") if file.is_file() and b"another-of-mine" in file.read_bytes()]
    assert found == [] and service.paths == ["/another-of-mine/start", "/another-of-mine"]


def test_a_variable_holds_it_where_there_is_no_keyring(
    store: Store, service: CheckService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends import fail

    workflow = store(GOOD).workflow
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    try:
        with pytest.raises(NoKeyring, match=r"no keyring.*--variable NAME"):
            pings.set_ping(workflow.id, service.url())
        assert pings.get_ping(workflow.id).source is None
        pings.set_ping(workflow.id, variable="NIGHTLY_PING")
        assert [each[1] for each in events_of(run_on(starting.start_execution(workflow.id)).execution)] == [
            "variable NIGHTLY_PING", "variable NIGHTLY_PING",
        ]  # fmt: skip
        monkeypatch.setenv("NIGHTLY_PING", service.url())
        run_on(starting.start_execution(workflow.id))
    finally:
        keyring.set_keyring(before)
    assert len(service.asked) == 2
    with pytest.raises(Invalid, match="Give the address"):
        pings.set_ping(workflow.id)


def test_a_keyring_that_lost_it_or_refuses_is_an_event_and_no_failure(
    run_pinging: Callable[..., Ran], kept: Path, service: CheckService
) -> None:
    run_pinging(GOOD)
    kept.write_text("{}")
    ran = run_on(starting.start_execution(workflows.get_workflow("test").id))
    assert ran.status == "completed" and [each[1] for each in events_of(ran.execution)] == ["lost", "lost"]
    kept.write_text("no json")
    ran = run_on(starting.start_execution(workflows.get_workflow("test").id))
    assert ran.status == "completed" and [each[1] for each in events_of(ran.execution)] == ["keyring", "keyring"]
    assert len(service.asked) == 2


def test_setting_it_anew_and_purging_leave_nothing_in_the_keyring(
    store: Store, kept: Path, service: CheckService
) -> None:
    workflow = store(GOOD).workflow
    for path in ("/one-of-mine", "/two-of-mine"):
        pings.set_ping(workflow.id, service.url(path))
    assert list(json.loads(kept.read_text()).values()) == [service.url("/two-of-mine")]
    copy = workflows.duplicate_workflow(workflow.id)
    assert pings.get_ping(copy.id).source is None, "an address that two workflows share tells of neither"
    workflows.delete_workflow(workflow.id)
    workflows.purge_workflow(workflow.id)
    assert json.loads(kept.read_text()) == {}


# What is recorded


def test_what_a_program_records_of_itself_is_told(
    home: Path, kept: Path, service: CheckService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program.record("train"):
        pass
    pings.set_ping("train", service.url())
    with pytest.raises(ZeroDivisionError), program.record("train"):
        1 / 0  # noqa: B018
    recorder.pinger.wait()
    assert service.paths == ["/a-secret-of-mine/start", "/a-secret-of-mine/fail"]
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert not recorder.pinger.is_busy, "a fork has no threads of its parent"
