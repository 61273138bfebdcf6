"""Checking definitions: alone, together, and against the workflows that are stored."""

from __future__ import annotations

from collections.abc import Sequence

from smartspec.commands.registry import command
from smartspec.commands.workflow_sources import Source
from smartspec.commands.workflows import DEFAULT, find_workflow, get_workflow
from smartspec.domain.definition import check, model, parse
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.nodes import Node
from smartspec.domain.definition.nodes import to_json as values_of
from smartspec.domain.definition.outline import OutlinedTask, outline_of, outline_of_lines
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.jsontext import JsonObject, as_mapping
from smartspec.domain.workflow import DEFAULT_PACK
from smartspec.errors import Conflict, Invalid, Problem, WorkflowNotFound
from smartspec.store import versions, workspaces
from smartspec.value import frozen


@frozen
class ExaminedText:
    """What is wrong with a text, where its tasks stand, and the version that it would be saved as.

    `params` is the schema of its parameters; None where it takes none.
    """

    problems: tuple[Problem, ...]
    outline: tuple[OutlinedTask, ...]
    version: str
    params: JsonObject | None

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(each for each in self.problems if each.severity == "error")


@command
def check_definition(sources: Sequence[Source], workspace: str = DEFAULT) -> dict[str, tuple[Problem, ...]]:
    """The problems of each text by its name; texts checked together may use one another."""
    workspace_pk = workspaces.get(workspace).pk
    return {source.name: checked.problems for source, checked in check_all(sources, workspace_pk)}


def examine_text(ref: str, text: str, format: str = "yaml", workspace: str = DEFAULT) -> ExaminedText:
    """All that can be said of a text which a workflow is to get, whatever is wrong with it."""
    workflow = get_workflow(ref, workspace)
    checked = check_all([Source(workflow.ref, text, format)], workflow.workspace)[0][1]
    outline = outline_of(checked.root) if checked.root is not None else outline_of_lines(text)
    label = versions.next_label_of(workflow.pk, as_mapping(checked.tree))
    return ExaminedText(checked.problems, outline, label, checked.definition.params)


def check_all(sources: Sequence[Source], workspace_pk: WorkspacePk) -> list[tuple[Source, check.CheckResult]]:
    """Each text with what was found, in their order; they may use one another, and what is stored."""
    roots: dict[str, Node | check.CheckResult] = {}
    for source in sources:
        try:
            roots[source.name] = parse.parse(source.text, source.format)
        except Invalid as error:
            empty = check.CheckResult({}, model.read({}), error.problems)
            roots[source.name] = empty
    together = {
        definition.ref: definition
        for root in roots.values()
        if not isinstance(root, check.CheckResult) and (definition := model.read(values_of(root))).name
    }

    def lookup(ref: str) -> Definition | None:
        full = ref if "." in ref else f"{DEFAULT_PACK}.{ref}"
        return together.get(full) or stored_definition(ref, workspace_pk)

    def lockers() -> list[Definition]:
        """As they are to be, those that are checked together among them."""
        stored = {each.ref: each for each in map(model.read, versions.with_locks(workspace_pk))}
        return list({**stored, **together}.values())

    answers = []
    for source in sources:
        root = roots[source.name]
        answers.append((source, root if isinstance(root, check.CheckResult) else check.check(root, lookup, lockers)))
    return answers


def stored_definition(ref: str, workspace_pk: WorkspacePk) -> Definition | None:
    """What the current version of a stored workflow says."""
    try:
        found = find_workflow(ref, workspace_pk, deleted=False)
    except (WorkflowNotFound, Conflict):
        return None
    version = versions.current(found.pk)
    return model.read(version.definition) if version else None
