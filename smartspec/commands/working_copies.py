"""Texts that are not ready, and the versions that are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.workflow_sources import Source
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain.definition import parse
from smartspec.domain.event import EventType
from smartspec.domain.ids import VersionPk
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.text import check_display_text, check_text
from smartspec.domain.version import LONGEST_CHANGE_LOG, Version, same_text
from smartspec.domain.workflow import Workflow, WorkingCopy
from smartspec.errors import Conflict, Invalid, NotFound, Problem
from smartspec.messages import _
from smartspec.store import database, versions, workflows, working_copies

if TYPE_CHECKING:
    from smartspec.domain.definition import check


def add_version(
    workflow: Workflow, source: Source, checked: check.CheckResult, change_log: str | None, **more: Any
) -> Version:
    """A checked text as the next version; description, category, tags and folder follow it, the name stays."""
    if change_log is not None:
        change_log = check_display_text(change_log, _("A change log"), LONGEST_CHANGE_LOG)
    definition = checked.definition
    with database.transaction():
        version = versions.add(
            workflow.pk, source.text, source.format, as_mapping(checked.tree), change_log=change_log, by=user(), **more
        )
        workflows.touch(workflow.pk)
        current = workflows.get(workflow.pk)
        fields: dict[str, Any] = {
            "description": definition.description,
            "category": definition.category,
            "tags": definition.tags,
            "folder": source.folder or current.folder,
            "file": source.file or current.file,
        }
        workflows.update(current, EventType.WORKFLOW_UPDATED, by=user(), **fields)
        working_copies.discard(workflow.pk)
    return version


@command
def get_working_copy(ref: str, workspace: str = DEFAULT) -> WorkingCopy | None:
    """The text of a workflow that is not ready; None where there is none."""
    return working_copies.of_workflow(get_workflow(ref, workspace).pk)


@command
def save_working_copy(ref: str, text: str, *, format: str = "yaml", workspace: str = DEFAULT) -> tuple[Problem, ...]:
    """Keep a text that may have errors; the answer is its problems. Raises Invalid above 1 MiB, or for a NUL in it."""
    from smartspec.commands.definitions import check_definition

    workflow = get_workflow(ref, workspace)
    copy = working_copies.of_workflow(workflow.pk)
    keep_working_copy(ref, text, copy.based_on if copy else workflow.current_version, format, workspace)
    return check_definition([Source(workflow.ref, text, format)], workspace)[workflow.ref]


def keep_working_copy(
    ref: str, text: str, based_on: VersionPk | None, format: str = "yaml", workspace: str = DEFAULT
) -> None:
    """As `save_working_copy`, unchecked; `based_on` is the version that it was opened from. Raises Invalid as that."""
    workflow = get_workflow(ref, workspace)
    if "\0" in text or len(text) > parse.MOST_BYTES:
        raise Invalid(_("A workflow is text of at most 1 MiB, without NUL bytes."))
    check_text(text, _("A workflow"), parse.MOST_BYTES)
    if (why := parse.wrong_format(format)) is not None:
        raise Invalid(why)
    working_copies.save(workflow.pk, text, format, based_on)


@command
def discard_working_copy(ref: str, workspace: str = DEFAULT) -> bool:
    """Forget the working copy of a workflow; False where there was none."""
    return working_copies.discard(get_workflow(ref, workspace).pk)


@command
def save_version(
    ref: str, text: str | None = None, *, change_log: str | None = None, based_on: VersionPk | None = None,
    workspace: str = DEFAULT,
) -> Version:  # fmt: skip
    """A text, by default the working copy, as the next version; the same text as the current one makes none.

    `based_on` is the key of the version it was edited from, 0 where there was none: Conflict when there is a newer
    one. Raises Invalid.
    """
    workflow = get_workflow(ref, workspace)
    copy = working_copies.of_workflow(workflow.pk)
    if text is None and copy is None:
        raise NotFound(_("“{name}” has no working copy to save.", name=workflow.name))
    current = versions.current(workflow.pk)
    if based_on is None and text is None and copy is not None:
        based_on = copy.based_on
    if based_on is not None and current is not None and based_on != current.pk:
        raise Conflict(
            _(
                "“{name}” has a newer version ({version}) than the one that was edited.",
                name=workflow.name,
                version=current.version,
            )
        )
    text = text if text is not None else copy.source if copy else ""
    format_ = copy.source_format if copy else current.source_format if current else "yaml"
    if current is not None and same_text(current.source, text):
        working_copies.discard(workflow.pk)
        return current
    source = Source(workflow.ref, text, format_, workflow.folder)
    from smartspec.commands.definitions import check_all  # templates and schemas, which reading a text does without

    checked = check_all([source], workflow.workspace)[0][1]
    if checked.errors:
        raise Invalid(
            _("The text of “{name}” has errors; it stays the working copy.", name=workflow.name), checked.errors
        )
    return add_version(workflow, source, checked, change_log)
