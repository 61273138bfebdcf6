"""What programs gave to find executions by: sessions, and names of users."""

from __future__ import annotations

from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.page import Page
from smartspec.domain.session_summary import SessionSummary
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.store import paging, sessions, workspaces

_MOST_USERS = 200


@command
def list_sessions(after: str | None = None, limit: int = 50, workspace: str = DEFAULT) -> Page[SessionSummary]:
    """The sessions of executions that are not in the trash, the last used first.

    A page may be shorter than asked for where a session has executions elsewhere only. Raises Invalid for a `limit`
    below 1 or above 1,000.
    """
    if not 1 <= limit <= 1_000:
        raise Invalid(_("A page holds 1 to 1,000 sessions."))
    begin = int(paging.cursor(after)[0]) if after is not None else 0
    found, more = sessions.newest(workspaces.get(workspace).pk, limit, begin)
    return Page(found, paging.next_key(begin + limit) if more else None)


@command
def list_users() -> tuple[str, ...]:
    """The names of users that executions were started with, the first 200 in their order."""
    return sessions.users(_MOST_USERS)
