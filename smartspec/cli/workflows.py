"""`list`, `show` and what becomes of a workflow."""

from __future__ import annotations

from collections.abc import Callable

import click

from smartspec.cli.echo import confirm
from smartspec.cli.options import WORKFLOW, command
from smartspec.cli.output import executions_table, moment, record, say_where_it_goes_on, show, status, table
from smartspec.cli.progress import progress
from smartspec.cli.session import session
from smartspec.commands import executions, versions, workflows
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow


@command("list")
@click.option("--pack", help="Only of this pack.")
@click.option("--name", "part", metavar="TEXT", help="Only with this in the name or ref.")
@click.option(
    "--status", "statuses", multiple=True, help="Only in this status.",
    type=click.Choice([each.value for each in WorkflowStatus], case_sensitive=False),
)  # fmt: skip
@click.option("--tag", "tags", multiple=True, help="Only with this tag; several are all required.")
@click.option("--category", help="Only of this category.")
@click.option("--trash", is_flag=True, help="What lies in the trash.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", metavar="KEY", help="Where the page before ended.")
def list_command(
    pack: str | None, part: str | None, statuses: tuple[str, ...], tags: tuple[str, ...], category: str | None,
    trash: bool, limit: int, after: str | None,
) -> None:  # fmt: skip
    """The workflows there are, newest first.

    \b
    Examples:
      smartspec list --tag daily
      smartspec list --trash
    """
    here = session()
    wanted = WorkflowFilter(
        pack=pack, name=part, status=frozenset(WorkflowStatus(each) for each in statuses), tags=frozenset(tags),
        category=category, deleted=trash,
    )  # fmt: skip
    page = workflows.list_workflows(wanted, after=after, limit=limit, workspace=here.workspace)
    rows = (
        (each.ref, each.name, status(each.status), ", ".join(each.tags), moment(each.updated_at)) for each in page.rows
    )
    empty = "The trash is empty." if trash else "There is no workflow yet; `smartspec import FILE` stores one."
    show(page.rows, table(("REF", "NAME", "STATUS", "TAGS", "CHANGED"), rows, empty))
    say_where_it_goes_on(page.next)


@command("show")
@click.argument("ref", type=WORKFLOW)
def show_command(ref: str) -> None:
    """A workflow with its version and its last executions.

    \b
    Example:
      smartspec show nightly
    """
    from smartspec.commands import working_copies  # with all that judges a text: 25 ms

    here = session()
    workflow = workflows.get_workflow(ref, here.workspace)
    version = versions.latest_version(ref, here.workspace) if workflow.current_version else None
    copy = working_copies.get_working_copy(ref, here.workspace)
    recent = executions.recent_executions(workflow.id, workspace=here.workspace)
    told = record((
        ("workflow", workflow.name), ("ref", workflow.ref), ("id", workflow.id), ("status", status(workflow.status)),
        ("description", workflow.description), ("category", workflow.category), ("tags", ", ".join(workflow.tags)),
        ("version", f"{version.version} (#{version.number}, {moment(version.created_at)})" if version else "none"),
        ("working copy", moment(copy.updated_at) if copy else None), ("folder", workflow.folder),
        ("changed", moment(workflow.updated_at)),
    ))  # fmt: skip
    show(workflow, f"{told}\n\n{executions_table(recent, 'It has not run yet.')}")


def _verb(name: str, act: Callable[[str, str], Workflow], done: str, words: str) -> click.Command:
    def verb(ref: str) -> None:
        here = session()
        workflow = act(ref, here.workspace)
        show(workflow, done.format(ref=workflow.ref, name=workflow.name))

    verb.__doc__ = f"{words}\n\n\b\nExample:\n  smartspec {name} nightly"
    return command(name)(click.argument("ref", type=WORKFLOW)(verb))


@command("rename")
@click.argument("ref", type=WORKFLOW)
@click.argument("name")
def rename_command(ref: str, name: str) -> None:
    """Give a workflow another name; its ref stays.

    \b
    Example:
      smartspec rename nightly "Report of the night"
    """
    workflow = workflows.rename_workflow(ref, name, session().workspace)
    show(workflow, f"{workflow.ref} is now called “{workflow.name}”.")


@command("duplicate")
@click.argument("ref", type=WORKFLOW)
@click.option("--name", help="The name of the copy.")
def duplicate_command(ref: str, name: str | None) -> None:
    """Copy a workflow with its current version and settings.

    \b
    Example:
      smartspec duplicate nightly --name "Weekly"
    """
    workflow = workflows.duplicate_workflow(ref, name, session().workspace)
    show(workflow, f"{workflow.ref} was made.")


@command("delete")
@click.argument("ref", type=WORKFLOW)
@click.option("--reason", metavar="TEXT", help="Why, for the record.")
def delete_command(ref: str, reason: str | None) -> None:
    """Put a workflow into the trash. Its executions stay.

    \b
    Example:
      smartspec delete nightly --reason "replaced by weekly"
    """
    workflow = workflows.delete_workflow(ref, reason=reason, workspace=session().workspace)
    show(workflow, f"{workflow.ref} is in the trash; `smartspec restore {workflow.ref}` brings it back.")


@command("purge")
@click.argument("ref", type=WORKFLOW)
@click.option("--reason", metavar="TEXT", help="Why, for the record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge_command(ref: str, reason: str | None, yes: bool) -> None:
    """Remove a workflow that is in the trash for good. Its executions stay, with its name.

    \b
    Example:
      smartspec purge nightly --yes
    """
    here = session()
    workflow = workflows.workflow_in_trash(ref, here.workspace)
    if not yes:
        confirm(f"Remove {workflow.ref}, its versions and settings for good?")
    with progress(f"Removing {workflow.ref}") as on_progress:
        workflows.purge_workflow(workflow.id, reason=reason, workspace=here.workspace, on_progress=on_progress)
    show({"purged": workflow.ref}, f"{workflow.ref} is gone.")


COMMANDS = (
    list_command, show_command, rename_command, duplicate_command, delete_command, purge_command,
    _verb("activate", workflows.activate_workflow, "{ref} is active.", "Mark a workflow as in use."),
    _verb("deactivate", workflows.deactivate_workflow, "{ref} is inactive.", "Mark it as not in use; it runs by hand."),
    _verb("archive", workflows.archive_workflow, "{ref} is archived.", "Put a workflow aside: it does not run."),
    _verb("restore", workflows.restore_workflow, "{ref} is back.", "Take a workflow out of the trash."),
)  # fmt: skip
