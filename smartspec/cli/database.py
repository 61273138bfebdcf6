"""`db` and `stats`: the database file."""

from __future__ import annotations

import sys

import click

from smartspec import paths
from smartspec.cli.options import command
from smartspec.cli.output import record, show, size, table
from smartspec.cli.session import closed_session, session
from smartspec.commands import database


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


COMMANDS = (database_group, stats_command)
