"""What an event says besides its kind: why a task ended as it did, what was asked for."""

from __future__ import annotations

from smartspec.domain import ping
from smartspec.domain.event import Event, EventType
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.reasons import error_in_text, headline, reason_in_text
from smartspec.messages import Message, _, translate

Ends = tuple[str, str | None, str | None]  # of an attempt the task, its error, its reason

_MESSAGES: dict[str, Message] = {
    "parent": _("with its parent"),
    "note": _("the note"),
    "pin": _("pinned, or no longer"),
    "now": _("at once, without its delay"),
}
_OF_ENDS = frozenset({
    EventType.TASK_FAILED, EventType.TASK_TIMEOUT, EventType.TASK_SKIPPED, EventType.TASK_CANCELLED,
})  # fmt: skip
_OF_THE_WHOLE = frozenset({
    EventType.EXECUTION_FAILED, EventType.EXECUTION_TIMEOUT, EventType.EXECUTION_CANCELLED,
})  # fmt: skip


def told(event: Event, execution: Execution, ended: Ends | None, me: str) -> str:
    """In one sentence; empty where the kind says all. `me` is who reads."""
    if event.type in (EventType.PING_SENT, EventType.PING_FAILED):
        return translate(ping.outcome_in_text(as_mapping(event.data)))
    if event.message:
        return translate(_MESSAGES.get(event.message, event.message))
    if event.type in _OF_THE_WHOLE and event.type.value == f"execution_{execution.status}":
        return translate(headline(execution, me))
    if event.type in _OF_ENDS and ended is not None:
        __, error, reason = ended
        if error:
            return translate(error_in_text(error))
        return translate(reason_in_text(reason, execution.triggered_by, me)) if reason else ""
    return ""
