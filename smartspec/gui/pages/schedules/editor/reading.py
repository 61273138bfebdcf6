"""What the editor asks the ledger and the machine: what can be chosen, and what a draft comes to."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from smartspec.commands import schedule_lookup, versions, workflows
from smartspec.commands.environment import asking
from smartspec.commands.event_previews import EventPreview, preview_event
from smartspec.commands.machine_zone import machine_zone, zone_name
from smartspec.commands.schedule_conditions import list_networks
from smartspec.commands.schedule_drafts import DraftCheck, ScheduleDraft, check_draft, draft_of
from smartspec.commands.schedule_insights import ScheduleInsights, schedule_insights
from smartspec.commands.schedule_previews import upcoming_within
from smartspec.commands.workflow_summaries import summarize_workflows
from smartspec.domain import times
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.jsontext import JsonObject, as_mapping
from smartspec.domain.schedule import saved_environment
from smartspec.domain.schedule.blackouts import blackout_at
from smartspec.domain.schedule.events import event_expression
from smartspec.domain.schedule.rule import EventRule
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.upcoming import Upcoming
from smartspec.domain.version import Version
from smartspec.errors import NotFound, VersionNotFound
from smartspec.value import frozen

_MOST_VERSIONS = 50
MOST_TIMES = 25


@frozen
class WorkflowOption:
    """A workflow that can be chosen; `folder` is where relative paths of its input begin."""

    id: str
    name: str
    ref: str
    folder: str


@frozen
class VersionOption:
    """One that can be pinned."""

    label: str
    schema: JsonObject
    created_at: datetime


@frozen
class WorkflowVersions:
    """Of a workflow, the newest first; `pinned` is one that is older than all of them."""

    workflow: str
    options: tuple[VersionOption, ...]
    current: str

    def option(self, label: str) -> VersionOption | None:
        """The one with this label; of an empty one the current version."""
        return next((each for each in self.options if each.label == (label or self.current)), None)


@frozen
class EditorChoices:
    """All that the form offers. `variables` are those of this process that could be kept."""

    workflows: tuple[WorkflowOption, ...]
    zones: tuple[str, ...]
    machine_zone: str
    variables: tuple[str, ...]


@frozen
class Opened:
    """What the editor opens with: a schedule as it is stored, or None, and the draft that says the same."""

    schedule: Schedule | None
    draft: ScheduleDraft
    choices: EditorChoices
    versions: WorkflowVersions | None


@frozen
class DraftPreview:
    """What a draft comes to: its next times by the clock of its zone, and of those that fall into days that are left
    out what these are called, by their number; or when its event would have been."""

    check: DraftCheck
    upcoming: Upcoming
    left_out: dict[int, str]
    now: datetime
    insights: ScheduleInsights | None = None
    past: EventPreview | None = None


def read_editor(schedule_id: str, workflow_id: str, workspace: str) -> Opened:
    """For a schedule, or a new one of a workflow, which may not be chosen yet. Raises NotFound."""
    schedule = schedule_lookup.get_schedule(schedule_id, workspace) if schedule_id else None
    own = workflows.get_workflow_by_key(schedule.workflow) if schedule is not None else None
    choices = _choices(workspace, own.id if own is not None else "")
    if schedule is not None and own is not None:
        pinned = versions.get_version_by_key(schedule.version) if schedule.version else None
        draft = draft_of(schedule, own.id, pinned.version if pinned is not None else "")
        return Opened(schedule, draft, choices, read_versions(own.id, workspace, pinned))
    only = choices.workflows[0].id if len(choices.workflows) == 1 else ""
    draft = ScheduleDraft(workflow=workflow_id or only, expression="0 7 * * 1-5")
    return Opened(None, draft, choices, read_versions(draft.workflow, workspace) if draft.workflow else None)


def _choices(workspace: str, own: str) -> EditorChoices:
    """The workflows that are active, and its own of one that there is."""
    found = (each.workflow for each in summarize_workflows(workspace=workspace))
    options = tuple(
        WorkflowOption(each.id, each.name, each.ref, each.folder or "")
        for each in found
        if each.status is WorkflowStatus.ACTIVE or each.id == own
    )
    zones = tuple(sorted(each for each in available_timezones() if "/" in each or each == "UTC"))
    return EditorChoices(options, zones, zone_name(machine_zone()), saved_environment.names_to_keep(asking()))


def read_versions(workflow_id: str, workspace: str, pinned: Version | None = None) -> WorkflowVersions:
    """The newest ones of a workflow, and the one that is pinned."""
    rows = versions.list_versions(workflow_id, limit=_MOST_VERSIONS, workspace=workspace).rows
    try:
        current = versions.latest_version(workflow_id, workspace).version
    except VersionNotFound:
        current = ""
    if pinned is not None and pinned.version not in {each.version for each in rows}:
        rows = (*rows, pinned)
    options = tuple(VersionOption(each.version, as_mapping(each.param_schema), each.created_at) for each in rows)
    return WorkflowVersions(workflow_id, options, current)


def _past(rule: EventRule, workspace: str) -> EventPreview | None:
    """None of a workflow that there is not: that is told where it is chosen."""
    try:
        return preview_event(event_expression(rule.event), workspace)
    except NotFound:
        return None


def preview_draft(draft: ScheduleDraft, schedule: Schedule | None, workspace: str) -> DraftPreview:
    """Everything that is wrong with a draft, and when it would be due."""
    now, found = times.now(), check_draft(draft, schedule, workspace)
    plan = found.plan
    if plan is None:
        return DraftPreview(found, Upcoming((), ()), {}, now)
    if isinstance(plan.rule, EventRule):
        return DraftPreview(found, Upcoming((), ()), {}, now, past=_past(plan.rule, workspace))
    upcoming = upcoming_within(plan, now, MOST_TIMES)
    outs = ((number, blackout_at(plan.blackouts, at, plan.zone)) for number, at in enumerate(upcoming.times))
    left_out = {number: out[0].name for number, out in outs if out is not None}
    if found.next_due is None:
        return DraftPreview(found, upcoming, left_out, now)
    asks_for_mains = (draft.conditions or {}).get("mains") is True
    insights = schedule_insights(
        plan, found.next_due, schedule, draft.workflow, asks_for_mains=asks_for_mains, workspace=workspace
    )
    return DraftPreview(found, upcoming, left_out, now, insights)


def read_networks() -> tuple[str, ...] | None:
    """The names of the networks that this machine knows; None: it does not tell."""
    found = list_networks()
    return None if found is None else tuple(each.name for each in found)
