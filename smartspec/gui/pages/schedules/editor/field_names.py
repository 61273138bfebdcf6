"""What the fields of a draft are called in sentences."""

from __future__ import annotations

from smartspec.messages import Message, _

_WORDS = {
    "name": _("Name"), "is_active": _("Active"), "version": _("Version"), "expression": _("When"),
    "timezone": _("Zone"), "start": _("Start"), "end": _("End"), "jitter": _("Jitter"), "misfire": _("If missed"),
    "catch_up_cap": _("The most that is caught up"), "overlap": _("If still running"),
    "events_per_hour": _("At most an hour"),
    "blackouts": _("Except on"), "calendars": _("Calendars"), "conditions": _("Only when"),
    "variables": _("Variables"), "folder": _("Folder"), "input": _("Input"), "workflow": _("Workflow"),
}  # fmt: skip


def field_word(field: str) -> Message:
    """Its label in the form."""
    return _WORDS[field]
