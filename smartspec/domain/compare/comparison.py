"""Two executions side by side: all that differs between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from smartspec.domain.compare import diff
from smartspec.domain.compare.cause_ranking import CauseRanker
from smartspec.domain.compare.compared_execution import ComparedExecution, TaskPair
from smartspec.domain.compare.diff import Difference
from smartspec.domain.compare.finding import Finding
from smartspec.domain.compare.log_diff import LineDifference
from smartspec.domain.compare.similarity import similarities
from smartspec.domain.definition import graph, model
from smartspec.domain.definition.model import Definition
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.jsontext import canonical
from smartspec.domain.task_duration import task_duration_ms
from smartspec.messages import _n
from smartspec.value import field, frozen

__all__ = ["ComparedExecution", "Comparison", "Finding", "TaskPair", "compare"]


@frozen
class Comparison:
    """`findings` come most likely first; `suspects` are the tasks that ended otherwise, and nothing before them did.

    `same` is what agrees, in words; `lines` is a unified diff of the definitions; `log` the first line in which the log
    of each task differs. `left_out` are items of tasks with very many: those that are compared differ more, or as much.
    """

    old: Execution
    new: Execution
    suspects: tuple[str, ...]
    findings: tuple[Finding, ...]
    tasks: tuple[TaskPair, ...]
    definition: tuple[Difference, ...]
    lines: str
    same_output: bool
    same: tuple[str, ...] = ()
    log: dict[str, LineDifference] = field(default_factory=dict)
    left_out: int = 0

    @property
    def cut(self) -> str:
        """That not all items are compared, in words; empty where all are."""
        return _n(
            "Of tasks with many items those that differ most are compared; {n} item is left out.",
            "Of tasks with many items those that differ most are compared; {n} items are left out.", self.left_out,
        ) if self.left_out else ""  # fmt: skip

    @property
    def is_recorded(self) -> bool:
        """Whether more is known of the two than that they ran: something that could differ."""
        return bool(self.tasks or self.findings or self.same or self.definition)


def compare(old: ComparedExecution, new: ComparedExecution) -> Comparison:
    """All that differs but the logs, which have to be read."""
    before, after = _last_attempts(old.rows), _last_attempts(new.rows)
    took, takes = _durations(old.rows), _durations(new.rows)
    pairs = tuple(
        TaskPair(*key, one := before.get(key), other := after.get(key), took.get(key), takes.get(key),
                 _is_same_output(one, other))
        for key in _in_order(before, after)
    )  # fmt: skip
    differences = tuple(diff.structure(old.tree, new.tree)) if old.tree and new.tree else ()
    suspects = _suspects(pairs, model.read(new.tree or old.tree or {}))
    ranker = CauseRanker(old, new, pairs, suspects)
    findings = sorted([*ranker.definition(differences), *ranker.others()], key=lambda each: -each.score)
    labels = (f"version {each.execution.workflow_version}" for each in (old, new))
    lines = diff.lines(old.source, new.source, *labels) if old.source and new.source else ""
    same_output = canonical(old.execution.output) == canonical(new.execution.output)
    return Comparison(
        old.execution, new.execution, suspects, tuple(findings), pairs, differences, lines, same_output,
        tuple(similarities(old, new, pairs)),
    )  # fmt: skip


def _last_attempts(rows: Iterable[TaskExecution]) -> dict[tuple[str, int], TaskExecution]:
    """The last attempt of each task and item, in the order of the file; handlers have no part in it."""
    ordered = sorted(rows, key=lambda row: (row.position, row.item_index, row.pk))
    return {(row.task, row.item_index): row for row in ordered if not row.task.startswith("handlers.")}


def _is_same_output(one: TaskExecution | None, other: TaskExecution | None) -> bool:
    old, new = (each.output if each else None for each in (one, other))
    return canonical(old) == canonical(new)


def _durations(rows: Iterable[TaskExecution]) -> dict[tuple[str, int], int | None]:
    """Of each task and item, in the last attempt of the execution that it ran in."""
    by_key: dict[tuple[str, int], list[TaskExecution]] = {}
    for row in rows:
        known = by_key.setdefault((row.task, row.item_index), [])
        if known and known[-1].round != row.round:
            known.clear()
        known.append(row)
    return {key: task_duration_ms(attempts) for key, attempts in by_key.items()}


def _in_order(before: Collection[tuple[str, int]], after: Collection[tuple[str, int]]) -> list[tuple[str, int]]:
    return [*after, *(key for key in before if key not in after)]


def _suspects(pairs: tuple[TaskPair, ...], definition: Definition) -> tuple[str, ...]:
    """Where it begins to differ: in how tasks ended, else in what they gave."""
    asked: tuple[Callable[[TaskPair], bool], ...] = (lambda pair: pair.same_end, lambda pair: pair.same_outputs)
    for is_same in asked:
        others = dict.fromkeys(pair.task for pair in pairs if not is_same(pair))
        if others:
            before = graph.ancestors(graph.dependencies(definition))
            known = {name: before(name) for name in others if name in definition.tasks}
            first = [name for name in others if not known.get(name, set()) & others.keys()]
            leaves = [name for name in first if not (name in definition.tasks and definition.tasks[name].members)]
            return tuple(leaves or first)
    return ()
