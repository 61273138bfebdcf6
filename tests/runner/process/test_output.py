"""What a task writes comes into its log in the order written; stdout and stderr are told apart where a template asks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from smartspec.commands import execution_logs, executions
from smartspec.domain.definition import model
from smartspec.domain.definition.names import results_wanted, streams_wanted
from tests.conftest import ROOT, Ran

Run = Callable[..., Ran]
TURNS = "for i in $(seq 1 {count}); do echo out$i; echo err$i >&2; done"


def in_turns(count: int) -> bytes:
    return b"".join(b"out%d\nerr%d\n" % (n, n) for n in range(1, count + 1))


@pytest.mark.parametrize("count", [3, 500])
def test_the_log_is_in_the_order_written(run: Run, count: int) -> None:
    assert run({"tasks": {"a": {"run": TURNS.format(count=count)}}}).log("a") == in_turns(count)


def test_parts_of_a_line_keep_their_order(run: Run) -> None:
    script = "for i in 1 2 3; do printf out$i; printf err$i >&2; done"
    done = run({"tasks": {"sh": {"run": script}, "py": {
        "python": "import os\nfor i in range(3):\n    os.write(1, b'o%d' % i)\n    os.write(2, b'e%d' % i)",
    }}})  # fmt: skip
    assert (done.log("sh"), done.log("py")) == (b"out1err1out2err2out3err3", b"o0e0o1e1o2e2")


@pytest.mark.parametrize("count", [3, 50])
def test_streams_apart_are_whole_and_take_turns(run: Run, count: int) -> None:
    outputs = {"out": "{{ result.stdout }}", "err": "{{ result.stderr }}"}
    done = run({"tasks": {"a": {"run": TURNS.format(count=count), "outputs": outputs}}})
    lines = in_turns(count).decode().splitlines(keepends=True)
    assert done.row("a").output == {"out": "".join(lines[::2]), "err": "".join(lines[1::2])}
    assert sorted(done.log("a")) == sorted(in_turns(count))
    if sys.platform == "linux":
        assert done.log("a") == in_turns(count)


def test_only_the_task_whose_stream_is_read_has_two_pipes(run: Run) -> None:
    done = run({"tasks": {
        "one": {"run": "test /dev/stdout -ef /dev/stderr"},
        "two": {"run": "! test /dev/stdout -ef /dev/stderr && echo hello"},
        "reads": {"needs": ["two"], "run": "echo {{ tasks.two.result.stdout | trim | q }}"},
    }})  # fmt: skip
    assert done.status == "completed" and done.log("reads") == b"hello\n"
    assert done.row("one").result is None and (done.row("two").result or {})["stdout"] == "hello\n"


def test_large_writes_over_two_pipes_lose_nothing(run: Run) -> None:
    code = (
        "import os, sys\nfor n in range(40):\n"
        "    for stream in (1, 2):\n"
        "        block = memoryview((b'oe'[stream - 1:stream] * (4096 * n + n)))\n"
        "        while block:\n            block = block[os.write(stream, block):]"
    )
    sizes = sum(4096 * n + n for n in range(40))
    task = {"command": [sys.executable, "-c", code], "outputs": {"n": "{{ result.stdout | length }}"}}
    log = run({"tasks": {"a": task}}).log("a")
    assert (len(log), log.count(b"o"), log.count(b"e")) == (2 * sizes, sizes, sizes)


def recorded(db: Path, *, stdout: int | IO[bytes], stderr: int) -> subprocess.CompletedProcess[bytes]:
    script = TURNS.format(count=3)
    words = [sys.executable, "-m", "smartspec", "--db", str(db), "record", "--name", "r", "--", "sh", "-c", script]
    return subprocess.run(words, cwd=ROOT, check=True, stdout=stdout, stderr=stderr)


def log_of(name: str) -> bytes:
    return execution_logs.read_log(executions.list_task_executions(name)[0]).data


def test_a_recorded_command_keeps_the_order_too(db: Path, tmp_path: Path) -> None:
    done = recorded(db, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert (done.stdout, log_of("r")) == (in_turns(3), in_turns(3))
    with (tmp_path / "out").open("wb") as out:
        recorded(db, stdout=out, stderr=subprocess.STDOUT)
    assert ((tmp_path / "out").read_bytes(), log_of("r")) == (in_turns(3), in_turns(3))


def test_a_recorded_command_whose_streams_go_different_ways(db: Path) -> None:
    done = recorded(db, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert (done.stdout, done.stderr) == (b"out1\nout2\nout3\n", b"err1\nerr2\nerr3\n")
    assert sorted(log_of("r")) == sorted(in_turns(3))
    if sys.platform == "linux":
        assert log_of("r") == in_turns(3)


READS: dict[str, tuple[dict[str, Any], set[str] | None, set[str] | None]] = {
    # what `b` does: whose result is kept for others, and whose streams come apart
    "nothing": ({"run": "result tasks"}, set(), set()),
    "its own": ({"run": "true", "outputs": {"x": "{{ result.stderr }}"}}, set(), {"b"}),
    "its own exit code": ({"run": "true", "outputs": {"x": "{{ result.exit_code }}"}}, set(), set()),
    "its own as a whole": ({"run": "true", "outputs": {"x": "{{ result | tojson }}"}}, set(), {"b"}),
    "until": ({"run": "true", "retry": {"max": 1, "until": "'done' in result.stdout"}}, set(), {"b"}),
    "until, in braces": ({"run": "true", "retry": {"max": 1, "until": "{{ 'x' in result['stderr'] }}"}}, set(), {"b"}),
    "another's": ({"run": "{{ tasks.a.result.stdout }}"}, {"a"}, {"a"}),
    "another's exit code": ({"run": "{{ tasks.a.result.exit_code }}"}, {"a"}, set()),
    "an item's": ({"run": "{{ tasks.a.result[0].stdout }}"}, {"a"}, {"a"}),
    "an item's exit code": ({"run": "{{ tasks.a.result[0].exit_code }}"}, {"a"}, set()),
    "in a condition": ({"run": "true", "if": "tasks.a.result.stdout == 'x'"}, {"a"}, {"a"}),
    "in brackets": ({"run": "{{ params.x[tasks.a.result.stdout] }}"}, {"a"}, {"a"}),
    "by a filter": ({"run": "{{ tasks.a.result | map(attribute='stdout') | join }}"}, {"a"}, {"a"}),
    "a task as a whole": ({"run": "{{ tasks.a | tojson }}"}, {"a"}, {"a"}),
    "a field that is worked out": ({"run": "{{ tasks.a[vars.x] }}"}, {"a"}, {"a"}),
    "any task": ({"run": "{{ tasks[vars.x].result.stdout }}"}, None, None),
    "all of them": ({"run": "{{ tasks | tojson }}"}, None, None),
}


@pytest.mark.parametrize("name", READS)
def test_what_templates_read_of_results(name: str) -> None:
    task, kept, apart = READS[name]
    definition = model.read({"smartspec": 1, "name": "x", "tasks": {"a": {"run": "true"}, "b": task}})
    for wanted, found in ((kept, results_wanted(definition)), (apart, streams_wanted(definition))):
        assert found == (None if wanted is None else frozenset(wanted))


def test_handlers_and_the_output_read_too() -> None:
    definition = model.read({
        "smartspec": 1, "name": "x", "tasks": {"a": {"run": "true"}, "b": {"run": "true"}},
        "handlers": {"exit": {"run": "{{ tasks.a.result.stdout }}", "outputs": {"x": "{{ result.stdout }}"}}},
        "output": {"y": "{{ tasks.b.result.stderr }}"},
    })  # fmt: skip
    assert streams_wanted(definition) == frozenset({"a", "b", "handlers.exit"})


def test_a_template_that_reads_what_was_cut_is_warned_of(run: Callable[..., Ran]) -> None:
    """It need not fail: the number of lines is that of the last ones."""
    lines = "{{ result.stdout.splitlines() | length }}"
    done = run(
        {
            "tasks": {
                "many": {"run": "seq 1 30000", "outputs": {"n": lines}},
                "few": {"run": "seq 3", "outputs": {"n": lines}},
            }
        }
    )
    assert done.status == "completed" and done.row("few").output == {"n": 3} and done.row("few").warnings is None
    (warning,) = done.row("many").warnings or ()
    assert (
        warning["code"] == "truncated"
        and "last 64 KiB of stdout" in str(warning["sentence"])
        and done.execution.warned == 1
    )
