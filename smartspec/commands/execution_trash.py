"""Executions into the trash, out of it, and out of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from smartspec.commands import jobs, next_steps
from smartspec.commands.actor import user
from smartspec.commands.executions import get_execution, newest_ids
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import times
from smartspec.domain.engine.states import FINAL
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution
from smartspec.domain.job import JobKind
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Conflict, Invalid
from smartspec.messages import _
from smartspec.store import executions, removal, workspaces
from smartspec.vocabulary import status_in_text

MOST_MATCHING = 100_000  # ids in one list: some MB
CHANGED_AT_ONCE = jobs.AT_ONCE  # more of them are changed in steps, and take a while


@command
def delete_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """Into the trash. Raises Conflict while it is not ended."""
    execution = get_execution(which, workspace)
    if execution.status not in FINAL:
        raise Conflict(
            _(
                "{execution} is {status}; only what has ended can go. {next_steps}",
                execution=execution.label,
                status=status_in_text(execution.status),
                next_steps=next_steps.describe(execution),
            )
        )
    if execution.deleted_at is not None:
        return execution
    return executions.change(execution, EventType.EXECUTION_DELETED, by=user(), deleted_at=times.now())


@command
def restore_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """Out of the trash. Raises Conflict for one that is not there."""
    execution = get_execution(which, workspace)
    if execution.deleted_at is None:
        raise Conflict(
            _(
                "{execution} is not in the trash: there is nothing to bring back. {next_steps}",
                execution=execution.label,
                next_steps=next_steps.describe(execution),
            )
        )
    return executions.change(execution, EventType.EXECUTION_RESTORED, by=user(), deleted_at=None)


@command
def delete_executions(which: Sequence[str], on_progress: ProgressCallback = ignore_progress) -> list[str]:
    """Many at once, by id; what has not ended stays. The answer is the ids of those that went. Raises Stopped."""
    moved = jobs.change_many(JobKind.DELETE_EXECUTIONS, removal.keys_of(which), on_progress)
    return removal.ids_of(moved)


@command
def restore_executions(which: Sequence[str], on_progress: ProgressCallback = ignore_progress) -> list[str]:
    """Many at once, by id; the answer is the ids of those that came back. Raises Stopped."""
    moved = jobs.change_many(JobKind.RESTORE_EXECUTIONS, removal.keys_of(which), on_progress)
    return removal.ids_of(moved)


def matching_ids(
    wanted: ExecutionFilter | None = None, *, limit: int = MOST_MATCHING, workspace: str = DEFAULT
) -> list[str]:
    """The ids of the newest that a filter lets through."""
    return newest_ids(wanted, limit, workspace)


@command
def purge_execution(which: str, workspace: str = DEFAULT) -> None:
    """Remove one that is in the trash for good, with its tasks and logs. Raises Conflict for one that is not there."""
    execution = get_execution(which, workspace)
    if execution.deleted_at is None:
        if execution.status not in FINAL:
            raise Conflict(
                _(
                    "{execution} is {status}, and not in the trash. {next_steps}",
                    execution=execution.label,
                    status=status_in_text(execution.status),
                    next_steps=next_steps.describe(execution),
                )
            )
        name = execution.id[:18]
        raise Conflict(
            _(
                "{execution} is not in the trash; `smartspec execution delete {name}` puts it there.",
                execution=execution.label,
                name=name,
            )
        )
    jobs.change_many(JobKind.PURGE_EXECUTIONS, [execution.pk])


@command
def purge_executions(
    which: Sequence[str] | None = None, on_progress: ProgressCallback = ignore_progress, *, workspace: str = DEFAULT
) -> int:
    """Remove those of these ids (None: all) that are in the trash for good; the answer is how many. Raises Stopped."""
    keys = removal.in_trash(workspaces.get(workspace).pk) if which is None else removal.keys_of(which)
    return len(jobs.change_many(JobKind.PURGE_EXECUTIONS, keys, on_progress))


@command
def delete_old_executions(
    days: float, workspace: str = DEFAULT, on_progress: ProgressCallback = ignore_progress
) -> int:
    """Put what ended more than `days` days ago, and is not pinned, into the trash; the answer is how many.

    Raises Invalid for days below 0 or above 36,500, Stopped.
    """
    if not 0 <= days <= 36_500:
        raise Invalid(_("The days must be between 0 and 36,500."))
    keys = removal.ended_before(times.now() - timedelta(days=days), workspaces.get(workspace).pk)
    return len(jobs.change_many(JobKind.DELETE_EXECUTIONS, keys, on_progress, message="older than asked for"))
