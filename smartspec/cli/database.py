"""`db`, `stats`, `metrics`, `workspace`, `settings` and `call`."""

from __future__ import annotations

import sys

import click

from smartspec import paths
from smartspec.cli.options import WORKFLOW, command
from smartspec.cli.output import moment, record, show, size, table
from smartspec.cli.run import read_json
from smartspec.cli.session import closed_session, session
from smartspec.commands import call, database, metrics, settings, to_json, workspaces
from smartspec.domain import times
from smartspec.domain.jsontext import dump, load
from smartspec.domain.metric import Metric
from smartspec.errors import Invalid


@click.group("db")
def database_group() -> None:
    """The database file: where it is, how it is, copies of it."""


@command("path")
def path_command() -> None:
    """Where the database is.

    \b
    Example:
      smartspec db path
    """
    here = closed_session()
    path = (here.database or paths.database_path()).expanduser().absolute()
    show({"path": str(path)}, str(path))


@command("version")
def version_command() -> None:
    """The versions of the schema, the application and SQLite.

    \b
    Example:
      smartspec db version
    """
    session()
    found = database.database_version()
    show(found, record((
        ("schema", found.schema), ("application", found.application), ("SQLite", found.sqlite),
        ("journal", found.journal_mode), ("why not WAL", found.why_not_wal),
    )))  # fmt: skip


@command("health")
def health_command() -> None:
    """A quick look: consistency, room on the disk, size of the journal. The exit code is 1 when it is red.

    \b
    Example:
      smartspec db health
    """
    session()
    found = database.database_health()
    show(found, record((
        ("health", found.status), ("database", size(found.database_bytes)), ("journal", size(found.journal_bytes)),
        ("free disk", size(found.free_disk_bytes)), ("findings", " ".join(found.findings)),
    )))  # fmt: skip
    if found.status == "red":
        sys.exit(1)


@command("check")
def check_command() -> None:
    """A thorough look at every page and index. The exit code is 1 when anything is wrong.

    \b
    Example:
      smartspec db check
    """
    session()
    found = database.check_database()
    show({"findings": list(found)}, "\n".join(found) or "Every page and index is in order.")
    if found:
        sys.exit(1)


@command("backup")
def backup_command() -> None:
    """Make a verified copy in the folder `backups` beside the database.

    \b
    Example:
      smartspec db backup
    """
    session()
    made = database.back_up_database()
    show(made, f"{made.path} ({size(made.size)}, verified)")


@command("backups")
@click.option("--verify", "name", metavar="NAME", help="Check one of them, byte by byte and row by row.")
def backups_command(name: str | None) -> None:
    """The backups there are, newest first.

    \b
    Example:
      smartspec db backups
    """
    session()
    if name:
        show(database.verify_backup(name), f"{name} is as it was made.")
        return
    found = database.list_backups()
    rows = ((each.path, size(each.size), each.made_at[:19], each.reason) for each in found)
    show(found, table(("BACKUP", "SIZE", "MADE (UTC)", "WHY"), rows, "There is no backup yet."))


@command("optimize")
def optimize_command() -> None:
    """Bring the statistics that queries are planned by up to date.

    \b
    Example:
      smartspec db optimize
    """
    session()
    database.optimize_database()
    show({"optimized": True}, "The statistics are up to date.")


for _each in (
    path_command, version_command, health_command, check_command, backup_command, backups_command, optimize_command,
):  # fmt: skip
    database_group.add_command(_each)


@command("stats")
def stats_command() -> None:
    """How many workflows, executions and settings there are.

    \b
    Example:
      smartspec stats
    """
    session()
    found = database.database_stats()
    show(found, record((key.replace("_count", "s"), f"{value:,}") for key, value in found.items()))


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
        metrics.rebuild_metrics()
    if only_alerts:
        found = metrics.alerts()
        lines = [f"{view.replace('_', ' ')}: {len(rows)}" for view, rows in found.items()]
        show(found, "\n".join(lines))
    elif ref is None:
        rows = metrics.workspace_metrics(by, here.workspace)
        lines_ = (
            (_start(row["bucket"], by), row["completed"], row["failed"], row["timeout"], row["cancelled"])
            for row in rows
        )
        show(rows, table(("FROM", "COMPLETED", "FAILED", "TIMEOUT", "CANCELLED"), lines_, "Nothing has run yet."))
    elif of_tasks:
        of = metrics.task_metrics(ref, granularity=by, workspace=here.workspace)
        show(of, _metrics_table(of, by))
    else:
        whole = metrics.workflow_metrics(ref, by, here.workspace)
        typical = f"typical {times.humane(whole.typical_ms)}, 95 % within {times.humane(whole.p95_ms)}"
        show(whole, f"{typical}\n{_metrics_table(whole.buckets, by)}")


def _metrics_table(found: tuple[Metric, ...], by: str) -> str:
    rows = (
        (each.task or "(all)", _start(times.to_ms(each.bucket), by), each.completed, each.failed, each.timeout,
         each.cancelled, each.skipped, times.humane(each.duration_sum_ms // each.completed if each.completed else None),
         times.humane(each.cpu_ms))
        for each in found
    )  # fmt: skip
    headings = ("TASK", "FROM", "COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "SKIPPED", "AVERAGE", "CPU")
    return table(headings, rows, "Nothing has run yet.")


def _start(bucket_ms: int, by: str) -> str:
    return "—" if by == "total" else moment(times.from_ms(bucket_ms))[:16]


@click.group("workspace")
def workspace_group() -> None:
    """Separate sets of workflows and executions."""


@command("list")
def workspace_list_command() -> None:
    """The workspaces there are."""
    session()
    found = workspaces.list_workspaces()
    show(
        found, table(("WORKSPACE", "NAME", "MADE"), ((each.slug, each.name, moment(each.created_at)) for each in found))
    )


@command("new")
@click.argument("name")
def workspace_new_command(name: str) -> None:
    """Make a workspace."""
    session()
    made = workspaces.create_workspace(name)
    show(made, f"The workspace “{made.slug}” is there; use it with --workspace {made.slug}.")


@command("remove")
@click.argument("name")
def workspace_remove_command(name: str) -> None:
    """Remove an empty workspace."""
    session()
    workspaces.delete_workspace(name)
    show({"removed": name}, f"The workspace “{name}” is gone.")


for _each in (workspace_list_command, workspace_new_command, workspace_remove_command):
    workspace_group.add_command(_each)


@click.group("settings")
def settings_group() -> None:
    """What you choose for the application."""


@command("get")
@click.argument("key", required=False)
def settings_get_command(key: str | None) -> None:
    """One setting, or all with what they mean."""
    session()
    if key:
        value = settings.get_setting(key)
        show({key: value}, dump(value))
        return
    found = settings.list_settings()
    rows = ((name, dump(value), settings.CHOICES[name].meaning) for name, value in found.items())
    show(found, table(("SETTING", "VALUE", "MEANING"), rows))


@command("set")
@click.argument("key")
@click.argument("value")
def settings_set_command(key: str, value: str) -> None:
    """Choose; `null` returns to the default."""
    session()
    try:
        given = load(value)
    except Invalid:
        given = value
    show({key: settings.set_setting(key, given)}, f"{key} is {dump(settings.get_setting(key))}.")


for _each in (settings_get_command, settings_set_command):
    settings_group.add_command(_each)


@command("call")
@click.argument("name")
@click.argument("payload", required=False, metavar="[JSON|@FILE]")
def call_command(name: str, payload: str | None) -> None:
    """Run any command by its name, the 18 of SmartSpec Pro too; the answer is JSON.

    \b
    Examples:
      smartspec call create_workflow_db '{"req": {"name": "My Workflow"}}'
      smartspec call list_executions_db '{"filter": {"status": "failed"}}'
      smartspec call get_database_stats
    """
    here = session()
    answer = call(name, read_json(payload, "The payload") if payload else {})
    here.json = True
    show(to_json(answer))


COMMANDS = (
    database_group, stats_command, metrics_command, workspace_group, settings_group, call_command,
)  # fmt: skip
