"""`import-executions`: the history of other systems."""

from __future__ import annotations

from pathlib import Path

import click

from smartspec.cli.options import command
from smartspec.cli.output import show
from smartspec.cli.session import session
from smartspec.commands import importing
from smartspec.messages import tr, trn


@command("import-executions")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def import_executions_command(path: Path) -> None:
    """Take in executions that ran elsewhere and have ended: JSON Lines, all of them or none.

    Each line is an object with workflow (a ref or name; made where it is not known), status (also in the words of
    other systems: success, timed_out, aborted, …) and started_at or completed_at (ISO text, or seconds since 1970).
    It may have id, version, created_at, duration_ms, input, output, error, note, trigger, triggered_by, user_name,
    session_id, correlation_id, and tasks: a list of objects with name and status, and what else is known of each
    (started_at, completed_at, duration_ms, input, output, error, exit_code, attempt, item, item_index).

    \b
    Example:
      echo '{"workflow": "etl", "status": "success", "started_at": "2026-11-19T02:00:00Z"}' > old.jsonl
      smartspec import-executions old.jsonl
    """
    here = session()
    done = importing.import_executions(path, here.workspace)
    parts = [trn("One execution was imported.", "{n} executions were imported.", done.count)]
    if done.made:
        parts.append(tr("New: {names}.", names=", ".join(done.made)))
    show(done, " ".join(parts))


COMMANDS = (import_executions_command,)
