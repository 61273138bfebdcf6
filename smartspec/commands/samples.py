"""The sample data: a workspace with five workflows and a past, made with one click and removed with one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from smartspec import paths
from smartspec.commands import (
    control,
    execution_trash,
    executions,
    files,
    importing,
    workflow_sources,
    workflows,
    workspaces,
)
from smartspec.commands.files import Imported
from smartspec.domain import times
from smartspec.domain.engine.states import ACTIVE
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.workspace import SAMPLES
from smartspec.errors import Conflict
from smartspec.importers import execution_lines
from smartspec.messages import _
from smartspec.store import database

PAST = 200
# Of each sample: how long it usually takes (ms), how often it fails, and what it says then.
_HABITS = {
    "csv-to-sqlite": (1_900, 0.04, "load: exit code 1: row 214 has 6 columns, the header has 7"),
    "folder-inventory": (640, 0.02, "measure: exit code 1: permission denied: private"),
    "log-digest": (3_400, 0.06, "collect: exit code 2: no log of that day"),
    "release-check": (48_000, 0.16, "build: exit code 1: 3 warnings, and warnings count as errors"),
    "verified-backup": (21_000, 0.08, "verify: exit code 1: the copy does not read back"),
}


def are_there() -> bool:
    return any(each.slug == SAMPLES for each in workspaces.list_workspaces())


def import_samples() -> tuple[Imported, ...]:
    """The five workflows, in a workspace of their own; those that are there stay as they are."""
    if not are_there():
        workspaces.create_workspace(SAMPLES)
    sources = [workflow_sources.read_source(file) for file in sorted((paths.resources() / "samples").glob("*.yaml"))]
    return files.import_workflows(sources, workspace=SAMPLES)


def make_samples() -> None:
    """The five workflows with a made-up past of 200 executions in the last thirty days; once is enough."""
    if are_there() and executions.count_executions(workspace=SAMPLES):
        return
    with database.transaction():
        found = import_samples()
        lines = [dump(each) for each in _past([each.workflow.name for each in found], times.now())]
        read, problems = execution_lines.read_lines(iter(lines), times.now())
        assert not problems, problems
        importing.add(read, SAMPLES)


def _past(names: list[str], now: datetime) -> Iterator[dict[str, Json]]:
    """The same each time, but for its end: now."""
    chance = random.Random(7)  # noqa: S311 - no secret
    moments = sorted(now - timedelta(seconds=chance.uniform(600, 30 * 86_400)) for _ in range(PAST))
    for number, moment in enumerate(moments):
        name = names[number % len(names)]
        usual, failing, error = _HABITS[name]
        took = round(usual * chance.lognormvariate(0, 0.22))
        told: dict[str, Json] = {"workflow": name, "status": "completed", "trigger": "cli"}
        if chance.random() < failing:
            told |= {"status": "failed", "error": error}
            took = round(took * chance.uniform(0.2, 0.9))
        elif chance.random() < 0.015:
            told |= {"status": "timeout", "error": "stopped after 5m, the limit of the task"}
            took = 300_000
        elif chance.random() < 0.02:
            told |= {"status": "cancelled"}
        yield {**told, "started_at": moment.isoformat(), "duration_ms": took}


def remove_samples() -> None:
    """The workspace with all that is in it, for good: workflows, executions, logs.

    What runs there is cancelled. Raises Conflict, with all still there, while it has not ended.
    """
    unfinished = ExecutionFilter(status=ACTIVE)
    for id_ in execution_trash.matching_ids(unfinished, workspace=SAMPLES):
        control.cancel_execution(id_, SAMPLES)
    if executions.count_executions(unfinished, workspace=SAMPLES):
        raise Conflict(_("A sample is still running and is being cancelled: remove the sample data when it has ended."))
    execution_trash.delete_executions(execution_trash.matching_ids(ExecutionFilter(), workspace=SAMPLES))
    execution_trash.purge_executions(workspace=SAMPLES)
    for workflow in workflows.list_workflows(limit=1_000, workspace=SAMPLES).rows:
        workflows.delete_workflow(workflow.id, workspace=SAMPLES)
    for workflow in workflows.list_workflows(WorkflowFilter(deleted=True), limit=1_000, workspace=SAMPLES).rows:
        workflows.purge_workflow(workflow.id, workspace=SAMPLES)
    workspaces.delete_workspace(SAMPLES)
