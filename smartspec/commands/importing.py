"""The history of other systems: executions that have ended, taken in all together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smartspec.commands.actor import user
from smartspec.commands.recording import workflow_to_record
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import times
from smartspec.domain.imported_execution import ImportedExecution
from smartspec.errors import Invalid, Problem
from smartspec.importers import execution_lines
from smartspec.messages import _, _n
from smartspec.store import bulk, database
from smartspec.value import frozen


@frozen
class ImportedExecutions:
    """How many were imported, and which workflows were made for them."""

    count: int
    made: tuple[str, ...]


@command
def import_executions(path: Path, workspace: str = DEFAULT) -> ImportedExecutions:
    """Take in a file of JSON Lines, each an execution with at least workflow, status and when it ran.

    A workflow that is not known is made. All lines or none. Raises Invalid with all problems, and NotFound.
    """
    read, problems = execution_lines.read_file(path, times.now())
    if problems:
        raise Invalid(_sentence(path, problems), problems)
    return add(read, workspace, str(path))


def _sentence(path: str | Path, problems: list[Problem]) -> str:
    count = len(problems)
    return _n(
        "{path}: a problem; nothing was imported.", "{path}: {n} problems; nothing was imported.", count, path=path
    )


def add(read: list[ImportedExecution], workspace: str, source: str = _("the import")) -> ImportedExecutions:
    """Keep executions that were read; `source` is what a refusal names. Raises Invalid for what is here already."""
    with database.transaction():
        names = dict.fromkeys(each.workflow for each in read)
        before = times.now()
        workflows = {name: workflow_to_record(name, workspace) for name in names}
        if problems := list(_taken(read)):
            raise Invalid(_sentence(source, problems), problems)
        bulk.add_executions(
            read, {name: (each.pk, each.workspace, each.name) for name, each in workflows.items()}, user()
        )
    made = tuple(each.ref for each in workflows.values() if each.created_at >= before)
    return ImportedExecutions(len(read), made)


def _taken(read: list[ImportedExecution]) -> Iterator[Problem]:
    """Executions that are here already: a file can be imported once."""
    known = bulk.known_ids(each.id for each in read if each.id is not None)
    for each in read:
        if each.id in known:
            yield Problem("id", _("The execution {id} is here already.", id=each.id), each.line, 1)
