"""What a task graph is drawn from: cards in their places, the lines between them, and the way that matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smartspec.value import field, frozen

GAP_X, GAP_Y = 30, 26
FAILURE, SIDE, NEEDS = "failure", "side", "needs"


@frozen
class NodeSize:
    """In logical pixels."""

    width: float
    height: float


PLAIN, WITH_FOOT = NodeSize(160, 44), NodeSize(158, 48)


@frozen
class Node:
    """A task as a card. `status` is None where it has none yet; `since` is when what runs began.

    `pieces` are the attempts or items of its foot, each a status and its share; `caption` stands below it, and
    `is_loud` says that it tells of a failure. `share` is how long it took, of the longest (from 0 to 1).
    """

    name: str
    icon: str
    second: str
    status: str | None
    has_items: bool
    x: float
    y: float
    since: datetime | None = None
    pieces: tuple[tuple[str, float], ...] = ()
    caption: str = ""
    is_loud: bool = False
    is_kept: bool = False
    share: float = 0

    @property
    def title(self) -> str:
        return self.name.removeprefix("handlers.")


@frozen
class Edge:
    """`kind` is needs, side (of a condition) or failure. It leaves downwards where `is_below`."""

    start: str
    end: str
    kind: str = NEEDS
    is_below: bool = False


@frozen
class Drawing:
    """`path` are the tasks of the way that matters, and `path_edges` its lines; `lines` say the same in words, for who
    cannot see it. `roots` are where it begins.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    size: NodeSize = PLAIN
    width: float = 0
    height: float = 0
    lines: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    path: frozenset[str] = frozenset()
    path_edges: frozenset[tuple[str, str]] = frozenset()
    is_failure: bool = False
