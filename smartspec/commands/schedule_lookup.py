"""Schedules as a person names them, and lists of them."""

from __future__ import annotations

from smartspec.commands import process_identity
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import ids
from smartspec.domain.page import Page
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.domain.text import did_you_mean
from smartspec.errors import Conflict, Invalid, ScheduleNotFound, WorkflowNotFound
from smartspec.messages import _, listed
from smartspec.store import firings, runners, schedules, workflows, workspaces

_SHORTEST_PREFIX = 4
_SHOWN = 5


@command
def get_schedule(which: str, workspace: str = DEFAULT) -> Schedule:
    """By id, an unambiguous beginning of one, its name, the ref of a workflow that has only one, or REF/NAME.

    Raises ScheduleNotFound, or Conflict where it could be several.
    """
    return _found(which, workspace, deleted=False)


def removed_schedule(which: str, workspace: str = DEFAULT) -> Schedule:
    """As `get_schedule`, of those in the trash."""
    return _found(which, workspace, deleted=True)


@command
def list_schedules(ref: str | None = None, workspace: str = DEFAULT) -> tuple[Schedule, ...]:
    """Those of a workflow, or of all that are not in the trash: the next to be due first."""
    if ref is not None:
        return schedules.of_workflow(get_workflow(ref, workspace).pk)
    return schedules.all_(workspaces.get(workspace).pk)


def next_due(ref: str | None = None, workspace: str = DEFAULT) -> Schedule | None:
    """The schedule, of a workflow or of all, that is on and due first; None where none is."""
    if ref is None:
        return schedules.first_due(workspaces.get(workspace).pk)
    active = (each for each in list_schedules(ref, workspace) if each.status is ScheduleStatus.ACTIVE)
    return next((each for each in active if each.next_run_at is not None), None)


def list_firings(
    which: str, *, after: str | None = None, limit: int = 50, workspace: str = DEFAULT
) -> Page[StoredFiring]:
    """What was decided about the due times of a schedule, the latest first. Raises Invalid for a limit out of 1 to
    10,000.
    """
    if not 1 <= limit <= 10_000:
        raise Invalid(_("A page holds 1 to 10,000 lines."))
    return firings.page(get_schedule(which, workspace).pk, after, limit)


def any_in_error(workspace: str = DEFAULT) -> bool:
    """Whether one cannot go on."""
    return schedules.any_in_error(workspaces.get(workspace).pk)


def is_unserved() -> bool:
    """Whether something would start by itself, and no runner of this machine is there to start it."""
    return schedules.any_active() and not any(
        each.kind == "background" and process_identity.is_alive(each) for each in runners.all_()
    )


def _found(which: str, workspace: str, *, deleted: bool) -> Schedule:
    workspace_pk = workspaces.get(workspace).pk
    known = schedules.by_id(which)
    if known is not None and (known.deleted_at is not None) == deleted:
        return known
    found = schedules.named(workspace_pk, which, deleted=deleted) or _by_prefix(which, deleted)
    if not found and not deleted:
        found = _of_workflow(which, workspace) or _in_workflow(which, workspace)
    if len(found) > 1 and deleted:
        choices = listed(each.id for each in found[:_SHOWN])
        raise Conflict(_("“{which}” could be any of {choices}; write the id.", which=which, choices=choices))
    if len(found) > 1:
        choices = listed(full_name(each) for each in found[:_SHOWN])
        raise Conflict(_("“{which}” could be any of {choices}; write one of them.", which=which, choices=choices))
    if not found and deleted:
        raise ScheduleNotFound(_("There is no schedule “{which}” in the trash.", which=which))
    if not found:
        names = [each.name for each in schedules.all_(workspace_pk)]
        end = did_you_mean(which, names, "") or _("; `smartspec schedule list` shows what there is.")
        raise ScheduleNotFound(_("There is no schedule “{which}”{end}", which=which, end=end))
    return found[0]


def full_name(schedule: Schedule) -> str:
    """The ref of its workflow and its name: no other schedule of its workspace has it."""
    return f"{workflows.get(schedule.workflow).ref}/{schedule.name}"


def _by_prefix(which: str, deleted: bool) -> tuple[Schedule, ...]:
    if len(which) < _SHORTEST_PREFIX or ids.is_id(which) or not all(each in "0123456789abcdef-" for each in which):
        return ()
    return tuple(each for each in schedules.by_prefix(which) if (each.deleted_at is not None) == deleted)


def _of_workflow(which: str, workspace: str) -> tuple[Schedule, ...]:
    try:
        return schedules.of_workflow(get_workflow(which, workspace).pk)
    except WorkflowNotFound:
        return ()


def _in_workflow(which: str, workspace: str) -> tuple[Schedule, ...]:
    ref, _slash, name = which.partition("/")
    return tuple(each for each in _of_workflow(ref, workspace) if name and each.name == name)
