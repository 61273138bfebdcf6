"""What the commands refuse is said in the language of whoever reads it: no word of a refusal stays English."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import (
    calling,
    comparing,
    configs,
    control,
    database,
    execution_trash,
    executions,
    files,
    metrics,
    secrets,
    starting,
    versions,
    workflow_sources,
    workflows,
    workspaces,
)
from smartspec.domain.execution import Execution
from smartspec.errors import SmartSpecError
from smartspec.messages import translate
from smartspec.store.backup import inspection
from smartspec.store.database import unsafe_locations
from tests.conftest import Ran
from tests.pseudo import untranslated

Refused = Callable[[Execution], object]
_WROTE = ("x", "a", "default", "nightly", "/nightly.yaml")  # what the person of these tests wrote
_REFUSALS: dict[str, Refused] = {
    "no workflow": lambda _: workflows.get_workflow("nightly"),
    "a workflow in the trash": lambda _: workflows.restore_workflow("nightly"),
    "a name that is taken": lambda _: workflows.create_workflow("x"),
    "no version": lambda _: versions.get_version("x", "9"),
    "the first version": lambda _: versions.compare_versions("x"),
    "no setting": lambda _: configs.get_config("x", "nightly"),
    "no execution": lambda _: executions.get_execution("x#99"),
    "no task": lambda ran: executions.list_task_executions(ran.id, "nightly"),
    "what has ended cannot be cancelled": lambda ran: control.cancel_execution(ran.id),
    "nor resumed": lambda ran: control.resume_execution(ran.id),
    "nor given up": lambda ran: control.give_up_execution(ran.id),
    "nor confirmed": lambda ran: control.confirm_task(ran.id, "a"),
    "nor run again in part": lambda ran: control.rerun_failed(ran.id),
    "not in the trash": lambda ran: execution_trash.restore_execution(ran.id),
    "nor for good": lambda ran: execution_trash.purge_execution(ran.id),
    "compared with itself": lambda ran: comparing.compare_executions(ran.id, ran.id),
    "no replay": lambda ran: comparing.replay_verdict(ran.id),
    "input that does not fit": lambda _: starting.start_execution("x", {"nightly": 1}),
    "a page that is too long": lambda _: executions.list_executions(limit=0),
    "no file": lambda _: workflow_sources.read_source(Path("/nightly.yaml")),
    "no version to export": lambda _: files.export_workflow("x", version="9"),
    "no such granularity": lambda _: metrics.workflow_metrics("x", "nightly"),
    "a secret that is too short": lambda _: secrets.check("x", "nightly"),
    "no command": lambda _: calling.call("nightly"),
    "an argument too many": lambda _: calling.call("get_workspace", {"x": 1}),
    "an argument of another type": lambda _: calling.call("get_workspace", {"workspace": 1}),
    "no workspace": lambda _: workspaces.get_workspace("nightly"),
    "the default workspace": lambda _: workspaces.delete_workspace("default"),
    "no backup": lambda _: database.verify_backup("nightly"),
    "a ledger that is there": lambda _: database.new_database(database.database_path()),
}
# Commands that are values, and names and types of the API
_KEPT = ("smartspec again", "smartspec rerun", "--from TASK", "get_workspace", "workspace", "str")


@pytest.fixture
def ran(run: Callable[..., Ran]) -> Execution:
    return run({"name": "x", "tasks": {"a": {"run": "true"}}}).execution


@pytest.mark.parametrize("refused", _REFUSALS.values(), ids=_REFUSALS)
def test_a_refusal_is_translated(ran: Execution, refused: Refused, pseudo: None) -> None:
    with pytest.raises(SmartSpecError) as caught:
        refused(ran)
    shown = translate(caught.value.sentence)
    assert any(ord(letter) > 191 and letter.isalpha() for letter in shown), shown
    ids = (ran.id, ran.id[:18], ran.id[:13])
    assert untranslated(shown, [*_WROTE, *_KEPT, *ids, str(database.database_path())]) == []


def test_findings_are_translated(pseudo: None) -> None:
    found = [
        inspection.page_finding("row 3 missing from index x"),
        inspection.page_finding("btreeInitPage() returns error code 11"),
        unsafe_locations.warning(Path("/nightly"), "nfs", {}) or "",
    ]
    for each in found:
        assert "é" in translate(each) and "the" not in translate(each).split()
