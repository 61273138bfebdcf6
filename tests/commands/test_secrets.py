"""Secrets: where they come from, where they may stand, and that they are nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from smartspec import errors
from smartspec.commands import comparing, configs, executions, starting, workflows
from smartspec.domain.config import is_secret_reference
from smartspec.domain.jsontext import as_mapping
from smartspec.runner.worker import Worker
from smartspec.store import database as rows
from tests.conftest import Ran, Said, ran, run_on
from tests.keyring_in_a_file import FileKeyring

Store = Callable[..., Any]
SECRET = "canary-7f3a9c"
USES = {
    "config": {"token": {"type": "secret"}},
    "tasks": {"a": {"run": 'echo "token=$TOKEN"; echo "t=$TOKEN" >> "$SMARTSPEC_OUTPUT"', "env": {"TOKEN": "{{ config.token }}"}}},
}  # fmt: skip


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
def no_keyring() -> Iterator[None]:
    from keyring.backends import fail

    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


def run_it() -> Ran:
    return run_on(starting.start_execution("test"))


def test_a_saved_secret_reaches_the_task_and_is_masked_in_its_record(store: Store, kept: Path) -> None:
    store(USES)
    saved = configs.set_config("test", "token", SECRET)
    assert SECRET not in str(saved) and SECRET in kept.read_text()
    done = run_it()
    assert done.status == "completed"
    assert done.log("a") == b"token=******\n"
    assert done.row("a").output == {"t": "******"} and done.row("a").input == {"env": {"TOKEN": "******"}}
    assert is_secret_reference((done.execution.config_snapshot or {})["token"])
    assert SECRET not in str(done)


def test_it_is_handed_over_to_requests_and_python_too(store: Store, kept: Path) -> None:
    store({**USES, "tasks": {
        "p": {"python": "print(len(word), word)", "input": {"word": "{{ config.token }}"}},
        "h": {"http": {"url": "http://127.0.0.1:9/x", "headers": {"Authorization": "Bearer {{ config.token }}"}, "json": {"t": "{{ config.token }}"}}, "continue_on_error": True},
    }})  # fmt: skip
    configs.set_config("test", "token", SECRET)
    done = run_it()
    assert done.log("p") == b"13 ******\n" and done.row("h").status == "failed"
    assert as_mapping((done.row("h").input or {})["http"])["headers"] == {"Authorization": "Bearer ******"}
    assert SECRET not in str(done)


@pytest.mark.parametrize("task", [
    {"run": "echo {{ config.token | q }}"}, {"command": ["echo", "{{ config.token }}"]}, {"run": "true", "cwd": "/{{ config.token }}"},
    {"run": "true", "if": "config.token == 'x'"}, {"run": "true", "with_items": "{{ [config.token] }}"}, {"run": "true", "outputs": {"x": "{{ config.token }}"}},
    {"run": "echo {{ config['token'] | default('x') | q }}"}, {"run": "echo {{ config | tojson | q }}"}, {"run": "echo {{ params[config.token] | default('') | q }}"},
    {"run": "echo {{ env.T | q }}", "env": {"T": "{{ config.token }}"}}, {"run": "echo {{ env.U | q }}", "env": {"U": "x{{ env.W }}"}},
    {"http": {"url": "http://x/{{ config.token }}"}}, {"http": {"url": "http://x", "query": {"q": "{{ config.token }}"}}},
    {"manual": "Is {{ config.token }} right?"}, {"run": "true", "retry": {"max": 1, "until": "config.token == 'x'"}},
])  # fmt: skip
def test_it_may_stand_nowhere_else(problems: Callable[..., list[tuple[str, str]]], task: dict[str, Any]) -> None:
    definition = {
        "config": USES["config"],
        "env": {"W": "{{ config.token }}"},
        "tasks": {"a": task},
        "params": {"additionalProperties": True},
    }
    found = problems(definition)
    assert any("a secret may stand only in `env`" in sentence for _, sentence in found), found


def test_what_is_no_secret_may_stand_anywhere(problems: Callable[..., list[tuple[str, str]]]) -> None:
    assert problems({"config": {"token": {"type": "secret"}, "n": {"type": "number", "default": 1}}, "tasks": {
        "a": {"run": "echo {{ config.n | q }} {{ env.HOME | q }}", "env": {"T": "{{ config.token }}"}}}}) == []  # fmt: skip


def test_vars_output_and_defaults_hold_none(problems: Callable[..., list[tuple[str, str]]]) -> None:
    base = {"config": USES["config"], "tasks": {"a": {"run": "true"}}}
    for more in (
        {"vars": {"x": "{{ config.token }}"}},
        {"output": {"x": "{{ config.token }}"}},
        {"params": {"properties": {"p": {"default": "{{ config.token }}"}}}},
    ):
        assert problems({**base, **more}), more
    assert problems({**base, "config": {"token": {"type": "secret", "default": "x"}}})


def test_without_a_value_the_start_is_refused_with_the_way_out(store: Store, kept: Path) -> None:
    store(USES)
    with pytest.raises(errors.Invalid, match=r"config set default.test token.*SMARTSPEC_SECRET_DEFAULT_TEST_TOKEN"):
        starting.start_execution("test")


def test_variables_come_first_the_special_one_before_the_general(
    store: Store, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(USES)
    configs.set_config("test", "token", "in-the-keyring")
    for name, value in (
        ("SMARTSPEC_SECRET_TOKEN", "general-one"),
        ("SMARTSPEC_SECRET_DEFAULT_TEST_TOKEN", "special-one"),
    ):
        monkeypatch.setenv(name, value)
        done = run_it()
        assert done.log("a") == b"token=******\n" and (done.execution.config_snapshot or {})["token"] == {
            "$secret": f"env:{name}"
        }
        assert value not in str(done)
    assert configs.get_config("test", "token").source == "variable"


def test_no_task_is_given_the_variables(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", SECRET)
    assert b"SMARTSPEC_SECRET" not in run({"tasks": {"a": {"run": "env"}}}).log("a")


def test_on_a_machine_without_a_keyring_the_way_out_is_told(store: Store, no_keyring: None) -> None:
    store(USES)
    with pytest.raises(
        errors.NoKeyring, match=r"no keyring.*SMARTSPEC_SECRET_DEFAULT_TEST_TOKEN or SMARTSPEC_SECRET_TOKEN"
    ):
        configs.set_config("test", "token", SECRET)
    assert configs.get_config("test", "token").source == "missing"


def test_a_keyring_that_lost_it_fails_the_execution_and_not_the_runner(store: Store, kept: Path) -> None:
    store(USES)
    configs.set_config("test", "token", SECRET)
    kept.unlink()
    lost, fine = starting.start_execution("test"), None
    store({"name": "other", "tasks": {"a": {"run": "true"}}})
    fine = starting.start_execution("other")
    runner = Worker("foreground")
    for each in (lost, fine):
        runner.submit(each.pk)
    runner.run_until(lambda: runner.is_idle)
    assert (ran(lost).status, ran(lost).execution.status_reason) == ("failed", "start")
    assert "“token” is not set" in str(ran(lost).execution.error)
    assert ran(fine).status == "completed"


def test_short_ones_and_other_types_are_refused(store: Store, kept: Path) -> None:
    store(USES)
    for value in ("abc", "with\0nul", 5):
        with pytest.raises(errors.Invalid):
            configs.set_config("test", "token", value)


def test_setting_anew_and_forgetting_leave_nothing_in_the_keyring(store: Store, kept: Path) -> None:
    store(USES)
    configs.set_config("test", "token", SECRET)
    configs.set_config("test", "token", "another-one")
    assert list(json.loads(kept.read_text()).values()) == ["another-one"]
    assert configs.delete_config("test", "token") and json.loads(kept.read_text()) == {}
    assert [change.operation for change in configs.config_history("test")] == ["unset", "set", "set"]
    assert SECRET not in str(configs.config_history("test"))
    configs.set_config("test", "token", SECRET)
    workflows.delete_workflow("test")
    workflows.purge_workflow("test")
    assert json.loads(kept.read_text()) == {}


def test_what_was_not_saved_together_leaves_the_keyring_as_it_was(store: Store, kept: Path) -> None:
    store({**USES, "config": {"token": {"type": "secret"}, "n": {"type": "number", "default": 1}}})
    configs.set_configs("test", {"token": SECRET, "n": 2})
    rows.execute("CREATE TRIGGER full BEFORE UPDATE ON configs WHEN new.key = 'n' BEGIN SELECT RAISE(ABORT, 'x'); END")
    with pytest.raises(errors.StorageError):
        configs.set_configs("test", {"token": "another-one", "n": 3})
    with pytest.raises(errors.Invalid, match="could not be masked"):
        configs.set_configs("test", {"token": "abc", "n": 3})
    assert [*json.loads(kept.read_text()).values()] == [SECRET]


def test_a_purge_that_is_rolled_back_leaves_the_secret(store: Store, kept: Path) -> None:
    store(USES)
    configs.set_config("test", "token", SECRET)
    workflows.delete_workflow("test")
    with pytest.raises(ZeroDivisionError), rows.transaction():
        workflows.purge_workflow("test")
        1 / 0  # noqa: B018
    assert [*json.loads(kept.read_text()).values()] == [SECRET]
    workflows.purge_workflow("test")
    assert json.loads(kept.read_text()) == {}


def test_a_copy_of_a_workflow_has_none(store: Store, kept: Path) -> None:
    store(USES)
    configs.set_config("test", "token", SECRET)
    copy = workflows.duplicate_workflow("test")
    assert configs.get_config(copy.id, "token").source == "missing"


def test_a_plain_value_that_was_saved_before_is_told(store: Store, kept: Path) -> None:
    store({**USES, "config": {"token": {"type": "string", "default": "x"}}})
    configs.set_config("test", "token", "plain")
    store(USES)
    assert "is a secret now" in str(configs.get_config("test", "token").problem)


def test_a_replay_takes_todays_secret_and_refuses_without(store: Store, kept: Path) -> None:
    store({**USES, "tasks": {"a": {"run": 'test "$TOKEN" = first || exit 9', "env": {"TOKEN": "{{ config.token }}"}}}})
    configs.set_config("test", "token", "first")
    original = run_it()
    configs.set_config("test", "token", "second")
    replay = run_on(comparing.replay_execution(original.execution.id))
    assert replay.row("a").exit_code == 9
    found = comparing.compare_executions(original.execution.id, replay.execution.id).findings[0]
    assert (found.sentence, found.likelihood) == ("the secret token was set anew", "very likely")
    configs.delete_config("test", "token")
    with pytest.raises(errors.Invalid, match="“token” is not set"):
        comparing.replay_execution(original.execution.id)


def test_the_terminal_takes_no_secret_as_an_argument(
    terminal: Callable[..., Said], file: Callable[[str, str], Path], kept: Path
) -> None:
    text = "smartspec: 1\nname: t\nconfig: {token: {type: secret}}\ntasks: {a: {run: 'true'}}\n"
    terminal("import", str(file("t.yaml", text)))
    said = terminal("config", "set", "t", "token", SECRET)
    assert said.code == 2 and "leave its value out" in said.err and SECRET not in said.err
    assert not kept.exists()


def test_the_terminal_reads_it_from_a_pipe_and_never_shows_it(
    smartspec: Callable[..., Said], file: Callable[[str, str], Path], kept: Path
) -> None:
    text = "smartspec: 1\nname: t\nconfig: {token: {type: secret}}\ntasks: {a: {run: 'echo $T', env: {T: '{{ config.token }}'}}}\n"
    backend = {"PYTHON_KEYRING_BACKEND": "tests.keyring_in_a_file.FileKeyring"}
    smartspec("import", str(file("t.yaml", text)))
    said = smartspec("config", "set", "t", "token", stdin=f"{SECRET}\n", **backend)
    assert said.code == 0 and list(json.loads(kept.read_text()).values()) == [SECRET]
    told = said.out + "".join(
        smartspec(*words, **backend).out
        for words in (
            ("config", "list", "t"),
            ("config", "get", "t", "token"),
            ("config", "list", "t", "--history"),
            ("run", "t"),
            ("logs", "t"),
            ("execution", "t"),
            ("--json", "config", "list", "t"),
        )
    )
    assert "******" in told and SECRET not in told
    assert smartspec("config", "get", "t", "token", **backend).out == "******\n"


def test_what_is_recorded_is_masked(smartspec: Callable[..., Said]) -> None:
    said = smartspec(
        "record",
        "--name",
        "r",
        "--",
        "sh",
        "-c",
        f"printf can; sleep 0.4; echo ary-7f3a9c {SECRET}",
        SMARTSPEC_SECRET_ANY=SECRET,
    )
    assert said.out == f"{SECRET} {SECRET}\n"  # the terminal shows what the command writes
    told = smartspec("logs", "r").out + smartspec("execution", "r").out + smartspec("--json", "tasks", "r").out
    assert SECRET not in told and "******" in told


def test_one_that_is_too_short_is_refused_before_anything_is_queued(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(USES)
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", "abc")
    with pytest.raises(errors.Invalid, match="shorter than 4 characters") as refused:
        starting.start_execution("test", {})
    assert [each.path for each in refused.value.problems] == ["config.token"]
    assert not executions.list_executions().rows
