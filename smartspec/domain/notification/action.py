"""What a person can do from a message on the desktop, without a window."""

from __future__ import annotations

from enum import StrEnum

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, Kind
from smartspec.messages import Message, _

_CAN_RERUN = frozenset({ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT})
_CAN_STOP = frozenset({ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED})


class MessageAction(StrEnum):
    """The words of the bus: they come back when it is chosen."""

    OPEN = "open"
    RERUN = "rerun"
    STOP = "stop"
    ALL_RIGHT = "all_right"
    QUIET = "quiet"


ACTION_WORDS: dict[MessageAction, Message] = {
    MessageAction.OPEN: _("Open"), MessageAction.RERUN: _("Re-run failed"), MessageAction.STOP: _("Stop"),
    MessageAction.ALL_RIGHT: _("It is all right"), MessageAction.QUIET: _("Quiet for 1 h"),
}  # fmt: skip


def actions_about(execution: Execution | None, *, is_alert: bool) -> tuple[MessageAction, ...]:
    """Of a message about an execution, as it is now; None: about many, or one that is gone. `is_alert`: that it runs so
    long is one that nobody has acknowledged.
    """
    if execution is None:
        return (MessageAction.QUIET,)
    if execution.status in _CAN_STOP:
        known = (MessageAction.ALL_RIGHT,) if is_alert else ()
        return (MessageAction.OPEN, MessageAction.STOP, *known)
    if execution.status in _CAN_RERUN:
        again = (MessageAction.RERUN,) if execution.kind is Kind.WORKFLOW else ()
        return (MessageAction.OPEN, *again, MessageAction.QUIET)
    return (MessageAction.OPEN,)
