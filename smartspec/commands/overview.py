"""How it stands in a few words, for an icon that is looked at from the side."""

from __future__ import annotations

from datetime import datetime

from smartspec.commands import activity, alerts, executions, pause_everything, quiet, schedule_lookup
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import times
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.overview import Due, Overview, Recent
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.store import schedules, workflows, workspaces

PROBLEMS = "status:problem after:yesterday"  # as a person looks for them: the list and the number are of the same
_LOOKED_AT, _RECENT = 200, 5


@command
def show_overview(workspace: str = DEFAULT) -> Overview:
    """What runs and what is on in all workspaces; what failed since yesterday began, and what is due next, in one."""
    here = workspaces.get(workspace).pk
    wanted = executions.read_query(PROBLEMS, workspace)
    newest = executions.list_executions(wanted, limit=_LOOKED_AT, workspace=workspace).rows
    paused, can_resume = pause_everything.everything_paused()
    return Overview(
        now=activity.list_activities(),
        problems=len(newest) if len(newest) < _LOOKED_AT else executions.count_executions(wanted, workspace=workspace),
        newest_problem=_last_end(newest),
        broken=schedules.count_in_error(here),
        next_due=_next_due(here),
        active=schedules.count_active(),
        is_unserved=schedule_lookup.is_unserved(),
        paused=paused,
        can_resume=can_resume,
        quiet_until=quiet.quiet_now(),
        recent=_recent(here, workspace),
        alerts=alerts.count_raised(times.now()),
    )


def _next_due(here: WorkspacePk) -> Due | None:
    first = schedules.first_due(here)
    return None if first is None or first.next_run_at is None else Due(first.name, first.next_run_at)


def _last_end(found: tuple[Execution, ...]) -> datetime | None:
    return max((each.completed_at for each in found if each.completed_at is not None), default=None)


def _recent(here: WorkspacePk, workspace: str) -> tuple[Recent, ...]:
    """The workflows that ran last and can be run again, the last one first."""
    ran = executions.list_executions(ExecutionFilter(), limit=_LOOKED_AT, workspace=workspace).rows
    order = [*dict.fromkeys(each.workflow for each in ran if each.workflow is not None and each.parent is None)]
    found = {each.pk: each for each in workflows.among(WorkflowFilter(workspace=here), order)}
    known = [found[pk] for pk in order if pk in found and found[pk].status is WorkflowStatus.ACTIVE]
    return tuple(Recent(each.id, each.name) for each in known[:_RECENT])
