"""The rows of earlier rounds that count in a round of an execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smartspec.domain.definition import graph
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.task import Task
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.trigger_rule import (
    NeedState,
    need_state,
    status_of_items,
)
from smartspec.domain.execution import TaskExecution
from smartspec.value import frozen


@frozen
class CarriedRows:
    """What a round starts from: the rows that count, newest last, by task and item.

    `continuing` are the tasks that are ✗ with no re-run task above, and the groups around them: items, sub-workflows
    and groups go on where they were.
    """

    rows: dict[str, dict[int, list[TaskExecution]]]
    continuing: frozenset[str]


def carried_rows(
    definition: Definition, rows: Sequence[TaskExecution], round_: int, begun_from: Mapping[int, str] | None = None
) -> CarriedRows:
    """The rows that count in a round: its own, and those of the rounds before that no re-run made void.

    `begun_from` names the task of each round that was a re-run from one, and not of what failed.
    """
    kept: dict[str, dict[int, list[TaskExecution]]] = {}
    continuing: frozenset[str] = frozenset()
    for current in range(1, round_ + 1):
        if current > 1:
            begun = (begun_from or {}).get(current)
            kept, continuing = (
                _carried_over(definition, kept) if begun is None else _carried_before(definition, kept, begun)
            )
        for row in rows:
            if row.round == current and row.task in definition.tasks:
                kept.setdefault(row.task, {}).setdefault(row.item_index, []).append(row)
    return CarriedRows(kept, continuing)


def _carried_over(
    definition: Definition, rows: dict[str, dict[int, list[TaskExecution]]]
) -> tuple[dict[str, dict[int, list[TaskExecution]]], frozenset[str]]:
    """What a re-run keeps: all but the ✗ tasks and everything downstream of one; and the tasks that go on."""
    edges = graph.dependencies(definition)
    broken = {
        name for name in definition.tasks if _row_state(definition.tasks[name], rows.get(name)) is NeedState.BROKEN
    }
    turned = graph.dependents(edges)
    # What has completed in a group that is ✗ stays; what is in a group below a ✗ task does not.
    after = {each for name in broken for each in turned[name] if definition.tasks[each].group != name}
    below = graph.downstream(edges, after)
    anew = below | broken
    anew |= {group for name in anew for group in graph.groups_around(definition, name)}  # they go on
    carried = {}
    for name, items in rows.items():
        if name not in anew:
            carried[name] = items
        elif name not in below and definition.tasks[name].has_items:
            carried[name] = {
                index: attempts for index, attempts in items.items() if attempts[-1].status is TaskStatus.COMPLETED
            }
    return {name: items for name, items in carried.items() if items}, frozenset(anew - below)


def _carried_before(
    definition: Definition, rows: dict[str, dict[int, list[TaskExecution]]], begun: str
) -> tuple[dict[str, dict[int, list[TaskExecution]]], frozenset[str]]:
    """What a re-run from a task keeps: all but it and everything downstream; and the groups around, which go on."""
    edges = graph.dependencies(definition)
    turned = graph.dependents(edges)
    roots = set(graph.with_members(definition, begun))
    below = roots | graph.downstream(edges, {each for root in roots for each in turned[root]})
    around = {group for name in below for group in graph.groups_around(definition, name)} - below
    return {name: items for name, items in rows.items() if name not in below | around}, frozenset(around)


def _row_state(task: Task, items: dict[int, list[TaskExecution]] | None) -> NeedState:
    if not items:
        return NeedState.BROKEN
    status, reason = row_status(task, items)
    return need_state(status, reason, task.tolerant)


def row_status(task: Task, items: dict[int, list[TaskExecution]]) -> tuple[TaskStatus, str | None]:
    """Status and reason of a task from its rows."""
    last = [items[index][-1] for index in sorted(items)]
    if not task.has_items or stands_for_all(last):
        return last[0].status, last[0].status_reason
    return status_of_items([row.status for row in last])


def stands_for_all(last: Sequence[TaskExecution]) -> bool:
    """One row for a task with items: skipped or cancelled before its list was asked; empty; or the list failed."""
    only = last[0]
    decided = only.started_at is None and only.item is None
    return len(last) == 1 and decided and only.status_reason is not None
