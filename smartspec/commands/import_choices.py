"""Importing files as a person chose: each as a version or as a draft, all or none, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence

from smartspec.commands.definitions import check_all
from smartspec.commands.files import Imported, import_one
from smartspec.commands.registry import command
from smartspec.commands.versions import rollback_version
from smartspec.commands.workflow_matching import ImportOptions, match_workflow
from smartspec.commands.workflow_sources import Source
from smartspec.commands.workflows import DEFAULT, delete_workflow
from smartspec.domain.definition import check
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.workflow import Workflow, check_name
from smartspec.errors import Invalid
from smartspec.messages import _n
from smartspec.store import database, versions, workflows, working_copies, workspaces
from smartspec.value import frozen


@frozen
class ImportChoice:
    """A file, and how it is taken: as the current version, or as a `draft` that nothing runs.

    `name`: as a workflow of another name; `move`: the workflow lives in the folder of this file from now on.
    """

    source: Source
    draft: bool = False
    name: str | None = None
    move: bool = False


@command
def import_chosen(choices: Sequence[ImportChoice], workspace: str = DEFAULT) -> tuple[Imported, ...]:
    """All or none. Raises Invalid for a text with errors that is no draft, TwoFiles as `import_workflows`."""
    workspace_pk = workspaces.get(workspace).pk
    checked = check_all([each.source for each in choices], workspace_pk)
    wrong = [
        problem
        for each, (_source, found) in zip(choices, checked, strict=True)
        if not each.draft
        for problem in found.errors
    ]
    if wrong:
        raise Invalid(_n("A problem; nothing was stored.", "{n} problems; nothing was stored.", len(wrong)), wrong)
    with database.transaction():
        return tuple(
            _import_choice(each, found, workspace_pk) for each, (_source, found) in zip(choices, checked, strict=True)
        )


def _import_choice(choice: ImportChoice, checked: check.CheckResult, workspace_pk: WorkspacePk) -> Imported:
    options = ImportOptions(check_name(choice.name) if choice.name is not None else None, choice.move)
    source = choice.source
    if choice.draft and checked.definition.name and not checked.errors:
        known = match_workflow(checked.definition, source.location, options, workspace_pk)
        if known is not None and known.current_version is not None:
            return _as_working_copy(source, known, checked)
    return import_one(source, checked, workspace_pk, choice.draft, None, options)


def _as_working_copy(source: Source, workflow: Workflow, checked: check.CheckResult) -> Imported:
    """Of one that has a version: that stays the current one until somebody saves the text."""
    working_copies.save(workflow.pk, source.text, source.format, workflow.current_version)
    return Imported(source.name, workflows.get(workflow.pk), None, "draft", checked.problems)


@command
def undo_import(imported: Sequence[Imported], workspace: str = DEFAULT) -> None:
    """What was made goes to the trash, what was changed is as before (by one more version), drafts are forgotten.

    Raises Conflict where one runs by now.
    """
    with database.transaction():
        for each in imported:
            _undo(each, workspace)


def _undo(imported: Imported, workspace: str) -> None:
    workflow = imported.workflow
    if imported.change == "created":
        delete_workflow(workflow.id, reason="import undone", workspace=workspace)
    elif imported.change == "changed" and imported.version is not None and imported.version.parent is not None:
        before = versions.get(imported.version.parent)
        rollback_version(workflow.id, before.version, workspace=workspace)
    elif imported.change == "draft":
        working_copies.discard(workflow.pk)
        if workflow.current_version is None:
            delete_workflow(workflow.id, reason="import undone", workspace=workspace)
