"""R19, R22 to R26, R30: trees that will not die, output without end, commands that cannot start."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest

from smartspec.commands import control, execution_logs, starting
from smartspec.commands.database import close_connection
from smartspec.domain.execution import Execution
from smartspec.runner.process import child_reaper, termination, tokens
from smartspec.runner.process.command import Command
from smartspec.runner.process.grace_periods import GRACE_SECONDS
from smartspec.runner.process.task_process import Process
from smartspec.runner.worker import Worker
from tests.clock import FULL, measured, until
from tests.conftest import Ran, Taken, ran
from tests.faults.conftest import times_

# A shell with a child, a child that left for a session of its own (twice forked), and one that ignores TERM.
STUBBORN = """
sleep 300 &
(setsid sh -c 'setsid sleep 300 & sleep 300' &)
(trap '' TERM; while :; do sleep 1; done) &
wait
"""


def running(store: Callable[..., object], **task: object) -> tuple[Execution, threading.Thread]:
    store({"tasks": {"a": task}})
    execution = starting.start_execution("test")

    def serve() -> None:
        runner = Worker("foreground")
        runner.submit(execution.pk)
        runner.run_until(lambda: runner.is_idle)
        close_connection()

    thread = threading.Thread(target=serve)
    thread.start()
    return execution, thread


def has_processes(token: str, count: int) -> bool:
    return len(tokens.with_token(token)) >= count


def test_cancel_takes_the_whole_tree(store: Callable[..., object], db: Path) -> None:
    """R19."""
    for _ in range(times_(2, 50)):
        execution, thread = running(store, run=STUBBORN)
        token = f"{execution.id}/"
        until(partial(has_processes, token, 6))
        with measured("a cancelled tree is gone", GRACE_SECONDS + 2):
            control.cancel_execution(execution.id)
            thread.join()
        assert tokens.with_token(token) == []
        assert ran(execution).status == "cancelled"


def test_negative_control_killing_only_the_group_leaves_survivors() -> None:
    token = f"control-{os.getpid()}/"
    process = subprocess.Popen(["sh", "-c", STUBBORN], env={**os.environ, tokens.TOKEN: token}, start_new_session=True)
    until(lambda: len(tokens.with_token(token)) >= 6)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.2)
    assert tokens.with_token(token) != []
    termination.end_all(token, grace=0)
    assert tokens.with_token(token) == []


def test_timeout_takes_the_whole_tree(run: Callable[..., Ran]) -> None:
    """R24."""
    with measured("a tree that ran out of time is gone", 2.5 + GRACE_SECONDS + 2):
        done = run({"tasks": {"a": {"run": STUBBORN, "timeout": "2s"}}})
    assert done.words() == {"a": "timeout"}
    assert (done.row("a").duration_ms or 0) >= 2_000
    assert tokens.with_token(f"{done.execution.id}/") == []


def test_a_grandchild_that_keeps_the_pipe_does_not_hold_up_the_task(run: Callable[..., Ran]) -> None:
    """R23: left alone after a normal end, and noted. (A plain read to the end of the pipe would take 300 s.)"""
    with measured("a task whose pipe is held", 4):
        done = run({"tasks": {"a": {"run": "sleep 300 & echo done"}}})
    assert done.status == "completed"
    assert done.log("a").startswith(b"done\n") and b"still holds the output" in done.log("a")
    left = tokens.with_token(f"{done.execution.id}/")
    assert len(left) == 1
    termination.send(left, signal.SIGKILL)


def test_orphans_of_tasks_are_collected_and_other_children_are_not(db: Path) -> None:
    child_reaper.become_subreaper()
    token = f"orphans-{os.getpid()}/"
    command = Command(
        ["sh", "-c", "exec >/dev/null 2>&1; (sleep 300 &) ; (setsid sleep 300 &)"],
        {**os.environ, tokens.TOKEN: token},
        Path("/"),
        token,
    )
    with subprocess.Popen(["true"]) as other:
        assert Process(command).wait(Taken()).code == 0
        orphans: list[int] = []

        def are_asleep() -> bool:
            """Both are themselves by now, not the shells on their way there."""
            orphans[:] = tokens.with_token(token)
            return [psutil.Process(pid).name() for pid in orphans] == ["sleep", "sleep"]

        until(are_asleep)
        child_reaper.own_children.reap_orphans()  # sees them while they live, as a runner does again and again
        termination.send(orphans, signal.SIGKILL)

        def are_gone() -> bool:
            child_reaper.own_children.reap_orphans()
            return not any(psutil.pid_exists(pid) for pid in orphans)

        until(are_gone)
        assert other.wait() == 0  # its exit code was left for us


def test_output_at_full_speed_is_drained_and_capped(store: Callable[..., object], db: Path) -> None:
    """R22: head and tail are kept, the memory is not filled, the exit code comes through."""
    size = 1_000_000_000 if FULL else 200_000_000
    code = (
        f"import os, sys\nblock = b'x' * 1_000_000\nos.write(1, b'HEAD' + block[4:])\n"
        f"for n in range({size} // 1_000_000 - 2):\n    os.write(1 + n % 2, block)\nos.write(1, block[4:] + b'TAIL')\nsys.exit(3)"
    )
    me = psutil.Process()
    execution, thread = running(store, command=[sys.executable, "-c", code])
    began, most, at_start = time.monotonic(), 0, me.memory_info().rss
    while thread.is_alive():
        most = max(most, me.memory_info().rss - at_start)
        time.sleep(0.05)
    done = ran(execution)
    row = done.row("a")
    print(f"{size / 1e6:.0f} MB in {time.monotonic() - began:.1f} s, memory +{most / 2**20:.0f} MiB")
    assert (row.exit_code, row.log_bytes, row.log_truncated) == (3, size, True)
    assert most <= 64 * 2**20
    first = execution_logs.read_log(row, 0, 4)
    last = execution_logs.read_log(row, size - 4, 4)
    assert (first.data, last.data) == (b"HEAD", b"TAIL")
    log = execution_logs.log_path(row)
    assert log is not None
    assert sum(each.stat().st_size for each in log.parent.glob(log.name + "*")) <= 64 * 2**20


def test_one_line_without_an_end(run: Callable[..., Ran]) -> None:
    size = 100_000_000 if FULL else 20_000_000
    done = run({"tasks": {"a": {"command": ["head", "-c", str(size), "/dev/zero"]}}})
    assert (done.status, done.row("a").log_bytes) == ("completed", size)


BYTES = {
    "invalid UTF-8": b"\xff\xfe\x80abc\xc3", "GBK": "你好".encode("gbk"), "UTF-16": "hello".encode("utf-16"), "NUL": b"a\0b\0",
    "ANSI": b"\x1b[31mred\x1b[0m", "progress": b"1%\r50%\r100%\r\n", "links": b"\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\",
    "random": os.urandom(1_000_000), "lines": b"\n" * 10_000, "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", BYTES)
def test_whatever_a_process_writes_is_kept_byte_for_byte(run: Callable[..., Ran], tmp_path: Path, name: str) -> None:
    """R25."""
    (tmp_path / "bytes").write_bytes(BYTES[name])
    done = run(
        {
            "tasks": {
                "a": {"command": ["cat", str(tmp_path / "bytes")], "outputs": {"n": "{{ result.stdout | length }}"}}
            }
        }
    )
    assert done.status == "completed"
    assert done.log("a") == BYTES[name]
    wanted = hashlib.sha256(BYTES[name]).hexdigest() if BYTES[name] else None
    assert done.row("a").log_sha256 == wanted


@pytest.mark.parametrize("name", BYTES)
def test_whatever_a_process_writes_can_be_looked_at(name: str) -> None:
    from smartspec.domain.display import strip_escapes

    shown = strip_escapes(BYTES[name].decode("utf-8", "replace"))
    assert "\x1b" not in shown and "\0" not in shown


def cannot_start(tmp_path: Path) -> dict[str, tuple[dict[str, object], str]]:
    (tmp_path / "plain").write_text("not a program")
    (tmp_path / "broken").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "broken").chmod(0o755)
    return {
        "not found": ({"command": ["no-such-program"]}, "was not found; check its name and the PATH"),
        "not executable": ({"command": [str(tmp_path / "plain")]}, "make it executable"),
        "a folder": ({"command": [str(tmp_path)]}, "is a folder, not a program"),
        "no working folder": (
            {"command": ["true"], "cwd": "/no/such/place"},
            "does not exist; make it, change `cwd`",
        ),
        "too large": ({"command": ["true", "x" * 200_000]}, "hand the data over by a file"),
        "no program": ({"command": [str(tmp_path / "broken")]}, "no program that this system can run"),
        "empty": ({"command": [""]}, "its first word is empty"),
        "no shell": ({"run": "true", "shell": "no-such-shell"}, "was not found"),
    }


NAMES = ("not found", "not executable", "a folder", "no working folder", "too large", "no program", "empty", "no shell")


@pytest.mark.parametrize("name", NAMES)
def test_a_command_that_cannot_start_is_a_failed_task_with_a_sentence(
    run: Callable[..., Ran], tmp_path: Path, name: str
) -> None:
    """R26."""
    task, words = cannot_start(tmp_path)[name]
    with measured(f"{name}: told", 2):
        done = run({"tasks": {"a": task}})
    assert done.words() == {"a": "failed start"}
    assert words in (done.row("a").error or "")
    assert words in done.log("a").decode()


def test_a_working_folder_that_was_deleted_meanwhile(run: Callable[..., Ran], tmp_path: Path) -> None:
    done = run({"tasks": {"a": {"run": "mkdir gone; rmdir gone"}, "b": {"needs": ["a"], "run": "true", "cwd": "gone"}}})
    assert done.words()["b"] == "failed start"


def test_nobody_answers_for_a_task(run: Callable[..., Ran]) -> None:
    """R30: standard input is at its end, there is no terminal to ask on."""
    done = run({"tasks": {
        "reads": {"run": "cat; read x || echo end"}, "asks": {"run": "test -t 0 || echo no; (: < /dev/tty) 2>&1 || echo none"},
    }})  # fmt: skip
    assert done.log("reads") == b"end\n"
    assert b"no\n" in done.log("asks") and b"none\n" in done.log("asks")


INJECTIONS = [
    '"; touch X',
    "$(touch X)",
    "`touch X`",
    "{{ 7*7 }}",
    "a\nb",
    "--flag",
    "-rf",
    "'; touch X; '",
    "%PATH%",
    "\\",
    "*",
    "~",
    "a b  c",
    "🙂",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_parameter_is_data_wherever_it_goes(run: Callable[..., Ran], tmp_path: Path, value: str) -> None:
    """R39."""
    done = run(
        {
            "params": {"type": "object", "properties": {"v": {"type": "string"}}},
            "tasks": {
                "env": {"run": 'printf %s "$V"', "env": {"V": "{{ params.v }}"}}, "argv": {"command": ["printf", "%s", "{{ params.v }}"]},
                "quoted": {"run": "printf %s {{ params.v | q }}"}, "python": {"python": "print(v, end='')", "input": {"v": "{{ params.v }}"}},
            },
        },
        {"v": value},
    )  # fmt: skip
    for name in ("env", "argv", "quoted", "python"):
        assert done.log(name) == value.encode()
    assert not (tmp_path / "X").exists()


def test_negative_control_a_template_without_quotes_is_read_by_the_shell(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    run({"vars": {"v": "$(touch X)"}, "tasks": {"a": {"run": 'printf %s "{{ vars.v }}"'}}})
    assert (tmp_path / "X").exists()
