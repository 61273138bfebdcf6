"""What was written, told to whoever shows it.

Changes are published after their transaction commits, on the thread that
committed. A listener must return at once; the window forwards to its own thread.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum

from smartspec.value import frozen


class Topic(StrEnum):
    WORKSPACES = "workspaces"
    WORKFLOWS = "workflows"
    VERSIONS = "versions"
    CONFIGS = "configs"
    EXECUTIONS = "executions"
    TASKS = "tasks"
    SETTINGS = "settings"
    DATABASE = "database"


@frozen
class Change:
    """`ids` are the integer keys of the rows."""

    topic: Topic
    ids: frozenset[int]


Listener = Callable[[Change], None]
_listeners: list[Listener] = []


def subscribe(listener: Listener) -> Callable[[], None]:
    """Call listener for every change; return the function that stops it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def publish(changes: Iterable[Change]) -> None:
    for change in changes:
        for listener in tuple(_listeners):
            listener(change)
