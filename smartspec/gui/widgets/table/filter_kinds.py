"""What executions are narrowed by, besides their status: each a chip with a menu, declared once."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.domain.execution import Trigger
from smartspec.gui.style.status import trigger
from smartspec.messages import _, tr, translate
from smartspec.value import frozen

_TIMES = (
    (_("Today"), "today"), (_("Since yesterday"), "yesterday"), (_("Since Monday"), "mon"), (_("Last 7 days"), "7d"),
    (_("Last 30 days"), "30d"), (_("Last 365 days"), "365d"),
)  # fmt: skip
_DURATIONS = (
    (_("Longer than 10 s"), ">10s"), (_("Longer than 1 min"), ">1m"), (_("Longer than 10 min"), ">10m"),
    (_("Longer than 1 h"), ">1h"), (_("Shorter than 1 s"), "<1s"), (_("Shorter than 1 min"), "<1m"),
)  # fmt: skip
_MOST_CHOICES = 200


@frozen
class FilterKind:
    """`word` stands where nothing is chosen, `any_word` in the menu for that; `said` is a value as a person says it.

    Either `choices` answers words with their values, or `read` finds the values of a workspace (its slug).
    """

    word: str
    any_word: str
    icon: str
    said: Callable[[str], str]
    choices: Callable[[], list[tuple[str, str]]] | None = None
    read: Callable[[str], list[str]] | None = None


def _translated(choices: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(translate(word), value) for word, value in choices]


def _triggers() -> list[tuple[str, str]]:
    return [(f"{trigger(each.value)[0]} ({each.value})", each.value) for each in Trigger]


def _said_time(value: str) -> str:
    return next((translate(word) for word, known in _TIMES if known == value), tr("Since {value}", value=value))


def _said_duration(value: str) -> str:
    return next((translate(word) for word, known in _DURATIONS if known == value), value)


def _said_trigger(value: str) -> str:
    return trigger(value)[0] if value in {*Trigger} else value


def _workflow_names(workspace: str) -> list[str]:
    from smartspec.commands import workflows

    found = workflows.list_workflows(limit=_MOST_CHOICES, workspace=workspace).rows
    return sorted((each.name for each in found), key=str.lower)


def _user_names(workspace: str) -> list[str]:
    from smartspec.commands import sessions

    return [*sessions.list_users()]


def _session_ids(workspace: str) -> list[str]:
    from smartspec.commands import sessions

    return [each.id for each in sessions.list_sessions(workspace=workspace).rows]


KINDS = {
    "after": FilterKind(_("Any time"), _("Any time"), "calendar-blank", _said_time, lambda: _translated(_TIMES)),
    "workflow": FilterKind(_("Workflow"), _("Any workflow"), "tree-structure", str, read=_workflow_names),
    "trigger": FilterKind(_("Trigger"), _("Any trigger"), "lightning", _said_trigger, _triggers),
    "dur": FilterKind(
        _("Duration"), _("Any duration"), "timer", _said_duration, lambda: _translated(_DURATIONS)
    ),
    "user": FilterKind(_("User"), _("Any user"), "user", str, read=_user_names),
    "session": FilterKind(_("Session"), _("Any session"), "link", str, read=_session_ids),
}  # fmt: skip
"""By the full name of the filter in the language of searches."""
