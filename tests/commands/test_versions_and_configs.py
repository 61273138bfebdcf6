"""Versions compared and restored; settings typed, remembered, effective."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import configs, executions, files, starting, versions, workflows
from smartspec.commands.files import Imported
from smartspec.domain import times
from smartspec.domain.jsontext import Json
from smartspec.store import database
from tests.conftest import Ran

Store = Callable[..., Imported]
ONE = "smartspec: 1\nname: x\ntasks:\n  a: {run: one}\n"
TWO = "smartspec: 1\nname: x\nversion: 2.0.0\ntasks:\n  a: {run: two}\n  b: {run: three, needs: [a]}\n"


@pytest.fixture
def two(store: Store) -> None:
    store(ONE)
    store(TWO, change_log="more")


@pytest.mark.usefixtures("two")
def test_versions_are_found_by_label_and_number() -> None:
    assert versions.get_version("x", "2.0.0") == versions.get_version("x", "2") == versions.latest_version("x")
    assert versions.get_version("x", "#1").source == ONE
    assert versions.count_versions("x") == 2
    with pytest.raises(errors.VersionNotFound, match="no version “9”"):
        versions.get_version("x", "9")


def test_versions_are_listed_page_by_page_newest_first_also_while_more_come(store: Store) -> None:
    for number in range(1, 8):
        store(ONE.replace("run: one", f"run: echo {number}"))
    first = versions.list_versions("x", limit=3)
    store(ONE.replace("run: one", "run: echo 8"))
    second = versions.list_versions("x", limit=3, after=first.next)
    third = versions.list_versions("x", limit=3, after=second.next)
    assert [[each.number for each in page.rows] for page in (first, second, third)] == [[7, 6, 5], [4, 3, 2], [1]]
    assert third.next is None and versions.count_versions("x") == 8
    with pytest.raises(errors.Invalid, match="not where a page goes on"):
        versions.list_versions("x", after="nowhere")


@pytest.mark.usefixtures("two")
def test_two_versions_are_compared_in_words_and_lines() -> None:
    compared = versions.compare_versions("x")
    assert [each.sentence for each in compared.differences] == [
        "version added: 2.0.0", "task b added", "tasks.a.run changed: one → two",
    ]  # fmt: skip
    assert "-  a: {run: one}" in compared.lines and not compared.same_meaning
    assert versions.compare_versions("x", "2.0.0", "1.0.0").differences[1].sentence == "task b removed"
    with pytest.raises(errors.VersionNotFound, match="is the first"):
        versions.compare_versions("x", new="1.0.0")


@pytest.mark.usefixtures("two")
def test_a_rollback_is_a_new_version_and_changes_no_old_execution() -> None:
    began = starting.start_execution("x")
    restored = versions.rollback_version("x", "1.0.0")
    assert (restored.number, restored.version, restored.change_log) == (3, "2.0.1", "Restored version 1.0.0")
    assert restored.rolled_back_from == versions.get_version("x", "1.0.0").pk
    assert restored.source == ONE
    assert executions.get_execution(began.id).workflow_version == "2.0.0"
    with pytest.raises(errors.Conflict, match="already"):
        versions.rollback_version("x", "1")
    again = versions.rollback_version("x", "2.0.0")
    assert again.version == "2.0.2"


def test_a_workflow_without_a_version_says_so(db: Path) -> None:
    workflows.create_workflow("x")
    with pytest.raises(errors.VersionNotFound, match="no version yet"):
        versions.latest_version("x")
    with pytest.raises(errors.NotFound, match="no version to export"):
        files.export_workflow("x")


def test_a_change_log_has_an_end(store: Store) -> None:
    with pytest.raises(errors.Invalid, match="2,000 characters long, not 2,001"):
        store(ONE, change_log="x" * 2_001)
    assert workflows.count_workflows() == 0


CONFIG = {
    "url": {"type": "string", "default": "http://x", "description": "where"}, "n": {"type": "number"},
    "on": {"type": "boolean", "default": True}, "limits": {"type": "json", "default": {"rows": 1}},
}  # fmt: skip
DECLARED = {"tasks": {"a": {"run": "true"}}, "config": CONFIG}


def test_config_creation(store: Store) -> None:
    store(DECLARED)
    assert configs.set_config("test", "n", "5").value == 5
    assert configs.set_config("test", "on", "false").value is False
    assert configs.set_config("test", "limits", '{"rows": 2}').value == {"rows": 2}
    assert configs.set_config("test", "free", [1], description="mine").value_type == "json"
    assert [(each.key, each.value, each.source, each.declared) for each in configs.list_configs("test")] == [
        ("url", "http://x", "default", True), ("n", 5, "saved", True), ("on", False, "saved", True),
        ("limits", {"rows": 2}, "saved", True), ("free", [1], "saved", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "more", "words"),
    [("n", "five", {}, "“n” is a number"), ("on", "yes", {}, "“on” is a boolean"), ("limits", "{", {}, "“limits” is not JSON"),
     ("n", True, {}, "“n” is a number"), ("url", 5, {}, "“url” is a string"), ("n", "1", {"value_type": "string"}, "declared as a number"),
     ("x", "1", {"value_type": "blob"}, "Invalid value type: blob"), ("1x", "1", {}, "cannot be the key"),
     ("x", "1", {"value_type": "secret"}, "could not be masked")],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused(
    store: Store, key: str, value: Json, more: dict[str, Any], words: str
) -> None:
    store(DECLARED)
    with pytest.raises(errors.Invalid, match=words):
        configs.set_config("test", key, value, **more)


def test_several_values_are_saved_together_or_not_at_all(store: Store) -> None:
    store(DECLARED)
    with pytest.raises(errors.Invalid) as refused:
        configs.set_configs("test", {"url": "http://y", "n": "five", "on": "maybe"})
    assert [each.path for each in refused.value.problems] == ["n", "on"]
    assert {each.source for each in configs.list_configs("test")} == {"default", "missing"}
    database.execute(
        "CREATE TRIGGER full BEFORE INSERT ON configs WHEN new.key = 'n' BEGIN SELECT RAISE(ABORT, 'no room'); END"
    )
    with pytest.raises(errors.StorageError):
        configs.set_configs("test", {"url": "http://y", "n": "5"})
    assert not configs.config_history("test")
    database.execute("DROP TRIGGER full")
    saved = configs.set_configs("test", {"n": "5", "free": "[1]"}, value_types={"free": "json"})
    assert [(each.key, each.value) for each in saved] == [("n", 5), ("free", [1])]


def test_the_history_of_a_value_gives_what_it_was(store: Store) -> None:
    store(DECLARED)
    before = times.now() - timedelta(seconds=1)
    configs.set_config("test", "n", 1)
    between = times.now()
    while times.now() == between:
        pass
    configs.set_config("test", "n", 2)
    configs.set_config("test", "n", 2)
    configs.delete_config("test", "n")
    assert [(each.old, each.new, each.operation) for each in configs.config_history("test", "n")] == [
        ("2", None, "unset"), ("1", "2", "set"), (None, "1", "set"),
    ]  # fmt: skip
    assert configs.configs_as_of("test", before) == {}
    assert configs.configs_as_of("test", between) == {"n": 1}
    assert configs.configs_as_of("test", times.now()) == {}
    assert not configs.delete_config("test", "n")


def test_a_missing_value_blocks_the_start_and_says_so(store: Store) -> None:
    store(DECLARED)
    with pytest.raises(errors.Invalid, match="“n” has neither a value nor a default"):
        starting.start_execution("test")
    configs.set_config("test", "n", 1)
    assert starting.start_execution("test").config_snapshot == {
        "url": "http://x", "n": 1, "on": True, "limits": {"rows": 1},
    }  # fmt: skip
    with pytest.raises(errors.ConfigNotFound):
        configs.get_config("test", "nope")


def test_a_saved_value_that_no_longer_fits_blocks_the_start(store: Store) -> None:
    store(DECLARED)
    configs.set_config("test", "n", 1)
    configs.set_config("test", "url", "x")
    store({**DECLARED, "config": {**CONFIG, "url": {"type": "number", "default": 1}}})
    with pytest.raises(errors.Invalid, match="“url” is a number"):
        starting.start_execution("test")
    assert configs.get_config("test", "url").problem
    assert configs.delete_all_configs("test") == 2


def test_values_survive_versions_and_rollbacks_and_executions_keep_theirs(run: Callable[..., Ran]) -> None:
    shown = {
        "tasks": {"a": {"run": "echo $N", "env": {"N": "{{ config.n }}"}}},
        "config": {"n": {"type": "number", "default": 1}},
    }
    first = run(shown)
    configs.set_config("test", "n", 7)
    second = run({**shown, "description": "changed"})
    assert (first.log("a"), second.log("a")) == (b"1\n", b"7\n")
    assert first.execution.config_snapshot == {"n": 1}
