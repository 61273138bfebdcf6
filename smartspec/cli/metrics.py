"""`metrics`: counts, durations, and what stands out."""

from __future__ import annotations

import click

from smartspec.cli.options import WORKFLOW, command
from smartspec.cli.output import moment, show, table
from smartspec.cli.progress import progress
from smartspec.cli.session import session
from smartspec.commands import metrics
from smartspec.domain import times
from smartspec.domain.metric import Metric
from smartspec.formatting import DASH, format_duration
from smartspec.messages import Message, _, tr, translate

_ALERTS: dict[str, Message] = {
    "long_running_executions": _("long running executions"),
    "high_failure_rate_workflows": _("high failure rate workflows"),
    "resource_intensive_tasks": _("resource intensive tasks"),
}


@command("metrics")
@click.argument("ref", required=False, type=WORKFLOW)
@click.option("--by", type=click.Choice(["hour", "day", "total"]), default="day", show_default=True)
@click.option("--tasks", "of_tasks", is_flag=True, help="Of each task.")
@click.option("--alerts", "only_alerts", is_flag=True, help="What runs long, fails often or costs much.")
@click.option("--rebuild", is_flag=True, help="Count everything again from the rows.")
def metrics_command(ref: str | None, by: str, of_tasks: bool, only_alerts: bool, rebuild: bool) -> None:
    """Counts and durations of a workflow, its tasks, or all workflows.

    \b
    Examples:
      smartspec metrics nightly --by hour
      smartspec metrics nightly --tasks
      smartspec metrics --alerts
    """
    here = session()
    if rebuild:
        with progress(_("Counting again")) as on_progress:
            metrics.rebuild_metrics(on_progress)
    if only_alerts:
        found = metrics.alerts()
        lines = [f"{translate(_ALERTS[view])}: {len(rows)}" for view, rows in found.items()]
        show(found, "\n".join(lines))
    elif ref is None:
        rows = metrics.workspace_metrics(by, here.workspace)
        lines_ = (
            (_start(row["bucket"], by), row["completed"], row["failed"], row["timeout"], row["cancelled"])
            for row in rows
        )
        headings = (tr("FROM"), tr("COMPLETED"), tr("FAILED"), tr("TIMEOUT"), tr("CANCELLED"))
        show(rows, table(headings, lines_, tr("Nothing has run yet.")))
    elif of_tasks:
        of = metrics.task_metrics(ref, granularity=by, workspace=here.workspace)
        show(of, _metrics_table(of, by))
    else:
        whole = metrics.workflow_metrics(ref, by, here.workspace)
        lasted = {"typical": format_duration(whole.typical_ms), "most": format_duration(whole.p95_ms)}
        typical = tr("typical {typical}, 95 % within {most}", **lasted)
        show(whole, f"{typical}\n{_metrics_table(whole.buckets, by)}")


def _metrics_table(found: tuple[Metric, ...], by: str) -> str:
    rows = (
        (each.task or tr("(all)"), _start(times.to_ms(each.bucket), by), each.completed, each.failed, each.timeout,
         each.cancelled, each.skipped,
         format_duration(each.duration_sum_ms // each.completed if each.completed else None),
         format_duration(each.cpu_ms))
        for each in found
    )  # fmt: skip
    headings = (
        tr("TASK"), tr("FROM"), tr("COMPLETED"), tr("FAILED"), tr("TIMEOUT"), tr("CANCELLED"), tr("SKIPPED"),
        tr("AVERAGE"), tr("CPU"),
    )  # fmt: skip
    return table(headings, rows, tr("Nothing has run yet."))


def _start(bucket_ms: int, by: str) -> str:
    return DASH if by == "total" else moment(times.from_ms(bucket_ms))[:16]


COMMANDS = (metrics_command,)
