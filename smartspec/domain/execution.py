"""An execution: one run of one version, and what may be asked of it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.ids import (
    EnvironmentPk,
    ExecutionPk,
    RunnerPk,
    SchedulePk,
    TaskExecutionPk,
    ToolPk,
    VersionPk,
    WorkflowPk,
    WorkspacePk,
)
from smartspec.domain.jsontext import Json, JsonObject, as_mapping
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import check_display_text
from smartspec.errors import Invalid
from smartspec.messages import _, listed
from smartspec.value import frozen


class Trigger(StrEnum):
    MANUAL = "manual"
    CRON = "cron"
    INTERVAL = "interval"
    ONCE = "once"
    EVENT = "event"
    CATCHUP = "catchup"
    REPLAY = "replay"
    SUB_WORKFLOW = "sub_workflow"
    CLI = "cli"
    API = "api"
    EXTERNAL = "external"


def unknown_trigger(word: str) -> Invalid:
    """The error for a word that is none of them."""
    return Invalid(_("There is no trigger “{word}”: the triggers are {triggers}.", word=word, triggers=listed(Trigger)))


class Kind(StrEnum):
    WORKFLOW = "workflow"
    TOOL = "tool"
    COMMAND = "command"
    EXTERNAL = "external"


class Request(StrEnum):
    PAUSE = "pause"
    CANCEL = "cancel"


class FixedWorkflow(TypedDict):
    """A sub-workflow as it was when an execution was planned: its settings hold secrets as references."""

    version: VersionPk
    config: JsonObject


class Resolved(TypedDict, total=False):
    """The limits that a claim looks at, and the workflows that can be reached, by the ref they are called by."""

    uses: list[str]
    max_running: int
    workflows: Mapping[str, FixedWorkflow]


@frozen
class Execution:
    """`version` is the row key, `workflow_version` the label; `resolved` what was fixed when it was planned.

    `folder` is where its tasks run, `interpreter` what runs `python:`; `warned` counts attempts with warnings.
    `running_ms` is the running time of the execution's last attempt, pauses left out; `duration_ms` is that at its end.
    """

    pk: ExecutionPk
    id: str
    workspace: WorkspacePk
    workflow: WorkflowPk | None
    workflow_name: str
    version: VersionPk | None
    workflow_version: str | None
    kind: Kind
    number: int
    status: ExecutionStatus
    status_reason: str | None
    requested: Request | None
    outcome: ExecutionStatus | None
    attempt: int
    priority: int
    trigger: Trigger
    triggered_by: str | None
    schedule: SchedulePk | None
    scheduled_for: datetime | None
    session_id: str | None
    user_name: str | None
    correlation_id: str | None
    parent: ExecutionPk | None
    replay_of: ExecutionPk | None
    input: Json
    output: Json
    variables: JsonObject | None
    config_snapshot: JsonObject | None
    resolved: Resolved | None
    running_ms: int
    environment: EnvironmentPk | None
    folder: str | None
    interpreter: str | None
    free_disk_bytes: int | None
    warned: int
    error: str | None
    paused_at: datetime | None
    pause_reason: str | None
    note: str | None
    pinned: bool
    runner: RunnerPk | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    deleted_at: datetime | None
    duration_ms: int | None
    tasks_total: int
    tasks_completed: int
    tasks_failed: int
    tasks_tolerated: int
    tasks_skipped: int
    tasks_cancelled: int

    @property
    def label(self) -> str:
        """How a person says it: backup #42."""
        return f"{self.workflow_name} #{self.number}"

    @property
    def begun_from(self) -> dict[int, str]:
        """The task that an attempt of it was a re-run from, by the attempt."""
        return {int(attempt): str(task) for attempt, task in as_mapping((self.variables or {}).get("from")).items()}


@frozen
class TaskExecution:
    """One attempt of one task for one item. `round` is the execution's attempt; `attempt` counts on across rounds."""

    pk: TaskExecutionPk
    execution: ExecutionPk
    task: str
    task_type: str
    tool: ToolPk | None
    item_index: int
    batch: int | None
    item: Json
    round: int
    attempt: int
    position: int
    dependencies: Sequence[str] | None
    status: TaskStatus
    status_reason: str | None
    tolerated: bool
    input: JsonObject | None
    output: Json
    result: JsonObject | None
    error: str | None
    exit_code: int | None
    max_retries: int
    next_retry_at: datetime | None
    timeout_ms: int | None
    child_execution: ExecutionPk | None
    pid: int | None
    process_start: int | None
    scheduled_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    duration_ms: int | None
    cpu_ms: int | None
    peak_memory_bytes: int | None
    log_path: str | None
    log_bytes: int
    log_truncated: bool
    log_sha256: str | None
    log_offset: int | None
    excerpt: str | None
    warnings: Sequence[JsonObject] | None

    @property
    def label(self) -> str:
        """The task, and which of its items: upload[3]."""
        return f"{self.task}[{self.item_index}]" if self.item is not None or self.item_index else self.task


_WORDS = {
    "triggered_by": _("The triggered by"), "session_id": _("The session id"), "user_name": _("The user name"),
    "correlation_id": _("The correlation id"),
}  # fmt: skip
_PRIORITY = _("The priority")


@frozen
class Origin:
    """Why an execution starts, and what it is to be known by."""

    trigger: Trigger = Trigger.API
    triggered_by: str | None = None
    session_id: str | None = None
    user_name: str | None = None
    correlation_id: str | None = None
    priority: int | None = None
    parent: ExecutionPk | None = None
    replay_of: ExecutionPk | None = None
    runner: RunnerPk | None = None  # who alone may claim it
    schedule: SchedulePk | None = None
    scheduled_for: datetime | None = None
    zone: str | None = None  # whose date `today` is, where it is not the machine's

    def check(self) -> None:
        """Raises Invalid for a text that cannot be shown or is too long, and a priority out of its range."""
        for name, what in _WORDS.items():
            if (text := getattr(self, name)) is not None:
                check_display_text(text, what, 500)
        if self.priority is not None:
            RANGES["priority"].check(self.priority, _PRIORITY)


def check_note(note: str | None) -> str | None:
    """The note; an empty one is none. Raises Invalid for a text that cannot be shown, or of over 10,000 characters."""
    return check_display_text(note, _("A note"), 10_000) if note else None


def file_stem(name: str) -> str:
    """What stands for a name on a disk: names may be long, of any script, or differ only in the case of letters."""
    return hashlib.blake2s(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
