"""Which way through the graph decided when an execution ended, or led to what failed; and what a failure prevented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from smartspec.domain.definition import graph
from smartspec.domain.definition.graph import Edges
from smartspec.domain.engine.trigger_rule import BROKEN_SKIPS
from smartspec.domain.task_run import TaskRun
from smartspec.value import field, frozen

_NEVER = datetime.min.replace(tzinfo=UTC)
_BROKEN = frozenset({"failed", "timeout", "interrupted", "cancelled"})


@frozen
class TaskPath:
    """`tasks` from the first to the last; `is_failure` where the last one failed. `prevented` names what kept a task
    from running, by the task.
    """

    tasks: tuple[str, ...] = ()
    is_failure: bool = False
    prevented: Mapping[str, str] = field(default_factory=dict)


def find_path(edges: Edges, runs: Mapping[str, TaskRun], *, has_ended: bool) -> TaskPath:
    """To what failed first; of what went well the way that took longest; none while it runs and all is well."""
    prevented = prevented_tasks(edges, runs)
    failed = [runs[name] for name in edges if name in runs and _has_failed(runs[name])]
    leaves = [run for run in failed if run.task_type not in ("parallel", "sequential")]
    if leaves or failed:
        first = min(leaves or failed, key=lambda run: run.ended_at or _NEVER)
        return TaskPath(_back_from(first.task, edges, runs), True, prevented)
    ended = [runs[name] for name in edges if name in runs and runs[name].ended_at is not None]
    if not has_ended or not ended:
        return TaskPath(prevented=prevented)
    last = max(ended, key=lambda run: run.ended_at or _NEVER)
    return TaskPath(_back_from(last.task, edges, runs), False, prevented)


def _has_failed(run: TaskRun) -> bool:
    return run.status in ("failed", "timeout") and run.latest is not None and not run.latest.tolerated


def _back_from(name: str, edges: Edges, runs: Mapping[str, TaskRun]) -> tuple[str, ...]:
    """Each time to what ended last of that which it needed: it waited for that."""
    path = [name]
    while before := [each for each in edges[path[-1]] if each in runs and runs[each].ended_at is not None]:
        path.append(max(before, key=lambda each: runs[each].ended_at or _NEVER))
    return tuple(reversed(path))


def prevented_tasks(edges: Edges, runs: Mapping[str, TaskRun]) -> dict[str, str]:
    """What was skipped for what went wrong before it, with the name of that."""
    found: dict[str, str] = {}
    for name in sorted(edges, key=graph.layers(edges).__getitem__):
        run = runs.get(name)
        if run is None or run.latest is None or run.status != "skipped":
            continue
        if (run.latest.status_reason or "").partition(":")[0] in BROKEN_SKIPS:
            broken = (each for each in edges[name] if each in found or (each in runs and runs[each].status in _BROKEN))
            if (cause := next(broken, None)) is not None:
                found[name] = found.get(cause, cause)
    return found
