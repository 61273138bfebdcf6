"""`versions`, `diff` and `rollback`."""

import click

from smartspec.cli.options import WORKFLOW, command
from smartspec.cli.output import coloured_lines, moment, say_where_it_goes_on, show, table
from smartspec.cli.session import session
from smartspec.commands import versions


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
        show(trail.rows, table(("WHEN", "WHAT", "WHO", "WHY"), rows))
        say_where_it_goes_on(trail.next)
        return
    page = versions.list_versions(ref, after=after, limit=limit, workspace=here.workspace)
    lines = (
        (f"#{each.number}", each.version, moment(each.created_at), each.created_by or "",
         (each.change_log or "") + (" (text only)" if each.text_only else ""))
        for each in page.rows
    )  # fmt: skip
    show(page.rows, table(("NUMBER", "VERSION", "WHEN", "WHO", "WHAT CHANGED"), lines, "It has no version yet."))
    say_where_it_goes_on(page.next)


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
    words = [each.sentence for each in compared.differences]
    if not words:
        words = ["They mean the same; only the text differs." if compared.lines else "They are the same text."]
    told = [] if lines else [f"{compared.old.version} → {compared.new.version}", *(f"  {word}" for word in words), ""]
    show(compared, "\n".join([*told, *coloured_lines(compared.lines)]))


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
    show(made, f"The current version is {made.version}, with the text of {version}.")


COMMANDS = (versions_command, diff_command, rollback_command)
