"""The saved input of a schedule: its templates, and whether it fits the workflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smartspec.commands import secrets
from smartspec.commands.execution_plan import check_input, local
from smartspec.domain import config
from smartspec.domain.definition import model
from smartspec.domain.definition.render import render
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.ids import VersionPk
from smartspec.domain.jsontext import Json, as_mapping, strings
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid
from smartspec.messages import _
from smartspec.store import configs, versions


def version_of(workflow: Workflow, pinned: VersionPk | None) -> Version:
    """The one that a schedule runs: the pinned one, else the current one. Raises Conflict where there is nothing."""
    chosen = versions.get(pinned) if pinned is not None else versions.current(workflow.pk)
    if chosen is None or not chosen.definition.get("tasks"):
        raise Conflict(_("“{name}” has no tasks to run; import a workflow file for it.", name=workflow.name))
    return chosen


def render_input(
    given: Json, due: datetime, zone: str | None, name: str, event: Mapping[str, Json] | None = None
) -> dict[str, Json]:
    """With its templates worked out, which may name `schedule.due_at`, `schedule.name` and `event`. Raises Invalid."""
    names = {"schedule": {"due_at": local(due, zone).isoformat(), "name": name}, "event": event or {}}
    try:
        return dict(as_mapping(render(given, names)))
    except TemplateError as error:
        if event and "shown" in event and "path" not in event:
            raise Invalid(
                _("The name of {file} is not UTF-8, so no input can hold its path.", file=event["shown"])
            ) from error
        raise Invalid(_("The input cannot be worked out: {why}", why=error)) from error


def names_event(schedule: Schedule) -> bool:
    """Whether its input may depend on what happened."""
    return any("event" in text and "{{" in text for text in strings(schedule.input))


def check(workflow: Workflow, schedule: Schedule, due: datetime) -> None:
    """Whether the input would be taken now. Settings that are missing are no matter of it. Raises Invalid, Conflict."""
    version = version_of(workflow, schedule.version)
    definition = model.read_stored(version.definition)
    saved = {each.key: each for each in configs.of_workflow(workflow.pk)}
    found = secrets.references(workflow, config.secret_keys(definition.config))
    settings = config.effective_settings(definition.config, saved, found)
    values = {each.key: each.value for each in settings if each.problem is None}
    if schedule.trigger_type is TriggerType.EVENT and names_event(schedule):
        return  # it is not known before there is one
    given = render_input(schedule.input or {}, due, schedule.timezone, schedule.name)
    check_input(workflow, version, definition, given, values, local(due, schedule.timezone))
