"""What differs between two executions: what changed since it last worked, and whether a replay came to the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from smartspec.commands.executions import get_execution
from smartspec.commands.registry import command
from smartspec.commands.starting import start_replay
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.compare import comparison, environment_diff, verdict
from smartspec.domain.compare.comparison import ComparedExecution, Comparison, TaskPair
from smartspec.domain.compare.log_diff import LineDifference, first_difference
from smartspec.domain.compare.verdict import Ends, ReplayVerdict
from smartspec.domain.engine.states import FINAL, PROBLEM, ExecutionStatus
from smartspec.domain.execution import Execution, Kind, Origin, TaskExecution
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Conflict, InvalidTransition
from smartspec.messages import _
from smartspec.store import environments, executions, history, task_pairs, versions
from smartspec.store.logs import reader
from smartspec.value import replace
from smartspec.vocabulary import status_in_text

_MOST_LOG_BYTES = 4 * 1024 * 1024  # of each log that is read for the first line that differs
_MOST_LOGS = 10
MOST_ITEMS = 100  # of a task that are compared: its first, and those that differ most
_FEW = 20  # tasks that differ, of which the first nearly always decides


@command
def replay_execution(which: str, *, origin: Origin | None = None, workspace: str = DEFAULT) -> Execution:
    """Queue a new execution with version, settings, input and time pinned from one that has ended; all really runs.

    Secrets, files, network and the machine's environment are today's. Raises InvalidTransition for what was not run
    here or has not ended, Conflict for a workflow that cannot run, Invalid for a secret that is missing.
    """
    execution = get_execution(which, workspace)
    if execution.kind is not Kind.WORKFLOW:
        raise InvalidTransition(
            _("{execution} was recorded, not run here; it cannot be replayed.", execution=execution.label)
        )
    if execution.status not in FINAL:
        raise InvalidTransition(
            _(
                "{execution} is {status}; what has ended can be replayed.",
                execution=execution.label,
                status=status_in_text(execution.status),
            )
        )
    return start_replay(execution, origin or Origin())


@command
def replay_verdict(which: str, workspace: str = DEFAULT) -> ReplayVerdict:
    """Whether a replay came to the same as its original. Raises Conflict for what is no replay."""
    replay = get_execution(which, workspace)
    if replay.replay_of is None:
        raise Conflict(_("{execution} is no replay, or its original was removed.", execution=replay.label))
    original = executions.get(replay.replay_of)
    around = environment_diff.differences(environments.get(original.environment), environments.get(replay.environment))
    ends = _ends_that_differ(original, replay)
    return verdict.compare(original, replay, ends, [each.sentence for each in around if not each.volatile])


def replay_verdicts(replays: Sequence[Execution]) -> dict[ExecutionPk, ReplayVerdict]:
    """Of those whose originals are there, all asked for at once; without what differs in what surrounded them."""
    originals = executions.by_keys(each.replay_of for each in replays if each.replay_of is not None)
    pairs = [(originals[each.replay_of], each) for each in replays if each.replay_of in originals]
    ends = task_pairs.differing([(original.pk, replay.pk) for original, replay in pairs], _FEW)
    return {
        replay.pk: verdict.compare(original, replay, _ends_that_differ(original, replay, ends.get(replay.pk, ())))
        for original, replay in pairs
    }


def _ends_that_differ(original: Execution, replay: Execution, known: Sequence[Ends] | None = None) -> Iterator[Ends]:
    """The known ones, and more while they are asked for: the same value may be kept as another text."""
    most, seen, found = _FEW, 0, known
    while True:
        if found is None:
            found = task_pairs.differing([(original.pk, replay.pk)], most).get(replay.pk, ())
        yield from found[seen:]
        if len(found) < most:
            return
        seen, most, found = len(found), most * 10, None


@command
def compare_executions(old: str, new: str, workspace: str = DEFAULT) -> Comparison:
    """What differs in the second, the most telling first. Raises ExecutionNotFound."""
    return _compared(get_execution(old, workspace), get_execution(new, workspace))


@command
def compare_with_last_good(which: str, workspace: str = DEFAULT) -> Comparison:
    """What changed since it last worked: an execution, or the newest of a workflow that failed, against the last
    completed one before it (else the first after it). Raises Conflict where there is no such pair.
    """
    failed = _newest_failed(which, workspace)
    wanted = ExecutionFilter(workflow=failed.workflow, status=frozenset({ExecutionStatus.COMPLETED}))
    if failed.workflow is None:
        raise Conflict(_("The workflow of {execution} was removed; name two executions.", execution=failed.label))
    before = history.page(replace(wanted, until=failed.created_at), limit=1).rows
    if not before:
        later = history.page(replace(wanted, since=failed.created_at), limit=1).rows
        before = tuple(each for each in later if each.pk != failed.pk)
    if not before:
        raise Conflict(
            _(
                "{workflow} has never completed; there is nothing to compare {execution} with.",
                workflow=failed.workflow_name,
                execution=failed.label,
            )
        )
    return _compared(before[0], failed)


def _newest_failed(which: str, workspace: str) -> Execution:
    """The execution that is named; of a workflow its newest that failed."""
    named = get_execution(which, workspace)
    is_one = "#" in which or named.id.startswith(which)
    if is_one or named.workflow is None:
        return named
    found = history.page(ExecutionFilter(workflow=named.workflow, status=PROBLEM), limit=1).rows
    if not found:
        raise Conflict(
            _(
                "No execution of {workflow} has failed; name two of them to compare.",
                workflow=named.workflow_name,
            )
        )
    return found[0]


def _compared(old: Execution, new: Execution) -> Comparison:
    if old.pk == new.pk:
        raise Conflict(_("{execution} cannot be compared with itself.", execution=old.label))
    rows, left_out = task_pairs.telling(old.pk, new.pk, MOST_ITEMS)
    found = comparison.compare(_side(old, rows), _side(new, rows))
    return replace(found, log=dict(_log_differences(found)), left_out=left_out)


def _side(execution: Execution, rows: Iterable[TaskExecution]) -> ComparedExecution:
    version = versions.get(execution.version) if execution.version and execution.kind is Kind.WORKFLOW else None
    return ComparedExecution(
        execution, tuple(row for row in rows if row.execution == execution.pk), environments.get(execution.environment),
        version.definition if version else None, version.source if version else "",
        environments.before_rerun(execution.pk) if execution.attempt > 1 else None,
    )  # fmt: skip


def _log_differences(found: Comparison) -> Iterator[tuple[str, LineDifference]]:
    """Of the tasks whose logs are not the same bytes, those that ended otherwise first."""
    pairs = [
        pair for pair in found.tasks
        if pair.old and pair.new and pair.old.started_at and pair.new.started_at
        and pair.old.log_sha256 != pair.new.log_sha256
    ]  # fmt: skip
    pairs.sort(key=lambda pair: (pair.task not in found.suspects, pair.same_end))
    for pair in pairs[:_MOST_LOGS]:
        difference = first_difference(_lines(pair, new=False), _lines(pair, new=True))
        if difference is not None:
            yield pair.label, difference


def _lines(pair: TaskPair, *, new: bool) -> Iterator[str]:
    """The lines of a task's log, as far as they are read."""
    row = pair.new if new else pair.old
    if row is None:
        return
    offset, rest = 0, ""
    while (chunk := reader.read(row, offset)).data and offset < _MOST_LOG_BYTES:
        offset = chunk.next
        *lines, rest = (rest + chunk.data.decode("utf-8", "replace")).split("\n")
        yield from lines
    if rest:
        yield rest
