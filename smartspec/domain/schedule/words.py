"""What a schedule waits for, in words within a sentence."""

from __future__ import annotations

from datetime import tzinfo

from smartspec.domain.quantities import Kind, quantity
from smartspec.domain.schedule.cron import CronRule
from smartspec.domain.schedule.cron_words import cron_in_words
from smartspec.domain.schedule.due import moment_of
from smartspec.domain.schedule.events import (
    ApplicationStarted,
    ComputerWoke,
    Event,
    FileChange,
    FileEvent,
    NamedEvent,
    WorkflowEnd,
    WorkflowEvent,
)
from smartspec.domain.schedule.rule import EventRule, IntervalRule, ManualRule, OnceRule, Rule
from smartspec.formatting import format_date, format_weekday
from smartspec.messages import N_, Message, _

_FILE_CHANGES = {
    FileChange.CHANGED: N_("when {path} changes"),
    FileChange.APPEARED: N_("when {path} appears"),
    FileChange.QUIET: N_("when {path} has changed"),
}
_FILE_CHANGES_IN = {
    FileChange.CHANGED: N_("when a file changes in {path}"),
    FileChange.APPEARED: N_("when a file appears in {path}"),
    FileChange.QUIET: N_("when anything in {path} has changed"),
}
_NAMED_CHANGES = {
    FileChange.CHANGED: N_("when a file {pattern} changes in {path}"),
    FileChange.APPEARED: N_("when a file {pattern} appears in {path}"),
    FileChange.QUIET: N_("when any {pattern} in {path} has changed"),
}
_WORKFLOW_ENDS = {
    WorkflowEnd.COMPLETED: N_("when {ref} completes"),
    WorkflowEnd.FAILED: N_("when {ref} fails"),
    WorkflowEnd.RECOVERED: N_("when {ref} completes after a failure"),
}


def rule_in_words(rule: Rule, zone: tzinfo) -> Message:
    """“every weekday at 07:30”, “every 90 minutes”, “when default.backup fails”; times by the clock of the zone."""
    match rule:
        case CronRule():
            return cron_in_words(rule)
        case IntervalRule():
            return _interval(rule.every_ms)
        case OnceRule():
            local = moment_of(rule.at, zone).astimezone(zone)
            return _(
                "once, on {weekday} {date} at {time}",
                weekday=format_weekday(local), date=format_date(local), time=f"{local:%H:%M}",
            )  # fmt: skip
        case EventRule():
            return _event(rule.event)
        case ManualRule():
            return _("by hand")


def _interval(every_ms: int) -> Message:
    every = quantity(every_ms, Kind.DURATION)
    return (
        _("every {unit}", unit=every.word)
        if every.number == "1"
        else _("every {n} {unit}", n=every.number, unit=every.word)
    )


def _event(event: Event) -> Message:
    match event:
        case FileEvent():
            return _file(event)
        case WorkflowEvent():
            return _(_WORKFLOW_ENDS[event.end], ref=event.ref)
        case ApplicationStarted():
            return _("when SmartSpec starts")
        case ComputerWoke():
            return _("when the computer wakes")
        case NamedEvent():
            return _("on the event {name}", name=event.name)


def _file(event: FileEvent) -> Message:
    path = _("{path} or a folder in it", path=event.path) if event.recursive else event.path
    templates = _NAMED_CHANGES if event.pattern else _FILE_CHANGES_IN if event.recursive else _FILE_CHANGES
    said = _(templates[event.change], path=path, pattern=event.pattern)
    if not event.quiet_ms:
        return said
    return _(
        "{when} and has been quiet for {duration}", when=said, duration=quantity(event.quiet_ms, Kind.DURATION).words
    )
