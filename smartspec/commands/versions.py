"""What a user can do with versions."""

from __future__ import annotations

from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain.compare import diff
from smartspec.domain.compare.diff import Difference
from smartspec.domain.definition import parse
from smartspec.domain.definition.definition_hash import definition_hash
from smartspec.domain.definition.nodes import to_json
from smartspec.domain.event import Event
from smartspec.domain.ids import VersionPk
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.page import Page
from smartspec.domain.text import check_display_text
from smartspec.domain.version import LONGEST_CHANGE_LOG, Version, same_text
from smartspec.errors import Conflict, Invalid, VersionNotFound
from smartspec.messages import _
from smartspec.store import database, events, history, versions, workflows
from smartspec.value import frozen, replace


@frozen
class Comparison:
    """`lines` is a unified diff of the texts; `same_meaning`: the hashes are equal."""

    old: Version
    new: Version
    same_meaning: bool
    differences: tuple[Difference, ...]
    lines: str


@command
def list_versions(ref: str, *, after: str | None = None, limit: int = 200, workspace: str = DEFAULT) -> Page[Version]:
    """The versions of a workflow, newest first."""
    return versions.page(get_workflow(ref, workspace).pk, after, limit)


@command
def count_versions(ref: str, workspace: str = DEFAULT) -> int:
    """How many versions a workflow has."""
    return versions.count(get_workflow(ref, workspace).pk)


@command
def get_version(ref: str, version: str, workspace: str = DEFAULT) -> Version:
    """By label or number. Raises VersionNotFound."""
    return versions.find(get_workflow(ref, workspace).pk, version)


def get_version_by_key(pk: VersionPk) -> Version:
    """By its row key, as executions name it. Raises VersionNotFound."""
    return versions.get(pk)


@command
def latest_version(ref: str, workspace: str = DEFAULT) -> Version:
    """The current one. Raises VersionNotFound."""
    workflow = get_workflow(ref, workspace)
    found = versions.current(workflow.pk)
    if found is None:
        raise VersionNotFound(_("“{name}” has no version yet; import a workflow file for it.", name=workflow.name))
    return found


def version_results(ref: str, workspace: str = DEFAULT) -> dict[VersionPk, tuple[int, int]]:
    """How many of its executions completed, and how many ended, by the key of each version."""
    return history.results_by_version(get_workflow(ref, workspace).pk)


@command
def compare_versions(ref: str, old: str | None = None, new: str | None = None, workspace: str = DEFAULT) -> Comparison:
    """By default the current version against the one before it. Raises VersionNotFound."""
    workflow = get_workflow(ref, workspace)
    after = versions.find(workflow.pk, new) if new else latest_version(ref, workspace)
    if old is None and after.parent is None:
        raise VersionNotFound(
            _("Version {version} is the first; there is nothing before it to compare with.", version=after.version)
        )
    before = versions.find(workflow.pk, old) if old else versions.get(after.parent)
    return Comparison(
        before,
        after,
        before.definition_hash == after.definition_hash,
        tuple(diff.structure(before.definition, after.definition)),
        diff.lines(before.source, after.source, f"version {before.version}", f"version {after.version}"),
    )


def compare_text(ref: str, old: str, text: str, format: str = "yaml", workspace: str = DEFAULT) -> Comparison | None:
    """A text that is no version yet against one; None where it cannot be read."""
    before = get_version(ref, old, workspace)
    try:
        tree = as_mapping(to_json(parse.parse(text, format)))
    except Invalid:
        return None
    after = replace(before, source=text, definition=tree, definition_hash=definition_hash(tree))
    same = before.definition_hash == after.definition_hash
    return Comparison(before, after, same, tuple(diff.structure(before.definition, tree)), "")


@command
def rollback_version(ref: str, version: str, *, change_log: str | None = None, workspace: str = DEFAULT) -> Version:
    """Make an old text the current one again, as a new version. Raises Conflict where it is the current one."""
    workflow = get_workflow(ref, workspace)
    old = versions.find(workflow.pk, version)
    current = latest_version(ref, workspace)
    if same_text(old.source, current.source):
        raise Conflict(
            _(
                "The current version {version} has the text of {old_version} already.",
                version=current.version,
                old_version=old.version,
            )
        )
    log = check_display_text(change_log or f"Restored version {old.version}", _("A change log"), LONGEST_CHANGE_LOG)
    with database.transaction():
        made = versions.add(
            workflow.pk, old.source, old.source_format, old.definition,
            change_log=log, rolled_back_from=old.pk, by=user(),
        )  # fmt: skip
        workflows.touch(workflow.pk)
    return made


@command
def workflow_history(ref: str, *, after: str | None = None, limit: int = 200, workspace: str = DEFAULT) -> Page[Event]:
    """The audit trail of a workflow: versions, names, states, settings; oldest first."""
    return events.page(workflow=get_workflow(ref, workspace).pk, after=after, limit=limit)
