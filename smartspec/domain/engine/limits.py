"""Which execution may start beside those that run, what it waits for, and when waiting would never end."""

from collections.abc import Iterable, Mapping, Sequence

from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.messages import _, _n, clauses
from smartspec.value import frozen

DEADLOCK = "start: deadlock"  # the reason of the one that had to give way


@frozen
class Claimant:
    """An execution and the limits that it is under: `uses` are locks, one execution (and its children) holds each."""

    pk: ExecutionPk
    number: int
    workflow: WorkflowPk | None
    workflow_name: str
    parent: ExecutionPk | None = None
    uses: frozenset[str] = frozenset()
    max_running: int | None = None

    @property
    def label(self) -> str:
        return f"{self.workflow_name} #{self.number}"


@frozen
class Obstacle:
    """What stands in the way, in words: so many of these executions have to end first.

    It is a lock of that name, else how many of the workflow may run at once.
    """

    words: str
    holders: frozenset[ExecutionPk]
    ends_needed: int = 1
    lock: str = ""


def all_at_once(running: Sequence[Claimant], at_once: int) -> str | None:
    """Why nothing may start but sub-workflows: these count in no such limit, or a waiting parent locked them out."""
    if sum(each.parent is None for each in running) >= at_once:
        return _n(
            "{n} execution runs already, the most at once (setting runner.at_once)",
            "{n} executions run already, the most at once (setting runner.at_once)",
            at_once,
        )
    return None


def obstacles(claimant: Claimant, running: Sequence[Claimant]) -> list[Obstacle]:
    """What holds it up. What an ancestor holds counts as its own."""
    family = _ancestors(claimant, running)
    others = [each for each in running if each.pk not in family]
    found = [*_same_workflow(claimant, running, family, others)]
    held = frozenset[str]().union(*(each.uses for each in running if each.pk in family))
    locked = [(each, sorted((claimant.uses - held) & each.uses)) for each in others]
    for each, wanted in locked:
        if wanted:
            words = _("{workflow} uses {lock}", workflow=each.workflow_name, lock=wanted[0])
            found.append(Obstacle(words, frozenset({each.pk}), lock=wanted[0]))
    return found


def _same_workflow(
    claimant: Claimant, running: Sequence[Claimant], family: set[ExecutionPk], others: Sequence[Claimant]
) -> Iterable[Obstacle]:
    limit = claimant.max_running
    same = frozenset(each.pk for each in others if each.workflow == claimant.workflow)
    is_inside_own = any(each.workflow == claimant.workflow for each in running if each.pk in family)
    if limit is not None and len(same) >= limit and not is_inside_own:
        words = _("{workflow} runs already (max_running {limit})", workflow=claimant.workflow_name, limit=limit)
        yield Obstacle(words, same, len(same) - limit + 1)


def _ancestors(claimant: Claimant, running: Sequence[Claimant]) -> set[ExecutionPk]:
    by_pk = {each.pk: each for each in running}
    family: set[ExecutionPk] = set()
    parent = claimant.parent
    while parent is not None and parent in by_pk:
        family.add(parent)
        parent = by_pk[parent].parent
    return family


def deadlock(child: Claimant, running: Sequence[Claimant], waiting: Sequence[Claimant]) -> str | None:
    """Why a child must not wait: it is the youngest of some that wait for each other, which the sentence names.

    `waiting` are the children of what runs that have not begun, `child` among them. What runs ends when its children
    have; what waits begins when enough of those that hold it up have ended. Who can never end so is stuck.
    """
    graph = _WaitGraph(running, waiting)
    stuck = graph.stuck()
    if child.pk not in stuck:
        return None
    cycle = graph.shortest_cycle(child.pk, stuck)
    waits = [each for each in cycle if each in graph.obstacles]
    if not cycle or max(waits) != child.pk:
        return None
    return clauses(graph.words(pk, stuck) for pk in waits)


class _WaitGraph:
    """Who waits for whom."""

    def __init__(self, running: Sequence[Claimant], waiting: Sequence[Claimant]) -> None:
        self.by_pk = {each.pk: each for each in (*running, *waiting)}
        self.obstacles = {each.pk: obstacles(each, running) for each in waiting}
        self._children: dict[ExecutionPk, list[ExecutionPk]] = {}
        for each in self.by_pk.values():
            if each.parent is not None:
                self._children.setdefault(each.parent, []).append(each.pk)

    def stuck(self) -> set[ExecutionPk]:
        """Those that cannot end, whatever else happens."""
        left = set(self.by_pk)
        while ending := {pk for pk in left if self._can_end(pk, left)}:
            left -= ending
        return left

    def _can_end(self, pk: ExecutionPk, stuck: set[ExecutionPk]) -> bool:
        found = self.obstacles.get(pk, ())
        holds_up = any(len(each.holders - stuck) < each.ends_needed for each in found)
        return not holds_up and stuck.isdisjoint(self._children.get(pk, ()))

    def _next(self, pk: ExecutionPk, stuck: set[ExecutionPk]) -> set[ExecutionPk]:
        holders = [each.holders for each in self.obstacles.get(pk, ())]
        return stuck & set[ExecutionPk](self._children.get(pk, ())).union(*holders)

    def shortest_cycle(self, start: ExecutionPk, stuck: set[ExecutionPk]) -> list[ExecutionPk]:
        """The shortest path from one that waits back to itself; empty where it only waits for others that do."""
        came_from: dict[ExecutionPk, ExecutionPk] = {}
        level = [start]
        while level:
            following = []
            for pk in level:
                for each in sorted(self._next(pk, stuck) - came_from.keys()):
                    came_from[each] = pk
                    following.append(each)
            if start in came_from:
                return self._path(start, came_from)
            level = following
        return []

    @staticmethod
    def _path(start: ExecutionPk, came_from: Mapping[ExecutionPk, ExecutionPk]) -> list[ExecutionPk]:
        cycle, each = [start], came_from[start]
        while each != start:
            cycle.append(each)
            each = came_from[each]
        return cycle[:1] + cycle[:0:-1]

    def words(self, pk: ExecutionPk, stuck: set[ExecutionPk]) -> str:
        claimant = self.by_pk[pk]
        parent = None if claimant.parent is None else self.by_pk.get(claimant.parent)
        why = next(each.words for each in self.obstacles[pk] if each.holders & stuck)
        if parent is None:
            return _("{execution} waits, because {why}", execution=claimant.label, why=why)
        return _("{execution} in {parent} waits, because {why}", execution=claimant.label, parent=parent.label, why=why)
