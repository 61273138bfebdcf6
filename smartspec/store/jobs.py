"""The jobs that are stored. A step changes its rows and its job in one transaction, so that a kill leaves no half.

Several processes may work at one job: each step begins where the last one ended, whoever made it.
"""

from typing import Any

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.ids import JobPk
from smartspec.domain.job import Job, JobKind, JobScope
from smartspec.domain.jsontext import Json
from smartspec.store import database
from smartspec.store.models.fields import find, read
from smartspec.store.models.jobs import JobRow

_OPEN = ("pending", "running")


def add(kind: JobKind, what: JobScope, total: int, actor: str | None) -> Job:
    """One that has not begun; `total` is how many keys it is about."""
    now = times.now()
    with database.transaction():
        pk = JobRow.insert(
            kind=kind, what=what, status="pending", done=0, total=total, actor=actor, created_at=now, updated_at=now
        ).execute()
        database.record_change(Topic.DATABASE, 0)
    return get(pk)


def get(pk: JobPk) -> Job:
    return next(read(Job, JobRow.select().where(JobRow.pk == pk)))


def open_jobs() -> tuple[Job, ...]:
    """Those that are not through, the oldest first."""
    return tuple(find(Job, JobRow, "status IN ('pending', 'running') ORDER BY pk", ()))


def where(pk: JobPk) -> tuple[int, Any] | None:
    """How many keys are done, and what the last step left; None where the job is over. Inside a step's transaction."""
    found = database.rows("SELECT done, position FROM jobs WHERE pk = ? AND status IN ('pending', 'running')", (pk,))
    if not found:
        return None
    done, position = found[0]
    return int(done), JobRow.position.python_value(position)


def advance(pk: JobPk, done: int, position: Json = None) -> None:
    """Inside a step's transaction."""
    moved = JobRow.update(status="running", done=done, position=position, updated_at=times.now())
    moved.where(JobRow.pk == pk).execute()


def close(pk: JobPk, status: str, error: str | None = None) -> None:
    """`status` is completed, failed or cancelled; one that is over already stays as it is."""
    now = times.now()
    with database.transaction():
        JobRow.update(status=status, error=error, updated_at=now, completed_at=now).where(
            JobRow.pk == pk, JobRow.status.in_(_OPEN)
        ).execute()
        database.record_change(Topic.DATABASE, 0)
