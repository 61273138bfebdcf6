"""What a person can do with an execution as it stands: every sentence that refuses something names it."""

from __future__ import annotations

from smartspec.commands import ownership
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, Kind, Request
from smartspec.messages import N_, Message, _

E = ExecutionStatus
_VERBS = ("cancel", "give-up", "resume", "rerun", "again")


def describe(execution: Execution) -> Message:
    """The commands that work from here, in a sentence."""
    name = execution.id[:18]
    verbs = {verb.replace("-", "_"): f"`smartspec {verb} {name}`" for verb in _VERBS}
    verbs["rerun_from"] = f"`smartspec rerun {name} --from TASK`"
    return _(_SENTENCES[_state(execution)], **verbs, host=ownership.host_of(execution))


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
    "pending": N_("{cancel} takes it out of the queue."),
    "running": N_("{cancel} ends it."),
    "cancelling": N_(
        "It is being cancelled; {cancel} once more ends its handlers, {give_up} ends it without its runner."
    ),
    "elsewhere": N_(
        "It runs on {host}: {cancel} asks for its end there; where {host} is gone, {give_up} ends it here."
    ),
    "paused": N_("{resume} goes on with it, {cancel} ends it."),
    "interrupted": N_("{resume} goes on with it, {give_up} ends it as failed."),
    "recorded, interrupted": N_("{give_up} ends it as failed."),
    "recorded, ended": N_("It has ended."),
    "failed": N_("{rerun} runs again what failed, {again} all of it."),
    "completed": N_("{again} runs it anew, {rerun_from} a part of it."),
}
