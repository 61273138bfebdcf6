"""The Python API: the examples of its documentation, and what a program may do wrong with it."""

from __future__ import annotations

import doctest
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import smartspec
from smartspec import api, errors
from smartspec.commands import database, executions, runs, steering
from smartspec.runner import recovery
from tests.conftest import ROOT, Said

GREET = {
    "name": "greet", "params": {"type": "object", "properties": {"name": {"type": "string"}}},
    "tasks": {"a": {"run": 'echo "words=Hello $NAME" >> "$SMARTSPEC_OUTPUT"', "env": {"NAME": "{{ params.name }}"}}},
    "output": {"words": "{{ tasks.a.outputs.words }}"},
}  # fmt: skip


def test_the_examples_of_the_documentation_are_true(store: Callable[..., Any]) -> None:
    store(GREET)
    globals_ = {"smartspec": smartspec}
    finder, runner = doctest.DocTestFinder(exclude_empty=True), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    found = finder.find(api, "api", api, globs=globals_)
    for each in found:
        runner.run(each)
    assert runner.summarize(verbose=False) == doctest.TestResults(0, sum(len(each.examples) for each in found))
    assert sum(len(each.examples) for each in found) > 8


def test_the_example_of_the_readme_is_true(terminal: Callable[..., Said]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("clean-up #1 {'result': 12}\ntrain #1 {'loss': 0.2}\n", "")
    assert "clean-up #1" in terminal("history").out


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
    assert executions.read_log(row).data.decode() == "epoch 1\n损失 0.2\n"
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
    assert done.input == {"thing": "{1, 2}", "path": repr(Path("/x"))} and done.output == {"result": "1j"}


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
    steering.cancel_execution(which)
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
    assert executions.get_execution("x").status == "interrupted" and runs.list_runners() == ()
    database.close_database()
