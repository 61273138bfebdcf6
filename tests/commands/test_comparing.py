"""What changed since it last worked, and whether a replay came to the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import comparing, configs, control, executions, importing, recording, starting, workflows
from smartspec.commands.recording import Report
from smartspec.domain.compare.comparison import Comparison
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.messages import Message
from smartspec.store import database as rows
from smartspec.value import replace
from tests.commands.test_task_runs import many_items
from tests.conftest import Ran, Said, ran, run_on

Store = Callable[..., Any]
Run = Callable[..., Ran]

BACKUP: dict[str, Any] = {
    "name": "backup",
    "params": {"type": "object", "properties": {"day": {"type": "string", "default": "mon"}, "note": {"type": "string", "default": "-"}}},
    "config": {"target": {"type": "string", "default": "good"}, "idle": {"type": "number", "default": 1}},
    "tasks": {
        "list": {"run": 'echo files=3 >> "$SMARTSPEC_OUTPUT"; echo listed'},
        "copy": {"needs": ["list"], "run": 'echo "copying to $TARGET"; test "$TARGET" = good || { echo cannot reach; exit 23; }',
                 "env": {"TARGET": "{{ config.target }}", "N": "{{ tasks.list.outputs.files }}", "DAY": "{{ params.day }}"}},
        "report": {"needs": ["copy"], "run": "echo done"},
    },
}  # fmt: skip


def run_backup(input: dict[str, Any] | None = None) -> Ran:
    return run_on(starting.start_execution("backup", input))


def changed(**tasks: dict[str, Any]) -> dict[str, Any]:
    return {**BACKUP, "tasks": {name: {**body, **tasks.get(name, {})} for name, body in BACKUP["tasks"].items()}}


def told(found: Comparison) -> list[tuple[str, str, str]]:
    assert all(isinstance(each, Message) for one in found.findings for each in (one.likelihood, one.sentence, one.why))
    assert all(isinstance(each, Message) for each in found.same)
    return [(each.likelihood, each.sentence, each.why) for each in found.findings if each.kind != "environment"]


def test_a_setting_that_the_failed_task_uses_explains_it(store: Store) -> None:
    store(BACKUP)
    run_backup()
    configs.set_config("backup", "target", "bad")
    configs.set_config("backup", "idle", 2)
    run_backup()
    found = comparing.compare_with_last_good("backup")
    assert (found.old.label, found.new.label, found.suspects) == ("backup #1", "backup #2", ("copy",))
    assert told(found) == [
        ("very likely", "the setting target changed: good → bad", "copy, which ended otherwise, uses it"),
        ("unlikely", "the setting idle changed: 1 → 2", "no task that ended otherwise uses it"),
    ]
    assert (found.log["copy"].line, found.log["copy"].old, found.log["copy"].new) == (
        1,
        "copying to good",
        "copying to bad",
    )
    assert found.lines == "" and not found.definition


def test_the_definition_in_words_lines_and_by_its_part_in_the_failure(store: Store) -> None:
    store(BACKUP)
    run_backup()
    store(changed(copy={"run": "exit 9"}, list={"timeout": "5m"}, report={"run": "echo bye"}))
    run_backup()
    found = comparing.compare_with_last_good("backup")
    assert [(word, sentence.split(" ")[0]) for word, sentence, _ in told(found)] == [
        ("very likely", "tasks.copy.run"), ("likely", "tasks.list.timeout"), ("unlikely", "tasks.report.run"),
    ]  # fmt: skip
    assert "copy is the task that ended otherwise" in told(found)[0][2] and "copy comes after list" in told(found)[1][2]
    assert found.lines.startswith("--- version 1.0.0") and len(found.definition) == 3


def test_what_does_not_decide_whether_a_task_fails_comes_after_what_does(store: Store) -> None:
    store(BACKUP)
    run_backup()
    configs.set_config("backup", "target", "bad")
    store(changed(copy={"timeout": "4m", "retry": {"max": 1, "delay": "10ms"}}))
    run_backup()
    found = told(comparing.compare_with_last_good("backup"))
    assert [(word, sentence.split(":")[0]) for word, sentence, _ in found] == [
        ("very likely", "the setting target changed"), ("possible", "tasks.copy.retry added"),
        ("unlikely", "tasks.copy.timeout added"),
    ]  # fmt: skip
    assert found[2][2] == "copy did not run out of time"


def test_the_input_and_what_a_task_before_gave(store: Store) -> None:
    store(
        changed(
            copy={"run": 'test "$DAY$N" = mon3'},
            list={
                "run": 'echo "files=$COUNT" >> "$SMARTSPEC_OUTPUT"',
                "env": {"COUNT": "{{ 3 if params.day == 'mon' else 4 }}"},
            },
        )
    )
    run_backup()
    run_backup({"day": "tue", "note": "x"})
    found = comparing.compare_with_last_good("backup")
    assert told(found) == [
        ("very likely", "the input day changed: mon → tue", "copy, which ended otherwise, uses it"),
        ("likely", "the outputs of list are not the same", "copy reads them"),
        ("unlikely", "the input note changed: - → x", "no task that ended otherwise uses it"),
    ]


def test_the_environment(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store(changed(copy={"run": 'test -n "$NAS" && my-tool', "env": {}}))
    (tmp_path / "my-tool").write_text("#!/bin/sh\n")
    (tmp_path / "my-tool").chmod(0o755)
    monkeypatch.setenv("NAS", "there")
    monkeypatch.setenv("UNRELATED", "1")
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    path = __import__("os").environ["PATH"]
    monkeypatch.setenv("PATH", f"{path}:{tmp_path}")
    assert run_backup().status == "completed"
    monkeypatch.setenv("PATH", path)
    for name in ("UNRELATED", "SSH_TTY"):
        monkeypatch.setenv(name, "changed")
    run_backup()
    found = comparing.compare_with_last_good("backup").findings
    shown = [(each.likelihood, each.sentence, each.why) for each in found]
    assert shown[0] == ("very likely", f"PATH changed: without {tmp_path}", "a program was not found")
    assert ("unlikely", "variables changed: UNRELATED", "programs may read them, no definition says which") in shown
    assert not any("SSH_TTY" in each.sentence for each in found)  # the noise of terminals is no clue
    monkeypatch.setenv("PATH", f"{path}:{tmp_path}")
    monkeypatch.delenv("NAS")
    third = run_backup()
    found = comparing.compare_executions("backup#1", third.execution.id).findings
    assert (found[0].sentence, found[0].why) == (
        "the variable NAS is not set any more",
        "copy, which ended otherwise, uses it",
    )


def test_a_full_disk_is_named(store: Store) -> None:
    store(BACKUP)
    run_backup()
    store(changed(copy={"run": "echo 'cp: No space left on device' >&2; exit 1"}))
    run_backup()
    kinds = [each.kind for each in comparing.compare_with_last_good("backup").findings]
    assert "disk" in kinds[:2]


def test_how_long_tasks_took(store: Store) -> None:
    store(changed(copy={"run": 'sleep "$S"', "timeout": "1.5s", "env": {"S": "{{ 5 if params.day == 'tue' else 0 }}"}}))
    run_backup()
    run_backup({"day": "tue"})
    found = comparing.compare_with_last_good("backup")
    assert any(each.kind == "duration" and each.why == "it ran out of time" for each in found.findings)


def test_recorded_commands_are_compared_too(terminal: Callable[..., Said]) -> None:
    terminal("record", "--name", "n", "--input", '{"k": 1}', "--", "sh", "-c", "echo one; exit 0")
    terminal("record", "--name", "n", "--input", '{"k": 2}', "--", "sh", "-c", "echo two; exit 3")
    said = terminal("compare", "n")
    assert said.code == 0
    for words in (
        "n #1",
        "n #2",
        "main ended otherwise: completed → failed (exit code 3)",
        "the command changed",
        "the input k changed: 1 → 2",
        "- one",
        "+ two",
    ):
        assert words in said.out, said.out
    found = terminal("--json", "compare", "n#1", "n#2").out
    assert '"likelihood": "very likely"' in found


def test_nothing_changed_says_so(terminal: Callable[..., Said], file: Callable[[str, str], Path]) -> None:
    path = file(
        "w.yaml",
        'smartspec: 1\nname: w\ntasks: {a: {run: \'test -e "$SMARTSPEC_DB.flag" && exit 1; touch "$SMARTSPEC_DB.flag"\'}}\n',
    )
    terminal("run", str(path))
    terminal("run", "w")
    said = terminal("compare", "w")
    assert "Nothing that is recorded changed" in said.out and "a ended otherwise" in said.out


def test_the_pair_is_the_newest_failure_and_the_last_success_before_it(store: Store) -> None:
    store(BACKUP)
    for target in ("good", "good", "bad", "bad", "good"):
        configs.set_config("backup", "target", target)
        run_backup()
    found = comparing.compare_with_last_good("backup")
    assert (found.old.number, found.new.number) == (2, 4)
    assert comparing.compare_with_last_good("backup#3").new.number == 3


def test_what_cannot_be_compared_says_why(store: Store) -> None:
    store(BACKUP)
    run_backup()
    with pytest.raises(errors.Conflict, match="No execution of backup has failed"):
        comparing.compare_with_last_good("backup")
    with pytest.raises(errors.Conflict, match="with itself"):
        comparing.compare_executions("backup#1", "backup")
    store({"name": "never", "tasks": {"a": {"run": "false"}}})
    run_on(starting.start_execution("never"))
    with pytest.raises(errors.Conflict, match="has never completed"):
        comparing.compare_with_last_good("never")


# Replay


def replayed(which: str) -> tuple[Ran, Any]:
    again = run_on(comparing.replay_execution(which))
    return again, comparing.replay_verdict(again.execution.id)


def test_a_replay_has_everything_pinned(store: Store) -> None:
    now = 'echo "now={{ now }}" >> "$SMARTSPEC_OUTPUT"; echo "t=$TARGET$DAY" >> "$SMARTSPEC_OUTPUT"'
    definition = {
        **changed(copy={"run": now}),
        "vars": {"v": "{{ now }}"},
        "output": {"v": "{{ vars.v }}", "t": "{{ tasks.copy.outputs.t }}"},
    }
    store(definition)
    original = run_backup({"day": "wed"})
    configs.set_config("backup", "target", "other")
    store({**BACKUP, "tasks": {"list": {"run": "exit 1"}}})
    again, verdict = replayed("backup#1")
    assert again.execution.trigger == "replay" and again.execution.replay_of == original.execution.pk
    assert again.execution.output == original.execution.output and again.execution.workflow_version == "1.0.0"
    assert verdict.agreement == "identical" and verdict.task is None
    third, verdict = replayed(again.execution.id)  # the time of the first goes on
    assert verdict.agreement == "identical" and third.execution.output == original.execution.output


def test_sub_workflows_are_pinned_too(store: Store) -> None:
    child = {
        "name": "child",
        "config": {"c": {"type": "string", "default": "old"}},
        "tasks": {"a": {"run": "true"}},
        "output": {"now": "{{ now }}", "c": "{{ config.c }}"},
    }
    store(child)
    store({"name": "parent", "tasks": {"sub": {"workflow": "child", "with_items": [1, 2]}}})
    original = run_on(starting.start_execution("parent"))
    configs.set_config("child", "c", "new")
    store({**child, "output": {"now": "changed"}})
    again, verdict = replayed(original.execution.id)
    assert verdict.agreement == "identical"
    assert [row.output for row in again.rows] == [row.output for row in original.rows]
    assert original.outputs("sub", 1)["c"] == "old"


def test_where_a_replay_differs_is_named(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flag = tmp_path / "flag"
    store(
        changed(
            copy={"run": f"test -e {flag} || exit 4"},
            report={"run": f'echo "x=$(test -e {flag} && echo yes)" >> "$SMARTSPEC_OUTPUT"'},
        )
    )
    flag.touch()
    run_backup()
    flag.unlink()
    monkeypatch.setenv("NEWLY_SET", "1")
    _, verdict = replayed("backup#1")
    assert (verdict.agreement, verdict.task, verdict.what) == ("different", "copy", "status")
    assert verdict.sentence == "Different: the status of copy was completed and is failed."
    assert "the variable NEWLY_SET is set now" in verdict.environment


def test_other_exit_codes_and_outputs_are_differences(store: Store, tmp_path: Path) -> None:
    count = f"n=$(cat {tmp_path}/n 2>/dev/null || echo 0); echo $((n+1)) > {tmp_path}/n; "
    store(changed(list={"run": count + 'echo "files=$n" >> "$SMARTSPEC_OUTPUT"'}))
    run_backup()
    assert replayed("backup#1")[1].what == "outputs"
    store({"name": "code", "tasks": {"a": {"run": count + "exit $n"}}})
    run_on(starting.start_execution("code"))
    assert replayed("code#1")[1].what == "exit code"


def test_verdicts_of_many_replays_are_those_of_each(store: Store, tmp_path: Path) -> None:
    store(changed(list={"run": f'echo "files=$(cat {tmp_path}/n)" >> "$SMARTSPEC_OUTPUT"'}))
    (tmp_path / "n").write_text("1")
    run_backup()
    for n in (1, 2):
        (tmp_path / "n").write_text(str(n))
        run_on(comparing.replay_execution("backup#1"))
    replays = [executions.get_execution(f"backup#{n}") for n in (1, 2, 3)]
    found = comparing.replay_verdicts(replays)
    assert [found[each.pk].agreement for each in replays[1:]] == ["identical", "different"]
    assert found == {each.pk: replace(comparing.replay_verdict(each.id), environment=()) for each in replays[1:]}, (
        "the first is no replay"
    )


def test_the_same_value_kept_as_another_text_is_no_difference(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "_FEW", 1)
    store(BACKUP)
    run_backup()
    again, verdict = replayed("backup#1")
    assert verdict.agreement == "identical"
    with rows.transaction():
        rows.execute(
            "UPDATE task_executions SET output = replace(coalesce(output, '{}'), '{', '{ ') WHERE execution = ?",
            (again.execution.pk,),
        )
    last = {row.task: row for row in executions.list_task_executions(again.execution.id)}
    assert last["list"].output == {"files": "3"} and comparing.replay_verdict(again.execution.id).task == "copy"


def test_of_very_many_items_those_that_differ_are_compared_and_the_rest_is_counted(db: Path, tmp_path: Path) -> None:
    wrong = {7, 250, 399}
    for is_bad in (lambda _: False, wrong.__contains__):
        (tmp_path / "many.jsonl").write_text(many_items(400, is_bad))
        importing.import_executions(tmp_path / "many.jsonl")
    found = comparing.compare_executions("many#1", "many#2")
    assert {pair.item for pair in found.tasks if not pair.same_end} == wrong and found.suspects == ("each",)
    assert found.tasks[0].item == 0 and len(found.tasks) == comparing.MOST_ITEMS
    assert found.left_out == 300 and "300 items are left out" in found.cut


def test_no_verdict_for_what_was_cancelled_or_has_not_ended(store: Store) -> None:
    store(BACKUP)
    run_backup()
    waiting = comparing.replay_execution("backup#1")
    assert "is pending" in comparing.replay_verdict(waiting.id).sentence
    control.cancel_execution(waiting.id)
    verdict = comparing.replay_verdict(waiting.id)
    assert verdict.agreement == "none" and "was cancelled" in verdict.sentence


def test_what_cannot_be_replayed_says_why(store: Store) -> None:
    store(BACKUP)
    pending = starting.start_execution("backup")
    with pytest.raises(errors.InvalidTransition, match="is pending"):
        comparing.replay_execution(pending.id)
    control.cancel_execution(pending.id)
    with pytest.raises(errors.Conflict, match="is no replay"):
        comparing.replay_verdict(pending.id)
    outside = recording.end_execution(recording.begin_execution("backup").id, Report(ExecutionStatus.COMPLETED))
    with pytest.raises(errors.InvalidTransition, match="was recorded"):
        comparing.replay_execution(outside.id)
    workflows.archive_workflow("backup")
    with pytest.raises(errors.Conflict, match="is archived"):
        comparing.replay_execution(pending.id)
    workflows.delete_workflow("backup")
    workflows.purge_workflow("backup")
    with pytest.raises(errors.Conflict, match="was removed"):
        comparing.replay_execution(pending.id)


def test_the_terminal_says_the_verdict_and_its_code(
    smartspec: Callable[..., Said], file: Callable[[str, str], Path], tmp_path: Path
) -> None:
    path = file(
        "w.yaml",
        f"smartspec: 1\nname: w\ntasks: {{a: {{run: 'test -e {tmp_path}/f && echo x=1 >> $SMARTSPEC_OUTPUT; true'}}}}\n",
    )
    smartspec("run", str(path))
    said = smartspec("replay", "w#1")
    assert (said.code, said.out.splitlines()[-1]) == (
        0,
        "Identical: every task of w #2 came to what it came to in w #1.",
    )
    (tmp_path / "f").touch()
    said = smartspec("replay", "w#1")
    assert said.code == 13 and "Different: the outputs of a are not the same." in said.out
    assert smartspec("replay", "--verdict", "w#3").code == 13
    assert smartspec("--json", "replay", "--verdict", "w#2").json()["agreement"] == "identical"


def test_rows_of_other_times_are_untouched(store: Store) -> None:
    store(BACKUP)
    original = run_backup()
    before = ran(original.execution)
    replayed("backup#1")
    assert ran(original.execution) == before
    assert executions.count_executions() == 2


def test_the_noise_of_shells_is_no_clue_and_no_headline(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    noise = (
        "OLDPWD",
        "PWD",
        "SHLVL",
        "_",
        "WINDOWID",
        "TMUX_PANE",
        "DBUS_SESSION_BUS_ADDRESS",
        "SSH_AUTH_SOCK",
        "XDG_SESSION_ID",
    )
    store(changed(copy={"run": f"test -e {tmp_path}/there"}))
    (tmp_path / "there").touch()
    for name in noise:
        monkeypatch.setenv(name, "1")
    assert run_backup().status == "completed"
    (tmp_path / "there").unlink()
    for name in noise:
        monkeypatch.setenv(name, "2")
    assert run_backup().status == "failed"
    found = comparing.compare_with_last_good("backup")
    assert [each for each in found.findings if each.kind == "environment"] == []
    assert not any(each.startswith("0 of") for each in found.same)
    monkeypatch.setenv("TMUX_PANE", "3")
    store(changed(copy={"run": f'test -e {tmp_path}/there || exit "$TMUX_PANE"'}))
    run_backup()
    named = [
        each.sentence for each in comparing.compare_with_last_good("backup").findings if each.kind == "environment"
    ]
    assert named == ["the variable TMUX_PANE has another value"]  # a definition that names it makes it one


def test_a_folder_that_is_gone_is_the_clue(store: Store, tmp_path: Path) -> None:
    from smartspec.commands import files
    from tests.conftest import as_source

    place = tmp_path / "project"
    place.mkdir()
    files.import_workflows([as_source(changed(copy={"run": "true"}), place)])
    assert run_backup().status == "completed"
    place.rmdir()
    failed = run_backup()
    assert failed.status == "failed"
    assert "import the workflow from where its file is now" in (failed.row("list").error or "")
    first = comparing.compare_with_last_good("backup").findings[0]
    assert (first.likelihood, first.sentence) == ("very likely", f"the folder {place} does not exist")
