"""A job: a change of very many rows, made in steps so that nobody else waits, and gone on with after a kill."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from smartspec.domain.ids import ExecutionPk, JobPk, WorkflowPk
from smartspec.domain.jsontext import Json
from smartspec.value import frozen


class JobKind(StrEnum):
    DELETE_EXECUTIONS = "delete_executions"
    RESTORE_EXECUTIONS = "restore_executions"
    PURGE_EXECUTIONS = "purge_executions"
    PURGE_WORKFLOW = "purge_workflow"


class JobOptions(TypedDict, total=False):
    """What a kind of job is told: why, and of a workflow that is purged, which it is and the places of its secrets."""

    message: str | None
    workflow: WorkflowPk
    reason: str | None
    secrets: Sequence[str]


class JobScope(JobOptions):
    """With `keys`, ranges of execution keys: the first and the last of each."""

    keys: list[list[int]]


@frozen
class Job:
    """A job as it is stored.

    `done` of `total` keys have been gone through; `position` is what the step before left to be done after it.
    """

    pk: JobPk
    kind: JobKind
    what: JobScope
    status: str
    position: Json
    done: int
    total: int | None
    actor: str | None
    error: str | None
    created_at: datetime
    updated_at: datetime


def to_ranges(keys: list[ExecutionPk]) -> list[list[int]]:
    """Keys as ranges of neighbours in order: the first and the last of each."""
    ranges: list[list[int]] = []
    for key in sorted(set(keys)):
        if ranges and ranges[-1][1] == key - 1:
            ranges[-1][1] = key
        else:
            ranges.append([key, key])
    return ranges


def from_ranges(ranges: list[list[int]]) -> list[ExecutionPk]:
    """The keys of such ranges, each one."""
    return [ExecutionPk(key) for first, last in ranges for key in range(first, last + 1)]
