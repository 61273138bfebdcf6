"""`record`: the command runs as it would without, and its record is kept."""

from __future__ import annotations

import json
import os
import pty
import select
import shlex
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import database, execution_logs, executions
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.runner import recovery
from tests.clock import until
from tests.conftest import ROOT, Said

Call = Callable[..., Said]
PROGRAM = [sys.executable, "-m", "smartspec"]
TYPED = shlex.join(PROGRAM)  # as in a shell


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def recorded(ledger: Path, which: str) -> tuple[Execution, TaskExecution, str]:
    """The newest execution of a workflow, its row, and its log."""
    database.open_database(ledger)
    try:
        execution = executions.get_execution(which)
        row = executions.list_task_executions(execution.id)[0]
        return execution, row, execution_logs.read_log(row).data.decode("utf-8", "replace")
    finally:
        database.close_database()


def test_four_words_before_a_script_record_it(smartspec: Call, ledger: Path, tmp_path: Path) -> None:
    script = tmp_path / "nightly.sh"
    script.write_text("#!/bin/sh\necho saved $1; echo careful >&2; exit 3\n")
    script.chmod(0o755)
    said = smartspec("record", "--name", "nightly", str(script), "--all")
    assert (said.code, said.out, said.err) == (3, "saved --all\n", "careful\n")
    execution, row, log = recorded(ledger, "nightly")
    assert (execution.label, execution.kind, execution.status, execution.status_reason) == (
        "nightly #1",
        "command",
        "failed",
        "task: main",
    )
    assert (row.exit_code, row.status_reason, (row.input or {})["command"]) == (3, "exit 3", [str(script), "--all"])
    assert row.cpu_ms is not None and execution.environment is not None
    assert sorted(log.splitlines()) == ["careful", "saved --all"]
    assert "careful" in smartspec("logs", "nightly").out
    assert f"{script} --all" in smartspec("execution", "nightly").out


def test_it_is_named_by_its_program_and_counted_on(smartspec: Call, ledger: Path) -> None:
    assert smartspec("record", "--", "sh", "-c", "exit 0").code == 0
    assert smartspec("record", "sh", "-c", "exit 0").code == 0
    assert recorded(ledger, "sh")[0].label == "sh #2"


def test_input_and_ids_are_kept(smartspec: Call, ledger: Path) -> None:
    smartspec("record", "--name", "t", "--input", '{"epochs": 3}', "--correlation-id", "c-1", "--", "true")
    execution, _, _ = recorded(ledger, "t")
    assert (execution.input, execution.correlation_id, execution.trigger) == ({"epochs": 3}, "c-1", "cli")


def test_standard_input_reaches_the_command(smartspec: Call) -> None:
    assert smartspec("record", "cat", stdin="line\n").out == "line\n"


def test_bytes_come_through_as_they_are(ledger: Path) -> None:
    argv = [
        *PROGRAM,
        "record",
        "--name",
        "b",
        "--",
        sys.executable,
        "-c",
        "import sys; sys.stdout.buffer.write(bytes(range(256)) * 999)",
    ]
    assert subprocess.run(argv, env=environment(), capture_output=True).stdout == bytes(range(256)) * 999


@pytest.mark.parametrize(
    ("argv", "code", "words"), [(["no-such-program"], 127, "was not found"), (["./plain.txt"], 126, "may not be run")]
)
def test_what_cannot_be_started_is_told_as_a_shell_tells_it(
    smartspec: Call, ledger: Path, tmp_path: Path, argv: list[str], code: int, words: str
) -> None:
    (tmp_path / "plain.txt").write_text("text")
    said = smartspec("record", "--name", "x", *argv)
    assert said.code == code and words in said.err
    execution, row, _ = recorded(ledger, "x")
    assert (execution.status, row.status_reason) == ("failed", "start")


def test_a_script_without_a_first_line_runs(smartspec: Call, tmp_path: Path) -> None:
    script = tmp_path / "plain"
    script.write_text("echo plain $1\n")
    script.chmod(0o755)
    assert smartspec("record", str(script), "x").out == "plain x\n"


def test_a_bad_input_is_refused_before_anything_runs(smartspec: Call, tmp_path: Path) -> None:
    said = smartspec("record", "--input", "{", "--", "touch", str(tmp_path / "ran"))
    assert said.code == 2 and "--input is not JSON" in said.err and not (tmp_path / "ran").exists()


def test_without_a_ledger_the_command_runs_all_the_same(smartspec: Call, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_text("this is no database")
    said = smartspec("--db", str(other), "record", "--", "sh", "-c", "echo done; exit 4")
    assert (said.code, said.out) == (4, "done\n")
    assert said.err.count("\n") == 1 and "not recorded" in said.err and "not a readable database" in said.err
    assert other.read_text() == "this is no database"


def test_it_ends_by_the_signal_that_ended_the_command(ledger: Path) -> None:
    done = subprocess.run([*PROGRAM, "record", "--name", "s", "--", "sh", "-c", "kill -USR1 $$"], env=environment())
    assert done.returncode == -signal.SIGUSR1
    execution, row, _ = recorded(ledger, "s")
    assert (execution.status, row.status_reason) == ("failed", "signal SIGUSR1")


def running(ledger: Path, name: str) -> subprocess.Popen[bytes]:
    """A recorded command that says ready, traps signals, and waits."""
    script = "trap 'echo got TERM; exit 5' TERM; trap 'echo got USR1' USR1; echo ready; while :; do sleep 0.05; done"
    process = subprocess.Popen(
        [*PROGRAM, "record", "--name", name, "--", "sh", "-c", script],
        env=environment(),
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    return process


def test_signals_pass_through(ledger: Path) -> None:
    process = running(ledger, "s")
    assert process.stdout is not None
    process.send_signal(signal.SIGUSR1)
    assert process.stdout.readline() == b"got USR1\n"
    process.terminate()
    assert process.communicate()[0] == b"got TERM\n" and process.returncode == 5
    execution, _, log = recorded(ledger, "s")
    assert execution.status == "cancelled" and log == "ready\ngot USR1\ngot TERM\n"


def test_it_is_cancelled_from_elsewhere(smartspec: Call, ledger: Path) -> None:
    process = running(ledger, "s")
    assert "is being cancelled" in smartspec("cancel", "s").out
    assert process.communicate(timeout=20)[0] == b"got TERM\n"
    assert recorded(ledger, "s")[0].status == "cancelled"


def test_it_cannot_be_paused_replayed_or_run_again_here(smartspec: Call, ledger: Path) -> None:
    process = running(ledger, "s")
    assert smartspec("pause", "s").code == 5
    process.terminate()
    process.communicate()
    for verb in ("rerun", "replay"):
        said = smartspec(verb, "s")
        assert said.code == 5 and "was recorded, not run here" in said.err


def test_with_the_recorder_gone_it_is_interrupted_and_stays_so(ledger: Path) -> None:
    process = running(ledger, "s")
    process.kill()
    process.communicate()
    database.open_database(ledger)
    assert [each.label for each in recovery.recover()] == ["s #1"]
    assert recovery.recover() == ()
    assert executions.get_execution("s").status == "interrupted"
    database.close_database()
    os.killpg(process.pid, signal.SIGKILL)  # the command itself was left alone


def test_a_grandchild_that_keeps_the_output_holds_nothing_up(smartspec: Call) -> None:
    """A plain read to the end of the pipe would take longer than the test may."""
    said = smartspec("record", "--", "sh", "-c", "sleep 300 & echo done")
    assert (said.code, said.out) == (0, "done\n")


def test_a_reader_that_leaves_ends_the_command_as_without_record(ledger: Path) -> None:
    line = f"{TYPED} record --name y -- sh -c 'while echo y; do :; done' | head -n 1"
    assert subprocess.run(["sh", "-c", line], env=environment(), capture_output=True, timeout=60).stdout == b"y\n"
    until(lambda: recorded(ledger, "y")[0].status != "running")
    assert recorded(ledger, "y")[0].status == "failed"


# In a terminal


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, *arguments: str, columns: int = 97) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [*PROGRAM, *arguments], environment())
        import fcntl
        import termios

        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 31, columns, 0, 0))
        self.seen = b""

    def until(self, words: bytes) -> None:
        until(lambda: words in self.seen, pause=lambda: self._read(0.1))

    def _read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.seen += data
        return bool(data)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def end(self) -> int:
        while self._read(20):
            pass
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.master)
        return code


def test_in_a_terminal_the_command_has_one_too(ledger: Path) -> None:
    script = "import os, sys; s = os.get_terminal_size(); print(s.columns, s.lines, [os.isatty(n) for n in range(3)], 'name', input(), flush=True); sys.exit(6)"
    terminal = Terminal("record", "--name", "t", "--", sys.executable, "-c", script)
    terminal.type(b"Ada\r")
    assert terminal.end() == 6
    assert b"97 31 [True, True, True] name Ada" in terminal.seen
    execution, row, log = recorded(ledger, "t")
    assert (execution.status, row.exit_code) == ("failed", 6) and "name Ada" in log


def test_ctrl_c_goes_to_the_command(ledger: Path) -> None:
    terminal = Terminal(
        "record",
        "--name",
        "t",
        "--",
        "sh",
        "-c",
        "trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.05; done",
    )
    terminal.until(b"ready")
    terminal.type(b"\x03")
    assert terminal.end() == 7 and b"caught" in terminal.seen


def test_ctrl_c_cancels_a_command_that_does_not_catch_it(ledger: Path) -> None:
    terminal = Terminal("record", "--name", "t", "--", "sh", "-c", "echo ready; exec sleep 30")
    terminal.until(b"ready")
    terminal.type(b"\x03")
    assert terminal.end() == -signal.SIGINT
    assert recorded(ledger, "t")[0].status == "cancelled"


def test_the_terminal_is_as_it_was_afterwards(ledger: Path) -> None:
    terminal = Terminal("record", "--name", "t", "--", "true")
    code = terminal.end()
    assert code == 0
    before, after = (
        subprocess.run(
            ["script", "-qec", f"{line}; stty -a", "/dev/null"],
            env=environment(),
            capture_output=True,
            stdin=subprocess.DEVNULL,
        ).stdout.splitlines()[-3:]
        for line in ("true", f"{TYPED} record true")
    )
    assert before == after


def test_what_is_recorded_waits_in_no_queue_and_holds_none_up(
    smartspec: Call, ledger: Path, file: Callable[[str, str], Path]
) -> None:
    smartspec("settings", "set", "runner.at_once", "1")
    process = running(ledger, "s")
    done = smartspec("run", str(file("w.yaml", "smartspec: 1\nname: w\ntasks: {a: {run: 'true'}}\n")))
    assert done.code == 0
    process.terminate()
    process.communicate()


def test_programs_that_report_themselves_begin_and_end(smartspec: Call) -> None:
    smartspec("call", "create_workflow", '{"name": "sync"}')
    begun = smartspec("call", "begin_execution", '{"ref": "sync"}').json()
    ended = smartspec(
        "call",
        "end_execution",
        json.dumps({"which": begun["id"], "report": {"status": "completed", "output": {"files": 3}}}),
    ).json()
    assert (ended["status"], ended["output"]) == ("completed", {"files": 3})
