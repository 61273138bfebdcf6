"""What was written, told to whoever shows it.

Changes are published after their transaction commits, on the thread that
committed. A listener must return at once; the window forwards to its own thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from typing import ClassVar, Generic, Literal, TypeVar, cast

from smartspec.domain.ids import AlertPk, ExecutionPk, SchedulePk, WorkflowPk
from smartspec.value import frozen

Key = TypeVar("Key", bound=int)
NoRow = Literal[0]  # for a key, where none is told


class Topic:
    """What a change is of. Each topic says whose keys its changes carry."""

    WORKSPACES: ClassVar[KeyedTopic[NoRow]]
    WORKFLOWS: ClassVar[KeyedTopic[WorkflowPk]]
    VERSIONS: ClassVar[KeyedTopic[WorkflowPk]]
    CONFIGS: ClassVar[KeyedTopic[WorkflowPk]]
    EXECUTIONS: ClassVar[KeyedTopic[ExecutionPk]]
    TASKS: ClassVar[KeyedTopic[ExecutionPk]]
    SCHEDULES: ClassVar[KeyedTopic[SchedulePk]]
    ALERTS: ClassVar[KeyedTopic[AlertPk]]
    SETTINGS: ClassVar[KeyedTopic[NoRow]]
    DATABASE: ClassVar[KeyedTopic[NoRow]]

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Topic.{self.name}"


class KeyedTopic(Topic, Generic[Key]):
    """A topic whose changes carry keys of this type."""

    __slots__ = ()


for _name in Topic.__annotations__:
    setattr(Topic, _name, KeyedTopic(_name))


@frozen
class Change:
    """`ids` are keys of rows, of the table that the topic says."""

    topic: Topic
    ids: frozenset[int]


def change_of(topic: KeyedTopic[Key], *pks: Key) -> Change:
    """A change of a topic, with keys of its type."""
    return Change(topic, frozenset(pks))


class ChangeSet:
    """Changes by topic, and their keys by the type that a topic carries."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._ids: dict[Topic, frozenset[int]] = {}
        for change in changes:
            self._ids[change.topic] = self._ids.get(change.topic, frozenset()) | change.ids

    @property
    def topics(self) -> Set[Topic]:
        return self._ids.keys()

    def __iter__(self) -> Iterator[Change]:
        """One for each topic."""
        return (Change(topic, ids) for topic, ids in self._ids.items())

    def ids_of(self, topic: KeyedTopic[Key]) -> frozenset[Key]:
        """The keys of a topic; none, where nothing of it was written."""
        return cast("frozenset[Key]", self._ids.get(topic, frozenset()))


Listener = Callable[[Change], None]
_listeners: list[Listener] = []


def subscribe(listener: Listener) -> Callable[[], None]:
    """Call listener for every change; return the function that stops it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def publish(changes: Iterable[Change]) -> None:
    """Tell every listener, on this thread; after the commit, so that who reads then sees what was written."""
    for change in changes:
        for listener in tuple(_listeners):  # one may stop listening, or begin, while it is told
            listener(change)
