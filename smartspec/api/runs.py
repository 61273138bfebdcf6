"""Starting workflows in a background runner, and waiting for them."""

from __future__ import annotations

import time
from collections.abc import Mapping

from smartspec.commands import control, database, starting
from smartspec.commands import executions as verbs
from smartspec.domain.engine.states import FINAL
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.jsontext import Json
from smartspec.runner import background
from smartspec.runner.launch import Launch

_POLL_SECONDS = 0.1


class Run:
    """An execution that was started, and whoever may wait for it."""

    def __init__(self, execution: Execution, launch: Launch | None = None) -> None:
        self.id = execution.id
        self._launch = launch

    @property
    def execution(self) -> Execution:
        """As it is now."""
        return verbs.get_execution(self.id)

    @property
    def status(self) -> str:
        return self.execution.status.value

    def wait(self, timeout: float | None = None) -> Execution:
        """Until it has ended or is paused; the answer is how it stands.

        Raises TimeoutError after `timeout` seconds, RunError where the runner that was started for it did not come up.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            execution = self.execution
            if execution.status in FINAL or execution.status == "paused":
                return execution
            background.check(self._launch, 0.0)
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"{execution.label} has not ended within {timeout:g} s; it is {execution.status}.")
            time.sleep(_POLL_SECONDS)

    def cancel(self) -> None:
        """Raises InvalidTransition for what has ended."""
        control.cancel_execution(self.id)


def run(ref: str, input: Mapping[str, Json] | None = None, /, *, workspace: str = "default", **params: Json) -> Run:
    """Start a workflow in a background runner; the keyword arguments are its parameters, laid over `input`.

    Raises WorkflowNotFound, Invalid for parameters that do not fit, Conflict for what cannot run.

    >>> smartspec.run("greet", name="Ada").wait().output
    {'words': 'Hello Ada'}
    """
    database.open_default_database()
    given = {**(input or {}), **params}
    started = starting.start_execution(ref, given or None, origin=Origin(Trigger.API), workspace=workspace)
    return Run(started, background.ensure(database.database_path()))
