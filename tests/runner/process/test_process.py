"""A process by itself: started or not, drained, measured, ended."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from smartspec.commands import process_identity
from smartspec.errors import RunError
from smartspec.runner.process import child_reaper
from smartspec.runner.process.command import Command
from smartspec.runner.process.spawn import spawn
from smartspec.runner.process.task_process import Process
from tests.conftest import Taken


def command(*argv: str, stdin: bytes | None = None, apart: bool = False) -> Command:
    return Command([*argv], dict(os.environ), Path("/"), "test/", stdin, apart)


def test_output_and_exit_code_come_through() -> None:
    taken = Taken()
    ended = Process(command("sh", "-c", "echo out; echo err >&2; exit 7")).wait(taken)
    assert (b"".join(part for part, _ in taken.parts), {is_error for _, is_error in taken.parts}) == (
        b"out\nerr\n",
        {False},
    )
    assert (ended.code, ended.is_output_held) == (7, False)
    assert ended.cpu_ms is not None


def test_streams_that_are_wanted_apart_come_apart() -> None:
    taken = Taken()
    Process(command("sh", "-c", "echo out; echo err >&2", apart=True)).wait(taken)
    assert taken.parts == [(b"out\n", False), (b"err\n", True)]


def test_a_signal_is_a_negative_code() -> None:
    assert Process(command("sh", "-c", "kill -9 $$")).wait(Taken()).code == -9


def test_standard_input_is_what_was_given_then_its_end() -> None:
    taken = Taken()
    data = os.urandom(300_000)
    Process(command("cat", stdin=data)).wait(taken)
    assert b"".join(part for part, _ in taken.parts) == data


def test_what_does_not_read_its_input_is_no_problem() -> None:
    assert Process(command("true", stdin=b"x" * 1_000_000)).wait(Taken()).code == 0


def test_end_from_another_thread() -> None:
    process = Process(command("sleep", "60"))
    threading.Timer(0.1, process.end).start()
    assert process.wait(Taken()).code == -15


def test_what_cannot_start_is_a_run_error() -> None:
    with pytest.raises(RunError, match="was not found"):
        Process(command("no-such-program"))


@pytest.mark.parametrize("program", ["./script", "script"])
def test_a_script_whose_interpreter_is_not_there_is_not_said_to_be_missing(tmp_path: Path, program: str) -> None:
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    env = {"PATH": str(tmp_path)}
    with pytest.raises(RunError, match=f"“{program}” names in its first line"):
        spawn([program], cwd=tmp_path, env=env)
    script.unlink()
    with pytest.raises(RunError, match=f"“{program}” was not found"):
        spawn([program], cwd=tmp_path, env=env)


def test_identity_is_more_than_a_pid() -> None:
    me = process_identity.this_process("foreground")
    assert not process_identity.is_gone(me)
    assert process_identity.is_gone(replace(me, start_ticks=me.start_ticks + 1))
    assert process_identity.is_gone(replace(me, boot_id="another boot"))
    assert process_identity.is_gone(replace(me, pid=2**22 - 1))
    assert process_identity.is_gone(replace(me, host="renamed", pid=2**22 - 1))  # a name is no identity
    elsewhere = replace(me, machine_id="elsewhere", pid=2**22 - 1)
    assert not process_identity.is_gone(elsewhere) and not process_identity.is_alive(elsewhere)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans come to us on Linux")
def test_what_is_kept_of_processes_that_are_gone_does_not_grow(tmp_path: Path) -> None:
    """A runner lives for weeks: of a thousand tasks nothing is left but what still runs."""
    children = child_reaper.OwnChildren()
    before = child_reaper.own_children
    for number in range(1_000):
        children.add(2**22 + number)
        children.pids.discard(2**22 + number)
    children.add(os.getpid())
    children.reap_orphans()
    assert vars(children)["_sessions"] == {os.getpid()} and child_reaper.own_children is before
