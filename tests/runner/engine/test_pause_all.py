"""A pause of all that runs, or waits to."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands import control, executions, settings, starting
from smartspec.runner.worker import Worker
from tests.clock import until
from tests.runner.engine.conftest import status_of

Store = Callable[..., object]


def test_all_that_runs_or_waits_is_paused_and_goes_on(store: Store, served: Worker) -> None:
    settings.set_setting("runner.at_once", 1)
    store({"name": "child", "tasks": {"c": {"wait": "1h"}}})
    store({"name": "parent", "tasks": {"p": {"workflow": "child"}, "then": {"needs": ["p"], "run": "true"}}})
    parent, queued = starting.start_execution("parent"), starting.start_execution("child")
    paused = starting.start_execution("child")
    control.pause_execution(paused.id, "mine")
    until(lambda: executions.child_executions(parent.id))
    assert {each.id for each in control.pause_all("quiet")} == {parent.id, queued.id}
    (child,) = executions.child_executions(parent.id)
    until(lambda: {status_of(each) for each in (parent, child, queued, paused)} == {"paused"})
    assert executions.get_execution(paused.id).pause_reason == "mine"
    assert control.pause_all() == ()
    control.resume_execution(parent.id)
    until(lambda: status_of(child) == "running")
