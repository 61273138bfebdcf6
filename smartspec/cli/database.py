"""`db` and `stats`: the database file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from smartspec import logs, paths
from smartspec.cli.options import DURATION, Group, command
from smartspec.cli.output import record, show, table
from smartspec.cli.session import closed_session, session
from smartspec.commands import database
from smartspec.errors import NotFound, reason
from smartspec.formatting import format_number, format_size
from smartspec.messages import Message, _, tr, translate, trn

_HEALTH: dict[str, Message] = {"green": _("green"), "amber": _("amber"), "red": _("red")}
_COUNTS: dict[str, Message] = {
    "workflow_count": _("workflows"), "execution_count": _("executions"), "config_count": _("configs"),
}  # fmt: skip


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
        (tr("schema"), found.schema), (tr("application"), found.application), ("SQLite", found.sqlite),
        (tr("journal"), found.journal_mode), (tr("why not WAL"), found.why_not_wal),
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
        (tr("health"), _HEALTH[found.status]), (tr("database"), format_size(found.database_bytes)),
        (tr("journal"), format_size(found.journal_bytes)), (tr("free disk"), format_size(found.free_disk_bytes)),
        (tr("findings"), " ".join(map(translate, found.findings))),
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
    show({"findings": list(found)}, "\n".join(map(translate, found)) or tr("Everything is in order."))
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
    lines = [translate(each) for each in (*found.done, *found.left)] or [tr("Nothing was to be repaired.")]
    show(found, "\n".join([*lines, tr("The file as it was is kept as {file}.", file=found.backup.path)]))
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
    show(made, tr("{file} ({size}, verified)", file=made.path, size=format_size(made.size)))


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
        show(database.verify_backup(name, file), tr("{name} is as it was made.", name=name))
        return
    found = database.list_backups(file)
    rows = ((each.path, format_size(each.size), each.made_at[:19], each.reason) for each in found)
    headings = (tr("BACKUP"), tr("SIZE"), tr("MADE (UTC)"), tr("WHY"))
    show(found, table(headings, rows, tr("There is no backup yet.")))


@command("restore")
@click.argument("name", required=False)
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="A second ledger in a new place."
)
@click.option("--wait", "patience", type=DURATION, default="5s", show_default=True, help="For what uses it to let go.")
def restore_command(name: str | None, folder: Path | None, patience: int) -> None:
    """Take a backup in the place of the database, whatever is there: damaged, missing, empty or fine.

    Without NAME it is the newest one that is as it was made. The file that is there is kept beside it under another
    name; nothing is overwritten. Told is what was made since, as far as it can still be seen. A runner lets go once
    what it runs has ended, and comes back. What had not ended when the backup was made is paused: it may have run
    since. With --to the database that is there is not touched, and the long logs are copied along.

    \b
    Examples:
      smartspec db restore
      smartspec db restore smartspec-20260301T020000123Z.db --wait 10m
      smartspec db restore --to ~/SmartSpec-before
    """
    here = closed_session()
    if folder is not None:
        there = database.restore_elsewhere(here.file, name, folder)
        show(there, "\n".join(_restored_elsewhere(there)))
        return
    found = database.restore_database(here.file, name, patience_s=patience / 1000)
    here.is_open = True
    show(found, "\n".join(_restored(found)))


def _restored_elsewhere(found: database.RestoredElsewhere) -> Iterator[str]:
    yield from map(translate, found.passed_over)
    yield tr("{file} is a second ledger, of {backup}; yours is as it was.", file=found.file, backup=found.backup.path)
    copied = found.logs
    if copied.count:
        yield trn("{n} long log was copied along ({size}).", "{n} long logs were copied along ({size}).", copied.count,
                  size=format_size(copied.size))  # fmt: skip
    if copied.missing:
        yield trn("{n} long log of it is not there any more.", "{n} long logs of it are not there any more.",
                  copied.missing)  # fmt: skip
    yield from _paused(found.paused)
    if found.schedules:
        yield trn("{n} schedule is paused in it, so that it does not fire twice.",
                  "{n} schedules are paused in it, so that they do not fire twice.", found.schedules)  # fmt: skip


def _paused(count: int) -> Iterator[str]:
    if count:
        yield trn(
            "{n} execution had not ended when it was made. It may have run since, and is paused: `smartspec resume`.",
            "{n} executions had not ended when it was made. They may have run since, and are paused: "
            "`smartspec resume`.",
            count,
        )  # fmt: skip


def _restored(found: database.Restored) -> Iterator[str]:
    yield from map(translate, found.passed_over)
    backup = found.backup
    yield tr("Restored from {file}, made {moment} (UTC).", file=backup.path, moment=backup.made_at[:19])
    if found.aside:
        yield tr("What was there is kept as {file}.", file=found.aside)
    yield from _paused(found.paused)
    if found.schedules:
        yield trn("{n} schedule stays paused: what it was to start may have run since.",
                  "{n} schedules stay paused: what they were to start may have run since.",
                  found.schedules)  # fmt: skip
    if not found.lost:
        yield tr("Nothing that is newer was seen.")
        return
    yield trn(
        "{n} execution is newer than it, and not in it:", "{n} executions are newer than it, and not in it:",
        len(found.lost),
    )  # fmt: skip
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
    parts = [tr("{file} is a new, empty ledger.", file=path)]
    if aside:
        parts.append(tr("What was left of the old one is kept as {file}.", file=aside))
    show({"path": path, "aside": aside}, " ".join(parts))


@command("log")
@click.option("--lines", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most so many.")
def log_command(lines: int) -> None:
    """What the runners of this database wrote down: when they served, and what went wrong in them.

    The file stands beside the database, with older ones as smartspec.log.1 and .2.

    \b
    Example:
      smartspec db log --lines 200
    """
    file = logs.file_in(paths.expanded(closed_session().file).absolute().parent)
    try:
        found = file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except FileNotFoundError:
        found = []
    except OSError as error:
        raise NotFound(_("{file} cannot be read: {why}.", file=file, why=reason(error))) from error
    text = "\n".join(found) or tr("No runner has written anything down yet.")
    show({"path": str(file), "lines": found}, f"{file}\n{text}")


@command("optimize")
def optimize_command() -> None:
    """Bring the statistics that queries are planned by up to date.

    \b
    Example:
      smartspec db optimize
    """
    session()
    database.optimize_database()
    show({"optimized": True}, tr("The statistics are up to date."))


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
    show(found, record((translate(_COUNTS[key]), format_number(value)) for key, value in found.items()))


COMMANDS = (database_group, stats_command)
