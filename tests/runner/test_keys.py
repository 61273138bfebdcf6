"""A test for each key of the workflow file: what it says is what happens."""

from __future__ import annotations

import http.server
import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smartspec.commands import configs, control, executions, starting
from smartspec.domain import times
from smartspec.domain.jsontext import Json
from smartspec.errors import Conflict
from tests.clock import until
from tests.conftest import Ran, began, ended, run_on

Run = Callable[..., Ran]


def one(**task: object) -> dict[str, object]:
    return {"tasks": {"a": task}}


# Executors


def test_run_is_a_shell_that_stops_at_the_first_failure(run: Run) -> None:
    done = run(one(run="echo one\nfalse\necho two"))
    assert (done.words(), done.log("a")) == ({"a": "failed exit 1"}, b"one\n")


def test_null_in_a_command_is_nothing(run: Run) -> None:
    tasks = {
        "a": {"run": "{{ none }}"},
        "b": {"command": ["sh", "-c", 'echo "[$1]"', "x", "{{ null }}"]},
        "c": {"run": "echo [{{ none | q }}{{ none }}]"},
    }
    done = run({"tasks": tasks})
    assert done.status == "completed"
    assert (done.log("b"), done.log("c")) == (b"[]\n", b"[]\n")


def test_shell_chooses_another(run: Run) -> None:
    done = run(
        {
            "tasks": {
                "b": {"run": "[[ x == x ]] && echo bash", "shell": "bash"},
                "p": {"run": "print('python')", "shell": "python3"},
            }
        }
    )
    assert (done.log("b"), done.log("p")) == (b"bash\n", b"python\n")


def test_a_script_longer_than_an_argument_may_be_runs(run: Run) -> None:
    done = run(one(run="# " + "x" * 200_000 + "\necho done"))
    assert (done.status, done.log("a")) == ("completed", b"done\n")


def test_command_is_argv_without_a_shell(run: Run) -> None:
    done = run({"vars": {"v": "$HOME `x` \"'"}, **one(command=["printf", "%s|", "{{ vars.v }}", 5, True, "*"])})
    assert done.log("a") == b"$HOME `x` \"'|5|true|*|"


def test_python_has_its_input_as_variables_and_an_empty_standard_input(run: Run) -> None:
    code = "import sys\nprint(n + 1, who['x'], __name__, repr(sys.stdin.read()))\n1/0"
    done = run(
        {
            "params": {"type": "object", "properties": {"n": {"default": 1}}},
            **one(python=code, input={"n": "{{ params.n }}", "who": {"x": "ä"}}),
        }
    )
    assert done.log("a").decode().startswith("2 ä __main__ ''\n")
    assert "    1/0" in done.log("a").decode() and "ZeroDivisionError" in (done.row("a").excerpt or "")


class Answers(http.server.BaseHTTPRequestHandler):
    seen: list[tuple[str, str, str | None, bytes]]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        type(self).seen.append((self.command, self.path, self.headers.get("X-Who"), body))
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/ok")
            self.end_headers()
            return
        if self.path == "/slow":
            time.sleep(2)
        if self.path == "/flaky" and sum(each[1] == "/flaky" for each in type(self).seen) < 3:
            self.send_error(503)
            return
        data = (
            b'{"rows": 3}' if self.path.startswith("/ok") else b"\xff\xfe" * 1_000_000 if self.path == "/big" else b"no"
        )
        self.send_response(200 if self.path != "/missing" else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_PUT = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A web server on this machine."""
    Answers.seen = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def test_http_sends_what_it_says_and_gives_status_headers_and_body(run: Run, server: str) -> None:
    done = run(one(
        http={"method": "PUT", "url": f"{server}/moved", "headers": {"X-Who": "{{ execution.number }}"}, "query": {"q": "a b"}, "json": {"n": 1}},
        outputs={"rows": "{{ (result.body | fromjson).rows }}", "status": "{{ result.status }}"},
    ))  # fmt: skip
    assert done.row("a").output == {"rows": 3, "status": 200}
    first = Answers.seen[0]
    assert (first[0], first[1], first[2], json.loads(first[3])) == ("PUT", "/moved?q=a+b", "1", {"n": 1})
    assert f"PUT {server}/moved" in done.log("a").decode()


def test_http_fails_by_what_expect_allows(run: Run, server: str) -> None:
    done = run({"tasks": {
        "missing": {"http": {"url": f"{server}/missing"}}, "wanted": {"http": {"url": f"{server}/missing", "expect": [404, "5xx"]}},
        "flaky": {"http": {"url": f"{server}/flaky"}, "retry": {"max": 3, "delay": 0, "when": ["http 5xx"]}},
        "never": {"http": {"url": f"{server}/missing"}, "retry": {"max": 3, "delay": 0, "when": ["http 5xx"]}},
        "nobody": {"http": {"url": "http://127.0.0.1:1/"}}, "slow": {"http": {"url": f"{server}/slow"}, "timeout": "200ms"},
        "bad": {"http": {"url": "nonsense://x"}}, "big": {"http": {"url": f"{server}/big"}, "outputs": {"n": "{{ result.body | length }}"}},
    }})  # fmt: skip
    assert done.words() == {
        "missing": "failed http 404", "wanted": "completed", "flaky": "completed", "never": "failed http 404", "nobody": "failed http",
        "slow": "timeout", "bad": "failed http", "big": "completed",
    }  # fmt: skip
    assert (done.attempts("flaky"), done.attempts("never")) == (["failed", "failed", "completed"], ["failed"])
    assert 500_000 <= done.outputs("big")["n"] <= 1_048_576


def test_a_text_that_is_exactly_a_number_is_taken_for_one(run: Run, store: Callable[..., object]) -> None:
    kinds = {"n": {"type": "integer"}, "on": {"type": "boolean"}, "s": {"type": "string"}}
    sums = {"m": "{{ params.n + 1 }}", "on": "{{ params.on }}", "s": "{{ params.s }}"}
    store({"name": "child", "params": {"type": "object", "properties": kinds}, "output": sums, **one(run="true")})
    written = 'printf "n=3\\non=true\\ns=5\\nbad=3x\\n" > "$SMARTSPEC_OUTPUT"'
    given = {name: f"{{{{ tasks.p.outputs.{name} }}}}" for name in kinds}
    bad = {"n": "{{ tasks.p.outputs.bad }}"}
    tasks = {
        "p": {"run": written}, "a": {"needs": ["p"], "workflow": "child", "input": given},
        "b": {"needs": ["p"], "workflow": "child", "input": bad},
        "c": {"needs": ["p"], "if": "{{ tasks.p.outputs.on }}", "run": "true"},
    }  # fmt: skip
    done = run({"tasks": tasks})
    assert done.row("a").output == {"m": 4, "on": True, "s": "5"}
    assert done.words()["b"] == "failed input" and "3x" in (done.row("b").error or "")
    assert done.words()["c"].startswith("failed template")


def test_workflow_starts_another_as_a_child(run: Run, store: Callable[..., object]) -> None:
    store(
        {
            "name": "child",
            "params": {"type": "object", "properties": {"n": {"type": "integer"}}},
            "output": {"m": "{{ params.n + 1 }}"},
            **one(run="echo child"),
        }
    )
    done = run(
        {
            "tasks": {
                "a": {"workflow": "child", "input": {"n": 1}, "outputs": {"k": "{{ result.m * 10 }}"}},
                "b": {"workflow": "default.child", "input": {"n": "{{ 'x' }}"}},
            }
        }
    )
    assert done.words() == {"a": "completed", "b": "failed input"}
    assert done.row("a").output == {"m": 2, "k": 20}
    (child,) = executions.child_executions(done.execution.id)
    assert (child.parent, child.trigger, child.number, done.row("a").child_execution) == (
        done.execution.pk,
        "sub_workflow",
        1,
        child.pk,
    )


def test_a_child_keeps_the_version_that_was_fixed_when_the_parent_was_queued(
    store: Callable[..., object], db: Path
) -> None:
    store({"name": "child", **one(run="echo old")})
    store({**one(workflow="child")})
    began = starting.start_execution("test")
    store({"name": "child", **one(run="echo new")})
    done = run_on(began)
    (child,) = executions.child_executions(done.execution.id)
    assert Ran(child, executions.list_task_executions(child.id)).log("a") == b"old\n"


def test_a_child_that_takes_too_long_is_a_timeout(run: Run, store: Callable[..., object]) -> None:
    store({"name": "child", **one(run="sleep 20")})
    done = run(one(workflow="child", timeout="300ms"))
    assert done.words() == {"a": "timeout"}
    assert executions.child_executions(done.execution.id)[0].status == "cancelled"


def test_condition_takes_a_side(run: Run) -> None:
    tasks = {
        "g": {"condition": "{{ 1 > 2 }}", "then": ["y"], "else": ["n"]},
        "y": {"run": "true"},
        "n": {"run": "true"},
        "end": {"needs": ["y", "n"], "run": "true"},
    }
    done = run({"tasks": tasks})
    assert done.words() == {"g": "completed", "y": "skipped not_taken", "n": "completed", "end": "completed"}
    assert (done.row("g").output, done.row("g").task_type) == ({"taken": "else"}, "condition")


def test_parallel_and_sequential_are_groups(run: Run) -> None:
    done = run({"tasks": {
        "p": {"parallel": {"x": {"run": "echo k=1 >> $SMARTSPEC_OUTPUT"}, "y": {"wait": 0}}},
        "s": {"needs": ["p"], "sequential": [{"one": {"run": "sleep 0.05"}}, {"two": {"run": "true"}}]},
    }})  # fmt: skip
    assert done.row("p").output == {"x": {"k": "1"}, "y": {}}
    assert began(done.row("two")) >= ended(done.row("one"))
    assert {row.task: row.task_type for row in done.rows} == {
        "p": "parallel", "x": "executor", "y": "wait", "s": "sequential", "one": "executor", "two": "executor",
    }  # fmt: skip


def test_wait_waits(run: Run) -> None:
    done = run({"tasks": {"a": {"wait": "300ms"}, "b": {"needs": ["a"], "run": "true"}}})
    assert times.to_ms(began(done.row("b"))) - times.to_ms(began(done.row("a"))) >= 300


@pytest.mark.parametrize(("reject", "words"), [(False, "completed"), (True, "failed rejected")])
def test_manual_waits_for_a_person(store: Callable[..., object], db: Path, reject: bool, words: str) -> None:
    store({"vars": {"what": "ship"}, **one(manual="Really {{ vars.what }} it?")})
    began = starting.start_execution("test")
    asked: list[object] = []

    def answer() -> None:
        until(lambda: executions.list_task_executions(began.id))
        asked.append(executions.list_task_executions(began.id)[0].input)
        control.confirm_task(began.id, "a", reject=reject)
        from smartspec.commands.database import close_connection

        close_connection()

    person = threading.Thread(target=answer)
    person.start()
    done = run_on(began)
    person.join()
    assert asked == [{"manual": "Really ship it?"}]
    assert done.words() == {"a": words}
    with pytest.raises(Conflict, match="does not wait"):
        control.confirm_task(began.id, "a")


# Where and with what


def test_cwd_is_the_folder_of_the_file_or_what_it_says(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    done = run(
        {
            "vars": {"d": "sub"},
            "tasks": {
                "a": {"run": "pwd"},
                "b": {"run": "pwd", "cwd": "{{ vars.d }}"},
                "c": {"run": "pwd", "cwd": "nowhere"},
            },
        }
    )
    assert done.log("a").decode().strip() == str(tmp_path.resolve())
    assert done.log("b").decode().strip() == str((tmp_path / "sub").resolve())
    assert done.words()["c"] == "failed start" and "does not exist" in (done.row("c").error or "")


def test_env_adds_up_and_the_inner_wins(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTER", "machine")
    done = run({
        "env": {"A": "w", "B": "w{{ env.OUTER }}", "OUTER": "w"},
        "tasks": {"g": {"env": {"A": "g", "C": "{{ env.A }}"}, "parallel": {"a": {"env": {"A": "t{{ env.A }}", "N": None, "T": True, "L": [1] and 5}, "run": 'echo "$A $B $C $N|$T|$L $OUTER"'}}}},
    })  # fmt: skip
    assert done.log("a") == b"tg wmachine w |true|5 w\n"
    assert done.row("a").input == {"env": {"A": "tg", "N": "", "T": "true", "L": "5"}}


def test_what_every_process_is_told(run: Run, db: Path) -> None:
    done = run(
        one(
            with_items=["x", {"y": 1}],
            run='echo "$SMARTSPEC_TASK $SMARTSPEC_ATTEMPT $SMARTSPEC_EXECUTION_NUMBER $SMARTSPEC_ITEM"; test -d "$SMARTSPEC_SCRATCH"; echo "$SMARTSPEC_EXECUTION_ID $SMARTSPEC_DB"',
        )
    )
    assert done.log("a", 1).decode().splitlines() == ['a 1 1 {"y": 1}', f"{done.execution.id} {db}"]


def test_scratch_is_shared_and_removed_at_the_end(run: Run, db: Path) -> None:
    done = run(
        {
            "tasks": {
                "a": {"run": "echo hello > $SMARTSPEC_SCRATCH/x; echo $SMARTSPEC_SCRATCH"},
                "b": {"needs": ["a"], "run": "cat $SMARTSPEC_SCRATCH/x"},
            },
            "handlers": {"exit": {"run": "cat $SMARTSPEC_SCRATCH/x"}},
        }
    )
    assert (done.log("b"), done.log("handlers.exit")) == (b"hello\n", b"hello\n")
    assert not Path(done.log("a").decode().strip()).exists()


@pytest.mark.parametrize(
    ("written", "output"),
    [
        ("printf 'a=1\\nb=x=y\\na=2\\n'", {"a": "2", "b": "x=y"}), ("printf 'k<<END\\none\\ntwo\\nEND\\nj=1\\n'", {"k": "one\ntwo", "j": "1"}),
        ("""printf '{"n": 1, "l": [true]}'""", {"n": 1, "l": [True]}), ("printf '\\xef\\xbb\\xbfa=1\\r\\n'", {"a": "1"}), ("true", None),
    ],
)  # fmt: skip
def test_a_process_writes_its_outputs(run: Run, written: str, output: object) -> None:
    assert run(one(shell="bash", run=f'{written} >> "$SMARTSPEC_OUTPUT"')).row("a").output == output


@pytest.mark.parametrize(
    "written",
    [
        "printf 'no key'",
        "printf '{'",
        "printf '=x'",
        "printf 'k<<END\\nx'",
        "printf '\\377=1'",
        "head -c 1100000 /dev/zero",
        "printf '{\"a\": NaN}'",
    ],
)
def test_outputs_that_cannot_be_read_fail_the_task(run: Run, written: str) -> None:
    done = run(one(run=f'{written} > "$SMARTSPEC_OUTPUT"'))
    assert done.words() == {"a": "failed outputs: $SMARTSPEC_OUTPUT"} and "$SMARTSPEC_OUTPUT" in (
        done.row("a").error or ""
    )


def test_outputs_are_laid_over_and_kept_however_it_ended(run: Run) -> None:
    done = run({"tasks": {
        "a": {"run": "echo x=1 >> $SMARTSPEC_OUTPUT; echo y=1 >> $SMARTSPEC_OUTPUT; echo out; echo err >&2", "outputs": {"x": "{{ result.stdout | trim }}", "code": "{{ result.exit_code }}"}},
        "b": {"run": "echo x=1 >> $SMARTSPEC_OUTPUT; exit 4", "outputs": {"never": "{{ 1 }}"}, "continue_on_error": True},
        "c": {"needs": ["a", "b"], "command": ["echo", "{{ tasks.b.outputs.x }} {{ tasks.b.exit_code }} {{ tasks.b.status }} {{ tasks.a.result.stderr | trim }} {{ tasks.b.error }}"]},
    }})  # fmt: skip
    assert done.row("a").output == {"x": "out", "y": "1", "code": 0}
    assert done.row("b").output == {"x": "1"}
    assert done.log("c") == b"1 4 failed err The command ended with exit code 4.\n"
    assert done.row("a").result is not None and done.row("b").result is None  # kept only where a template reads it


# Items, retries, limits


def test_items_have_their_concurrency_and_order(run: Run) -> None:
    done = run(
        {
            "concurrency": 8,
            **one(
                with_items="{{ range(6) | list }}",
                concurrency=2,
                run="sleep 0.1; echo i=$SMARTSPEC_ITEM >> $SMARTSPEC_OUTPUT",
            ),
            "output": {"all": "{{ tasks.a.outputs | map(attribute='i') | list }}", "codes": "{{ tasks.a.exit_code }}"},
        }
    )
    assert done.execution.output == {"all": [str(n) for n in range(6)], "codes": [0] * 6}
    assert most_at_once(done) == 2


def most_at_once(done: Ran) -> int:
    moments = [(times.to_ms(row.started_at), 1) for row in done.rows if row.started_at] + [
        (times.to_ms(row.completed_at), -1) for row in done.rows if row.completed_at
    ]
    running = most = 0
    for _, change in sorted(moments):
        running += change
        most = max(most, running)
    return most


def test_concurrency_bounds_the_tasks_at_once(run: Run) -> None:
    tasks = {f"t{n}": {"run": "sleep 0.1"} for n in range(6)}
    assert most_at_once(run({"concurrency": 3, "tasks": tasks})) == 3
    assert most_at_once(run({"name": "one", "concurrency": 1, "tasks": tasks})) == 1


def test_ready_tasks_start_in_the_order_of_the_file(run: Run) -> None:
    done = run({"concurrency": 1, "tasks": {name: {"run": "true"} for name in "dacb"}})
    assert [row.task for row in done.rows] == [*"dacb"]


def test_only_commands_hold_a_slot(run: Run) -> None:
    """Were one held by what waits, `a` would not run before the time is up."""
    waits = {"w": {"wait": "1h"}, "g": {"parallel": {"v": {"wait": "1h"}}}, "m": {"manual": "Well?"}}
    done = run({"concurrency": 1, "timeout": "3s", "tasks": {**waits, "a": {"run": "true"}}})
    assert (done.status, done.row("a").status) == ("timeout", "completed")


def test_retry_waits_longer_each_time(run: Run) -> None:
    done = run(one(run="false", retry={"max": 3, "delay": "100ms", "backoff": 2, "max_delay": "150ms", "jitter": 0}))
    rows = done.rows
    gaps = [times.to_ms(began(later)) - times.to_ms(ended(earlier)) for earlier, later in itertools.pairwise(rows)]
    for gap, least in zip(gaps, (100, 150, 150), strict=True):
        assert least - 2 <= gap < least + 1_000
    assert [row.max_retries for row in rows] == [3] * 4


def test_until_polls(run: Run) -> None:
    done = run({"tasks": {
        "ready": {"run": "echo x >> $SMARTSPEC_SCRATCH/n; wc -l < $SMARTSPEC_SCRATCH/n", "outputs": {"n": "{{ result.stdout | int }}"}, "retry": {"max": 5, "delay": 0, "until": "outputs.n >= 3"}},
        "never": {"run": "echo no", "retry": {"max": 1, "delay": 0, "when": [], "until": "'yes' in result.stdout"}},
    }})  # fmt: skip
    assert done.attempts("ready") == ["failed", "failed", "completed"]
    assert done.words()["never"] == "failed until" and done.attempts("never") == ["failed", "failed"]


def test_defaults_fill_in_what_executors_do_not_say(run: Run) -> None:
    done = run({"defaults": {"timeout": "200ms", "retry": {"max": 1, "delay": 0}, "continue_on_error": True, "shell": "bash", "cwd": "/"}, "tasks": {
        "a": {"run": "[[ 1 ]] && pwd; sleep 5"}, "b": {"run": "pwd; false", "timeout": "5s", "retry": {"max": 0}, "cwd": "/tmp"}, "w": {"wait": "300ms"},
    }})  # fmt: skip
    assert (done.attempts("a"), done.attempts("b"), done.status) == (["timeout", "timeout"], ["failed"], "completed")
    assert (done.log("a"), done.log("b")) == (b"/\n", b"/tmp\n")
    assert done.execution.tasks_tolerated == 2


def test_vars_params_config_and_time_reach_templates(run: Run, store: Callable[..., object]) -> None:
    definition = {
        "params": {"type": "object", "properties": {"day": {"type": "string", "default": "{{ today }}"}}},
        "config": {"c": {"type": "json", "default": {"x": [1]}}}, "vars": {"v": "{{ params.day }}!"},
        **one(command=["echo", "{{ vars.v }} {{ config.c.x[0] }} {{ now }} {{ execution.workflow }} {{ execution.version }} {{ execution.attempt }} {{ execution.scheduled_for }}"]),
    }  # fmt: skip
    store(definition)
    configs.set_config("test", "c", {"x": [7]})
    done = run(definition)
    local = done.execution.created_at.astimezone()
    assert done.log("a").decode() == f"{local:%Y-%m-%d}! 7 {local.isoformat()} default.test 1.0.0 1 \n"


def test_timeout_of_the_execution_counts_running_time(run: Run) -> None:
    done = run({"timeout": "300ms", "tasks": {"a": {"run": "sleep 20"}, "b": {"needs": ["a"], "run": "true"}}})
    assert (done.status, done.words()) == ("timeout", {"a": "cancelled timeout", "b": "cancelled timeout"})
    assert "longer than its limit of 300 ms" in (done.execution.error or "")


def test_a_rerun_has_the_whole_time_again(run: Run) -> None:
    done = run({"timeout": "3s", "tasks": {"a": {"run": 'test "$SMARTSPEC_ATTEMPT" = 2 || sleep 60'}}})
    assert done.status == "timeout"
    again = run_on(control.rerun_failed(done.execution.id))
    assert (again.status, again.attempts("a")) == ("completed", ["cancelled", "completed"])


def test_handlers_follow_in_order_and_are_told(run: Run) -> None:
    done = run({
        **one(run="exit 3"),
        "handlers": {"exit": {"run": 'echo "$SMARTSPEC_STATUS"'}, "failure": {"env": {"E": "{{ execution.error }}", "S": "{{ tasks.a.status }}"}, "run": 'echo "$S $E"; echo "$SMARTSPEC_ERROR"'}, "success": {"run": "true"}},
    })  # fmt: skip
    assert [row.task for row in done.rows] == ["a", "handlers.failure", "handlers.exit"]
    said = "Task “a” failed: The command ended with exit code 3."
    assert done.log("handlers.failure").decode() == f"failed {said}\n{said}\n"
    assert done.log("handlers.exit") == b"failed\n"


def test_a_slow_handler_and_one_that_retries(run: Run) -> None:
    done = run(
        {
            **one(run="true"),
            "handlers": {
                "success": {"run": "sleep 9", "timeout": "200ms"},
                "exit": {"run": 'test "$SMARTSPEC_ATTEMPT" = 2', "retry": {"max": 1, "delay": 0}},
            },
        }
    )
    assert (done.status, done.attempts("handlers.success"), done.attempts("handlers.exit")) == (
        "completed",
        ["timeout"],
        ["failed", "completed"],
    )


def test_output_and_x_keys(run: Run) -> None:
    done = run(
        {
            "x-note": [1],
            **one(run="true"),
            "output": {"n": "{{ execution.number }}", "t": "{{ tasks.a.status }}", "plain": [1, "x"]},
        }
    )
    assert done.execution.output == {"n": 1, "t": "completed", "plain": [1, "x"]}


def test_counters_say_what_tasks_came_to(run: Run) -> None:
    done = run(
        {
            "tasks": {
                "a": {"run": "true"},
                "b": {"run": "false"},
                "c": {"run": "false", "continue_on_error": True},
                "d": {"needs": ["b"], "run": "true"},
                "e": {"if": False, "run": "true"},
            }
        }
    )
    execution = done.execution
    assert (
        execution.tasks_total,
        execution.tasks_completed,
        execution.tasks_failed,
        execution.tasks_tolerated,
        execution.tasks_skipped,
    ) == (5, 1, 1, 1, 2)


def test_cpu_time_and_peak_memory_are_measured(run: Run) -> None:
    done = run(
        one(
            command=[
                "python3",
                "-c",
                "import time\nx = bytearray(300_000_000)\nt = time.process_time()\nwhile time.process_time() < t + 0.3: pass",
            ]
        )
    )
    row = done.row("a")
    assert row.cpu_ms is not None and row.cpu_ms >= 250
    assert row.peak_memory_bytes is not None and 300_000_000 <= row.peak_memory_bytes < 3_000_000_000


def test_what_surrounded_an_execution_is_kept_without_values(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartspec.store import database

    monkeypatch.setenv("MY_PASSWORD", "hunter2hunter2")
    done = run(one(run="true"))
    body = database.scalar("SELECT body FROM environments WHERE pk = ?", (done.execution.environment,))
    assert "MY_PASSWORD" in body and "hunter2" not in body and os.environ["PATH"] in json.loads(body)["path"]
    assert done.execution.free_disk_bytes


@pytest.mark.parametrize("bad", ["\\ud800", "\\u0000"])
def test_texts_that_cannot_be_kept_fail_their_task_and_nothing_else(run: Run, bad: str) -> None:
    given = json.dumps('{"x": "' + bad + '"}')
    done = run(
        {
            "vars": {"given": json.loads(given)},
            "tasks": {
                "written": {"run": 'printf %s "$G" > "$SMARTSPEC_OUTPUT"', "env": {"G": "{{ vars.given }}"}},
                "outputs": {"run": "true", "outputs": {"x": "{{ (vars.given | fromjson).x }}"}},
                "input": {"python": "1", "input": {"x": "{{ (vars.given | fromjson).x }}"}},
                "items": {"with_items": "{{ [vars.given | fromjson] }}", "run": "true"},
                "manual": {"manual": "{{ (vars.given | fromjson).x }}"},
                "fine": {"run": "true"},
            },
        }
    )
    assert done.status == "failed"
    assert {name: word.partition(" ")[0] for name, word in done.words().items()} == {
        **dict.fromkeys(("written", "outputs", "input", "items", "manual"), "failed"), "fine": "completed",
    }  # fmt: skip


def test_a_task_name_has_an_end(problems: Callable[..., list[tuple[str, str]]]) -> None:
    ((path, sentence),) = problems({"tasks": {"x" * 201: {"run": "true"}}})
    assert path.startswith("tasks.xxx") and "200 characters long" in sentence


def test_task_names_of_any_script_and_length_run_and_leave_no_name_on_the_disk(run: Run, db: Path) -> None:
    names = ["fetch-data", "中文", "कार्य", "größe_1", "T" * 200, "t" * 200, "é"]
    tasks: dict[str, Json] = {
        name: {"run": f'echo n={number} > "$SMARTSPEC_OUTPUT"; echo "$SMARTSPEC_TASK"'}
        for number, name in enumerate(names)
    }
    seen = " ".join(f'{{{{ tasks["{name}"].outputs.n }}}}' for name in names)
    tasks["last"] = {"needs": ["e\u0301", *names[:-1]], "command": ["echo", seen + " {{ tasks.中文.outputs.n }}"]}
    done = run({"tasks": tasks})
    assert done.status == "completed"
    assert done.log("last").decode() == "0 1 2 3 4 5 6 1\n"
    assert [done.log(name).decode() for name in names] == [f"{name}\n" for name in names]
    left = [file.name for file in db.parent.rglob("*") if file.suffix == ".log"]
    assert len({name.lower() for name in left}) == len(left) and all(name.isascii() and len(name) < 60 for name in left)
