"""`db` and `stats`: the database file."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from smartspec import logs
from smartspec.cli.options import Group, command
from smartspec.cli.output import record, show, table
from smartspec.cli.session import closed_session, session
from smartspec.commands import database
from smartspec.errors import NotFound
from smartspec.formatting import format_size


@click.group("db", cls=Group)
def database_group() -> None:
    """The database file: where it is, how it is, copies of it."""


@command("path")
def path_command() -> None:
    """Where the database is.

    \b
    Example:
      smartspec db path
    """
    path = str(database.real_path(closed_session().file))
    show({"path": path}, path)


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
    closed_session().open(recover=False, allow_damaged=True)
    found = database.database_health()
    show(found, record((
        ("health", found.status), ("database", format_size(found.database_bytes)),
        ("journal", format_size(found.journal_bytes)), ("free disk", format_size(found.free_disk_bytes)),
        ("findings", " ".join(found.findings)),
    )))  # fmt: skip
    if found.status == "red":
        sys.exit(1)


@command("check")
def check_command() -> None:
    """A thorough look at everything: pages, indexes, schema, what points where, counters, metrics, the full-text
    index, logs, and the chain of the versions' hashes. The exit code is 1 when anything is wrong.

    \b
    Example:
      smartspec db check
    """
    closed_session().open(recover=False, allow_damaged=True)
    found = database.check_database()
    show({"findings": list(found)}, "\n".join(found) or "Everything is in order.")
    if found:
        sys.exit(1)


@command("repair")
def repair_command() -> None:
    """Make anew what can be had from the rows, after a copy of the file as it is: indexes, views, triggers, tables of
    another form, counters, metrics, the full-text index. The exit code is 1 when anything is left that is wrong.

    \b
    Example:
      smartspec db repair
    """
    closed_session().open(recover=False, allow_damaged=True)
    found = database.repair_database()
    lines = [*found.done, *found.left, f"The file as it was is kept as {found.backup.path}."]
    show(found, "\n".join(lines if found.done or found.left else ["Nothing was to be repaired.", lines[-1]]))
    if found.left:
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
    show(made, f"{made.path} ({format_size(made.size)}, verified)")


@command("backups")
@click.option("--verify", "name", metavar="NAME", help="Check one of them, byte by byte and row by row.")
def backups_command(name: str | None) -> None:
    """The backups there are, newest first.

    \b
    Example:
      smartspec db backups
    """
    file = closed_session().file
    if name:
        show(database.verify_backup(name, file), f"{name} is as it was made.")
        return
    found = database.list_backups(file)
    rows = ((each.path, format_size(each.size), each.made_at[:19], each.reason) for each in found)
    show(found, table(("BACKUP", "SIZE", "MADE (UTC)", "WHY"), rows, "There is no backup yet."))


@command("restore")
@click.argument("name", required=False)
def restore_command(name: str | None) -> None:
    """Take a backup in the place of the database, whatever is there: damaged, missing, empty or fine.

    Without NAME it is the newest one that is as it was made. The file that is there is kept beside it under another
    name; nothing is overwritten. Told is what was made since, as far as it can still be seen.

    \b
    Examples:
      smartspec db restore
      smartspec db restore smartspec-20260301T020000123Z.db
    """
    here = closed_session()
    found = database.restore_database(here.file, name)
    here.is_open = True
    show(found, "\n".join(_restored(found)))


def _restored(found: database.Restored) -> Iterator[str]:
    yield from found.passed_over
    yield f"Restored from {found.backup.path}, made {found.backup.made_at[:19]} (UTC)."
    if found.aside:
        yield f"What was there is kept as {found.aside}."
    if not found.lost:
        yield "Nothing that is newer was seen."
        return
    count = len(found.lost)
    yield f"{count} execution{'s are' if count > 1 else ' is'} newer than it, and not in it:"
    for each in found.lost:
        yield "  ".join(filter(None, (f"  {each.at:%Y-%m-%d %H:%M:%S}", each.id, each.name, each.log)))


@command("new")
def new_command() -> None:
    """Begin an empty ledger where there was one. Backups, logs and what is left of the old file stay as they are.

    \b
    Example:
      smartspec db new
    """
    here = closed_session()
    aside = database.new_database(here.file)
    here.is_open = True
    path = str(database.database_path())
    kept = f" What was left of the old one is kept as {aside}." if aside else ""
    show({"path": path, "aside": aside}, f"{path} is a new, empty ledger.{kept}")


@command("log")
@click.option("--lines", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most so many.")
def log_command(lines: int) -> None:
    """What the runners of this database wrote down: when they served, and what went wrong in them.

    The file stands beside the database, with older ones as smartspec.log.1 and .2.

    \b
    Example:
      smartspec db log --lines 200
    """
    file = logs.file_in(closed_session().file.expanduser().absolute().parent)
    try:
        found = file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except FileNotFoundError:
        found = []
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    told = "\n".join(found) or "No runner has written anything down yet."
    show({"path": str(file), "lines": found}, f"{file}\n{told}")


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
    path_command, version_command, health_command, check_command, repair_command, backup_command, backups_command,
    restore_command, new_command, optimize_command, log_command,
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
