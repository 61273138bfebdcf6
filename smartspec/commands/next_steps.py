"""What a person can do with an execution as it stands: every sentence that refuses something names it."""

from __future__ import annotations

from smartspec.commands import ownership
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, Kind, Request

E = ExecutionStatus
_VERBS = ("cancel", "give-up", "resume", "rerun", "again")


def describe(execution: Execution) -> str:
    """The commands that work from here, in a sentence."""
    name = execution.id[:18]
    verbs = {verb.replace("-", "_"): f"`smartspec {verb} {name}`" for verb in _VERBS}
    verbs["rerun_from"] = f"`smartspec rerun {name} --from TASK`"
    return _SENTENCES[_state(execution)].format(**verbs, host=ownership.host_of(execution))


def _state(execution: Execution) -> str:
    """The key of its sentence."""
    status = execution.status
    if status is E.RUNNING:
        is_cancelling = execution.requested is Request.CANCEL
        return "elsewhere" if ownership.is_elsewhere(execution) else "cancelling" if is_cancelling else "running"
    if execution.kind is not Kind.WORKFLOW and (status is E.INTERRUPTED or status in FINAL):
        return f"recorded, {'ended' if status in FINAL else status}"
    if status in FINAL and (status is E.COMPLETED or execution.status_reason == "output"):
        return "completed"
    return "failed" if status in FINAL else status.value


_SENTENCES = {
    "pending": "{cancel} takes it out of the queue.",
    "running": "{cancel} ends it.",
    "cancelling": "It is being cancelled; {cancel} once more ends its handlers, {give_up} ends it without its runner.",
    "elsewhere": "It runs on {host}: {cancel} asks for its end there; where {host} is gone, {give_up} ends it here.",
    "paused": "{resume} goes on with it, {cancel} ends it.",
    "interrupted": "{resume} goes on with it, {give_up} ends it as failed.",
    "recorded, interrupted": "{give_up} ends it as failed.",
    "recorded, ended": "It has ended.",
    "failed": "{rerun} runs again what failed, {again} all of it.",
    "completed": "{again} runs it anew, {rerun_from} a part of it.",
}
