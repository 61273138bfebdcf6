"""A job: a change of very many rows, made in steps so that nobody else waits, and gone on with after a kill."""

from datetime import datetime
from enum import StrEnum

from smartspec.domain.jsontext import Json
from smartspec.value import frozen


class JobKind(StrEnum):
    DELETE_EXECUTIONS = "delete_executions"
    RESTORE_EXECUTIONS = "restore_executions"
    PURGE_EXECUTIONS = "purge_executions"
    PURGE_WORKFLOW = "purge_workflow"


@frozen
class Job:
    """`what` is a JSON object: `keys` are runs of execution keys (first, last), the rest is of the kind.

    `done` of `total` keys have been gone through; `position` is what the step before left to be done after it.
    """

    pk: int
    kind: JobKind
    what: Json
    status: str
    position: Json
    done: int
    total: int | None
    actor: str | None
    error: str | None
    created_at: datetime
    updated_at: datetime


def to_ranges(keys: list[int]) -> list[list[int]]:
    """Keys in order as runs of neighbours, first and last."""
    runs: list[list[int]] = []
    for key in sorted(set(keys)):
        if runs and runs[-1][1] == key - 1:
            runs[-1][1] = key
        else:
            runs.append([key, key])
    return runs


def from_ranges(runs: list[list[int]]) -> list[int]:
    """The other way."""
    return [key for first, last in runs for key in range(first, last + 1)]
