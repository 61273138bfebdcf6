"""Counts, durations and what stands out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import times
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.metric import Metric
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.store import metrics, metrics_recount, workspaces
from smartspec.value import frozen


@frozen
class WorkflowMetrics:
    """`typical_ms` and `p95_ms` are of the last 200 completed executions, None where there are none."""

    total: Metric | None
    buckets: tuple[Metric, ...]
    typical_ms: int | None
    p95_ms: int | None


@command
def workflow_metrics(ref: str, granularity: str = "day", workspace: str = DEFAULT) -> WorkflowMetrics:
    """Counts and durations of a workflow, the newest hour or day first."""
    _check(granularity)
    workflow = get_workflow(ref, workspace).pk
    total = metrics.of("workflow", workflow)
    typical = metrics.typical_ms(workflow) or (None, None)
    return WorkflowMetrics(
        total[0] if total else None, metrics.of("workflow", workflow, granularity=granularity), *typical
    )


def usual_durations(workflows: Iterable[WorkflowPk]) -> dict[WorkflowPk, tuple[int, int]]:
    """Median and 95 % value (ms) of the last 200 completed executions, by workflow key; without any it is left out."""
    found = {workflow: metrics.typical_ms(workflow) for workflow in workflows}
    return {workflow: usual for workflow, usual in found.items() if usual is not None}


@frozen
class Outcomes:
    """How many executions ended in the hour or day that begins then: completed, and not."""

    begin: datetime
    completed: int
    bad: int


def outcomes_over_time(
    since: datetime, now: datetime, workflow: WorkflowPk | None = None, workspace: str = DEFAULT
) -> tuple[Outcomes, ...]:
    """Every hour since then without a gap, from eight days on every day; from 400 days on nothing."""
    size = timedelta(hours=1) if now - since <= timedelta(days=8) else timedelta(days=1)
    if now - since > timedelta(days=400) or since > now:
        return ()
    granularity = "hour" if size == timedelta(hours=1) else "day"
    step = int(size.total_seconds() * 1000)
    first = times.to_ms(since) // step * step
    found = metrics.over_time(workspaces.get(workspace).pk, workflow, granularity, first)
    moments = range(first, times.to_ms(now) + 1, step)
    return tuple(Outcomes(times.from_ms(at), *found.get(at, (0, 0))) for at in moments)


@command
def task_metrics(
    ref: str, task: str | None = None, granularity: str = "total", workspace: str = DEFAULT
) -> tuple[Metric, ...]:
    """Counts and durations of one task, or of each."""
    _check(granularity)
    return metrics.of("task", get_workflow(ref, workspace).pk, task, granularity)


@command
def workspace_metrics(granularity: str = "day", workspace: str = DEFAULT) -> list[metrics.ViewRow]:
    """All workflows of a workspace together, the newest bucket first; times are milliseconds since the epoch."""
    _check(granularity)
    return metrics.of_workspace(workspaces.get(workspace).pk, granularity)


@command
def rebuild_metrics(on_progress: ProgressCallback = ignore_progress) -> None:
    """Count everything again from the rows; nobody who writes waits for it. Raises Stopped."""
    metrics_recount.rebuild(on_progress)


@command
def alerts() -> dict[str, list[metrics.ViewRow]]:
    """What runs long, fails often or costs much; the thresholds are settings."""
    return metrics.alerts()


def _check(granularity: str) -> None:
    if granularity not in ("hour", "day", "total"):
        raise Invalid(_("Metrics are kept per hour, day or total."))
