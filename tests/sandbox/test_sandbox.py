"""What is called in a process of its own: it ends at its limits, however it is busy, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from smartspec import sandbox
from smartspec.sandbox import processes
from tests.conftest import ROOT, sandboxes

LOOKING_BACK = ("re:match", "^(a+)+$", "a" * 40 + "!")  # takes hours, and hears no signal meanwhile
ONE_NUMBER = ("operator:pow", 9, 9**9)


@pytest.fixture(autouse=True)
def _ended() -> object:
    yield
    processes.close()


def test_values_and_texts_come_back_as_they_are() -> None:
    for value in (None, True, 1.5, "ä\ud800\n", [1, {"a": []}], 10**4000):
        assert sandbox.call("copy:copy", value) == value


def test_a_process_is_kept_for_the_next_call() -> None:
    assert sandbox.call("os:getpid") == sandbox.call("os:getpid") != os.getpid()


@pytest.mark.parametrize("call", [LOOKING_BACK, ONE_NUMBER], ids=["a pattern", "a number"])
def test_what_has_no_end_is_ended(call: tuple[str, object]) -> None:
    with pytest.raises(sandbox.LimitReached, match=r"more than 2 s of processor time|had not ended after 10 s"):
        sandbox.call(*call)
    assert sandboxes() == []
    assert sandbox.call("operator:add", 1, 2) == 3


def test_without_the_limit_it_would_not_end() -> None:
    """The negative control: the same call outside has not ended after several times the limit of processor time."""
    done = subprocess.run(
        [sys.executable, "-c", "import re, resource; resource.setrlimit(resource.RLIMIT_CPU, (6, 6)); "
         f"re.match({LOOKING_BACK[1]!r}, {LOOKING_BACK[2]!r})"],
        check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode < 0


@pytest.mark.parametrize("size", [10**8, 10**12])
def test_memory_without_end_is_refused(size: int) -> None:
    with pytest.raises(sandbox.LimitReached, match="more than 256 MiB of memory"):
        sandbox.call("operator:mul", [1], size)


def test_what_waits_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WALL_SECONDS", 0.1)
    monkeypatch.setattr(processes, "_GRACE_SECONDS", 0.1)
    with pytest.raises(sandbox.LimitReached, match="had not ended"):
        sandbox.call("time:sleep", 60)
    assert sandboxes() == []


def test_a_full_stack_and_a_library_without_memory_are_limits() -> None:
    with pytest.raises(sandbox.LimitReached, match="memory"):
        sandbox.call("os:abort")


def test_what_the_function_raises_is_told() -> None:
    with pytest.raises(RuntimeError, match="operator:truediv raised ZeroDivisionError: division by zero"):
        sandbox.call("operator:truediv", 1, 0)


def test_a_process_that_was_killed_while_it_waited_is_replaced() -> None:
    first = sandbox.call("os:getpid")
    psutil.Process(first).kill()
    psutil.wait_procs([each for each in sandboxes() if each.pid == first], timeout=30)
    assert sandbox.call("operator:add", 1, 2) == 3


def test_a_call_can_be_interrupted() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), sandbox.interruptible(stop):
        sandbox.call(*LOOKING_BACK)
    assert sandboxes() == []
    assert sandbox.call("operator:add", 1, 2) == 3


def test_several_threads_are_answered_side_by_side() -> None:
    answers: list[int] = []

    def ask(number: int) -> None:
        answers.extend(sandbox.call("operator:add", number, each) - each for each in range(20))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(number for number in range(6) for _ in range(20))
    assert len(sandboxes()) <= 2


def test_it_ends_with_the_process_that_asked_and_sees_nothing_of_its_secrets(tmp_path: Path) -> None:
    """Killed in the midst of a call, its sandbox ends at its own limit; argv and environment hold no secret."""
    asks = f"import os; from smartspec import sandbox; print(sandbox.call('os:getpid'), flush=True); sandbox.call(*{LOOKING_BACK!r})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SMARTSPEC_SECRET_TOKEN": "hunter2"}
    asking = subprocess.Popen([sys.executable, "-c", asks], env=environment, stdout=subprocess.PIPE, cwd=tmp_path)
    assert asking.stdout is not None
    with asking.stdout:
        evaluating = psutil.Process(int(asking.stdout.readline()))
        assert "hunter2" not in f"{evaluating.environ()} {evaluating.cmdline()}"
        asking.kill()
        asking.wait()
    _, alive = psutil.wait_procs([evaluating], timeout=60)
    assert alive == []


def test_a_module_of_the_working_folder_is_not_taken_for_one_of_pythons(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    asks = "import sys; sys.path = [each for each in sys.path if each]; from smartspec import sandbox; print(sandbox.call('operator:add', 1, 2))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", asks],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "3\n"


def test_recording_waits_for_neither_templates_nor_schemas(tmp_path: Path) -> None:
    """What stands on the way to `record` imports nothing of them: they take longer than all the rest."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "smartspec", "record", "--", "true"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "smartspec.commands.recording" in imported
    assert not imported & {"jinja2", "jsonschema_rs", "smartspec.sandbox"}
