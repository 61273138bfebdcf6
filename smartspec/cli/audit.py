"""`audit`: who did what, and when, to workflows, their versions, settings and schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from smartspec.cli.echo import echo_as_it_is
from smartspec.cli.options import MOMENT, WORKFLOW, command
from smartspec.cli.output import moment, show, show_next_page, table
from smartspec.cli.session import session
from smartspec.commands import audit, workflows
from smartspec.domain.audit import AuditEntry, AuditFilter, AuditKind, describe
from smartspec.domain.text import one_line
from smartspec.formatting import format_number
from smartspec.messages import tr, translate
from smartspec.vocabulary import EVENT_WORDS


@command("audit")
@click.argument("ref", required=False, type=WORKFLOW)
@click.option("--by", "actor", metavar="NAME", help="What this one did.")
@click.option(
    "--what", "kinds", multiple=True, type=click.Choice([each.value for each in AuditKind], case_sensitive=False),
    help="What was done; several are one or the other.",
)  # fmt: skip
@click.option("--since", type=MOMENT, metavar="TIME", help="2026-11-20, today, or an age as 7d.")
@click.option("--until", type=MOMENT, metavar="TIME", help="Before this time.")
@click.option("--text", metavar="TEXT", help="With this in the workflow's name or ref, or in what was said.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", metavar="KEY", help="Where the page before ended.")
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="How it is written (table)."
)
def audit_command(
    ref: str | None, actor: str | None, kinds: tuple[str, ...], since: datetime | None, until: datetime | None,
    text: str | None, limit: int, after: str | None, only_count: bool, form: str,
) -> None:  # fmt: skip
    """Who did what to workflows, their versions, settings and schedules, newest first; every option narrows it further.

    What is kept as one types is no change yet, and not told. Workflows in the trash, and those that were deleted for
    good, are told where no REF is given.

    \b
    Examples:
      smartspec audit
      smartspec audit nightly --since 7d
      smartspec audit --by ada --what deleted --what setting
      smartspec audit --limit 1000 --format csv > audit.csv
    """
    here = session()
    here.json |= form == "json"
    workflow = workflows.get_workflow(ref, here.workspace).pk if ref else None
    wanted = AuditFilter(
        workflow=workflow, actor=actor, kinds=frozenset(map(AuditKind, kinds)), since=since, until=until, text=text
    )
    if only_count:
        number = audit.count_audit(wanted, here.workspace, exact=True)
        show({"count": number}, format_number(number))
        return
    page = audit.list_audit(wanted, after=after, limit=limit, workspace=here.workspace)
    if form == "csv" and not here.json:
        echo_as_it_is(audit.as_csv(page.rows))
    else:
        show(page.rows, _table(page.rows))
    show_next_page(page.next)


def _table(entries: Sequence[AuditEntry]) -> str:
    rows = (
        (moment(each.event.at), each.event.actor or "", EVENT_WORDS[each.event.type.value], each.ref,
         one_line(translate(describe(each.event)), 80))
        for each in entries
    )  # fmt: skip
    headings = (tr("WHEN"), tr("WHO"), tr("WHAT"), tr("WORKFLOW"), tr("DETAILS"))
    return table(headings, rows, tr("Nothing was done that is like this."))


COMMANDS = (audit_command,)
