"""`record` where it is hard: signals that nobody can be told of, folders that are gone, names that are no text."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.cli import record
from smartspec.domain.jsontext import as_list
from tests.cli.test_record import PROGRAM, environment, recorded
from tests.clock import until
from tests.conftest import Said

Call = Callable[..., Said]
ALTERNATING = "for i in 1 2 3 4 5 6; do echo out$i; echo err$i >&2; done"
IN_ORDER = "".join(f"out{n}\nerr{n}\n" for n in range(1, 7))


@pytest.mark.parametrize("name", ["KILL", "TERM", "USR1", "SEGV"])
def test_the_end_by_a_signal_is_what_a_shell_sees_of_it(name: str, ledger: Path, tmp_path: Path) -> None:
    line = '"$@"; echo $?'
    done = subprocess.run(
        ["sh", "-c", line, "sh", *PROGRAM, "record", "--name", "s", "--", "sh", "-c", f"kill -{name} $$"],
        env=environment(), capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    number = getattr(signal, f"SIG{name}")
    assert done.stdout == f"{128 + number}\n" and "smartspec" not in done.stderr
    execution, row, _ = recorded(ledger, "s")
    assert (execution.status, row.status_reason, row.exit_code) == ("failed", f"signal SIG{name}", -number)
    assert not list(ledger.parent.glob("reports/*"))


def test_what_a_process_cannot_die_of_is_128_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the first process of a container, which the kernel spares: the signal is ignored here."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    before = signal.getsignal(signal.SIGCHLD)
    with pytest.raises(SystemExit) as left:
        record._exit_like(-signal.SIGCHLD)
    assert left.value.code == 128 + signal.SIGCHLD and signal.getsignal(signal.SIGCHLD) == before


def test_from_a_folder_that_was_removed(smartspec: Call, ledger: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    line = f'mkdir {gone}; cd {gone}; rmdir {gone}; "$@"'
    argv = ["sh", "-c", line, "sh", *PROGRAM, "record", "--name", "g", "--", "sh", "-c", "echo ran; exit 4"]
    done = subprocess.run(argv, env=environment(), capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "ran\n") and "smartspec" not in done.stderr
    _, row, log = recorded(ledger, "g")
    assert "ran\n" in log and (row.input or {})["cwd"] == str(gone)


def test_words_folders_and_variables_that_are_not_utf8(ledger: Path, tmp_path: Path) -> None:
    odd = b"f\xff\xe9"
    folder = os.fsencode(tmp_path) + b"/" + odd
    os.mkdir(folder)  # noqa: PTH102 - bytes
    program = folder + b"/echo-" + odd
    with open(program, "wb") as script:  # noqa: PTH123 - bytes
        script.write(b'#!/bin/sh\nprintf "%s" "$1$ODD"; pwd\n')
    os.chmod(program, 0o700)  # noqa: PTH101 - bytes
    argv = [*(word.encode() for word in PROGRAM), b"record", b"--session", odd, b"--input", b'{"a": "' + odd + b'"}', b"--", program, odd]  # fmt: skip
    done = subprocess.run(argv, env={**os.environb, b"PYTHONPATH": environment()["PYTHONPATH"].encode(), b"ODD": odd}, capture_output=True, cwd=folder)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == odd + odd + folder + b"\n"
    execution, row, _ = recorded(ledger, "echo-f-xff-xe9")
    assert as_list((row.input or {})["command"])[1] == "f\\xff\\xe9"
    assert (row.input or {})["cwd"] == f"{tmp_path}/f\\xff\\xe9"
    assert execution.session_id == "f\\xff\\xe9"


@pytest.mark.parametrize("into", ["a file", "a pipe"])
def test_what_goes_to_one_place_is_in_the_order_written(into: str, ledger: Path, tmp_path: Path) -> None:
    argv = [*PROGRAM, "record", "--name", "o", "--", "sh", "-c", ALTERNATING]
    if into == "a file":
        with (tmp_path / "both").open("wb") as both:
            subprocess.run(argv, env=environment(), stdout=both, stderr=both, check=True)
        seen = (tmp_path / "both").read_text()
    else:
        seen = subprocess.run(
            argv, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, text=True
        ).stdout
    assert seen == recorded(ledger, "o")[2] == IN_ORDER


def test_two_places_get_each_their_own(ledger: Path) -> None:
    argv = [*PROGRAM, "record", "--name", "o", "--", "sh", "-c", ALTERNATING.replace("; done", "; sleep 0.02; done")]
    done = subprocess.run(argv, env=environment(), capture_output=True, check=True, text=True)
    assert done.stdout.split() == [f"out{n}" for n in range(1, 7)]
    assert done.stderr.split() == [f"err{n}" for n in range(1, 7)]
    log = recorded(ledger, "o")[2].split()
    assert [line for line in log if "out" in line] == done.stdout.split()
    assert [line for line in log if "err" in line] == done.stderr.split()


def test_a_full_device_ends_no_command(ledger: Path) -> None:
    argv = [*PROGRAM, "record", "--name", "f", "--", "sh", "-c", "seq 5000; echo still here >&2; exit 4"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(argv, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "still here",
        "smartspec: not all that the command wrote could be shown: no space left on device.",
    ]
    assert "\n5000\n" in recorded(ledger, "f")[2]


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_end_no_command(closed: str, ledger: Path) -> None:
    line = f'"$@" {closed}'
    argv = ["sh", "-c", line, "sh", *PROGRAM, "record", "--name", "f", "--", "sh", "-c", "echo one; exit 4"]
    assert subprocess.run(argv, env=environment(), capture_output=True).returncode == 4
    assert recorded(ledger, "f")[2] == "one\n"


def test_a_killed_recorder_exit_likes_what_was_written(smartspec: Call, ledger: Path) -> None:
    argv = [*PROGRAM, "record", "--name", "k", "--", "sh", "-c", "printf 'to the last byte'; sleep 60"]
    process = subprocess.Popen(argv, env=environment(), stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None and process.stdout.read(16) == b"to the last byte"
    process.kill()
    process.wait()
    os.killpg(process.pid, signal.SIGKILL)
    process.stdout.close()
    until(lambda: smartspec("execution", "k", "--json").json()["status"] == "interrupted")
    assert smartspec("logs", "k", "main").out == "to the last byte", "nothing is held back in memory"
