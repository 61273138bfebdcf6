"""Workflows: made, found, changed, put away, brought back, removed; files imported."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import (
    configs,
    definitions,
    execution_trash,
    executions,
    files,
    recording,
    starting,
    trash,
    versions,
    workflow_sources,
    workflows,
    working_copies,
    workspaces,
)
from smartspec.commands.files import Imported
from smartspec.commands.recording import Report
from smartspec.commands.workflow_sources import Source
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus, WorkflowStatus
from smartspec.domain.execution import Origin
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.store import database
from tests.conftest import Ran

TASK = {"tasks": {"a": {"run": "true"}}}
Store = Callable[..., Imported]


def test_workflow_creation(db: Path) -> None:
    made = workflows.create_workflow("Nightly Report", pack="reports", description="d", config={"k": [1]})
    assert (made.ref, made.status, made.config) == ("reports.nightly-report", WorkflowStatus.DRAFT, {"k": [1]})
    assert workflows.get_workflow("reports.nightly-report") == made == workflows.get_workflow(made.id)


def test_a_name_is_unique_in_its_pack_and_a_taken_ref_gets_a_number(db: Path) -> None:
    workflows.create_workflow("a b")
    with pytest.raises(errors.Conflict, match="already a workflow named “a b”"):
        workflows.create_workflow("a b")
    assert workflows.create_workflow("a-b").ref == "default.a-b-2"
    assert workflows.create_workflow("A B").ref == "default.a-b-3"
    assert workflows.create_workflow("a b", pack="other").ref == "other.a-b"


def test_a_ref_without_a_dot_is_sought_in_the_default_pack_then_anywhere(db: Path) -> None:
    elsewhere = workflows.create_workflow("job", pack="one")
    assert workflows.get_workflow("job") == elsewhere
    workflows.create_workflow("job", pack="two")
    with pytest.raises(errors.Conflict, match=r"one\.job, two\.job"):
        workflows.get_workflow("job")
    here = workflows.create_workflow("job")
    assert workflows.get_workflow("job") == here


def test_an_unknown_workflow_is_told_with_a_guess(db: Path) -> None:
    workflows.create_workflow("nightly")
    with pytest.raises(errors.WorkflowNotFound, match="did you mean “nightly”"):
        workflows.get_workflow("nightli")
    with pytest.raises(errors.WorkflowNotFound, match="smartspec list"):
        workflows.get_workflow("something-else")


def test_workflow_update(db: Path) -> None:
    made = workflows.create_workflow("x", description="old", config={"a": 1})
    changed = workflows.update_workflow("x", description="new")
    assert (changed.description, changed.config, changed.row_version) == ("new", {"a": 1}, 2)
    assert changed.updated_at > made.updated_at
    assert workflows.update_workflow("x", description="new") == changed
    update: Callable[..., object] = workflows.update_workflow
    with pytest.raises(errors.Invalid, match="no “status” that can be changed"):
        update("x", status="y")
    assert workflows.update_workflow("x", config={"a": True}).config == {"a": True}  # in JSON 1 is not true


def test_each_change_is_later_than_the_one_before_wherever_the_clock_stands(store: Store) -> None:
    made = store({**TASK, "name": "x"}).workflow
    ahead = times.now() + timedelta(days=400)
    with database.transaction():  # as a clock that was set back since has left it
        database.execute("UPDATE workflows SET updated_at = ? WHERE pk = ?", (times.to_ms(ahead), made.pk))
    changes = (
        lambda: workflows.update_workflow("x", description="new"), lambda: workflows.rename_workflow("x", "y"),
        lambda: workflows.deactivate_workflow("x"), lambda: store({**TASK, "name": "x", "version": "7.0.0"}),
        lambda: versions.rollback_version("x", "1"),
    )  # fmt: skip
    seen = [workflows.get_workflow("x").updated_at]
    for change in changes:
        change()
        seen.append(workflows.get_workflow("x").updated_at)
    assert seen == sorted(set(seen))


def test_a_change_of_what_is_said_about_it_makes_no_version_and_one_of_the_text_does(store: Store) -> None:
    store({**TASK, "name": "x"})
    workflows.update_workflow("x", description="new", tags=["a"], config={"k": 1})
    assert versions.count_versions("x") == 1
    store({"name": "x", "tasks": {"a": {"run": "false"}}})
    assert versions.count_versions("x") == 2


def test_two_editors_cannot_overwrite_each_other(db: Path) -> None:
    made = workflows.create_workflow("x")
    workflows.update_workflow("x", description="first")
    with pytest.raises(errors.Conflict, match="changed elsewhere meanwhile"):
        workflows.update_workflow("x", description="second", row_version=made.row_version)
    assert workflows.get_workflow("x").description == "first"


def test_a_rename_changes_the_name_and_not_the_ref(store: Store) -> None:
    store({**TASK, "name": "old"})
    workflows.create_workflow("taken")
    assert (renamed := workflows.rename_workflow("old", "New name")).ref == "default.old"
    assert renamed.name == "New name"
    with pytest.raises(errors.Conflict):
        workflows.rename_workflow("old", "taken")
    again = store({**TASK, "name": "old", "description": "later"})
    assert (again.workflow.name, again.workflow.description) == ("New name", "later")


def test_a_list_is_found_by_part_of_the_name_in_any_script_and_case(db: Path) -> None:
    for name in ("Straße", "İzmir", "ISPARTA", "รายงาน", "น้ำ", "Café", "Σίσυφος", "Report", "REPORTS"):
        workflows.create_workflow(name)

    def found(part: str) -> set[str]:
        return {each.name for each in workflows.list_workflows(WorkflowFilter(name=part)).rows}

    assert found("report") == {"Report", "REPORTS"}
    assert found("STRASSE") == {"Straße"}
    assert found("งาน") == {"รายงาน"}
    assert found("izmir") == found("İZMİR") == found("ızmır") == {"İzmir"}
    assert found("isparta") == found("ısparta") == {"ISPARTA"}
    assert found("น้ํา") == {"น้ำ"}  # the vowel in one code point, and in two
    assert found("cafe") == found("CAFE\u0301") == {"Café"}
    assert found("ΣΊΣΥΦΟΣ") == {"Σίσυφος"}
    assert found("%") == found("_") == set()


def test_lists_are_filtered_and_paged(store: Store) -> None:
    for number in range(7):
        store(
            {
                **TASK,
                "name": f"w{number}",
                "pack": "p",
                "category": "odd" if number % 2 else "even",
                "tags": ["all", f"t{number}"],
            }
        )
    first = workflows.list_workflows(limit=3)
    second = workflows.list_workflows(after=first.next, limit=3)
    third = workflows.list_workflows(after=second.next, limit=3)
    assert [each.name for page in (first, second, third) for each in page.rows] == [f"w{n}" for n in reversed(range(7))]
    assert third.next is None
    assert workflows.count_workflows(WorkflowFilter(category="odd")) == 3
    assert workflows.count_workflows(WorkflowFilter(tags=frozenset({"all", "t3"}))) == 1
    assert workflows.count_workflows(WorkflowFilter(pack="q")) == 0
    assert workflows.count_workflows(WorkflowFilter(status=frozenset({WorkflowStatus.ACTIVE}))) == 7
    with pytest.raises(errors.Invalid, match="not where a page goes on"):
        workflows.list_workflows(after="x; DROP TABLE")


def test_the_states_of_a_workflow(store: Store) -> None:
    draft = workflows.create_workflow("draft")
    with pytest.raises(errors.Conflict, match="no version yet"):
        workflows.activate_workflow("draft")
    with pytest.raises(errors.InvalidTransition):
        workflows.archive_workflow(draft.id)
    store(TASK)
    assert workflows.deactivate_workflow("test").status is WorkflowStatus.INACTIVE
    assert workflows.activate_workflow("test").status is WorkflowStatus.ACTIVE
    assert workflows.archive_workflow("test").status is WorkflowStatus.ARCHIVED
    with pytest.raises(errors.Conflict, match="archived and does not run"):
        starting.start_execution("test")
    with pytest.raises(errors.InvalidTransition):
        workflows.activate_workflow("test")
    workflows.deactivate_workflow("test")
    assert starting.start_execution("test").status == "pending"


def test_trash_restore_and_purge(run: Callable[..., Ran], store: Store) -> None:
    done = run(TASK)
    waiting = starting.start_execution("test")
    configs.set_config("test", "k", "v")
    workflows.delete_workflow("test", reason="a test")
    with pytest.raises(errors.WorkflowNotFound, match="in the trash; `smartspec restore"):
        workflows.get_workflow("test")
    assert executions.get_execution(waiting.id).status == "cancelled"
    assert workflows.list_workflows().rows == ()
    assert [each.name for each in workflows.list_workflows(WorkflowFilter(deleted=True)).rows] == ["test"]
    restored = workflows.restore_workflow("test")
    assert restored.deleted_at is None and executions.recent_executions("test")[-1].id == done.execution.id
    workflows.delete_workflow("test")
    store(TASK)
    with pytest.raises(errors.Conflict, match="another workflow"):
        workflows.restore_workflow("test")
    workflows.purge_workflow("test")
    with pytest.raises(errors.WorkflowNotFound):
        workflows.purge_workflow("test")
    assert executions.get_execution(done.execution.id).workflow_name == "test"


def test_what_is_restored_takes_no_name_that_another_has_by_now(db: Path) -> None:
    workflows.create_workflow("a")  # of the same name, in a pack that comes first
    old = workflows.create_workflow("a", pack="ops")
    workflows.delete_workflow(old.id)
    workflows.rename_workflow(workflows.create_workflow("b", pack="ops").id, "a")
    with pytest.raises(errors.Conflict, match="another workflow “ops"):
        workflows.restore_workflow(old.id)


def test_a_running_workflow_is_not_deleted(store: Store) -> None:
    store(TASK)
    recording.begin_execution("test")
    with pytest.raises(errors.Conflict, match="runs at this moment"):
        workflows.delete_workflow("test")


def test_the_audit_trail_tells_everything_in_order(store: Store) -> None:
    store(TASK)
    workflows.rename_workflow("test", "other")
    store({"tasks": {"a": {"run": "false"}}})
    versions.rollback_version("test", "1.0.0")
    configs.set_config("test", "k", 1)
    workflows.deactivate_workflow("test")
    workflows.delete_workflow("test", reason="enough")
    workflows.restore_workflow("test")
    kinds = [each.type.value for each in versions.workflow_history("test").rows if each.type != "workflow_updated"]
    assert kinds == [
        "workflow_created", "version_created", "workflow_renamed", "version_created", "version_rolled_back", "config_set",
        "workflow_deactivated", "workflow_deleted", "workflow_restored",
    ]  # fmt: skip
    (deleted,) = [each for each in versions.workflow_history("test").rows if each.type == "workflow_deleted"]
    assert deleted.message == "enough" and deleted.actor


def test_a_duplicate_has_the_text_and_the_settings(store: Store) -> None:
    store({**TASK, "config": {"k": {"type": "number", "default": 1}}, "tags": ["t"]})
    configs.set_config("test", "k", 5)
    copy = workflows.duplicate_workflow("test")
    assert (copy.name, copy.ref, copy.tags, copy.status) == (
        "test copy",
        "default.test-copy",
        ("t",),
        WorkflowStatus.ACTIVE,
    )
    assert workflows.duplicate_workflow("test").name == "test copy 2"
    assert configs.get_config(copy.ref, "k").value == 5
    assert versions.latest_version(copy.ref).source == versions.latest_version("test").source


# Files


def test_a_changed_text_makes_a_version_and_the_same_none(store: Store) -> None:
    text = "smartspec: 1\nname: x\ntasks:\n  a: {run: 'true'}\n"
    assert store(text).change == "created"
    assert store(text).change == "same"
    assert store(text.replace("\n", "\r\n")).change == "same"
    commented = store("# hello\n" + text)
    assert commented.change == "changed" and commented.version is not None and commented.version.text_only
    meant = store(text.replace("true", "false"), change_log="fails now")
    assert meant.version is not None and not meant.version.text_only
    assert [(each.number, each.version, each.change_log) for each in versions.list_versions("x").rows] == [
        (3, "1.0.2", "fails now"), (2, "1.0.1", None), (1, "1.0.0", None),
    ]  # fmt: skip
    assert files.export_workflow("x", version="1").source == text


def test_a_file_with_errors_stores_nothing(store: Store) -> None:
    with pytest.raises(errors.Invalid, match="2 problems; nothing was stored") as caught:
        store("smartspec: 1\nname: x\ntasks:\n  a: {runs: 'true'}\n  b: {run: x, needs: [c]}\n")
    assert [problem.line for problem in caught.value.problems] == [4, 5]
    assert workflows.count_workflows() == 0


def test_files_are_stored_together_or_not_at_all(db: Path) -> None:
    good = Source("good.yaml", "smartspec: 1\nname: good\ntasks: {a: {workflow: default.other}}", "yaml")
    other = Source("other.yaml", "smartspec: 1\nname: other\ntasks: {a: {run: 'true'}}", "yaml")
    bad = Source("bad.yaml", "smartspec: 1\nname: bad\ntasks: {a: {runs: 'true'}}", "yaml")
    with pytest.raises(errors.Invalid):
        files.import_workflows([good, other, bad])
    assert workflows.count_workflows() == 0
    assert [each.change for each in files.import_workflows([good, other])] == ["created", "created"]


def test_a_draft_keeps_a_text_with_errors_as_the_working_copy(store: Store) -> None:
    text = "smartspec: 1\nname: x\ntasks: {a: {runs: 'true'}}\n"
    imported = store(text, draft=True)
    assert (imported.change, imported.version, imported.workflow.status) == ("draft", None, WorkflowStatus.DRAFT)
    assert imported.problems
    copy = working_copies.get_working_copy("x")
    assert copy is not None and copy.source == text
    with pytest.raises(errors.Conflict, match="no tasks to run"):
        starting.start_execution("x")


def test_the_working_copy_becomes_a_version_once_it_is_in_order(store: Store) -> None:
    first = store("smartspec: 1\nname: x\ntasks: {a: {run: 'true'}}\n").version
    assert first is not None
    assert working_copies.save_working_copy("x", "smartspec: 1\nname: x\ntasks: {a: {runs: 'true'}}\n")
    with pytest.raises(errors.Invalid, match="it stays the working copy"):
        working_copies.save_version("x")
    assert working_copies.save_working_copy("x", "smartspec: 1\nname: x\ntasks: {a: {run: 'false'}}\n") == ()
    made = working_copies.save_version("x", change_log="edited")
    assert (made.number, made.change_log, working_copies.get_working_copy("x")) == (2, "edited", None)
    with pytest.raises(errors.Conflict, match="newer version"):
        working_copies.save_version("x", "smartspec: 1\nname: x\ntasks: {}\n", based_on=first.pk)
    assert working_copies.save_version("x", made.source) == made
    with pytest.raises(errors.NotFound, match="no working copy"):
        working_copies.save_version("x")
    with pytest.raises(errors.Invalid, match="half of a character"):
        working_copies.save_working_copy("x", "name: \ud800")
    working_copies.save_working_copy("x", "anything")
    assert working_copies.discard_working_copy("x") and not working_copies.discard_working_copy("x")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("x.txt", b"", "must end in .yaml"), ("x.yaml", b"\xff\xfe", "not UTF-8"), ("big.yaml", b"x" * 5_000_000, "larger than 1 MiB")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(errors.Invalid, match=words):
        workflow_sources.read_source(tmp_path / name)
    with pytest.raises(errors.NotFound, match="no file"):
        workflow_sources.read_source(tmp_path / "missing.yaml")


def test_a_minimal_file_is_in_order(db: Path) -> None:
    for name, pack in (("Ünïcode: 'x' \"y\"", "default"), ("plain", "other")):
        source = Source("x", workflow_sources.minimal_source(name, pack), "yaml")
        assert definitions.check_definition([source]) == {"x": ()}


# Workspaces


def test_workspaces_are_separate(store: Store) -> None:
    store(TASK)
    other = workspaces.create_workspace("Other things")
    assert other.slug == "other-things"
    assert workflows.list_workflows(workspace="other-things").rows == ()
    store(TASK, workspace="other-things")
    assert starting.start_execution("test", workspace="other-things").number == 1
    with pytest.raises(errors.Conflict, match="not empty"):
        workspaces.delete_workspace("other-things")
    with pytest.raises(errors.WorkspaceNotFound):
        workflows.list_workflows(workspace="nope")
    workspaces.create_workspace("empty")
    workspaces.delete_workspace("empty")
    with pytest.raises(errors.Conflict, match="default workspace stays"):
        workspaces.delete_workspace("default")
    with pytest.raises(errors.Conflict, match="already a workspace"):
        workspaces.create_workspace("Other Things")


def test_a_workflow_is_a_value_that_travels(db: Path) -> None:
    made = workflows.create_workflow("x")
    with pytest.raises(AttributeError):
        made.name = "y"  # type: ignore[misc]
    assert replace(made, name="y").name == "y"


HOSTILE = [
    "'; DROP TABLE workflows; --", '"quoted"', "100%", "under_score", "emoji 🙂 family 👨‍👩‍👧", "עברית", "نمی‌خواهم", "x" * 200,
    "\\", "{{ 7*7 }}", "$(touch x)", "<img src=x>", "=HYPERLINK()", "﷽", " surrounded ",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_texts(db: Path, text: str) -> None:
    """R38: kept verbatim (names without the space around them), in every field and filter."""
    made = workflows.create_workflow(text, description=text, config={text: text})
    assert (made.name, made.description, made.config) == (text.strip(), text, {text: text})
    assert workflows.find_workflow_by_name(text.strip()) == made
    assert [each.pk for each in workflows.list_workflows(WorkflowFilter(name=text.strip())).rows] == [made.pk]
    wanted: dict[str, Any] = {"category": text, "created_by": text, "tags": frozenset({text})}
    for key, value in wanted.items():
        assert workflows.list_workflows(WorkflowFilter(**{key: value})).rows == ()
    configs.set_config(made.id, "k", text)
    assert configs.get_config(made.id, "k").value == text


def test_five_hundred_hostile_texts_in_every_field_and_filter(store: Store) -> None:
    """R38: made of pieces that have broken others; each is kept verbatim or refused with a sentence, never an error of SQL."""
    chance = random.Random(38)
    pieces = [
        "'",
        '"',
        ";",
        "--",
        "%",
        "_",
        "\\",
        "\0",
        "\n",
        "\u202e",
        "🙂",
        "é",
        "e\u0301",
        "{{",
        "}}",
        "$(",
        "`",
        "<b>",
        "=1+1",
        "\ud800",
        "NULL",
        "DROP TABLE",
        "\x1b[31m",
        "漢",
        "x" * 300,
    ]
    workflow = store(TASK).workflow
    fields: list[Callable[[str], object]] = [
        lambda text: workflows.update_workflow(workflow.id, description=text).description,
        lambda text: configs.set_config(workflow.id, "k", text).value,
        lambda text: starting.start_execution(workflow.id, origin=Origin(correlation_id=text)).correlation_id,
    ]
    for number in range(500):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 8)))
        for field in fields if number % 5 == 0 else [fields[number % 2]]:
            try:
                assert field(text) == text
            except errors.Invalid as error:
                assert str(error).endswith(".") and (any(bad in text for bad in "\0\ud800\x1b") or len(text) > 500)
        if "\ud800" not in text:
            executions.list_executions(ExecutionFilter(phrases=(text,), session_id=text, tag=text))
            workflows.list_workflows(WorkflowFilter(name=text, category=text))


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_cannot_be_kept_is_refused_with_a_sentence(db: Path, text: str) -> None:
    attempts: tuple[Callable[[], object], ...] = (
        partial(workflows.create_workflow, text),
        partial(workflows.create_workflow, "x", description=text),
        partial(workflows.create_workflow, "y", config={"k": text}),
    )
    for attempt in attempts:
        with pytest.raises(errors.Invalid):
            attempt()


def test_the_trash_is_read_a_page_at_a_time_workflows_first(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trash, "_PAGE", 2)
    kept = workflows.create_workflow("kept").id
    ended = [recording.end_execution(recording.begin_execution(kept).id, Report(ExecutionStatus.COMPLETED))
             for _ in range(3)]  # fmt: skip
    execution_trash.delete_executions([each.id for each in ended])
    gone = [workflows.delete_workflow(workflows.create_workflow(name).id) for name in ("a", "b", "c")]
    read, after, pages = list[str](), None, 0
    while pages == 0 or after is not None:
        page = trash.read_trash(after=after)
        read, after, pages = [*read, *(each.id for each in page.rows)], page.next, pages + 1
    assert read == [*(each.id for each in reversed(gone)), *(each.id for each in reversed(ended))] and pages > 2
    assert [each.id for each in trash.read_trash("b").rows] == [gone[1].id]


def test_emptying_the_trash_takes_more_workflows_than_are_listed(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trash, "_PAGE", 1)
    for name in ("a", "b", "c"):
        workflows.delete_workflow(workflows.create_workflow(name).id)
    trash.empty_trash()
    assert trash.count_trash() == trash.TrashTotals(0, 0)
