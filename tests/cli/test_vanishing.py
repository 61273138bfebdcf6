"""Who looks is nobody: the display of a run may vanish, the run goes to its end as if somebody had looked."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clock import until
from tests.conftest import ROOT, Said

Call = Callable[..., Said]
Vanish = Callable[[list[str], Path], int]
PROGRAM = [sys.executable, "-m", "smartspec"]
PATIENCE = 60  # seconds, against hanging only

# The first task says one line and waits until the display is gone; what comes after it says more, and leaves a mark.
DEFINITION = """\
smartspec: 1
name: two
params: {type: object, properties: {code: {type: integer, default: 0}}}
tasks:
  a: {run: 'echo first; echo careful >&2; until test -e gone; do sleep 0.05; done; echo second'}
  b: {needs: [a], run: 'seq 2000; seq 2000 >&2'}
  c: {needs: [b], env: {CODE: '{{ params.code }}'}, run: 'echo "run $SMARTSPEC_ATTEMPT" >> ran; exit $CODE'}
"""
# The control: a program that needs its display, as most do. It says the same, and leaves its mark only at the end.
CONTROL = [
    "sh",
    "-c",
    "set -e; echo first; echo careful >&2; until test -e gone; do sleep 0.05; done; "
    "echo second; seq 2000; seq 2000 >&2; echo ran > ran",
]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def as_from_a_shell() -> None:
    for number in (signal.SIGPIPE, signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def begin(
    argv: list[str], folder: Path, *, stdout: int | None = None, stderr: int | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv, cwd=folder, env=environment(), preexec_fn=as_from_a_shell, stdout=stdout, stderr=stderr
    )


def a_closed_pipe(argv: list[str], folder: Path, *, both: bool = False) -> int:
    process = begin(argv, folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT if both else subprocess.DEVNULL)
    assert process.stdout is not None and process.stdout.readline()
    process.stdout.close()
    (folder / "gone").touch()
    return process.wait(PATIENCE)


def a_closed_pipe_of_both(argv: list[str], folder: Path) -> int:
    return a_closed_pipe(argv, folder, both=True)


def by_shell(redirections: str) -> Vanish:
    def vanish(argv: list[str], folder: Path) -> int:
        (folder / "gone").touch()
        process = begin(["sh", "-c", f'exec "$@" {redirections}', "sh", *argv], folder, stderr=subprocess.DEVNULL)
        return process.wait(PATIENCE)

    return vanish


def a_closed_terminal(argv: list[str], folder: Path) -> int:
    """As when ssh breaks off: the terminal's other side is closed, which also sends HUP."""
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(folder)
        as_from_a_shell()
        os.execve(argv[0] if "/" in argv[0] else f"/bin/{argv[0]}", argv, environment())
    seen = b""
    while b"first" not in seen:
        seen += os.read(master, 4096)
    os.close(master)
    (folder / "gone").touch()
    ended: list[int] = []

    def has_ended() -> bool:
        found, status = os.waitpid(pid, os.WNOHANG)
        ended.extend([os.waitstatus_to_exitcode(status)] if found else [])
        return bool(found)

    until(has_ended)
    return ended[0]


WAYS: dict[str, Vanish] = {
    "a closed pipe": a_closed_pipe,
    "a closed pipe of both": a_closed_pipe_of_both,
    "a full device": by_shell(">/dev/full"),
    "a full device of both": by_shell(">/dev/full 2>&1"),
    "a closed stdout": by_shell(">&-"),
    "a closed stdout and stderr": by_shell(">&- 2>&-"),
    "nothing open at all": by_shell("<&- >&- 2>&-"),
    "a closed terminal": a_closed_terminal,
}


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(DEFINITION)
    return file


def newest(smartspec: Call) -> tuple[str, dict[str, str]]:
    execution = smartspec("execution", "two", "--json").json()
    return execution["status"], {each["task"]: each["status"] for each in execution["tasks"]}


@pytest.mark.parametrize("vanish", WAYS.values(), ids=WAYS)
def test_a_run_goes_to_its_end(vanish: Vanish, definition: Path, smartspec: Call, tmp_path: Path) -> None:
    code = vanish([*PROGRAM, "run", str(definition), "-p", "code=3"], tmp_path)
    assert code == 10, "the exit code is that of the run"
    assert newest(smartspec) == ("failed", {"a": "completed", "b": "completed", "c": "failed"})
    assert (tmp_path / "ran").read_text() == "run 1\n"
    assert sorted(smartspec("logs", "two", "a").out.splitlines()) == ["careful", "first", "second"]
    assert len(smartspec("logs", "two", "b").out.splitlines()) == 4000
    assert list((tmp_path / "home" / "data").glob("reports/*")) == []
    assert "in order" in smartspec("db", "check").out


@pytest.mark.parametrize("vanish", WAYS.values(), ids=WAYS)
def test_control_a_program_that_needs_its_display_does_not(vanish: Vanish, tmp_path: Path) -> None:
    assert vanish(CONTROL, tmp_path) != 0
    assert not (tmp_path / "ran").exists()


GOING_ON = [
    ("resume", "a closed pipe"), ("resume", "nothing open at all"), ("again", "a closed terminal"), ("again", "a full device of both"),
    ("replay", "a closed pipe"), ("replay", "a closed terminal"), ("rerun", "a full device of both"), ("rerun", "a closed stdout"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "way"), GOING_ON)
def test_what_runs_on_goes_to_its_end(verb: str, way: str, definition: Path, smartspec: Call, tmp_path: Path) -> None:
    (tmp_path / "gone").touch()
    if verb == "resume":
        hold = json.dumps({"run": f'"{sys.executable}" -m smartspec pause two'})
        text = DEFINITION.replace("tasks:\n", f"tasks:\n  hold: {hold}\n", 1)
        definition.write_text(text.replace("a: {run", "a: {needs: [hold], run"))
    first = smartspec("run", str(definition), "-p", "code=3")
    assert first.code == (12 if verb == "resume" else 10)
    if verb != "rerun":  # of which only what failed runs: c, which waits for nothing
        (tmp_path / "gone").unlink()
    assert WAYS[way]([*PROGRAM, verb, "two"], tmp_path) == 10
    status, tasks = newest(smartspec)
    assert status == "failed" and tasks["c"] == "failed" and {*tasks.values()} == {"completed", "failed"}


def test_int_and_term_cancel_and_hup_does_not(definition: Path, smartspec: Call, tmp_path: Path) -> None:
    for number, code in ((signal.SIGHUP, 0), (signal.SIGTERM, 130), (signal.SIGINT, 130)):
        (tmp_path / "gone").unlink(missing_ok=True)
        process = begin([*PROGRAM, "run", str(definition)], tmp_path, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"a | first\n"
        process.send_signal(number)
        time.sleep(0.3)
        if number == signal.SIGHUP:
            (tmp_path / "gone").touch()
        process.communicate(timeout=PATIENCE)
        assert process.returncode == code, number


def test_tasks_take_a_hangup_as_always(smartspec: Call, tmp_path: Path) -> None:
    """What a run does not mind is not forced on what it runs."""
    file = tmp_path / "h.yaml"
    file.write_text("smartspec: 1\nname: h\ntasks: {a: {run: 'kill -HUP $$; echo survived'}}")
    said = smartspec("run", str(file))
    assert said.code == 10 and "signal SIGHUP" in said.out and "survived" not in said.out


# What only shows

SHOWN = [["history"], ["logs", "two"], ["events", "two"], ["--help"], ["--json", "execution", "two"]]


@pytest.fixture
def ran(definition: Path, smartspec: Call, tmp_path: Path) -> None:
    (tmp_path / "gone").touch()
    assert smartspec("run", str(definition)).code == 0


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize("arguments", SHOWN, ids=" ".join)
def test_what_shows_ends_quietly_where_nobody_reads(arguments: list[str], tmp_path: Path) -> None:
    for redirection in (">&-", "| true"):
        line = f'{{ "$@"; echo $? > code; }} {redirection}'
        done = subprocess.run(["sh", "-c", line, "sh", *PROGRAM, *arguments], cwd=tmp_path, env=environment(), capture_output=True, timeout=PATIENCE)  # fmt: skip
        assert (done.stderr, (tmp_path / "code").read_text()) == (b"", "0\n"), redirection


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize("arguments", SHOWN, ids=" ".join)
def test_what_shows_says_that_a_device_is_full(arguments: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*PROGRAM, *arguments], cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == b"smartspec: The output could not be written: no space left on device.\n"


def test_an_exit_code_that_says_something_holds_where_nobody_reads(smartspec: Call, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("smartspec: 1\nname: bad\n")
    for redirection in (">&-", ">/dev/full", "| true"):
        line = f'{{ "$@"; echo $? > code; }} {redirection}'
        subprocess.run(["sh", "-c", line, "sh", *PROGRAM, "check", "bad.yaml"], cwd=tmp_path, env=environment(), capture_output=True, timeout=PATIENCE)  # fmt: skip
        assert (tmp_path / "code").read_text() == "2\n", redirection


@pytest.mark.parametrize("verb", ["logs", "events"])
def test_what_follows_ends_when_nobody_reads_any_more(
    verb: str, definition: Path, smartspec: Call, tmp_path: Path
) -> None:
    run = begin([*PROGRAM, "run", str(definition)], tmp_path, stdout=subprocess.PIPE)
    assert run.stdout is not None and run.stdout.readline()
    follower = begin([*PROGRAM, verb, "-f", "two"], tmp_path, stdout=subprocess.PIPE)
    assert follower.stdout is not None and follower.stdout.readline()
    follower.stdout.close()
    assert follower.wait(PATIENCE) == 0, "while nothing new comes"
    (tmp_path / "gone").touch()
    run.communicate(timeout=PATIENCE)
    assert run.returncode == 0


def test_standard_files_are_never_anothers(smartspec: Call, definition: Path, tmp_path: Path) -> None:
    """With all three closed the database and the logs must not become what is written to as the terminal."""
    (tmp_path / "gone").touch()
    for arguments in (["run", str(definition)], ["history"], ["nonsense"]):
        by_shell("<&- >&- 2>&-")([*PROGRAM, *arguments], tmp_path)
    assert "in order" in smartspec("db", "check").out
