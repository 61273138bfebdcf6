"""`import`, `export`, `check` and `new`: what the terminal does with the texts of workflows."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smartspec.cli.echo import echo_as_it_is
from smartspec.cli.options import WORKFLOW, command, name_options
from smartspec.cli.output import show, where_it_runs
from smartspec.cli.session import closed_session, session
from smartspec.commands import (
    definitions,
    files,
    workflow_creation,
    workflow_sources,
)
from smartspec.commands.files import Imported
from smartspec.errors import Problem
from smartspec.messages import N_, tr, translate, trn

_FILES = click.argument("paths", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))

_CHANGES = {
    "created": N_("{ref} created: version {version}"), "changed": N_("{ref} changed: version {version}"),
    "same": N_("{ref} is unchanged (version {version})"),
}  # fmt: skip


@command("import")
@_FILES
@click.option("--draft", is_flag=True, help="Keep a file with errors as a working copy.")
@click.option("-m", "--message", metavar="TEXT", help="What changed, for the version's change log.")
@name_options
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
    show(imported, "\n".join(_imported(each) for each in imported))


def _imported(imported: Imported) -> str:
    line = f"{imported.source}: {_what_was_done(imported)}"
    if imported.version is not None:
        line += f", {where_it_runs(imported)}"
    return "\n".join([line, *(_problem(imported.source, problem) for problem in imported.problems)])


def _what_was_done(imported: Imported) -> str:
    ref, version = imported.workflow.ref, imported.version
    if version is None:
        return tr("{ref} kept as a working copy; it has errors and does not run", ref=ref)
    done = tr(_CHANGES[imported.change], ref=ref, version=version.version)
    if version.text_only and imported.change != "same":
        return f"{done} {tr('(text only: it means the same as the one before)')}"
    return done


def _problem(source: str, problem: Problem) -> str:
    line = translate(problem.as_line)
    return f"{source}:{line}" if problem.line else f"{source}: {line}"


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
    show(found, "\n".join(lines) or trn("This file is in order.", "These files are in order.", len(paths)))
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
    export = f"smartspec export {ref} > {ref.partition('.')[2]}.yaml"
    then = tr("(edit it, then: {command})", command="smartspec import …")
    show(workflow, f"{tr('{ref} is a draft with one task.', ref=ref)}\n{export}   {then}")


COMMANDS = (import_command, export_command, check_command, new_command)
