"""`import`, `export`, `check`, `new`, `list`, `show` and what becomes of a workflow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from smartspec.cli.echo import confirm, echo_as_it_is
from smartspec.cli.options import WORKFLOW, command
from smartspec.cli.output import executions_table, moment, record, say_where_it_goes_on, show, status, table
from smartspec.cli.progress import progress
from smartspec.cli.session import closed_session, session
from smartspec.commands import (
    definitions,
    executions,
    files,
    versions,
    workflow_creation,
    workflow_sources,
    workflows,
    working_copies,
)
from smartspec.commands.files import Imported
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import Problem

F = TypeVar("F", bound=Callable[..., Any])
_FILES = click.argument("paths", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))


def PLACE(function: F) -> F:
    """--name and --move: what a file is that has the name of another one."""
    move = click.option("--move", is_flag=True, help="The workflow of that name lives where this file is from now on.")
    name = click.option("--name", metavar="NAME", help="What the file's workflow is called instead of what it says.")
    return move(name(function))


@command("import")
@_FILES
@click.option("--draft", is_flag=True, help="Keep a file with errors as a working copy.")
@click.option("-m", "--message", metavar="TEXT", help="What changed, for the version's change log.")
@PLACE
def import_command(paths: tuple[Path, ...], draft: bool, message: str | None, name: str | None, move: bool) -> None:
    """Store workflow files: a changed text makes a new version, the same text none.

    A workflow runs in the folder of its file. A second file of the same name in another folder is refused while the
    first is there: say --name or --move. Where the first is gone, the workflow moves by itself.

    Files given together are checked together and may use one another. With an error in any, nothing is stored.

    \b
    Examples:
      smartspec import nightly.yaml -m "wait longer for the mirror"
      smartspec import workflows/*.yaml
    """
    here = session()
    sources = [workflow_sources.read_source(path) for path in paths]
    imported = files.import_workflows(
        sources, draft=draft, change_log=message, name=name, move=move, workspace=here.workspace
    )
    show(imported, "\n".join(_told(each) for each in imported))


def where(imported: Imported) -> str:
    """Where a file's workflow runs, and where it did."""
    before = f", no longer in {imported.moved_from}" if imported.moved_from else ""
    return f"runs in {imported.workflow.folder}{before}"


def _told(imported: Imported) -> str:
    what = f"{imported.source}: {imported.workflow.ref}"
    if imported.version is None:
        lines = [f"{what} kept as a working copy; it has errors and does not run"]
    elif imported.change == "same":
        lines = [f"{what} is unchanged (version {imported.version.version})"]
    else:
        lines = [f"{what} {imported.change}: version {imported.version.version}"]
        if imported.version.text_only:
            lines[0] += " (text only: it means the same as the one before)"
    lines[0] += f", {where(imported)}"
    return "\n".join([*lines, *(_problem(imported.source, problem) for problem in imported.problems)])


def _problem(source: str, problem: Problem) -> str:
    place = f"{problem.line}:{problem.column}: " if problem.line else ""
    path = f"{problem.path}: " if problem.path else ""
    return f"{source}:{place or ' '}{problem.severity}: {path}{problem.sentence}"


@command("check")
@_FILES
def check_command(paths: tuple[Path, ...]) -> None:
    """Say everything that is wrong with workflow files, with line and column. Stores nothing.

    The exit code is 2 when there is an error.

    \b
    Example:
      smartspec check nightly.yaml
    """
    here = session()
    found = definitions.check_definition([workflow_sources.read_source(path) for path in paths], here.workspace)
    lines = [_problem(source, problem) for source, problems in found.items() for problem in problems]
    show(found, "\n".join(lines) or f"{'This file is' if len(paths) == 1 else 'These files are'} in order.")
    if any(problem.severity == "error" for problems in found.values() for problem in problems):
        sys.exit(2)


@command("export")
@click.argument("ref", type=WORKFLOW)
@click.option("--version", metavar="VERSION", help="Another version than the current one: a label or a number.")
def export_command(ref: str, version: str | None) -> None:
    """Print the text of a workflow as it was written.

    \b
    Example:
      smartspec export nightly > nightly.yaml
    """
    found = files.export_workflow(ref, version=version, workspace=session().workspace)
    if closed_session().json:
        show(found)
    else:
        echo_as_it_is(found.source if found.source.endswith("\n") else f"{found.source}\n")


@command("new")
@click.argument("name")
@click.option("--pack", default="default", show_default=True, help="The namespace it belongs to.")
def new_command(name: str, pack: str) -> None:
    """Make a draft with one task to begin with.

    \b
    Example:
      smartspec new "Nightly report" --pack reports
      smartspec export reports.nightly-report > nightly.yaml
    """
    here = session()
    source = workflow_sources.Source(name, workflow_sources.minimal_source(name, pack), "yaml")
    workflow = workflow_creation.create_workflow_from(source, change_log="Made by `new`", workspace=here.workspace)
    ref = workflow.ref
    hint = f"smartspec export {ref} > {ref.partition('.')[2]}.yaml   (edit it, then: smartspec import …)"
    show(workflow, f"{ref} is a draft with one task.\n{hint}")


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
    import_command, export_command, check_command, new_command, list_command, show_command, rename_command,
    duplicate_command, delete_command, purge_command,
    _verb("activate", workflows.activate_workflow, "{ref} is active.", "Mark a workflow as in use."),
    _verb("deactivate", workflows.deactivate_workflow, "{ref} is inactive.", "Mark it as not in use; it runs by hand."),
    _verb("archive", workflows.archive_workflow, "{ref} is archived.", "Put a workflow aside: it does not run."),
    _verb("restore", workflows.restore_workflow, "{ref} is back.", "Take a workflow out of the trash."),
)  # fmt: skip
