"""Workflow files: what importing them would come to, importing and exporting."""

from __future__ import annotations

from collections.abc import Sequence

from smartspec.commands.actor import user
from smartspec.commands.definitions import check_all
from smartspec.commands.registry import command
from smartspec.commands.workflow_matching import ImportOptions, match_workflow
from smartspec.commands.workflow_sources import Source
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.commands.working_copies import add_version
from smartspec.domain.definition import check, model, parse
from smartspec.domain.definition.nodes import to_json as values_of
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.event import EventType
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.version import Version, same_text
from smartspec.domain.workflow import Workflow, check_name, check_pack
from smartspec.errors import Invalid, NotFound, Problem
from smartspec.messages import _, _n, listed
from smartspec.store import database, versions, workflows, working_copies, workspaces
from smartspec.value import frozen, replace


@frozen
class Imported:
    """What came of a file: `change` is created, changed, same or draft; `problems` holds what is not an error.

    `moved_from` is the folder that it ran in until now, where that was another one.
    """

    source: str
    workflow: Workflow
    version: Version | None
    change: str
    problems: tuple[Problem, ...]
    moved_from: str | None = None


@command
def import_workflows(
    sources: Sequence[Source], *, draft: bool = False, change_log: str | None = None, name: str | None = None,
    move: bool = False, workspace: str = DEFAULT,
) -> tuple[Imported, ...]:  # fmt: skip
    """Store texts: a new workflow, a new version of one, or nothing where the text is the one that is there.

    All or none. A text with errors is refused with all of them (Invalid); with `draft` it becomes a working copy.
    A workflow runs in the folder of the file that was imported last. Another file of its name in another folder is
    refused (TwoFiles) while both are there, unless that is to be a workflow of another `name`, or the workflow is to
    `move` there.
    """
    if name is not None and len(sources) > 1:
        raise Invalid(_("Another name can be given to one file at a time."))
    workspace_pk = workspaces.get(workspace).pk
    options = ImportOptions(check_name(name) if name is not None else None, move)
    changed = [source for source in sources if draft or _unchanged(source, workspace_pk, options) is None]
    checked = {source.name: found for source, found in check_all(changed, workspace_pk)} if changed else {}
    problems = [
        replace(problem, path=f"{source.name}: {problem.path}" if len(sources) > 1 else problem.path)
        for source in changed
        for problem in checked[source.name].errors
    ]
    if problems and not draft:
        names, count = listed(each.name for each in changed), len(problems)
        why = _n(
            "{names}: a problem; nothing was stored.", "{names}: {n} problems; nothing was stored.", count, names=names
        )
        raise Invalid(why, problems)
    with database.transaction():
        return tuple(
            import_one(source, checked.get(source.name), workspace_pk, draft, change_log, options) for source in sources
        )


def _unchanged(source: Source, workspace_pk: WorkspacePk, options: ImportOptions) -> tuple[Workflow, Version] | None:
    """The workflow and version whose text this is already: then it need not be judged again. Raises TwoFiles."""
    try:
        tree = parse.parse(source.text, source.format)
    except Invalid:
        return None
    definition = model.read(values_of(tree))
    workflow = match_workflow(definition, source.location, options, workspace_pk) if definition.name else None
    version = versions.current(workflow.pk) if workflow else None
    if workflow is None or version is None or not same_text(version.source, source.text):
        return None
    return workflow, version


def import_one(
    source: Source,
    checked: check.CheckResult | None,
    workspace_pk: WorkspacePk,
    draft: bool,
    change_log: str | None,
    options: ImportOptions,
) -> Imported:
    """One text, inside a transaction; `checked` is None where it is the text that is there.

    Raises Invalid for one without a name, TwoFiles.
    """
    if checked is None:
        same = _unchanged(source, workspace_pk, options)
        assert same is not None
        moved_from = _moved_from(same[0], source)
        return Imported(source.name, _followed(same[0], source), same[1], "same", (), moved_from)
    definition = checked.definition
    if not definition.name or not isinstance(checked.tree, dict):
        raise Invalid(_("{name}: a workflow needs a name, even as a draft.", name=source.name), checked.errors)
    check_name(definition.name)
    workflow = match_workflow(definition, source.location, options, workspace_pk)
    created, moved_from = workflow is None, _moved_from(workflow, source) if workflow is not None else None
    if workflow is None:
        workflow = workflows.add(
            workspace_pk, check_pack(definition.pack), options.ref(definition), options.name or definition.name.strip(),
            status=WorkflowStatus.DRAFT if draft else WorkflowStatus.ACTIVE, description=definition.description,
            category=definition.category, tags=definition.tags, folder=source.folder, file=source.file, by=user(),
        )  # fmt: skip
    if checked.errors:
        working_copies.save(workflow.pk, source.text, source.format, workflow.current_version)
        return Imported(source.name, _followed(workflow, source), None, "draft", checked.problems, moved_from)
    version = add_version(workflow, source, checked, change_log)
    return Imported(
        source.name, workflows.get(workflow.pk), version, "created" if created else "changed", checked.problems,
        moved_from,
    )  # fmt: skip


def _moved_from(workflow: Workflow, source: Source) -> str | None:
    """The folder it ran in, where it will run in another one."""
    return workflow.folder if source.folder not in (None, workflow.folder) else None


def _followed(workflow: Workflow, source: Source) -> Workflow:
    """The workflow runs where its file is."""
    if source.folder is None:
        return workflow
    fields = {"folder": source.folder, "file": source.file or workflow.file}
    return workflows.update(workflow, EventType.WORKFLOW_UPDATED, by=user(), **fields)


@command
def export_workflow(ref: str, *, version: str | None = None, workspace: str = DEFAULT) -> Version:
    """The version whose `source` is the file, verbatim. Raises NotFound for a workflow without one."""
    workflow = get_workflow(ref, workspace)
    found = versions.find(workflow.pk, version) if version else versions.current(workflow.pk)
    if found is None:
        raise NotFound(_("“{name}” has no version to export.", name=workflow.name))
    return found
