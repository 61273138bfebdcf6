"""What a run with parameters can choose from: the versions, the draft, and what was given to earlier executions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smartspec.commands import executions, versions, working_copies
from smartspec.commands.actor import user
from smartspec.commands.definitions import check_all
from smartspec.commands.workflow_sources import Source
from smartspec.domain.execution import Execution, Trigger
from smartspec.domain.jsontext import Json, JsonObject, as_mapping, as_text
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.version import Version, next_label, same_text
from smartspec.domain.workflow import Workflow
from smartspec.value import frozen

_MOST_VERSIONS = 50
_LOOKED_AT = 100  # executions, for the last five inputs
MOST_RUNS = 5


@frozen
class VersionChoice:
    """What can be run: a version, or the draft, which is saved first as `version`. With `errors` it cannot be."""

    version: str
    schema: JsonObject
    created_at: datetime
    is_draft: bool = False
    errors: int = 0


@frozen
class RunChoices:
    """`targets` begin with the newest version; the draft is last. `runs` are the newest with an input of their own,
    `last` the last one that this user ran by hand."""

    workflow: Workflow
    targets: tuple[VersionChoice, ...]
    runs: tuple[Execution, ...]
    last: Execution | None

    @property
    def draft(self) -> VersionChoice | None:
        return next((each for each in self.targets if each.is_draft), None)


def read_run_choices(workflow: Workflow, workspace: str) -> RunChoices:
    """Raises SmartSpecError where it cannot be read."""
    found = versions.list_versions(workflow.id, limit=_MOST_VERSIONS, workspace=workspace).rows
    targets = [VersionChoice(each.version, as_mapping(each.param_schema), each.created_at) for each in found]
    draft = _draft(workflow, found, workspace)
    rows = executions.list_executions(ExecutionFilter(workflow=workflow.pk), limit=_LOOKED_AT, workspace=workspace).rows
    by_hand = ExecutionFilter(workflow=workflow.pk, trigger=Trigger.MANUAL)
    mine = executions.list_executions(by_hand, limit=_LOOKED_AT, workspace=workspace).rows
    last = next((each for each in mine if each.triggered_by == user()), None)
    return RunChoices(workflow, (*targets, *([draft] if draft else [])), _distinct(rows), last)


def _draft(workflow: Workflow, found: Sequence[Version], workspace: str) -> VersionChoice | None:
    copy = working_copies.get_working_copy(workflow.id, workspace)
    if copy is None or (found and same_text(copy.source, found[0].source)):
        return None
    source = Source(workflow.ref, copy.source, copy.source_format, workflow.folder)
    checked = check_all([source], workflow.workspace)[0][1]
    label = next_label(as_text(as_mapping(checked.tree).get("version")), {each.version for each in found})
    return VersionChoice(label, as_mapping(checked.definition.params), copy.updated_at, True, len(checked.errors))


def _distinct(rows: Sequence[Execution]) -> tuple[Execution, ...]:
    """The newest of each input."""
    seen: list[Json] = []
    found: list[Execution] = []
    for each in rows:
        if each.input and each.input not in seen and len(found) < MOST_RUNS:
            seen.append(each.input)
            found.append(each)
    return tuple(found)
