"""`list`, `show` and what becomes of a workflow."""

from __future__ import annotations

from collections.abc import Callable

import click

from smartspec.cli.echo import confirm
from smartspec.cli.options import WORKFLOW, command
from smartspec.cli.output import executions_table, moment, record, show, show_next_page, status, table
from smartspec.cli.progress import progress
from smartspec.cli.session import session
from smartspec.commands import executions, versions, workflows
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.messages import N_, _, tr


@command("list")
@click.option("--pack", help="Only of this pack.")
@click.option("--name", "part", metavar="TEXT", help="Only with this in the name or ref.")
@click.option(
    "--status", "statuses", multiple=True, help="Only in this status.",
    type=click.Choice([each.value for each in WorkflowStatus], case_sensitive=False),
)  # fmt: skip
@click.option("--tag", "tags", multiple=True, help="Only with this tag; several are all required.")
@click.option("--category", help="Only of this category.")
@click.option("--created-by", metavar="NAME", help="Only those that this person made.")
@click.option("--trash", is_flag=True, help="What lies in the trash.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", metavar="KEY", help="Where the page before ended.")
def list_command(
    pack: str | None, part: str | None, statuses: tuple[str, ...], tags: tuple[str, ...], category: str | None,
    created_by: str | None, trash: bool, limit: int, after: str | None,
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
        category=category, created_by=created_by, deleted=trash,
    )  # fmt: skip
    page = workflows.list_workflows(wanted, after=after, limit=limit, workspace=here.workspace)
    rows = (
        (each.ref, each.name, status(each.status), ", ".join(each.tags), moment(each.updated_at)) for each in page.rows
    )
    narrowed = wanted != WorkflowFilter(deleted=trash)
    none = (
        tr("No workflow is like this.") if narrowed
        else tr("The trash is empty.") if trash
        else tr("There is no workflow yet; `{command}` stores one.", command="smartspec import FILE")
    )  # fmt: skip
    headings = (tr("REF"), tr("NAME"), tr("STATUS"), tr("TAGS"), tr("CHANGED"))
    show(page.rows, table(headings, rows, none))
    show_next_page(page.next)


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
    summary = record((
        (tr("workflow"), workflow.name), (tr("ref"), workflow.ref), (tr("id"), workflow.id),
        (tr("status"), status(workflow.status)),
        (tr("description"), workflow.description), (tr("category"), workflow.category),
        (tr("tags"), ", ".join(workflow.tags)),
        (tr("version"), _version(version)),
        (tr("working copy"), moment(copy.updated_at) if copy else None), (tr("folder"), workflow.folder),
        (tr("changed"), moment(workflow.updated_at)),
    ))  # fmt: skip
    show(workflow, f"{summary}\n\n{executions_table(recent, tr('It has not run yet.'))}")


def _version(version: Version | None) -> str:
    return f"{version.version} (#{version.number}, {moment(version.created_at)})" if version else tr("none")


def _verb(name: str, act: Callable[[str, str], Workflow], done: str, words: str) -> click.Command:
    def verb(ref: str) -> None:
        here = session()
        workflow = act(ref, here.workspace)
        show(workflow, tr(done, ref=workflow.ref))

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
    show(workflow, tr("{ref} is now called “{name}”.", ref=workflow.ref, name=workflow.name))


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
    show(workflow, tr("{ref} was made.", ref=workflow.ref))


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
    back = f"smartspec restore {workflow.ref}"
    show(workflow, tr("{ref} is in the trash; `{command}` brings it back.", ref=workflow.ref, command=back))


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
        confirm(tr("Remove {ref}, its versions, settings and schedules for good?", ref=workflow.ref))
    with progress(_("Removing {ref}", ref=workflow.ref)) as on_progress:
        workflows.purge_workflow(workflow.id, reason=reason, workspace=here.workspace, on_progress=on_progress)
    show({"purged": workflow.ref}, tr("{ref} is gone.", ref=workflow.ref))


COMMANDS = (
    list_command, show_command, rename_command, duplicate_command, delete_command, purge_command,
    _verb("activate", workflows.activate_workflow, N_("{ref} is active."), N_("Mark a workflow as in use.")),
    _verb(
        "deactivate", workflows.deactivate_workflow, N_("{ref} is inactive."),
        N_("Mark it as not in use; it runs by hand."),
    ),
    _verb(
        "archive", workflows.archive_workflow, N_("{ref} is archived."), N_("Put a workflow aside: it does not run.")
    ),
    _verb("restore", workflows.restore_workflow, N_("{ref} is back."), N_("Take a workflow out of the trash.")),
)  # fmt: skip
