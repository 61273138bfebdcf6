"""Changes of very many rows in steps: told of, stopped when asked to, gone on with by the next runner after a kill."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Unpack

from smartspec.commands import secrets
from smartspec.commands.actor import user
from smartspec.domain import times
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.job import Job, JobKind, JobOptions, JobScope, from_ranges, to_ranges
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.errors import Stopped
from smartspec.formatting import format_number
from smartspec.messages import _
from smartspec.store import database, jobs, removal, workflows
from smartspec.store.database import opening
from smartspec.store.logs import layout

AT_ONCE = 500  # rows that are changed in one transaction, without a job
_FEWEST, _MOST = 20, 5_000  # rows of a step
_SHORT_S, _LONG_S = 0.02, 0.05  # a step is made to last so long: nobody waits a tenth of a second for it
_VACUUMED_PAGES = 500  # of a step that gives space back to the disk
_LEFT_ALONE_FOR = timedelta(seconds=5)  # then whoever began a job is gone

JobStep = Callable[[Sequence[ExecutionPk], JobScope, str | None], list[ExecutionPk]]


def change_many(
    kind: JobKind,
    keys: Sequence[ExecutionPk],
    on_progress: ProgressCallback = ignore_progress,
    **what: Unpack[JobOptions],
) -> list[ExecutionPk]:
    """Do what the kind says to these executions; the answer is the keys of those it was done to.

    Raises Stopped where `on_progress` says so: what was done by then stays done.
    """
    scope: JobScope = {**what, "keys": to_ranges([*keys])}
    if kind in _BY_ONE_TRANSACTION and len(keys) <= AT_ONCE:
        return _STEPS[kind](keys, scope, user())
    return run(jobs.add(kind, scope, len(keys), user()), on_progress)


def run(job: Job, on_progress: ProgressCallback = ignore_progress) -> list[ExecutionPk]:
    """Take a job to its end; the answer is the keys of what it was done to. Raises Stopped."""
    moved: list[ExecutionPk] = []
    for done in _steps(job, moved):
        if not on_progress(min(0.99, done / max(1, job.total or 0))):
            _remove_logs(_left(job))
            jobs.close(job.pk, "cancelled")
            raise Stopped(
                _(
                    "It was stopped: {done} of {total} are done, and stay so.",
                    done=format_number(done),
                    total=format_number(job.total or 0),
                )
            )
    return moved


def any_open() -> bool:
    """Whether there is a job that is not through, whoever is at it."""
    return bool(jobs.open_jobs())


def left() -> list[Job]:
    """The jobs that a process has left that is gone: nobody has made a step for a while."""
    return [job for job in jobs.open_jobs() if times.now() - job.updated_at >= _LEFT_ALONE_FOR]


def continue_jobs(is_wanted: Callable[[], bool]) -> None:
    """Go on with those that were left, while that is wanted; the rest stays for the next."""
    for job in left():
        for _done in _steps(job, []):
            if not is_wanted():
                return


def _steps(job: Job, moved: list[ExecutionPk]) -> Iterator[int]:
    """Step by step to the end, with room for others between; how many are done after each."""
    keys, size = from_ranges(job.what["keys"]), _FEWEST
    began = time.monotonic()
    while (done := _step(job, keys, size, moved)) is not None:
        lasted = time.monotonic() - began
        size = _size_after(size, lasted)
        yield done
        time.sleep(lasted)  # for whoever waits to write
        began = time.monotonic()
    if job.kind not in _BY_ONE_TRANSACTION:
        while opening.vacuum(_VACUUMED_PAGES):
            time.sleep(_SHORT_S)


def _step(job: Job, keys: Sequence[ExecutionPk], size: int, moved: list[ExecutionPk]) -> int | None:
    """What the step before left to do, then one transaction; the answer is how many are done, None at the end."""
    removed = _left(job)
    _remove_logs(removed)  # not inside: nobody waits to write while files go
    with database.transaction():
        at = jobs.where(job.pk)
        if at is None:
            return None
        done, left = at
        left = [] if (left or []) == removed else left  # else another process made a step meanwhile
        part = keys[done : done + size]
        if not part:
            _remove_logs(left)
            _end(job)
            return None
        if job.kind is JobKind.PURGE_EXECUTIONS:
            left = [*left, *removal.logs_of(part)]
        moved += _STEPS[job.kind](part, job.what, job.actor)
        jobs.advance(job.pk, done + len(part), left or None)
    return done + len(part)


def _left(job: Job) -> list[tuple[str, int]]:
    """The logs of the executions that went with the last step, for whoever comes next."""
    at = jobs.where(job.pk)
    return (at[1] or []) if at else []


def _size_after(size: int, lasted: float) -> int:
    if lasted < _SHORT_S:
        return min(_MOST, size * 2)
    return max(_FEWEST, size // 2) if lasted > _LONG_S else size


def _remove_logs(left: Sequence[tuple[str, int]]) -> None:
    """Of the executions that the step before removed: files go when their rows are gone for good, never before."""
    for id_, created_ms in left:
        layout.remove(id_, times.from_ms(created_ms))


def _end(job: Job) -> None:
    if job.kind is JobKind.PURGE_WORKFLOW:
        workflow = workflows.get(job.what["workflow"])
        removal.detach(removal.of_workflow(workflow.pk))  # what began to belong to it meanwhile
        workflows.purge(workflow, job.actor, job.what.get("reason"))
        # a keyring may ask a person, while nobody could write; and what is rolled back needs its secrets still
        database.after_commit(partial(secrets.forget, job.what.get("secrets") or ()))
    jobs.close(job.pk, "completed")


def _delete(keys: Sequence[ExecutionPk], what: JobScope, by: str | None) -> list[ExecutionPk]:
    return removal.delete(keys, by, what.get("message"))


def _restore(keys: Sequence[ExecutionPk], _: JobScope, by: str | None) -> list[ExecutionPk]:
    return removal.restore(keys, by)


def _purge(keys: Sequence[ExecutionPk], _: JobScope, by: str | None) -> list[ExecutionPk]:
    return removal.purge(keys, by)


def _detach(keys: Sequence[ExecutionPk], _: JobScope, __: str | None) -> list[ExecutionPk]:
    removal.detach(keys)
    return [*keys]


_STEPS: dict[JobKind, JobStep] = {
    JobKind.DELETE_EXECUTIONS: _delete, JobKind.RESTORE_EXECUTIONS: _restore,
    JobKind.PURGE_EXECUTIONS: _purge, JobKind.PURGE_WORKFLOW: _detach,
}  # fmt: skip
_BY_ONE_TRANSACTION = frozenset({JobKind.DELETE_EXECUTIONS, JobKind.RESTORE_EXECUTIONS})
