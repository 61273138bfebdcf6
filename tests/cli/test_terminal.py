"""The terminal: what a person types and what they are told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from smartspec.cli.main import smartspec as front_door
from smartspec.commands import registry
from smartspec.store import database as rows
from tests.clock import until
from tests.conftest import ROOT, Said

Terminal = Callable[..., Said]
File = Callable[[str, str], Path]
HELLO = "smartspec: 1\nname: hello\ntags: [t]\nparams: {type: object, properties: {n: {type: integer, default: 1}}}\ntasks:\n  a: {run: echo n=$N, env: {N: '{{ params.n }}'}}\n"
BAD = "smartspec: 1\nname: bad\ntasks:\n  a: {run: 'echo oops >&2; exit 3'}\n"


def every_command() -> list[tuple[str, click.Command]]:
    found = []
    context = click.Context(front_door)
    for name in front_door.list_commands(context):
        each = front_door.get_command(context, name)
        assert each is not None
        inner = each.commands if isinstance(each, click.Group) else {}
        found += [(f"{name} {sub}", command) for sub, command in inner.items()] or [(name, each)]
    return found


@pytest.mark.parametrize(("name", "command"), every_command(), ids=[name for name, _ in every_command()])
def test_every_command_says_what_it_does(name: str, command: click.Command, terminal: Terminal) -> None:
    said = terminal(*name.split(), "--help")
    assert said.code == 0 and "--json" in said.out
    assert command.help and command.help[0].isupper()
    assert "smartspec " + name in said.out, "an example is missing"


def test_help_and_the_working_commands_import_no_qt(smartspec: Callable[..., Said], file: File) -> None:
    for arguments in (["--help"], ["run", str(file("hello.yaml", HELLO))], ["history"]):
        code = (
            "import sys\nfrom smartspec.cli.main import main\nmain(sys.argv[1:])\n"
            "assert not [name for name in sys.modules if name.startswith('PySide6')]\nprint('no Qt')"
        )
        done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True)
        assert done.stdout.endswith("no Qt\n"), done.stderr


def test_define_run_look_back(terminal: Terminal, file: File) -> None:
    path = str(file("hello.yaml", HELLO))
    assert "in order" in terminal("check", path).out
    assert "created: version 1.0.0" in terminal("import", path, "-m", "first").out
    assert "unchanged" in terminal("import", path).out
    ran = terminal("run", "hello", "-p", "n=5")
    assert ran.code == 0 and "a | n=5" in ran.out and "completed" in ran.out
    assert "hello #1" in terminal("history").out
    record = terminal("execution", "hello#1").out
    for words in ("hello #1", "completed", '{"n": 5}', "version", "1.0.0", "a  "):
        assert words in record
    assert "n=5" in terminal("logs", "hello").out
    assert "task_completed" in terminal("events", "hello").out
    assert "first" in terminal("versions", "hello").out
    assert "hello" in terminal("show", "hello").out and "hello" in terminal("list", "--tag", "t").out
    answer = terminal("call", "list_executions_db", '{"filter": {"status": "completed"}}').out
    assert json.loads(answer)[0]["workflow_name"] == "hello"


def test_json_everywhere(terminal: Terminal, file: File) -> None:
    terminal("import", str(file("hello.yaml", HELLO)))
    execution = json.loads(terminal("run", "hello", "--json").out)
    assert execution["status"] == "completed"
    for arguments, kind in (
        (["list"], list), (["show", "hello"], dict), (["history"], list), (["execution", "hello"], dict), (["tasks", "hello"], list),
        (["events", "hello"], list), (["versions", "hello"], list), (["versions", "hello", "--audit"], list), (["config", "list", "hello"], list),
        (["stats"], dict), (["metrics", "hello"], dict), (["metrics", "hello", "--tasks"], list), (["metrics"], list), (["metrics", "--alerts"], dict),
        (["workspace", "list"], list), (["settings", "get"], dict), (["db", "version"], dict), (["db", "health"], dict), (["db", "path"], dict),
        (["db", "check"], dict), (["db", "backups"], list), (["db", "backup"], dict), (["export", "hello"], dict), (["waiting"], list), (["timed-out"], list),
        (["check", "hello.yaml"], dict), (["db", "optimize"], dict), (["history", "--count"], dict),
    ):  # fmt: skip
        if arguments[0] == "check":
            arguments = ["check", str(file("hello.yaml", HELLO))]
        said = terminal(*arguments, "--json")
        assert said.code == 0, (arguments, said.err)
        assert isinstance(json.loads(said.out), kind), arguments
    tasks = json.loads(terminal("execution", "hello", "--json").out)["tasks"]
    assert tasks[0]["task"] == "a" and "pk" not in tasks[0]


def test_a_file_is_imported_and_run(terminal: Terminal, file: File) -> None:
    path = str(file("hello.yaml", HELLO))
    assert terminal("run", path).code == 0
    assert terminal("run", path, "--input", '{"n": 2}').code == 0
    assert terminal("run", path, "--input", f"@{file('in.json', json.dumps({'n': 3}))}").code == 0
    assert terminal("history", "--count").out == "3\n"
    assert terminal("versions", "hello", "--json").out.count('"number"') == 1


def test_a_failure_ends_with_what_it_said_last(terminal: Terminal, file: File) -> None:
    said = terminal("run", str(file("bad.yaml", BAD)))
    assert said.code == 10
    assert "exit code 3" in said.out and "    oops" in said.out
    assert "oops" in terminal("execution", "bad").out
    timeout = terminal(
        "run", str(file("slow.yaml", "smartspec: 1\nname: slow\ntimeout: 200ms\ntasks: {a: {run: sleep 9}}"))
    )
    assert timeout.code == 11


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "nope"], 4, "no workflow “nope”"), (["run", "missing.yaml"], 4, "no file"), (["run", "./missing.yaml"], 4, "no file"),
        (["execution", "nope#1"], 4, "no workflow “nope”"), (["execution", "01234567"], 4, "no execution"), (["logs", "hello", "zz"], 4, "no task “zz”"),
        (["run", "hello", "-p", "n"], 2, "write KEY=VALUE"), (["run", "hello", "-p", "=1"], 2, "-p =1: write KEY=VALUE"),
        (["run", "hello", "--input", "@"], 4, "@ cannot be read"), (["run", "hello", "-p", "n=x"], 2, "must be a whole number"), (["run", "hello", "-p", "m=1"], 2, "The parameters are n."),
        (["run", "hello", "--input", "{"], 2, "--input is not JSON"), (["run", "hello", "--input", "[1]"], 2, "must be a JSON object"),
        (["run", "hello", "--input", "@nope.json"], 4, "cannot be read"), (["history", "--status", "exploded"], 2, "no status “exploded”"),
        (["history", "--since", "soon"], 2, "is not a time"), (["call", "nope"], 2, "no command “nope”"), (["settings", "set", "x", "1"], 2, "no setting"),
        (["list", "--workspace", "nope"], 4, "no workspace “nope”"), (["--db", "/proc/nope/x.db", "list"], 3, "Choose another place"),
        (["frobnicate"], 2, "No such command"), (["config", "set", "hello", "k", "v", "--type", "blob"], 2, "Invalid value type"),
        (["cancel", "hello#1"], 5, "has ended already"), (["rerun", "hello#1"], 5, "only what failed"), (["delete", "nope"], 4, "no workflow"),
        (["confirm", "hello#1", "a"], 5, "does not wait"), (["retry", "hello#1"], 5, "nothing of it is tried now"), (["pause"], 2, "use --all"), (["resume", "hello#1"], 5, "nothing to resume"), (["restore", "hello"], 4, "in the trash"),
        (["import", "notes.txt"], 2, "must end in .yaml"), (["diff", "hello"], 4, "nothing before it"), (["rollback", "hello", "9"], 4, "no version"),
    ],
)  # fmt: skip
def test_the_wrong_thing_ends_in_a_sentence(
    terminal: Terminal, file: File, arguments: list[str], code: int, words: str
) -> None:
    terminal("run", str(file("hello.yaml", HELLO)))
    said = terminal(*arguments)
    assert said.code == code, said
    assert words in said.err
    assert "Traceback" not in said.err


def test_problems_are_told_with_their_places(terminal: Terminal, file: File) -> None:
    path = str(file("x.yaml", "smartspec: 1\nname: x\ntasks:\n  a: {runs: x}\n  b: {run: x, needs: [c]}\n"))
    checked = terminal("check", path)
    assert checked.code == 2 and f"{path}:4:3: error: tasks.a: " in checked.out and ":5:15: " not in checked.out
    refused = terminal("import", path)
    assert (
        refused.code == 2
        and "2 problems; nothing was stored" in refused.err
        and "  5:23: error: tasks.b.needs[0]" in refused.err
    )
    said = terminal("import", "--draft", path).out.splitlines()[0]
    assert said.endswith("kept as a working copy; it has errors and does not run")


def test_the_life_of_a_workflow(terminal: Terminal) -> None:
    assert "default.night-job is a draft" in terminal("new", "Night job").out
    assert "smartspec: 1" in terminal("export", "night-job").out
    for arguments, words in (
        (["activate", "night-job"], "is active"), (["deactivate", "night-job"], "is inactive"), (["archive", "night-job"], "is archived"),
        (["deactivate", "night-job"], "is inactive"), (["rename", "night-job", "Day job"], "“Day job”"), (["duplicate", "night-job"], "was made"),
        (["delete", "night-job", "--reason", "r"], "in the trash"), (["list", "--trash"], "Day job"), (["restore", "night-job"], "is back"),
        (["delete", "night-job"], "in the trash"), (["purge", "night-job", "--yes"], "is gone"), (["versions", "day-job-copy", "--audit"], "workflow_created"),
    ):  # fmt: skip
        said = terminal(*arguments)
        assert said.code == 0 and words in said.out, (arguments, said)


def test_settings_of_a_workflow(terminal: Terminal, file: File) -> None:
    terminal("import", str(file("x.yaml", HELLO + "config: {k: {type: number, default: 1, description: how many}}\n")))
    assert "how many" in terminal("config", "list", "hello").out
    assert terminal("config", "set", "hello", "k", "5").code == 0
    assert terminal("config", "get", "hello", "k").out == "5\n"
    assert "saved" in terminal("config", "list", "hello").out
    assert "5" in terminal("config", "list", "hello", "--as-of", "now").out
    assert "k" in terminal("config", "list", "hello", "--history").out
    assert "forgotten" in terminal("config", "unset", "hello", "k").out
    assert "0 values" in terminal("config", "unset", "hello", "--all").out
    assert terminal("config", "unset", "hello").code == 2


def test_versions_are_compared_and_restored(terminal: Terminal, file: File) -> None:
    terminal("import", str(file("x.yaml", HELLO)))
    terminal("import", str(file("x.yaml", HELLO.replace("echo", "printf"))))
    assert (
        "tasks.a.run changed" in terminal("diff", "hello").out
        and "+  a: {run: printf" in terminal("diff", "hello", "--lines").out
    )
    assert "current version is 1.0.2" in terminal("rollback", "hello", "1.0.0", "-m", "back").out


def test_executions_are_noted_pinned_and_put_away(terminal: Terminal, file: File) -> None:
    terminal("run", str(file("x.yaml", HELLO)))
    for arguments, words in (
        (["note", "hello", "a note"], "Noted"), (["pin", "hello"], "is pinned"), (["pin", "hello", "--off"], "no longer"), (["history", "--text", "a note"], "hello #1"),
        (["again", "hello"], "hello #2"), (["execution", "delete", "hello#1"], "in the trash"), (["history", "--trash"], "hello #1"),
        (["execution", "restore", "hello#1"], "is back"), (["execution", "delete", "hello#1"], "in the trash"), (["execution", "purge", "hello#1"], "is gone"),
        (["workspace", "new", "Other"], "“other” is there"), (["workspace", "remove", "other"], "is gone"), (["settings", "set", "runner.at_once", "3"], "is 3"),
        (["settings", "set", "alerts.failure_rate_percent", "30 %"], "is 30 %"), (["metrics", "hello"], "typical"), (["metrics", "--rebuild"], "COMPLETED"), (["db", "check"], "in order"),
    ):  # fmt: skip
        said = terminal(*arguments)
        assert said.code == 0 and words in said.out, (arguments, said)
    name = Path(json.loads(terminal("db", "backup", "--json").out)["path"]).name
    assert "as it was made" in terminal("db", "backups", "--verify", name).out


def test_history_goes_on_where_the_page_ended(terminal: Terminal, file: File) -> None:
    path = str(file("x.yaml", HELLO))
    for _ in range(3):
        terminal("run", path)
    first = terminal("history", "--limit", "2", "--json")
    after = first.err.strip().rpartition(" ")[2]
    rest = terminal("history", "--limit", "2", "--after", after, "--json")
    assert [each["number"] for each in json.loads(first.out) + json.loads(rest.out)] == [3, 2, 1]


def test_completion_scripts_are_printed(terminal: Terminal) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_SMARTSPEC_COMPLETE" in terminal("completion", shell).out


def test_completion_knows_what_is_stored(smartspec: Callable[..., Said], file: File) -> None:
    smartspec("import", str(file("x.yaml", HELLO)))
    said = smartspec(_SMARTSPEC_COMPLETE="bash_complete", COMP_WORDS="smartspec run def", COMP_CWORD="2")
    assert "plain,default.hello" in said.out


def test_every_verb_is_reached_from_the_terminal(terminal: Terminal) -> None:
    for name in registry.commands():
        said = terminal("call", name, '{"no such argument": 1}')
        assert said.code == 2 and f"smartspec: {name} " in said.err, (name, said)


def test_control_sequences_do_not_reach_the_terminal() -> None:
    from smartspec.domain.display import strip_escapes

    assert (
        strip_escapes("a\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07\x1b]0;title\x1b\\ b\x07\x1bc\t\n")
        == "ared link b\t\n"
    )


def test_logs_into_a_pipe_are_the_bytes_as_they_were(
    smartspec: Callable[..., Said], file: File, tmp_path: Path, home: Path
) -> None:
    smartspec(
        "run",
        str(file("x.yaml", "smartspec: 1\nname: x\ntasks: {a: {run: \"printf '\\\\033[31m\\\\377\\\\r\\\\n'\"}}")),
    )
    done = subprocess.run([sys.executable, "-m", "smartspec", "logs", "x", "a"], cwd=ROOT, capture_output=True)
    assert done.stdout == b"\x1b[31m\xff\r\n"


def started(arguments: list[str], tmp_path: Path) -> subprocess.Popen[str]:
    """As from a terminal, whatever this test run inherited: a shell's background job ignores Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, "-m", "smartspec", *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


SLOW = "smartspec: 1\nname: slow\ntasks:\n  a: {run: 'echo began; sleep 60'}\n  b: {needs: [a], run: 'true'}\nhandlers: {cancel: {run: 'echo tidy'}}\n"


def test_ctrl_c_cancels_and_the_record_says_so(smartspec: Callable[..., Said], file: File, tmp_path: Path) -> None:
    process = started(["run", str(file("slow.yaml", SLOW))], tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "a | began\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, (out, err)
    assert "tidy" in out and "Traceback" not in err
    tasks = {each["task"]: each["status"] for each in smartspec("tasks", "slow", "--json").json()}
    assert tasks == {"a": "cancelled", "b": "cancelled", "handlers.cancel": "completed"}


@pytest.mark.parametrize("delay", [0.1, 0.2, 0.3, 0.4, 0.6])
def test_ctrl_c_at_any_moment_loses_nothing(
    smartspec: Callable[..., Said], file: File, tmp_path: Path, delay: float
) -> None:
    smartspec("import", str(file("slow.yaml", SLOW)))
    process = started(["run", "slow"], tmp_path)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT) or "smartspec/" not in err, err
    assert "Traceback" not in err or "smartspec/" not in err  # the interpreter itself may still have been starting
    assert {each["status"] for each in smartspec("history", "--json").json()} <= {"cancelled"}
    assert "in order" in smartspec("db", "check").out


def test_a_refused_start_leaves_no_runner_behind(terminal: Terminal, file: File) -> None:
    from smartspec.commands import runners

    path = str(file("x.yaml", HELLO))
    assert terminal("run", path, "-p", "n=x").code == 2
    assert terminal("run", path, "--input", '{"m": 1}').code == 2
    assert runners.list_runners() == ()


def test_what_cannot_start_yet_says_why(smartspec: Callable[..., Said], file: File, tmp_path: Path) -> None:
    text = "smartspec: 1\nname: single\nmax_running: 1\ntasks: {a: {run: 'echo began; sleep 1.5'}}"
    path = str(file("single.yaml", text))
    first = started(["run", path], tmp_path)
    assert first.stdout is not None and first.stdout.readline() == "a | began\n"
    second = smartspec("run", path)
    first.communicate()
    assert second.code == 0 and "waiting: single runs already (max_running 1)" in second.err


def test_a_damaged_database_is_told_with_an_exit_code(smartspec: Callable[..., Said], file: File, home: Path) -> None:
    smartspec("run", str(file("x.yaml", HELLO)))
    database_file = home / "data" / "smartspec.db"
    data = bytearray(database_file.read_bytes())
    for page in range(20, len(data) // 4096):
        data[page * 4096 : page * 4096 + 512] = b"\xa5" * 512
    database_file.write_bytes(data)
    said = smartspec("db", "health")
    assert said.code in (1, 65) and "damaged" in said.out + said.err and "Traceback" not in said.err


def test_two_terminals_at_once(smartspec: Callable[..., Said], file: File, tmp_path: Path) -> None:
    path = str(file("x.yaml", HELLO))
    processes = [started(["run", path, "--json"], tmp_path) for _ in range(4)]
    answers = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, answers
    assert sorted(json.loads(out)["number"] for out, _ in answers) == [1, 2, 3, 4]


def test_detached_runs_go_on_in_a_runner_that_ends_when_idle(
    smartspec: Callable[..., Said], file: File, tmp_path: Path
) -> None:
    said = smartspec(
        "run", str(file("x.yaml", "smartspec: 1\nname: x\ntasks: {a: {run: 'sleep 0.5; echo done'}}")), "--detach"
    )
    assert said.code == 0 and "is queued" in said.out
    assert "done" in smartspec("logs", "-f", "x").out
    assert smartspec("execution", "x", "--json").json()["status"] == "completed"
    (log,) = tmp_path.rglob("smartspec.log")
    assert "serves" in log.read_text() and log.stat().st_mode & 0o777 == 0o600
    until(lambda: not processes_of(tmp_path), what="the runner did not end")


def processes_of(tmp_path: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(tmp_path).encode() in line and b"runner" in line:
                found.append(entry.name)
    return found


@pytest.mark.parametrize("home", ["smartspec", "smartspec.cli.main"], ids=["at first", "of a command"])
def test_an_interrupt_inside_of_a_class_that_is_imported_is_no_error(home: str, tmp_path: Path) -> None:
    """Python 3.11 raises a RuntimeError then, whose cause is the interrupt."""
    code = (
        f"import functools, signal, sys, {home}\n"
        "functools.cached_property.__set_name__ = lambda *_: signal.raise_signal(signal.SIGINT)\n"
        "sys.argv = ['smartspec', 'compare', 'x']\nfrom smartspec.__main__ import main\nmain()"
    )
    environment = {**os.environ, "SMARTSPEC_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert done.stderr in ("", "smartspec: stopped.\n")


def test_a_pause_from_another_terminal_and_a_resume(smartspec: Callable[..., Said], file: File, tmp_path: Path) -> None:
    work = "echo began; until [ -e paused ]; do sleep 0.05; done"
    path = file("x.yaml", f"smartspec: 1\nname: x\ntasks: {{a: {{run: '{work}'}}, b: {{needs: [a], run: echo end}}}}")
    process = started(["run", str(path)], tmp_path)
    assert process.stdout is not None and process.stdout.readline() == "a | began\n"
    assert "pauses when" in smartspec("pause", "x", "--reason", "r").out
    (path.parent / "paused").touch()
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 12 and "smartspec resume" in out
    resumed = smartspec("resume", "x")
    assert resumed.code == 0 and "b | end" in resumed.out and "began" not in resumed.out.replace("a | began", "", 1)


def test_demo_runs_a_sample_for_real_and_shows_its_record(smartspec: Callable[..., Said]) -> None:
    for number in (1, 2):
        said = smartspec("demo")
        assert said.code == 0, said.err
        assert f"folder-inventory #{number}" in said.out and "✓ completed" in said.out and '"files": ' in said.out
    assert len(smartspec("list", "--workspace", "samples", "--json").json()) == 5


@pytest.mark.parametrize(
    "sample", ["folder-inventory", "csv-to-sqlite", "log-digest", "verified-backup", "release-check"]
)
def test_every_sample_does_its_job(smartspec: Callable[..., Said], sample: str) -> None:
    files = [str(file) for file in sorted((ROOT / "resources" / "samples").glob("*.yaml"))]
    assert smartspec("import", *files).code == 0
    assert smartspec("run", f"samples.{sample}").code == 0


def test_a_bug_is_loud_and_leaves_a_report(terminal: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartspec.commands import workflows

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(workflows, "list_workflows", broken)
    said = terminal("list")
    assert said.code == 70 and "error in SmartSpec itself" in said.err
    (report,) = (home / "data" / "reports").iterdir()
    assert "ZeroDivisionError: a bug" in report.read_text()


def test_a_cancel_before_the_last_moment_wins_even_when_every_task_completed(
    smartspec: Callable[..., Said], file: File
) -> None:
    cancel = f'"{sys.executable}" -m smartspec cancel "$SMARTSPEC_EXECUTION_ID"'
    definition = {"smartspec": 1, "name": "x", "tasks": {"a": {"run": cancel}}, "handlers": {"cancel": {"run": "true"}}}
    said = smartspec("run", str(file("x.json", json.dumps(definition))), "--json")
    assert (said.code, said.json()["status"]) == (130, "cancelled")
    tasks = {each["task"]: each["status"] for each in smartspec("tasks", "x", "--json").json()}
    assert tasks["a"] in ("completed", "cancelled") and tasks["handlers.cancel"] == "completed"


def test_a_killed_run_is_told_as_interrupted_and_can_be_resumed(
    smartspec: Callable[..., Said], file: File, tmp_path: Path
) -> None:
    text = "smartspec: 1\nname: x\ntasks: {a: {run: 'echo began; test \"$SMARTSPEC_ATTEMPT\" = 2 || sleep 60'}}"
    process = started(["run", str(file("x.yaml", text))], tmp_path)
    assert process.stdout is not None and process.stdout.readline() == "a | began\n"
    process.kill()
    process.communicate()
    assert smartspec("execution", "x", "--json").json()["status"] == "interrupted"
    resumed = smartspec("resume", "x")
    assert resumed.code == 0 and "completed" in resumed.out
    assert [each["status"] for each in smartspec("tasks", "x", "--json").json()] == ["interrupted", "completed"]


# The way to the window


def test_the_terminal_imports_no_qt(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom smartspec.cli.main import main\nmain(['--help'])\nmain(['list'])\n"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'smartspec.gui'))]"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_what_needs_no_database_imports_none(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom smartspec.cli.main import main\nassert main(['--version']) == 0\n"
        "assert not [name for name in sys.modules if name.startswith(('peewee', 'yaml', 'smartspec.store'))]"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_without_a_screen_it_says_so(smartspec: Callable[..., Said]) -> None:
    said = smartspec("open")
    assert (said.code, "no screen" in said.err) == (5, True)
    assert "Usage" in smartspec().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("histroy", "x.png"), "did you mean “history”"),
        (("history", "x.png", "--size", "big"), "is not a size"),
        (("history", "nowhere/x.png"), "cannot be written"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_told(
    smartspec: Callable[..., Said], arguments: tuple[str, ...], told: str
) -> None:
    said = smartspec("screenshot", *arguments)
    assert said.code == 2
    assert told in said.err


@pytest.mark.parametrize("arguments", [[], ["open"]])
def test_where_qt_cannot_be_loaded_a_sentence_says_so(tmp_path: Path, arguments: list[str]) -> None:
    broken = tmp_path / "PySide6"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    environment = {
        **os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "QT_QPA_PLATFORM": "offscreen",
        "SMARTSPEC_HOME": str(tmp_path / "home"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "smartspec", *arguments], env=environment, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 5 and "libEGL.so.1" in done.stderr and "README" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_says_where_it_goes_on(terminal: Callable[..., Said]) -> None:
    for number in range(3):
        terminal("new", f"w{number}")
    for verb in (("list",), ("versions", "w0", "--audit")):
        seen: list[str] = []
        after: tuple[str, ...] | None = ()
        while after is not None:
            said = terminal(*verb, "--limit", "1", *after, "--json")
            seen += [json.dumps(each) for each in said.json()]
            after = tuple(said.err.split()[-2:]) if "There is more" in said.err else None
        assert len(seen) == len(set(seen)) == len(terminal(*verb, "--json").json()) > 1


def test_an_execution_is_found_by_its_correlation_id_with_all_that_is_known_of_it(
    terminal: Callable[..., Said], file: File
) -> None:
    text = (
        "smartspec: 1\nname: x\nparams: {type: object, properties: {n: {type: integer}}}\nvars: {double: '{{ params.n * 2 }}'}\n"
        "tasks: {a: {run: exit 3}}\n"
    )
    path = str(file("x.yaml", text))
    run = ("run", path, "-p", "n=4", "--correlation-id", "order 7", "--priority", "5")
    assert terminal(*run).code == 10 and terminal("run", path, "-p", "n=1").code == 10
    for asked in (("--correlation-id", "order 7"), ('correlation:"order 7"',)):
        (found,) = terminal("history", *asked, "--json").json()
        assert (found["correlation_id"], found["number"]) == ("order 7", 1)
    terminal("rerun", "x#1")
    columns = (
        "status, priority, input_data, output_data, variables, correlation_id, scheduled_at, started_at, completed_at,"
        " timeout_at, error_message, retry_count, triggered_by, parent_instance_id"
    )
    ((status, priority, given, output, variables, known_by, due, began, ended, late, error, again, by, parent),) = (
        rows.rows(f"SELECT {columns} FROM workflow_instances WHERE correlation_id = 'order 7'")
    )
    assert (status, priority, json.loads(given), output, known_by) == ("failed", 5, {"n": 4}, None, "order 7")
    assert json.loads(variables)["vars"] == {"double": 8} and (due, late, parent, again) == (None, None, None, 1)
    assert began <= ended and "exit code 3" in error and by
