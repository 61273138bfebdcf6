"""Whether a replay came to the same as its original."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.jsontext import Json, canonical
from smartspec.value import frozen

LastAttempts = Mapping[tuple[str, int], TaskExecution]  # the last attempts, by task and item


class Verdict(StrEnum):
    IDENTICAL = "identical"
    DIFFERENT = "different"
    NONE = "none"


@frozen
class ReplayVerdict:
    """`task` is the first in the file that differs, `what` is status, exit code, outputs or output.

    `environment` says what differs in what surrounded the two.
    """

    agreement: Verdict
    sentence: str
    task: str | None = None
    what: str | None = None
    environment: tuple[str, ...] = ()


def last_attempts(rows: Iterable[TaskExecution]) -> dict[tuple[str, int], TaskExecution]:
    """The last attempt of each task and item, in the order of the file; handlers have no part in it."""
    ordered = sorted(rows, key=lambda row: (row.position, row.item_index, row.pk))
    return {(row.task, row.item_index): row for row in ordered if not row.task.startswith("handlers.")}


def compare(
    original: Execution, replay: Execution, rows: tuple[LastAttempts, LastAttempts], environment: Sequence[str]
) -> ReplayVerdict:
    """`environment` holds what differs there, in words."""
    for execution in (original, replay):
        if execution.status not in FINAL:
            return ReplayVerdict(Verdict.NONE, f"No verdict yet: {execution.label} is {execution.status}.")
        if execution.status is ExecutionStatus.CANCELLED or execution.status_reason == "given_up":
            how = "given up" if execution.status_reason == "given_up" else "cancelled"
            return ReplayVerdict(Verdict.NONE, f"No verdict: {execution.label} was {how}.")
    found = _first_difference(*rows) or _of_the_whole(original, replay)
    if found is None:
        sentence = f"Identical: every task of {replay.label} came to what it came to in {original.label}."
        return ReplayVerdict(Verdict.IDENTICAL, sentence)
    task, what, sentence = found
    return ReplayVerdict(Verdict.DIFFERENT, f"Different: {sentence}", task, what, tuple(environment))


def _first_difference(before: LastAttempts, after: LastAttempts) -> tuple[str, str, str] | None:
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        name = key[0] if not key[1] else f"{key[0]}[{key[1]}]"
        if one is None or other is None:
            return key[0], "status", f"{name} was decided in only one of them."
        for what, old, new in (
            ("status", one.status.value, other.status.value),
            ("exit code", one.exit_code, other.exit_code),
            ("outputs", one.output, other.output),
        ):
            if canonical(old) != canonical(new):
                shown = "" if what == "outputs" else f" was {_shown(old)} and is {_shown(new)}"
                return key[0], what, f"the {what} of {name}{shown or ' are not the same'}."
    return None


def _shown(value: Json) -> str:
    return "none" if value is None else str(value)


def _of_the_whole(original: Execution, replay: Execution) -> tuple[None, str, str] | None:
    if original.status is not replay.status:
        return None, "status", f"the status was {original.status} and is {replay.status}."
    if canonical(original.output) != canonical(replay.output):
        return None, "output", "the output is not the same."
    return None
