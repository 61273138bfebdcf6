"""To start what is on the screen: what is not saved of it becomes a version first, and that version runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.domain.version import Version
from smartspec.errors import SmartSpecError
from smartspec.value import frozen


@frozen
class RunTarget:
    """What Run runs: a version, or a text that `save` makes one of. `label` is the version's, `params` its schema."""

    workflow: str
    label: str
    params: JsonObject | None
    save: Callable[[], Version] | None = None


@frozen
class Started:
    """`saved` is the version that was made for it; `refused` is why that did not start all the same."""

    saved: Version | None
    execution: Execution | None
    refused: SmartSpecError | None = None


def start(target: RunTarget, values: Mapping[str, Json], workspace: str) -> Started:
    """Save what is to be saved, and start it.

    Raises SmartSpecError where nothing was saved and nothing has started.
    """
    from smartspec.commands import starting

    saved = target.save() if target.save is not None else None
    try:
        execution = starting.start_execution(
            target.workflow, values, version=saved.version if saved else target.label or None,
            origin=Origin(Trigger.MANUAL), workspace=workspace,
        )  # fmt: skip
    except SmartSpecError as error:
        if saved is None:
            raise
        return Started(saved, None, error)
    return Started(saved, execution)


@frozen
class StartedCurrent:
    """`has_draft`: there is a text too, which is no version yet and did not run."""

    execution: Execution
    has_draft: bool


def start_current(workflow: str, workspace: str) -> StartedCurrent:
    """Start the current version."""
    from smartspec.commands import starting, working_copies

    execution = starting.start_execution(workflow, {}, origin=Origin(Trigger.MANUAL), workspace=workspace)
    return StartedCurrent(execution, working_copies.get_working_copy(workflow, workspace) is not None)
