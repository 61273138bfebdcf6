"""`call`: the 18 commands of SmartSpec Pro with their own shapes, and every other by its name."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import registry, starting, workflows
from smartspec.commands.files import Imported
from smartspec.compat import call, smartspec_pro
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.jsontext import Json
from smartspec.store import database, migrations

pytestmark = pytest.mark.usefixtures("db")


def made(name: str = "My Workflow", **more: Any) -> Any:
    return call("create_workflow_db", {"req": {"name": name, **more}})


def test_there_are_eighteen() -> None:
    assert len(smartspec_pro.NAMES) == 18


def test_the_five_usage_examples() -> None:
    before = int(time.time())
    workflow = call(
        "create_workflow_db",
        {"req": {"name": "My Workflow", "description": "Test workflow", "config": {"key": "value"}}},
    )
    assert workflow == {
        "id": workflow["id"], "name": "My Workflow", "description": "Test workflow", "version": "1.0.0",
        "config": {"key": "value"}, "created_at": workflow["created_at"], "updated_at": workflow["updated_at"],
    }  # fmt: skip
    assert before <= workflow["created_at"] <= time.time()
    assert call("list_workflows_db", {"filter": {"name": "my work", "limit": 10, "offset": 0}}) == [workflow]
    execution = call("create_execution_db", {"workflowId": workflow["id"], "workflowName": "My Workflow"})
    assert (execution["status"], execution["workflow_id"], execution["completed_at"]) == (
        "running",
        workflow["id"],
        None,
    )
    ended = call(
        "update_execution_status_db",
        {"id": execution["id"], "status": "completed", "output": {"result": "success"}, "error": None},
    )
    assert (ended["status"], ended["output"]) == ("completed", {"result": "success"})
    assert isinstance(ended["completed_at"], int)
    assert call("get_database_stats") == {"workflow_count": 1, "execution_count": 1, "config_count": 0}


def test_workflow_repository() -> None:
    first, second = made("one"), made("two")
    assert call("get_workflow_db", {"id": first["id"]}) == first
    assert call("get_workflow_by_name_db", {"name": "two"}) == second
    assert call("list_workflows_db", {}) == [second, first]
    assert call("list_workflows_db", {"filter": {"limit": 1, "offset": 1}}) == [first]
    changed = call("update_workflow_db", {"id": first["id"], "req": {"description": "d"}})
    assert (changed["name"], changed["description"]) == ("one", "d")
    assert call("delete_workflow_db", {"id": first["id"]}) is True
    assert call("get_workflow_db", {"id": first["id"]}) is None
    assert call("get_workflow_by_name_db", {"name": "one"}) is None
    assert call("delete_workflow_db", {"id": first["id"]}) is False
    assert call("get_database_stats")["workflow_count"] == 1
    with pytest.raises(errors.WorkflowNotFound):
        call("update_workflow_db", {"id": first["id"], "req": {}})
    with pytest.raises(errors.Conflict):
        made("two")


def test_execution_repository() -> None:
    workflow = made()
    first, second = (
        call("create_execution_db", {"workflow_id": workflow["id"], "workflow_name": "n"}) for _ in range(2)
    )
    call("update_execution_status_db", {"id": first["id"], "status": "failed", "error": "e"})
    assert call("get_execution_db", {"id": first["id"]})["error"] == "e"
    assert [each["id"] for each in call("list_executions_db", {"filter": {"workflowId": workflow["id"]}})] == [
        second["id"],
        first["id"],
    ]
    assert [each["id"] for each in call("list_executions_db", {"filter": {"status": "failed"}})] == [first["id"]]
    assert call("list_executions_db", {"filter": {"workflow_id": "0"}}) == []
    assert call("get_execution_db", {"id": "0"}) is None
    with pytest.raises(errors.Conflict):
        call("delete_execution_db", {"id": second["id"]})
    assert call("delete_execution_db", {"id": first["id"]}) is True
    assert call("delete_execution_db", {"id": first["id"]}) is False
    assert call("get_execution_db", {"id": first["id"]}) is None
    with pytest.raises(errors.ExecutionNotFound):
        call("update_execution_status_db", {"id": "0", "status": "completed"})
    with pytest.raises(errors.NotFound):
        call("create_execution_db", {"workflowId": "0", "workflowName": "x"})
    assert call("delete_old_executions_db", {"days": 0}) == 0


def test_configs_by_their_old_names() -> None:
    workflow = made()
    payload = {"workflowId": workflow["id"], "key": "limit", "value": "5", "valueType": "number", "description": "d"}
    saved = call("upsert_config_db", payload)
    assert (saved["value"], saved["value_type"], saved["description"]) == ("5", "number", "d")
    assert call("upsert_config_db", {**payload, "value": "6"})["id"] == saved["id"]
    assert call("get_config_db", {"workflowId": workflow["id"], "key": "limit"})["value"] == "6"
    assert [each["key"] for each in call("list_configs_by_workflow_db", {"workflowId": workflow["id"]})] == ["limit"]
    assert call("get_database_stats")["config_count"] == 1
    assert call("delete_config_db", {"workflowId": workflow["id"], "key": "limit"}) is True
    assert call("delete_config_db", {"workflowId": workflow["id"], "key": "limit"}) is False
    assert call("get_config_db", {"workflowId": workflow["id"], "key": "limit"}) is None
    with pytest.raises(errors.Invalid, match="Invalid value type: blob"):
        call("upsert_config_db", {**payload, "valueType": "blob"})
    assert call("get_database_version") == str(migrations.latest())


def test_execution_status_conversion(store: Callable[..., Imported]) -> None:
    words = {
        "pending": "running", "running": "running", "paused": "running", "completed": "completed", "failed": "failed",
        "timeout": "failed", "interrupted": "failed", "cancelled": "stopped",
    }  # fmt: skip
    store({"tasks": {"a": {"run": "true"}}})
    for status in ExecutionStatus:
        execution = starting.start_execution("test")
        database.execute("UPDATE executions SET status = ? WHERE pk = ?", (status.value, execution.pk))
        answer = call("get_execution_db", {"id": execution.id})
        assert answer["status"] == words[status]
        assert execution.id in [
            each["id"] for each in call("list_executions_db", {"filter": {"status": words[status]}})
        ]


def test_what_smartspec_runs_can_be_stopped_but_not_reported_on(store: Callable[..., Imported]) -> None:
    store({"tasks": {"a": {"run": "true"}}})
    execution = starting.start_execution("test")
    with pytest.raises(errors.Conflict, match="can be stopped, not reported on"):
        call("update_execution_status_db", {"id": execution.id, "status": "completed"})
    assert call("update_execution_status_db", {"id": execution.id, "status": "stopped"})["status"] == "stopped"


def test_a_workflow_made_this_way_refuses_to_start() -> None:
    with pytest.raises(errors.Conflict, match="no tasks to run"):
        starting.start_execution(made()["id"])


@pytest.mark.parametrize(
    ("name", "payload", "words"),
    [
        ("create_workflow_db", {}, "“req” must be an object"), ("create_workflow_db", {"req": {}}, "“name” is missing"),
        ("create_workflow_db", {"req": {"name": 5}}, "“name” must be a text"),
        ("create_workflow_db", {"req": {"name": "x", "nme": 1}}, "does not know “nme”"),
        ("get_workflow_db", {"id": "x", "more": 1}, "does not know “more”"),
        ("get_workflow_db", {"id": "tool:a/b@1"}, "is the id of a tool"),
        ("list_workflows_db", {"filter": {"limit": -1}}, "not negative"),
        ("list_executions_db", {"filter": {"status": "exploded"}}, "no status “exploded”"),
        ("delete_old_executions_db", {"days": "x"}, "“days” must be a number"),
        ("nope", {}, "no command “nope”"), ("create_workflw_db", {}, "did you mean “create_workflow_db”"),
        ("get_workflow", {}, "needs “ref”"), ("get_workflow", {"ref": "x", "y": 1}, "does not know “y”"),
        ("get_workflow", {"ref": 5}, "must be of the type str"),
        ("list_executions", {"wanted": {"status": ["exploded"]}}, "cannot be “exploded”"),
        ("list_executions", {"wanted": {"nope": 1}}, "does not know “nope”"),
        ("list_executions", {"wanted": {"since": "soon"}}, "is not a time"),
        ("end_execution", {"which": "x", "report": {}}, "is not complete"),
        ("update_workflow", {"ref": "x", "tags": "abc"}, "“tags” must be a list"),
        ("update_workflow", {"ref": "x", "tags": [5]}, "“tags” must be of the type str"),
        ("update_workflow", {"ref": "x", "name": 5}, "“name” must be of the type str"),
        ("update_workflow", {"ref": "x", "description": 5}, "“description” must be of the type str"),
        ("update_workflow", {"ref": "x", "status": "y"}, "does not know “status”: it takes ref, .*, tags, config"),
    ],
)  # fmt: skip
def test_a_payload_that_does_not_fit_is_a_sentence(name: str, payload: dict[str, Any], words: str) -> None:
    with pytest.raises(errors.Invalid, match=words):
        call(name, payload)


def test_of_a_workflow_only_what_is_given_is_changed() -> None:
    first = made("one")
    for key, value in (("name", 5), ("description", ["x"])):
        with pytest.raises(errors.Invalid, match=f"“{key}” must be a text"):
            call("update_workflow_db", {"id": first["id"], "req": {key: value}})
    changed = call("update_workflow_db", {"id": first["id"], "req": {"name": None, "config": {"a": 1}}})
    assert (changed["name"], changed["config"]) == ("one", {"a": 1})
    kept = call("update_workflow", {"ref": first["id"], "tags": ["a"], "category": "c"})
    cleared = call("update_workflow", {"ref": first["id"], "name": None, "tags": None, "category": None})
    assert (kept["category"], cleared["category"]) == ("c", None)
    assert (cleared["name"], cleared["tags"]) == ("one", ["a"])


def test_a_format_that_there_is_not_is_refused() -> None:
    workflow = made("one")
    with pytest.raises(errors.Invalid, match="“format” cannot be “xml”: it is one of yaml, json"):
        call("save_working_copy", {"ref": workflow["id"], "text": "name: x", "format": "xml"})
    assert call("get_working_copy", {"ref": workflow["id"]}) is None
    source = {"name": "f", "text": "smartspec: 1\nname: y\ntasks: {a: {run: x}}", "format": "xml"}
    assert "cannot be “xml”" in call("check_definition", {"sources": [source]})["f"][0]["sentence"]
    with pytest.raises(errors.Invalid, match="nothing was stored"):
        call("import_workflows", {"sources": [source]})


def test_a_payload_is_an_object() -> None:
    with pytest.raises(errors.Invalid, match="JSON object"):
        call("get_workflow", [1])  # type: ignore[arg-type]


def test_every_verb_is_reached_by_name() -> None:
    of_runners = {f"smartspec.commands.{name}" for name in ("runs", "runners", "sub_executions")}
    assert of_runners.isdisjoint(each.__module__ for each in registry.commands().values())
    workflow = call("create_workflow", {"name": "x"})
    assert workflow["ref"] == "default.x" and "pk" not in workflow
    assert call("list_workflows", {"wanted": {"name": "x", "status": ["draft"]}, "limit": 5})["rows"] == [workflow]
    begun = call("begin_execution", {"ref": "x"})
    ended = call("end_execution", {"which": begun["id"], "report": {"status": "timeout", "output": [1]}})
    assert (ended["status"], ended["output"]) == ("timeout", [1])
    assert call("list_executions", {"wanted": {"since": "1h", "status": "timeout"}})["rows"][0]["id"] == begun["id"]
    source = {"name": "f", "text": "smartspec: 1\nname: y\ntasks: {a: {run: x}}", "format": "yaml"}
    assert call("check_definition", {"sources": [source]}) == {"f": []}
    assert call("import_workflows", {"sources": [source]})[0]["change"] == "created"


def test_what_takes_a_list_is_given_one() -> None:
    made()
    ids = [call("begin_execution", {"ref": "my-workflow"})["id"] for _ in range(3)]
    for each in ids:
        call("end_execution", {"which": each, "report": {"status": "completed"}})
    assert sorted(call("delete_executions", {"which": ids})) == sorted(ids)
    assert call("restore_executions", {"which": ids[:1]}) == ids[:1]
    assert call("purge_executions", {"which": []}) == 0
    assert call("purge_executions", {"which": ids}) == 2
    assert [each["id"] for each in call("list_executions")["rows"]] == ids[:1]
    wrong: Json
    for wrong in ([1], [None], [["a"]], [{}]):
        with pytest.raises(errors.Invalid, match="which"):
            call("delete_executions", {"which": wrong})


def test_answers_are_plain_json(tmp_path: Path) -> None:
    import json

    workflows.create_workflow("x")
    for name in ("database_version", "database_health", "list_settings", "list_workspaces", "list_backups", "alerts"):
        json.dumps(call(name, {}))


def test_a_version_that_is_set_from_outside_is_refused_with_the_way() -> None:
    first = made()
    assert call("update_workflow_db", {"id": first["id"], "req": {"version": first["version"]}}) or True
    with pytest.raises(errors.Invalid, match=r"cannot be set .* import its file with `version: 9\.9`"):
        call("update_workflow_db", {"id": first["id"], "req": {"version": "9.9", "description": "lost?"}})
    assert call("get_workflow_db", {"id": first["id"]})["description"] == first["description"]
