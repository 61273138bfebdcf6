"""The states, and which may follow which (one table each)."""

from enum import StrEnum

from smartspec.errors import Invalid, InvalidTransition
from smartspec.messages import N_, _, listed
from smartspec.vocabulary import status_in_text


class ExecutionStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


class TaskStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


class WorkflowStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    INACTIVE = "inactive"
    ARCHIVED = "archived"


E, T, W = ExecutionStatus, TaskStatus, WorkflowStatus

FINAL = frozenset({E.COMPLETED, E.FAILED, E.TIMEOUT, E.CANCELLED})
ACTIVE = frozenset({E.PENDING, E.RUNNING, E.PAUSED, E.INTERRUPTED})
PROBLEM = frozenset({E.FAILED, E.TIMEOUT, E.INTERRUPTED})
TASK_PROBLEM = frozenset({T.FAILED, T.TIMEOUT, T.INTERRUPTED})


def counter_name(status: TaskStatus) -> str:
    """The word under which an execution counts a task that has ended so."""
    return T.FAILED.value if status in (T.TIMEOUT, T.INTERRUPTED) else status.value


EXECUTION_TRANSITIONS: dict[ExecutionStatus, frozenset[ExecutionStatus]] = {
    E.PENDING: frozenset({E.RUNNING, E.PAUSED, E.CANCELLED, E.FAILED}),
    E.RUNNING: frozenset({E.COMPLETED, E.FAILED, E.CANCELLED, E.TIMEOUT, E.PAUSED, E.INTERRUPTED}),
    E.PAUSED: frozenset({E.PENDING, E.CANCELLED}),
    E.INTERRUPTED: frozenset({E.PENDING, E.FAILED, E.CANCELLED}),
    E.COMPLETED: frozenset({E.PENDING}),  # re-run from a task; nothing else
    E.FAILED: frozenset({E.PENDING}),
    E.TIMEOUT: frozenset({E.PENDING}),
    E.CANCELLED: frozenset({E.PENDING}),
}

TASK_TRANSITIONS: dict[TaskStatus, frozenset[TaskStatus]] = {
    T.PENDING: frozenset({T.RUNNING, T.SKIPPED, T.CANCELLED, T.FAILED, T.COMPLETED}),
    T.RUNNING: frozenset({T.COMPLETED, T.FAILED, T.TIMEOUT, T.CANCELLED, T.INTERRUPTED}),
    **{
        final: frozenset[TaskStatus]()
        for final in (T.COMPLETED, T.FAILED, T.TIMEOUT, T.CANCELLED, T.SKIPPED, T.INTERRUPTED)
    },
}

WORKFLOW_TRANSITIONS: dict[WorkflowStatus, frozenset[WorkflowStatus]] = {
    W.DRAFT: frozenset({W.ACTIVE}),
    W.ACTIVE: frozenset({W.INACTIVE, W.ARCHIVED}),
    W.INACTIVE: frozenset({W.ACTIVE, W.ARCHIVED}),
    W.ARCHIVED: frozenset({W.INACTIVE}),
}

# The final words of other systems and what is stored for them, with the reason where the word alone loses something.
FOREIGN_STATUSES: dict[str, tuple[ExecutionStatus, str | None]] = {
    "stopped": (E.CANCELLED, None),
    "canceled": (E.CANCELLED, None),
    "aborted": (E.CANCELLED, None),
    "rejected": (E.CANCELLED, None),
    "succeeded": (E.COMPLETED, None),
    "success": (E.COMPLETED, None),
    "partially_succeeded": (E.COMPLETED, None),
    "failure": (E.FAILED, None),
    "timed_out": (E.TIMEOUT, None),
    "abandoned": (E.FAILED, "interrupted"),
}


# Their words for what has not ended.
FOREIGN_UNFINISHED = frozenset({
    "requested", "scheduling", "scheduled", "delayed", "queued", "not_started", "in_progress", "waiting", "pausing",
    "canceling", "cancelling", "resuming",
})  # fmt: skip


def execution_status(word: str) -> ExecutionStatus:
    """The status a word stands for, in ours or another system's vocabulary. Raises Invalid for any other."""
    word = word.strip().lower()
    if word in FOREIGN_STATUSES:
        return FOREIGN_STATUSES[word][0]
    try:
        return E(word)
    except ValueError:
        why = _("There is no status “{word}”: the statuses are {statuses}.", word=word, statuses=listed(E))
        raise Invalid(why) from None


def _refused(template: str, before: StrEnum, after: StrEnum) -> InvalidTransition:
    return InvalidTransition(_(template, before=status_in_text(before), after=status_in_text(after)))


def check_execution_transition(before: ExecutionStatus, after: ExecutionStatus) -> None:
    """Raises InvalidTransition where one cannot follow the other."""
    if after not in EXECUTION_TRANSITIONS[before]:
        raise _refused(N_("An execution that is {before} cannot become {after}."), before, after)


def check_task_transition(before: TaskStatus, after: TaskStatus) -> None:
    """Raises InvalidTransition where one cannot follow the other."""
    if after not in TASK_TRANSITIONS[before]:
        raise _refused(N_("A task that is {before} cannot become {after}."), before, after)


def check_workflow_transition(before: WorkflowStatus, after: WorkflowStatus) -> None:
    """Raises InvalidTransition where one cannot follow the other."""
    if after not in WORKFLOW_TRANSITIONS[before]:
        raise _refused(N_("A workflow that is {before} cannot become {after}."), before, after)
