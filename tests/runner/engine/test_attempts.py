"""Whatever escapes an attempt is a failure of that attempt, with its sentence; what else runs goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from smartspec.runner.process import tokens
from smartspec.store.logs.writer import LogWriter
from tests.conftest import Ran

Run = Callable[..., Ran]
BESIDE = {"run": "echo fine"}


def fault(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Break one thing that an attempt leans on."""
    if place == "thread":
        start = threading.Thread.start

        def refuse(thread: threading.Thread) -> None:
            if thread.name.startswith(("request", "Thread-")):
                raise RuntimeError("can't start new thread")
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", refuse)
    elif place == "memory":
        write = LogWriter.write

        def break_off(log: LogWriter, data: bytes) -> None:
            if b"broken" in data:
                raise MemoryError
            write(log, data)

        monkeypatch.setattr(LogWriter, "write", break_off)
    elif place == "pool":
        submit = ThreadPoolExecutor.submit

        def full(pool: ThreadPoolExecutor, work: Any, unit: Any, *rest: Any) -> Any:
            future = submit(pool, work, unit, *rest)  # the pool keeps what it could not start a thread for
            if unit.task.name == "a":
                raise RuntimeError("can't start new thread")
            return future

        monkeypatch.setattr(ThreadPoolExecutor, "submit", full)


@pytest.mark.parametrize(
    ("place", "task", "reason", "sentence"),
    [
        ("thread", {"python": "print(1)"}, "failed start", "no more threads"),
        ("thread", {"http": {"url": "http://127.0.0.1:1/"}}, "failed internal", "no more threads"),
        ("thread", {"run": "sleep 30", "timeout": "20s"}, "failed internal", "no more threads"),
        ("memory", {"run": "echo broken; sleep 60"}, "failed internal", "not enough memory"),
    ],
)
def test_what_breaks_in_an_attempt_fails_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    place: str, task: dict[str, Any], reason: str, sentence: str,
) -> None:  # fmt: skip
    fault(place, monkeypatch)
    done = run({"tasks": {"a": task, "b": BESIDE, "c": {"needs": ["a"], "run": "true"}}})
    assert done.words() == {"a": reason, "b": "completed", "c": "skipped needs_failed"}
    error = done.row("a").error or ""
    assert sentence in error and error.encode() in done.log("a")
    assert tokens.with_token(f"{done.execution.id}/") == []  # nothing of it runs on
    assert reason.endswith("start") or "attempt a.0.1" in caplog.text
    caplog.clear()


def test_without_the_fault_it_is_a_success(run: Run) -> None:
    done = run({"tasks": {"a": {"run": "echo broken"}, "b": BESIDE, "c": {"python": "print(1)"}}})
    assert done.status == "completed"


@pytest.mark.parametrize("_", range(5))
def test_what_the_pool_refuses_has_failed_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, _: int
) -> None:
    fault("pool", monkeypatch)
    done = run({"tasks": {"a": {"run": "true"}, "b": BESIDE}})
    assert len(done.attempts("a")) == 1 and done.words()["b"] == "completed"
    assert done.words()["a"] in ("failed start", "completed")  # whichever came first, never both
    caplog.clear()


CANNOT = {
    "NUL in an argument": ({"command": ["echo", "{{ 'a\\x00b' }}"]}, "NUL"),
    "half a letter in an argument": ({"command": ["echo", """{{ '"\\\\ud800"' | fromjson }}"""]}, ""),
    "NUL in a script": ({"run": "echo {{ '\\x00' }}"}, "NUL"),
    "NUL in the environment": ({"env": {"X": "{{ '\\x00' }}"}, "run": "true"}, "NUL"),
    "a huge environment": ({"env": {"X": "{{ 'x' * 300000 }}"}, "run": "true"}, "too large"),
    "a huge argument": ({"command": ["echo", "{{ 'x' * 300000 }}"]}, "too large"),
    "no program": ({"command": ["no-such-program"]}, "was not found"),
    "an empty program": ({"command": [""]}, "first word is empty"),
    "a folder as the program": ({"command": ["/"]}, "is a folder"),
    "a text as the program": ({"command": ["./text"]}, "may not be run"),
    "a program of another machine": ({"command": ["./foreign"]}, "no program that this system can run"),
    "no such shell": ({"run": "true", "shell": "nosh"}, "“nosh” was not found"),
    "no folder": ({"run": "true", "cwd": "nowhere"}, "does not exist"),
    "a file as the folder": ({"run": "true", "cwd": "text"}, "is no folder"),
    "a folder in a file": ({"run": "true", "cwd": "text/deeper"}, "cannot be used: not a directory"),
    "a loop as the folder": ({"run": "true", "cwd": "loop"}, "cannot be used: too many levels"),
    "too long a folder": ({"run": "true", "cwd": "x" * 5000}, "cannot be used: file name too long"),
    "NUL in the folder": ({"run": "true", "cwd": "{{ 'a\\x00b' }}"}, "cannot be used: embedded null byte"),
    "nobody's home": ({"run": "true", "cwd": "~nobody-of-this-name/x"}, "nobody whose home is known"),
}


@pytest.mark.parametrize("name", CANNOT)
def test_what_cannot_be_started_is_told(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "text").write_text("no program")
    (tmp_path / "foreign").write_bytes(b"\x7fELF" + bytes(100))
    (tmp_path / "foreign").chmod(0o700)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    task, sentence = CANNOT[name]
    done = run({"tasks": {"a": task, "b": BESIDE}})
    assert done.row("a").status == "failed" and done.row("b").status == "completed"
    assert (done.row("a").status_reason or "").split(":")[0] in ("start", "template", "input")
    assert sentence in (done.row("a").error or "")
