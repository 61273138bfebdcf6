"""What a workflow says of its own alerts: how often it is to succeed, when it runs long, what is no alert."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict, Unpack

from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import times
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.alert.rules import SWITCHED, WorkflowRules
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.ranges import RANGES
from smartspec.errors import Invalid
from smartspec.messages import _, listed
from smartspec.store import workflow_rules
from smartspec.value import replace


class RuleOptions(TypedDict, total=False):
    """What is left out stays as it is; None is what the settings say. Times in milliseconds."""

    every_ms: int | None
    long_running_ms: int | None
    failure_percent: int | None
    off: Iterable[str]


@command
def get_alert_rules(ref: str, workspace: str = DEFAULT) -> WorkflowRules:
    """What a workflow says of its own alerts. Raises WorkflowNotFound."""
    return workflow_rules.get(get_workflow(ref, workspace).pk)


@command
def set_alert_rules(ref: str, workspace: str = DEFAULT, **options: Unpack[RuleOptions]) -> WorkflowRules:
    """Change them: how often it is to succeed, from when on an execution runs long, how many percent may fail, and the
    kinds of which it wants no alert. Raises Invalid, WorkflowNotFound.
    """
    workflow = get_workflow(ref, workspace).pk
    before = workflow_rules.get(workflow)
    wanted = _changed(before, options)
    if wanted != before:
        workflow_rules.write(workflow, wanted, user())
    return wanted


def state_rhythm(workflow: WorkflowPk, every_ms: int) -> None:
    """That it is to succeed so often, where that was not said before. Raises Invalid."""
    before = workflow_rules.get(workflow)
    wanted = _changed(before, {"every_ms": every_ms})
    if wanted != before:
        workflow_rules.write(workflow, wanted, user())


def _changed(before: WorkflowRules, options: RuleOptions) -> WorkflowRules:
    wanted = before
    if "every_ms" in options and options["every_ms"] != before.every_ms:
        every = options["every_ms"]
        _check(every, "alerts.every_ms", _("The rhythm in milliseconds"))
        wanted = replace(wanted, every_ms=every, stated_at=None if every is None else times.now())
    if "long_running_ms" in options:
        _check(options["long_running_ms"], "alerts.long_running_ms", _("The longest in milliseconds"))
        wanted = replace(wanted, long_running_ms=options["long_running_ms"])
    if "failure_percent" in options:
        _check(options["failure_percent"], "alerts.failure_rate_percent", _("The percentage of failures"))
        wanted = replace(wanted, failure_percent=options["failure_percent"])
    if "off" in options:
        wanted = replace(wanted, off=_kinds(options["off"]))
    return wanted


def _check(value: int | None, key: str, what: str) -> None:
    if value is not None:
        RANGES[key].check(value, what)


def _kinds(words: Iterable[str]) -> tuple[AlertKind, ...]:
    given = tuple(words)
    for each in given:
        if each not in SWITCHED:
            raise Invalid(
                _("A workflow can do without {known}, not without “{word}”.", known=listed(SWITCHED), word=each)
            )
    return tuple(each for each in SWITCHED if each in given)
