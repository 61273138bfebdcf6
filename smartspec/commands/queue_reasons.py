"""Why an execution that is queued has not begun: what the next claim would say of it, with who stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from smartspec.domain.activity import Cause, Holder
from smartspec.domain.engine import limits
from smartspec.domain.engine.limits import Claimant, Obstacle
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk
from smartspec.messages import _, _n
from smartspec.store import claims, executions
from smartspec.value import frozen

AT_ONCE = "runner.at_once"


@frozen
class QueueReason:
    """`words` name the `holder` where there is one; `setting` is the key of the one that holds it up."""

    cause: Cause
    words: str
    holder: Holder | None = None
    setting: str = ""


class QueueReasons:
    """Asked in the order of the queue. `running` is what holds locks and places, `has_runner` whether one lives."""

    def __init__(self, running: Sequence[Claimant], at_once: int, *, has_runner: bool) -> None:
        self.running = running
        self.used = sum(each.parent is None for each in running)
        self._at_once, self._has_runner = at_once, has_runner
        self._by_pk = {each.pk: each for each in running}
        self._before = 0  # of those that nothing but a place holds up

    def of(self, execution: Execution) -> QueueReason:
        claimant = claims.claimant_of(execution)
        is_child = execution.parent is not None and execution.outcome is None
        found = limits.obstacles(claimant, self.running)
        if found:
            return _held(found[0], self._by_pk, execution)
        if is_child:
            parent = _holder(executions.get(execution.parent)) if execution.parent is not None else None
            name = parent.label if parent else ""
            return QueueReason(Cause.QUEUE, _("the runner of {execution} takes it", execution=name), parent)
        before, self._before = self._before, self._before + 1
        if self.used >= self._at_once:
            return QueueReason(Cause.AT_ONCE, _full(self._at_once, before), setting=AT_ONCE)
        if execution.runner is not None:
            return QueueReason(Cause.QUEUE, _("the terminal that asked for it runs it"))
        if not self._has_runner:
            return QueueReason(Cause.NO_RUNNER, _("there is no runner"))
        return QueueReason(Cause.QUEUE, _next(before))


def _next(before: int) -> str:
    return _n("{n} is before it", "{n} are before it", before) if before else _("a runner takes it next")


def _full(at_once: int, before: int) -> str:
    place = _next(before) if before else _("it is next")
    return _n(
        "{n} execution runs, the most at once; {place}", "{n} executions run, the most at once; {place}", at_once,
        place=place,
    )  # fmt: skip


def _held(obstacle: Obstacle, running: Mapping[ExecutionPk, Claimant], execution: Execution) -> QueueReason:
    holder = _named(sorted(obstacle.holders), running)
    name = holder.label if holder else ""
    if obstacle.lock:
        return QueueReason(Cause.LOCK, _("{holder} holds the lock {lock}", lock=obstacle.lock, holder=name), holder)
    limit = (execution.resolved or {}).get("max_running") or 1
    words = _n("{holder} runs, and one at once may", "{holder} runs, and {n} at once may", limit, holder=name)
    return QueueReason(Cause.LIMIT, words, holder)


def _named(pks: Iterable[ExecutionPk], running: Mapping[ExecutionPk, Claimant]) -> Holder | None:
    """The oldest of them."""
    pk = next((each for each in pks if each in running), None)
    return _holder(executions.get(pk)) if pk is not None else None


def _holder(execution: Execution) -> Holder:
    return Holder(execution.id, execution.label)
