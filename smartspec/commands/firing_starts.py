"""What a firing starts: planned outside of any transaction, made inside the one that writes its row down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from smartspec.commands import environment, schedule_input, secrets
from smartspec.commands.actor import user
from smartspec.commands.environment import EnvironmentSummary
from smartspec.commands.execution_plan import Planned, insert
from smartspec.commands.starting import plan_start
from smartspec.commands.termination import end_unclaimed
from smartspec.domain import config, times
from smartspec.domain.definition import model
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Kind, Origin, Request, Trigger
from smartspec.domain.ids import ExecutionPk, new_id
from smartspec.domain.jsontext import Json
from smartspec.domain.schedule import saved_environment
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError, StorageError
from smartspec.store import executions
from smartspec.value import frozen, replace

REPLACED = "replaced"  # the reason of what had to make room
_UNSTARTED = "start"  # of what could not be started


@frozen
class Start:
    """An execution that is ready to be made, or why it cannot be: then `planned` is the row of one that has failed."""

    planned: Planned
    why_not: str | None = None
    around: EnvironmentSummary | None = None

    @contextmanager
    def kept(self, schedule: Schedule) -> Iterator[Start]:
        """Inside, its execution may be made: what it needs beside its row is there."""
        if self.why_not is not None:
            yield self
            return
        with environment.kept(self.planned["id"], saved_environment.variables_of(schedule.environment)) as around:
            yield replace(self, around=around)

    def insert(self) -> Execution:
        """Make its execution, inside a transaction."""
        execution = insert(self.planned)
        if self.around is not None:
            self.around.note(execution.pk)
        return execution


def plan(
    schedule: Schedule, workflow: Workflow, due: datetime, trigger: Trigger, event: Mapping[str, Json] | None = None
) -> Start:
    """`event` is what templates see as such. Raises StorageError alone: whatever else is in its way is told of."""
    scheduled_for = None if trigger is Trigger.MANUAL else due
    origin = Origin(trigger, schedule=schedule.pk, scheduled_for=scheduled_for, zone=schedule.timezone)
    try:
        version = schedule_input.version_of(workflow, schedule.version)
        given = schedule_input.render_input(schedule.input or {}, due, schedule.timezone, schedule.name, event)
        planned = plan_start(workflow, version, given, origin)
        keys = config.secret_keys(model.read_stored(version.definition).config)
        secrets.values(workflow, keys, environment.asking())  # a keyring may be locked
    except StorageError:
        raise
    except SmartSpecError as error:
        return Start(_failed(schedule, workflow, origin, str(error.sentence)), str(error.sentence))
    folder = saved_environment.folder_of(schedule.environment)
    return Start({**planned, "folder": folder} if folder else planned)


def _failed(schedule: Schedule, workflow: Workflow, origin: Origin, error: str) -> Planned:
    """For a row that has said already that something starts."""
    now = times.now()
    return {
        "id": new_id(), "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": workflow.name,
        "version": None, "workflow_version": None, "kind": Kind.WORKFLOW, "status": ExecutionStatus.FAILED,
        "status_reason": _UNSTARTED, "outcome": ExecutionStatus.FAILED, "trigger": origin.trigger,
        "triggered_by": user(), "schedule": schedule.pk, "scheduled_for": origin.scheduled_for,
        "input": schedule.input, "error": error, "created_at": now, "completed_at": now, "duration_ms": 0,
    }  # fmt: skip


def make_room(pk: ExecutionPk) -> None:
    """End one whose place another takes; inside a transaction."""
    execution = executions.get(pk)
    if execution.status in FINAL or execution.requested is Request.CANCEL:
        return
    if execution.status is ExecutionStatus.RUNNING and execution.runner is not None:
        reason = execution.status_reason if execution.outcome is not None else REPLACED
        type_ = EventType.EXECUTION_CANCEL_REQUESTED
        executions.change(execution, type_, message=REPLACED, requested=Request.CANCEL, status_reason=reason)
    else:
        end_unclaimed(execution, ExecutionStatus.CANCELLED, REPLACED)
