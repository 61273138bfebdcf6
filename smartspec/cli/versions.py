"""`versions`, `diff` and `rollback`."""

import click

from smartspec.cli.options import WORKFLOW, command
from smartspec.cli.output import coloured_lines, moment, show, show_next_page, table
from smartspec.cli.session import session
from smartspec.commands import versions
from smartspec.domain.version import Version
from smartspec.messages import tr, translate


@command("versions")
@click.argument("ref", type=WORKFLOW)
@click.option("--audit", is_flag=True, help="Everything that was done to the workflow, oldest first.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", metavar="KEY", help="Where the page before ended.")
def versions_command(ref: str, audit: bool, limit: int, after: str | None) -> None:
    """The versions of a workflow, newest first.

    \b
    Examples:
      smartspec versions nightly
      smartspec versions nightly --audit
    """
    here = session()
    if audit:
        trail = versions.workflow_history(ref, after=after, limit=limit, workspace=here.workspace)
        rows = ((moment(each.at), str(each.type), each.actor or "", each.message or "") for each in trail.rows)
        show(trail.rows, table((tr("WHEN"), tr("WHAT"), tr("WHO"), tr("WHY")), rows))
        show_next_page(trail.next)
        return
    page = versions.list_versions(ref, after=after, limit=limit, workspace=here.workspace)
    lines = (
        (f"#{each.number}", each.version, moment(each.created_at), each.created_by or "",
         _change_log(each))
        for each in page.rows
    )  # fmt: skip
    headings = (tr("NUMBER"), tr("VERSION"), tr("WHEN"), tr("WHO"), tr("WHAT CHANGED"))
    show(page.rows, table(headings, lines, tr("It has no version yet.")))
    show_next_page(page.next)


def _change_log(version: Version) -> str:
    words = [version.change_log or "", tr("(text only)") if version.text_only else ""]
    return " ".join(filter(None, words))


@command("diff")
@click.argument("ref", type=WORKFLOW)
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--lines", is_flag=True, help="Only the lines of the texts.")
def diff_command(ref: str, old: str | None, new: str | None, lines: bool) -> None:
    """What differs between two versions, in words and in lines; by default the current one and the one before.

    \b
    Examples:
      smartspec diff nightly
      smartspec diff nightly 1.0.0 1.2.0
    """
    compared = versions.compare_versions(ref, old, new, session().workspace)
    words = [translate(each.sentence) for each in compared.differences]
    if not words:
        only_text = tr("They mean the same; only the text differs.")
        words = [only_text if compared.lines else tr("They are the same text.")]
    heading = (
        [] if lines else [f"{compared.old.version} → {compared.new.version}", *(f"  {word}" for word in words), ""]
    )
    show(compared, "\n".join([*heading, *coloured_lines(compared.lines)]))


@command("rollback")
@click.argument("ref", type=WORKFLOW)
@click.argument("version")
@click.option("-m", "--message", metavar="TEXT", help="Why, for the change log.")
def rollback_command(ref: str, version: str, message: str | None) -> None:
    """Make an old version the current one again, as a new version.

    \b
    Example:
      smartspec rollback nightly 1.0.0 -m "1.1.0 loses rows"
    """
    made = versions.rollback_version(ref, version, change_log=message, workspace=session().workspace)
    show(made, tr("The current version is {made}, with the text of {old}.", made=made.version, old=version))


COMMANDS = (versions_command, diff_command, rollback_command)
