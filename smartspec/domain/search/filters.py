"""What a list is asked for: every field narrows it further."""

from datetime import datetime

from smartspec.domain.engine.states import ExecutionStatus, WorkflowStatus
from smartspec.domain.ids import ExecutionPk, WorkflowPk, WorkspacePk
from smartspec.value import frozen


@frozen(kw_only=True)
class WorkflowFilter:
    """`name`, and each of `words`, matches a part of the name or ref, with `or_tag` also of a tag, letter case aside.

    `tags` are all required.
    """

    workspace: WorkspacePk | None = None
    name: str | None = None
    words: tuple[str, ...] = ()
    or_tag: bool = False
    pack: str | None = None
    status: frozenset[WorkflowStatus] = frozenset()
    category: str | None = None
    tags: frozenset[str] = frozenset()
    created_by: str | None = None
    deleted: bool = False


@frozen(kw_only=True)
class ExecutionFilter:
    """Times are half open: from `since`, before `until`, on created_at. Durations are milliseconds, both ends in.

    Of the `words` each is the beginning of a word that occurs, letter case and accents aside; `phrases` occur as they
    stand. Both are looked for in what the full-text index holds.
    """

    workspace: WorkspacePk | None = None
    workflow: WorkflowPk | None = None
    status: frozenset[ExecutionStatus] = frozenset()
    trigger: str | None = None
    user_name: str | None = None
    session_id: str | None = None
    correlation_id: str | None = None
    schedule: int | None = None
    parent: ExecutionPk | None = None
    since: datetime | None = None
    until: datetime | None = None
    longer_ms: int | None = None
    shorter_ms: int | None = None
    tag: str | None = None
    pinned: bool | None = None
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    deleted: bool = False
