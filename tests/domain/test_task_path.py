"""Which way through the graph mattered: to the failure, or the one that took longest; and what was prevented."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands import task_runs, versions
from smartspec.domain.definition import graph, model
from smartspec.domain.task_path import TaskPath, find_path
from tests.conftest import Ran

Run = Callable[..., Ran]


def path_of(ran: Ran, *, has_ended: bool = True) -> TaskPath:
    execution = ran.execution
    assert execution.version is not None
    definition = model.read(versions.get_version_by_key(execution.version).definition)
    runs = {run.task: run for run in task_runs.list_task_runs(execution, definition, execution.attempt)}
    return find_path(graph.nearest_dependencies(definition), runs, has_ended=has_ended)


def test_the_longest_way_goes_back_to_what_each_waited_for(run: Run) -> None:
    tasks = {"a": {"run": "echo"}, "slow": {"needs": ["a"], "run": "sleep 0.3"}, "quick": {"needs": ["a"], "run": "echo"},
             "end": {"needs": ["slow", "quick"], "run": "echo"}}  # fmt: skip
    done = run({"tasks": tasks})
    assert path_of(done) == TaskPath(("a", "slow", "end"))
    assert path_of(done, has_ended=False).tasks == (), "while it runs and all is well nothing is told"


def test_what_a_failure_prevented_names_it_however_far_away(run: Run) -> None:
    tasks = {"a": {"run": "echo"}, "bad": {"needs": ["a"], "run": "exit 3"}, "next": {"needs": ["bad"], "run": "echo"},
             "last": {"needs": ["next"], "run": "echo"}, "other": {"run": "echo"}}  # fmt: skip
    found = path_of(run({"tasks": tasks}))
    assert (found.tasks, found.is_failure) == (("a", "bad"), True)
    assert found.prevented == {"next": "bad", "last": "bad"}


def test_what_was_tolerated_is_no_failure(run: Run) -> None:
    tasks = {"bad": {"run": "exit 3", "continue_on_error": True}, "end": {"needs": ["bad"], "run": "echo"}}
    found = path_of(run({"tasks": tasks}))
    assert (found.tasks, found.is_failure, dict(found.prevented)) == (("bad", "end"), False, {})


def test_in_a_group_the_member_that_failed_is_told_and_not_the_group(run: Run) -> None:
    tasks = {"all": {"parallel": {"one": {"run": "echo"}, "two": {"run": "exit 1"}}}}
    assert path_of(run({"tasks": tasks})).tasks[-1] == "two"
