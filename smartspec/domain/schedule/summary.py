"""A schedule as a list shows it: of what workflow, and how the executions went that it started."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain.execution import Execution
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.messages import Message
from smartspec.value import frozen


@frozen
class FiringEntry:
    """A line of a schedule's ledger; `execution` is what ran for it, None where nothing did, or it was purged. `what`
    is the file, the execution or the data of an event, empty for a due time."""

    firing: StoredFiring
    execution: Execution | None
    what: str = ""


@frozen
class ScheduleSummary:
    """`when` is its rule in words, `version` the label of the pinned one, else empty. `last` are the newest executions
    that it started, the oldest first: status and duration in milliseconds. `newest` is the last line of its ledger,
    where it was asked for. `unseen` is why it does not see the files that it waits for, None where it does.
    """

    schedule: Schedule
    when: Message
    version: str
    workflow_id: str
    workflow_name: str
    last: tuple[tuple[str, int | None], ...]
    newest: FiringEntry | None = None
    unseen: Message | None = None


@frozen
class DueMark:
    """A due time on an axis of time. `decision` is None of one that is still to come; `status` is that of what ran,
    empty where nothing did. `until` is the last of several that were passed over in a row.
    """

    at: datetime
    decision: Decision | None = None
    status: str = ""
    until: datetime | None = None
