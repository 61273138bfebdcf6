"""The Python API: the examples of its documentation, and what a program may do wrong with it."""

from __future__ import annotations

import asyncio
import doctest
import inspect
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import numpy
import pytest

import smartspec
from smartspec import api, errors
from smartspec.api import query, records, values
from smartspec.api import runs as api_runs
from smartspec.commands import control, database, execution_logs, executions, runners
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import dump
from smartspec.runner import recovery
from tests.conftest import ROOT, Said


def repr_of(value: object) -> str:
    return type(value).__name__


GREET = {
    "name": "greet", "params": {"type": "object", "properties": {"name": {"type": "string"}}},
    "tasks": {"a": {"run": 'echo "words=Hello $NAME" >> "$SMARTSPEC_OUTPUT"', "env": {"NAME": "{{ params.name }}"}}},
    "output": {"words": "{{ tasks.a.outputs.words }}"},
}  # fmt: skip


def test_the_examples_of_the_documentation_are_true(store: Callable[..., Any]) -> None:
    store(GREET)
    globals_ = {"smartspec": smartspec}
    finder, runner = doctest.DocTestFinder(exclude_empty=True), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    modules = (api, records, api_runs, query)
    found = [each for module in modules for each in finder.find(module, module.__name__, module, globs=globals_)]
    for each in found:
        runner.run(each)
    assert runner.summarize(verbose=False) == doctest.TestResults(0, sum(len(each.examples) for each in found))
    assert sum(len(each.examples) for each in found) > 8


@pytest.mark.parametrize(
    ("page", "output"),
    [
        ("README.md", "train #1 {'loss': 0.2}\n"),
        ("docs/python.md", "clean-up #1 {'result': 12}\ntrain #1 {'loss': 0.2}\n"),
    ],
)
def test_the_example_of_a_page_is_true(terminal: Callable[..., Said], page: str, output: str) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == (output, "")
    assert "train #1" in terminal("history").out


def test_a_block_leaves_its_log_output_and_times(db: Path) -> None:
    with smartspec.record("train", input={"epochs": 3}, session_id="s", correlation_id="c") as block:
        block.log("epoch 1")
        block.log("损失 0.2")
        block.output = {"loss": 0.2}
        assert block.execution is not None and executions.get_execution("train").status == "running"
    assert block.execution is None
    done = executions.get_execution("train")
    assert (done.status, done.input, done.output, done.trigger) == ("completed", {"epochs": 3}, {"loss": 0.2}, "api")
    assert (done.session_id, done.correlation_id, done.kind) == ("s", "c", "command")
    row = executions.list_task_executions(done.id)[0]
    assert execution_logs.read_log(row).data.decode() == "epoch 1\n损失 0.2\n"
    assert row.input["python"] == "train"


def test_an_exception_fails_the_execution_and_goes_on(db: Path) -> None:
    with pytest.raises(ZeroDivisionError), smartspec.record("train") as block:
        block.output = 1
        _ = 1 / 0
    done = executions.get_execution("train")
    assert done.status == "failed" and "ZeroDivisionError: division by zero" in str(done.error) and done.output is None
    assert executions.list_task_executions(done.id)[0].status_reason == "exception ZeroDivisionError"


def test_ctrl_c_cancels_and_a_clean_exit_completes(db: Path) -> None:
    for error, status in ((KeyboardInterrupt(), "cancelled"), (SystemExit(0), "completed"), (SystemExit(2), "failed")):
        with pytest.raises(type(error)), smartspec.record("train"):
            raise error
        assert executions.get_execution("train").status == status


def test_each_call_of_a_decorated_function_is_an_execution(db: Path) -> None:
    @smartspec.record("scale")
    def scale(values: list[int], by: int = 2) -> list[int]:
        """Documented."""
        return [each * by for each in values]

    assert scale([1, 2]) == [2, 4] and scale([3], by=5) == [15]
    assert scale.__name__ == "scale" and scale.__doc__ == "Documented."
    first, second = sorted(smartspec.executions("scale"), key=lambda each: each.number)
    assert (first.input, first.output) == ({"values": [1, 2], "by": 2}, {"result": [2, 4]})
    assert (second.input, second.output) == ({"values": [3], "by": 5}, {"result": [15]})


def test_what_json_has_no_word_for_is_kept_as_python_shows_it(db: Path) -> None:
    @smartspec.record
    def odd(thing: object, path: Path) -> complex:
        return 1j

    odd({1, 2}, Path("/x"))
    done = executions.get_execution("odd")
    assert done.input == {"thing": [1, 2], "path": "/x"} and done.output == {"result": "1j"}


class Colour(Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    at: datetime


class Pair(NamedTuple):
    one: int
    other: Path


class Stubborn:
    def __repr__(self) -> str:
        raise ValueError


HOLDS_ITSELF: list[Any] = []
HOLDS_ITSELF.append(HOLDS_ITSELF)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (numpy.int64(3), 3), (numpy.float32(0.5), 0.5), (numpy.bool_(True), True), (numpy.array([[1, 2]]), [[1, 2]]),
        (numpy.array(7), 7), (numpy.datetime64("2026-11-20"), "2026-11-20"), (numpy.zeros(200_000), repr(numpy.zeros(200_000))),
        (Path("/a/b"), "/a/b"), (datetime(2026, 11, 20, 8, tzinfo=UTC), "2026-11-20T08:00:00+00:00"),
        (date(2026, 11, 20), "2026-11-20"), (timedelta(minutes=1.5), 90.0), (Decimal("0.10"), "0.10"),
        (Point(1, datetime(2026, 1, 2, tzinfo=UTC)), {"x": 1, "at": "2026-01-02T00:00:00+00:00"}),
        (Pair(1, Path("p")), {"one": 1, "other": "p"}), (Colour.RED, "red"), ({Colour.RED: (1, 2)}, {"Colour.RED": [1, 2]}),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"), (b"caf\xe9", "caf\\xe9"), (float("nan"), "nan"),
        ([float("inf"), 1e308], ["inf", 1e308]), ("a\0b\ud800", "a\N{REPLACEMENT CHARACTER}b?"), (frozenset("ba"), ["a", "b"]),
        (10**400, 10**400), (Stubborn(), "<Stubborn that cannot be shown: ValueError>"), (Colour, "<enum 'Colour'>"),
    ],
    ids=repr_of,
)  # fmt: skip
def test_values_of_python_keep_their_meaning(value: Any, kept: Any) -> None:
    assert values.to_json(value) == kept
    dump(values.to_json(value))


def test_what_holds_itself_comes_to_an_end() -> None:
    dump(values.to_json(HOLDS_ITSELF))


# Coroutines and generators


def newest(name: str) -> Execution:
    return next(smartspec.executions(name))


def test_a_coroutine_is_awaited_and_recorded_as_it_ends(db: Path) -> None:
    @smartspec.record("fetch")
    async def fetch(number: int) -> int:
        await asyncio.sleep(0.01)
        assert newest("fetch").status == "running"
        if number < 0:
            raise ValueError(number)
        return number * 2

    async def main() -> None:
        assert inspect.iscoroutinefunction(fetch) and await fetch(2) == 4
        with pytest.raises(ValueError, match="-1"):
            await fetch(-1)
        task = asyncio.create_task(fetch(3))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        async with smartspec.record("block") as block:
            block.output = 1

    asyncio.run(main())
    ended = [(each.status.value, each.output) for each in smartspec.executions("fetch")]
    assert ended == [("cancelled", None), ("failed", None), ("completed", {"result": 4})]
    assert newest("block").output == 1


def test_a_generator_is_recorded_from_its_first_step_to_its_end(db: Path) -> None:
    @smartspec.record("count")
    def count(to: int) -> Generator[int, int, str]:
        got = yield 0
        for number in range(1, to):
            got = yield number + (got or 0)
        return "done"

    steps = count(3)
    assert list(smartspec.executions()) == []  # nothing has run yet
    assert (next(steps), steps.send(10), newest("count").status) == (0, 11, "running")
    assert list(steps) == [2] and (newest("count").status, newest("count").output) == ("completed", {"result": "done"})
    early = count(3)
    next(early)
    early.close()
    assert (newest("count").status, newest("count").output) == ("completed", None)
    broken = count(3)
    next(broken)
    with pytest.raises(KeyError):
        broken.throw(KeyError("x"))
    assert newest("count").status_reason == "task: main" and "KeyError" in str(newest("count").error)


def test_an_asynchronous_generator_is_recorded_as_it_ends(db: Path) -> None:
    @smartspec.record("stream")
    async def stream(to: int) -> AsyncGenerator[int, int]:
        for number in range(to):
            with suppress(KeyError):
                await asyncio.sleep(0)
                yield number

    async def main() -> None:
        assert [each async for each in stream(3)] == [0, 1, 2]
        steps = stream(3)
        assert await anext(steps) == 0 and await steps.athrow(KeyError("go on")) == 1
        await steps.aclose()

    asyncio.run(main())
    assert [each.status.value for each in smartspec.executions("stream")] == ["completed", "completed"]


# What is printed


def log_of(execution: Execution) -> str:
    data, offset = b"", 0
    while (chunk := execution_logs.read_log(executions.list_task_executions(execution.id)[0], offset)).data:
        data, offset = data + chunk.data, chunk.next
    return data.decode()


def test_what_a_decorated_function_prints_is_in_its_log(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    @smartspec.record("inner")
    def inner() -> None:
        print("inner says so")

    @smartspec.record("outer")
    def outer() -> None:
        print("begin", "of", "it")
        inner()
        print("trouble", file=sys.stderr)

    @smartspec.record("quiet", log_prints=False)
    def quiet() -> None:
        print("not kept")

    before = (sys.stdout, sys.stderr)
    outer(), quiet()
    with smartspec.record("block"):
        print("not kept either")
    with smartspec.record("told", log_prints=True) as told:
        print("kept")
        told.log("and this")
    assert (sys.stdout, sys.stderr) == before
    shown = capsys.readouterr()
    assert shown.out == "begin of it\ninner says so\nnot kept\nnot kept either\nkept\n" and shown.err == "trouble\n"
    logs = {name: log_of(newest(name)) for name in ("inner", "outer", "quiet", "block", "told")}
    assert logs == {
        "inner": "inner says so\n",
        "outer": "begin of it\ntrouble\n",
        "quiet": "",
        "block": "",
        "told": "kept\nand this\n",
    }


def test_prints_of_threads_and_tasks_side_by_side_do_not_mix(db: Path) -> None:
    @smartspec.record("side")
    async def side(number: int) -> None:
        for _ in range(3):
            print(f"task {number}")
            await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(*(side(number) for number in range(4)))

    asyncio.run(main())
    assert sorted(log_of(each) for each in smartspec.executions("side")) == [
        f"task {number}\n" * 3 for number in range(4)
    ]


# Commands


def test_every_command_is_reached_from_the_package_without_opening_anything_first(home: Path) -> None:
    script = "import smartspec; print(smartspec.call('get_database_stats')['workflow_count'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_blocks_nest_and_run_side_by_side(db: Path) -> None:
    def work(number: int) -> None:
        with smartspec.record(f"outer{number}"), smartspec.record("inner"):
            time.sleep(0.01)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(smartspec.executions("inner", status="completed"))) == 4
    block = smartspec.record("twice")
    with block, pytest.raises(RuntimeError, match="already"):
        block.__enter__()


def test_a_ledger_that_cannot_be_written_stops_no_program(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("no database")
    script = "import smartspec, warnings\nwith smartspec.record('x') as e:\n    e.log('hi')\n    e.output = 1\nprint('went on')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "SMARTSPEC_DB": str(tmp_path / "bad.db")},
    )
    assert done.returncode == 0 and done.stdout == "went on\n"
    assert "not recorded" in done.stderr and "RuntimeWarning" in done.stderr


def test_a_program_that_vanishes_is_interrupted(tmp_path: Path) -> None:
    file = tmp_path / "l.db"
    script = "import smartspec, time\nwith smartspec.record('x'):\n    print('in', flush=True)\n    time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "SMARTSPEC_DB": str(file)}
    )
    assert process.stdout is not None and process.stdout.readline() == b"in\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    database.open_database(file)
    assert [each.label for each in recovery.recover()] == ["x #1"]
    database.close_database()


def cancel(which: str) -> None:
    control.cancel_execution(which)
    database.close_connection()


def test_a_block_can_heed_a_cancel(db: Path) -> None:
    with smartspec.record("train") as block:
        assert not block.is_cancelled
        assert block.execution is not None
        elsewhere = threading.Thread(target=cancel, args=(block.execution.id,))
        elsewhere.start()
        elsewhere.join()
        assert block.is_cancelled
    assert executions.get_execution("train").status == "cancelled"


def test_running_waiting_and_cancelling(store: Callable[..., Any]) -> None:
    store({"name": "slow", "tasks": {"a": {"run": "sleep 60"}}})
    run = smartspec.run("slow")
    with pytest.raises(TimeoutError, match="has not ended within"):
        run.wait(0.3)
    assert run.status in ("pending", "running")
    run.cancel()
    assert run.wait(30).status == "cancelled"
    with pytest.raises(errors.WorkflowNotFound):
        smartspec.run("nothing")
    with pytest.raises(errors.Invalid, match="takes no input"):
        smartspec.run("slow", x=1)


def test_looking_back_takes_the_words_of_history(db: Path) -> None:
    for name in ("a", "b"):
        with smartspec.record(name, user_name="Ada L"):
            pass
    assert [each.label for each in smartspec.executions(user="Ada L", since="1h", pinned=False)] == ["b #1", "a #1"]
    with smartspec.record("c", user_name='Ada "the first"'):
        pass
    assert [each.label for each in smartspec.executions(user='Ada "the first"')] == ["c #1"]
    assert list(smartspec.executions(query="dur:>1h")) == []
    with pytest.raises(errors.Invalid, match="did you mean"):
        list(smartspec.executions(statu="failed"))


def test_importing_the_package_imports_no_more_than_it_must() -> None:
    script = textwrap.dedent("""
        import sys, smartspec
        assert not [name for name in sys.modules if name.startswith(('peewee', 'PySide6', 'smartspec.'))], sys.modules
        smartspec.record
        assert 'PySide6' not in sys.modules
        try: smartspec.nothing
        except AttributeError: print('fine')
    """)
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT).stdout == "fine\n"


def test_a_forked_process_records_on_its_own(tmp_path: Path) -> None:
    """The connection of the parent is not used by the child, whatever both do meanwhile."""
    script = textwrap.dedent("""
        import os, smartspec
        with smartspec.record('parent') as parent:
            children = []
            for number in range(4):
                pid = os.fork()
                if not pid:
                    for _ in range(10):
                        with smartspec.record(f'child{number}') as child: child.log('hello')
                    os._exit(0)
                children.append(pid)
            for _ in range(10):
                with smartspec.record('inner'): pass
            assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * 4
        print(sum(1 for _ in smartspec.executions(status='completed')))
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("51\n", "")


def test_a_block_that_the_end_of_the_program_cuts_off_is_interrupted(tmp_path: Path) -> None:
    file = tmp_path / "l.db"
    script = textwrap.dedent("""
        import smartspec, threading, time
        begun = threading.Event()
        def work():
            with smartspec.record('x'):
                begun.set()
                time.sleep(60)
        threading.Thread(target=work, daemon=True).start()
        begun.wait()
    """)
    environment = {**os.environ, "SMARTSPEC_DB": str(file)}
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment).returncode == 0
    database.open_database(file)
    assert executions.get_execution("x").status == "interrupted" and runners.list_runners() == ()
    database.close_database()
