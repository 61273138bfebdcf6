"""What a user can do with workflows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from smartspec.commands import jobs, next_steps, schedule_pauses
from smartspec.commands.actor import cancel_reason, user
from smartspec.commands.registry import command
from smartspec.commands.termination import end_unclaimed
from smartspec.domain import times
from smartspec.domain.config import ValueType
from smartspec.domain.engine import states
from smartspec.domain.engine.states import FINAL, PROBLEM, ExecutionStatus, WorkflowStatus
from smartspec.domain.event import EventType
from smartspec.domain.ids import WorkflowPk, WorkspacePk
from smartspec.domain.invisible import check_one_line
from smartspec.domain.job import JobKind
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.page import Page
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.text import check_display_text, did_you_mean
from smartspec.domain.workflow import DEFAULT_PACK, Workflow, check_name, check_pack, slug
from smartspec.errors import Conflict, Invalid, WorkflowNotFound
from smartspec.messages import _, listed
from smartspec.store import (
    configs,
    database,
    executions,
    history,
    outcomes,
    pings,
    removal,
    versions,
    workflows,
    workspaces,
)
from smartspec.value import replace

DEFAULT = "default"  # the workspace
E = ExecutionStatus


@command
def create_workflow(
    name: str,
    *,
    pack: str = DEFAULT_PACK,
    description: str | None = None,
    config: Json = None,
    workspace: str = DEFAULT,
) -> Workflow:
    """Make a draft without a version. Raises Invalid, or Conflict when the name is taken in its pack."""
    name, pack = check_name(name), check_pack(pack)
    if description is not None:
        description = check_display_text(description, _("A description"), 100_000)
    dump(config)
    workspace_pk = workspaces.get(workspace).pk
    return workflows.add(
        workspace_pk, pack, f"{pack}.{slug(name)}", name,
        status=WorkflowStatus.DRAFT, description=description, config=config, by=user(),
    )  # fmt: skip


@command
def get_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """By ref or id. A ref without a dot is sought in pack `default`, else must be the only one of that name.

    Raises WorkflowNotFound, or Conflict where it could be several.
    """
    return find_workflow(ref, workspaces.get(workspace).pk, deleted=False)


def get_workflow_by_key(pk: WorkflowPk) -> Workflow:
    """By its row key, as executions name it. Raises WorkflowNotFound."""
    return workflows.get(pk)


def find_workflow(ref: str, workspace_pk: WorkspacePk, *, deleted: bool) -> Workflow:
    """As `get_workflow`, in the workspace of this key, outside the trash or in it.

    Raises WorkflowNotFound, or Conflict where it could be several.
    """
    found = workflows.by_id(ref)
    if found is not None and (found.deleted_at is not None) == deleted:
        return found
    if exact := workflows.by_ref(workspace_pk, ref if "." in ref else f"{DEFAULT_PACK}.{ref}", deleted=deleted):
        return exact
    candidates = workflows.with_last_part(workspace_pk, ref, deleted=deleted) if "." not in ref else ()
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        choices = listed(sorted(each.ref for each in candidates))
        raise Conflict(_("“{ref}” could be any of {choices}; write the whole ref.", ref=ref, choices=choices))
    raise _not_found(ref, workspace_pk, deleted)


def _not_found(ref: str, workspace_pk: WorkspacePk, deleted: bool) -> WorkflowNotFound:
    if deleted:
        return WorkflowNotFound(_("There is no workflow “{ref}” in the trash.", ref=ref))
    known = workflows.refs(workspace_pk)
    guess = did_you_mean(ref, known, "") or did_you_mean(ref, [each.partition(".")[2] for each in known], "")
    if not guess and workflows.by_ref(workspace_pk, ref if "." in ref else f"{DEFAULT_PACK}.{ref}", deleted=True):
        return WorkflowNotFound(
            _("The workflow “{ref}” is in the trash; `smartspec restore {ref}` brings it back.", ref=ref)
        )
    return WorkflowNotFound(
        _("There is no workflow “{ref}”{end}", ref=ref, end=guess or _("; `smartspec list` shows what there is."))
    )


@command
def find_workflow_by_name(name: str, workspace: str = DEFAULT) -> Workflow | None:
    """Exactly that name: in pack `default` first, then the newest anywhere."""
    return workflows.by_name(workspaces.get(workspace).pk, name)


@command
def list_workflows(
    wanted: WorkflowFilter | None = None, *, after: str | None = None, limit: int = 50, workspace: str = DEFAULT
) -> Page[Workflow]:
    """The workflows that a filter lets through, newest first."""
    return workflows.page(_here(wanted, workspace), after, limit)


def any_ended_badly(workspace: str = DEFAULT) -> bool:
    """Whether the newest execution of a workflow that is not archived failed, timed out or was interrupted."""
    return outcomes.any_newest_is(PROBLEM, workspaces.get(workspace).pk)


def list_makers(workspace: str = DEFAULT) -> tuple[str, ...]:
    """The names of those who made workflows, in their order."""
    return workflows.makers(workspaces.get(workspace).pk)


def recent_outcomes(ref: str, limit: int = 45, workspace: str = DEFAULT) -> tuple[tuple[str, int | None], ...]:
    """Status and duration (ms) of the newest executions of a workflow, newest first."""
    return outcomes.of_workflow(get_workflow(ref, workspace).pk, limit)


@command
def count_workflows(wanted: WorkflowFilter | None = None, *, workspace: str = DEFAULT) -> int:
    """How many a filter lets through."""
    return workflows.count(_here(wanted, workspace))


def _here(wanted: WorkflowFilter | None, workspace: str) -> WorkflowFilter:
    return replace(wanted or WorkflowFilter(), workspace=workspaces.get(workspace).pk)


class WorkflowChanges(TypedDict, total=False):
    """What can be changed of a workflow; what is left out stays."""

    name: str
    description: str | None
    category: str | None
    tags: Sequence[str]
    config: Json


@command
def update_workflow(
    ref: str, *, workspace: str = DEFAULT, row_version: int | None = None, **changes: Unpack[WorkflowChanges]
) -> Workflow:
    """Change name, description, category, tags or config; what is not named stays.

    Raises Invalid for a field that there is not or a value that cannot be kept, Conflict when the name is taken, or
    the workflow was changed since `row_version`, the one that was looked at.
    """
    workflow = get_workflow(ref, workspace)
    unknown = changes.keys() - WorkflowChanges.__annotations__.keys()
    if unknown:
        raise Invalid(_("A workflow has no “{key}” that can be changed.", key=min(unknown)))
    if row_version is not None:
        workflow = replace(workflow, row_version=row_version)
    if (description := changes.get("description")) is not None:
        check_display_text(description, _("A description"), 100_000)
    if "name" in changes:
        changes["name"] = check_name(changes["name"])
    if (category := changes.get("category")) is not None:
        check_one_line(category, _("A category"), 200)
    if "tags" in changes:
        changes["tags"] = tuple(check_one_line(tag, _("A tag"), 100) for tag in changes["tags"])
    dump(changes.get("config"))
    event = EventType.WORKFLOW_RENAMED if "name" in changes else EventType.WORKFLOW_UPDATED
    return workflows.update(workflow, event, by=user(), **changes)


@command
def rename_workflow(ref: str, name: str, workspace: str = DEFAULT) -> Workflow:
    """Give a workflow another name; the ref and the text stay. Raises Conflict when the name is taken."""
    return update_workflow(ref, workspace=workspace, name=name)


@command
def duplicate_workflow(ref: str, name: str | None = None, workspace: str = DEFAULT) -> Workflow:
    """A new workflow in the same pack with the current text as its first version, and the saved settings.

    Secrets are not copied: one that two workflows share would be lost by both when one of them forgets it.
    """
    original = get_workflow(ref, workspace)
    source = versions.current(original.pk)
    with database.transaction():
        title = check_name(name) if name else free_copy_name(original)
        copy = workflows.add(
            original.workspace, original.pack, f"{original.pack}.{slug(title)}", title,
            status=original.status if original.status is not WorkflowStatus.ARCHIVED else WorkflowStatus.INACTIVE,
            description=original.description, category=original.category, tags=original.tags, config=original.config,
            folder=original.folder, by=user(),
        )  # fmt: skip
        if source is not None:
            tree = source.definition
            log = f"Copied from {original.ref} version {source.version}"
            versions.add(copy.pk, source.source, source.source_format, tree, change_log=log, by=user())
        for config in configs.of_workflow(original.pk):
            if config.value_type is not ValueType.SECRET:
                configs.set_(copy.pk, config.key, config.value, config.value_type, config.description, user())
    return workflows.get(copy.pk)


def free_copy_name(original: Workflow) -> str:
    """“X copy”, “X copy 2”, …: the first that is free. Raises Conflict where there are a thousand."""
    wanted = WorkflowFilter(workspace=original.workspace, pack=original.pack, name=f"{original.name[:180]} copy")
    taken = {each.name for each in workflows.page(wanted, limit=1_000).rows}
    for number in range(1, 1_000):
        name = f"{original.name[:180]} copy" + (f" {number}" if number > 1 else "")
        if name not in taken:
            return name
    raise Conflict(_("“{name}” has a thousand copies; name the next one.", name=original.name))


# Status


@command
def activate_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """Mark a workflow as in use. Raises InvalidTransition, or Conflict for one without a version."""
    workflow = get_workflow(ref, workspace)
    if workflow.current_version is None:
        raise Conflict(_("“{name}” has no version yet; import a workflow file first.", name=workflow.name))
    return _to(workflow, WorkflowStatus.ACTIVE, EventType.WORKFLOW_ACTIVATED)


@command
def deactivate_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """Also takes one out of the archive. Raises InvalidTransition."""
    return _to(get_workflow(ref, workspace), WorkflowStatus.INACTIVE, EventType.WORKFLOW_DEACTIVATED)


@command
def archive_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """It does not run until it is taken out again. Raises InvalidTransition."""
    return _to(get_workflow(ref, workspace), WorkflowStatus.ARCHIVED, EventType.WORKFLOW_ARCHIVED)


def _to(workflow: Workflow, status: WorkflowStatus, event: EventType) -> Workflow:
    states.check_workflow_transition(workflow.status, status)
    with database.transaction():
        if status is WorkflowStatus.ACTIVE:
            schedule_pauses.pass_over_of(workflow, times.now())
        return workflows.update(workflow, event, by=user(), status=status)


# Trash


@command
def delete_workflow(ref: str, *, reason: str | None = None, workspace: str = DEFAULT) -> Workflow:
    """Into the trash, until somebody purges it; pending executions are cancelled. Raises Conflict while one runs."""
    workflow = get_workflow(ref, workspace)
    if reason is not None:
        check_display_text(reason, _("A reason"), 2_000)
    with database.transaction():
        if running := workflows.running(workflow.pk):
            newest = history.page(ExecutionFilter(workflow=workflow.pk, status=frozenset({E.RUNNING})), limit=1).rows[0]
            raise Conflict(
                _(
                    "“{name}” runs at this moment ({running}). {execution}: {next_steps}",
                    name=workflow.name,
                    running=running,
                    execution=newest.label,
                    next_steps=next_steps.describe(newest),
                )
            )
        for execution in executions.waiting_of(workflow.pk):
            if executions.get(execution.pk).status not in FINAL:  # or it has ended with its parent by now
                end_unclaimed(execution, E.CANCELLED, cancel_reason(execution), handlers=False)
        workflows.update(workflow, EventType.WORKFLOW_DELETED, by=user(), reason=reason, deleted_at=times.now())
    return workflows.get(workflow.pk)


@command
def restore_workflow(ref: str, workspace: str = DEFAULT) -> Workflow:
    """Out of the trash. Raises Conflict when its ref or name is taken by now."""
    workspace_pk = workspaces.get(workspace).pk
    workflow = find_workflow(ref, workspace_pk, deleted=True)
    if workflows.by_ref(workspace_pk, workflow.ref) or workflows.is_taken(workspace_pk, workflow.pack, workflow.name):
        raise Conflict(_("There is another workflow “{ref}” by now; rename or delete that first.", ref=workflow.ref))
    with database.transaction():
        if workflow.status is WorkflowStatus.ACTIVE:
            schedule_pauses.pass_over_of(workflow, times.now())
        return workflows.update(workflow, EventType.WORKFLOW_RESTORED, by=user(), deleted_at=None)


def workflow_in_trash(ref: str, workspace: str = DEFAULT) -> Workflow:
    """Raises WorkflowNotFound."""
    return find_workflow(ref, workspaces.get(workspace).pk, deleted=True)


@command
def purge_workflow(
    ref: str, *, reason: str | None = None, workspace: str = DEFAULT, on_progress: ProgressCallback = ignore_progress
) -> None:
    """Remove a workflow in the trash for good. Its executions stay, with its name.

    Raises WorkflowNotFound, and Stopped: then it is in the trash still.
    """
    workflow = workflow_in_trash(ref, workspace)
    if reason is not None:
        check_display_text(reason, _("A reason"), 2_000)
    kept = [str(each.value) for each in configs.of_workflow(workflow.pk) if each.value_type is ValueType.SECRET]
    if (ping := pings.reference(workflow.pk)) is not None:
        kept.append(ping)
    keys = removal.of_workflow(workflow.pk)
    jobs.change_many(JobKind.PURGE_WORKFLOW, keys, on_progress, workflow=workflow.pk, reason=reason, secrets=kept)
