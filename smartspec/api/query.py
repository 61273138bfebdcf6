"""Looking back: the executions that are like this, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.commands import database, workflows
from smartspec.commands import executions as verbs
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import Json


def executions(
    ref: str | None = None, *, query: str = "", workspace: str = "default", **wanted: Json
) -> Iterator[Execution]:
    """Every execution that is like this, newest first, read page by page as they are taken.

    `query` is what `smartspec history` takes; the keywords are its keys: status, trigger, user, session, correlation,
    after, before, dur, tag, pinned. Raises Invalid, WorkflowNotFound.

    >>> [each.label for each in smartspec.executions(query="status:completed wf:train dur:<1h")]
    ['train #1']
    >>> sum(1 for _ in smartspec.executions(status="failed", after="7d"))
    0
    """
    database.open_default_database()
    keys = {key: _text(value) for key, value in wanted.items() if value is not None}
    if ref is not None:
        keys["workflow"] = workflows.get_workflow(ref, workspace).id
    asked = verbs.read_query(query, workspace, keys)
    after: str | None = None
    while True:
        page = verbs.list_executions(asked, after=after, limit=200, workspace=workspace)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def _text(value: Json) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
