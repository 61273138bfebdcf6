"""Whether a replay came to the same as its original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.jsontext import Json, canonical
from smartspec.messages import N_, Message, _, _p
from smartspec.value import frozen
from smartspec.vocabulary import status_in_text

Ends = tuple[TaskExecution | None, TaskExecution | None]  # the last attempts of a task, and item, on both sides


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


def compare(
    original: Execution, replay: Execution, ends: Iterable[Ends], environment: Sequence[str] = ()
) -> ReplayVerdict:
    """`ends` are all that may differ, in the order of the file; `environment` holds what differs there, in words."""
    for execution in (original, replay):
        if (without := _why_none(execution)) is not None:
            return ReplayVerdict(Verdict.NONE, without)
    found = _first_difference(ends) or _of_the_whole(original, replay)
    if found is None:
        same = _(
            "Identical: every task of {replay} came to what it came to in {original}.",
            replay=replay.label, original=original.label,
        )  # fmt: skip
        return ReplayVerdict(Verdict.IDENTICAL, same)
    task, what, why = found
    return ReplayVerdict(Verdict.DIFFERENT, _("Different: {why}", why=why), task, what, tuple(environment))


def _why_none(execution: Execution) -> Message | None:
    """Why an execution cannot be compared as a replay or its original; None where it can."""
    if execution.status not in FINAL:
        status = status_in_text(execution.status)
        return _("No verdict yet: {execution} is {status}.", execution=execution.label, status=status)
    if execution.status_reason == "given_up":
        return _("No verdict: {execution} was given up.", execution=execution.label)
    if execution.status is ExecutionStatus.CANCELLED:
        return _("No verdict: {execution} was cancelled.", execution=execution.label)
    return None


def _first_difference(ends: Iterable[Ends]) -> tuple[str, str, str] | None:
    for one, other in ends:
        if (known := one or other) is None:
            continue
        name = f"{known.task}[{known.item_index}]" if known.item_index else known.task
        if one is None or other is None:
            return known.task, "status", _("{task} was decided in only one of them.", task=name)
        for what, template, old, new in (
            ("status", _STATUS, status_in_text(one.status), status_in_text(other.status)),
            ("exit code", _EXIT_CODE, one.exit_code, other.exit_code),
            ("outputs", _OUTPUTS, one.output, other.output),
        ):
            if canonical(old) != canonical(new):
                return known.task, what, _(template, task=name, old=_shown(old), new=_shown(new))
    return None


_STATUS = N_("the status of {task} was {old} and is {new}.")
_EXIT_CODE = N_("the exit code of {task} was {old} and is {new}.")
_OUTPUTS = N_("the outputs of {task} are not the same.")


def _shown(value: Json) -> str:
    return _p("an exit code", "none") if value is None else value if isinstance(value, str) else str(value)


def _of_the_whole(original: Execution, replay: Execution) -> tuple[None, str, str] | None:
    if original.status is not replay.status:
        old, new = (status_in_text(each.status) for each in (original, replay))
        return None, "status", _("the status was {old} and is {new}.", old=old, new=new)
    if canonical(original.output) != canonical(replay.output):
        return None, "output", _("the output is not the same.")
    return None
