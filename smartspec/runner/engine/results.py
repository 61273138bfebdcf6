"""What an attempt came to: its outputs, `until`, whether it is tried again, and what all items come to together."""

from __future__ import annotations

from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.render import render, truth
from smartspec.domain.definition.task import Task
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.execution_progress import TaskEnd
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.engine.trigger_rule import status_of_items
from smartspec.domain.execution import TaskExecution
from smartspec.domain.jsontext import Json, as_mapping, dump
from smartspec.domain.masking import Mask
from smartspec.errors import Invalid
from smartspec.runner.engine.failures import run_guarded
from smartspec.runner.engine.item_run import TaskRun
from smartspec.runner.engine.messages import EvaluationInterrupted
from smartspec.value import replace

T = TaskStatus
_NEVER_RETRIED = frozenset({"template", "input", "rejected"})


def of_row(row: TaskExecution) -> AttemptResult:
    return AttemptResult(
        status=row.status,
        reason=row.status_reason,
        tolerated=row.tolerated,
        output=row.output,
        result=row.result,
        error=row.error,
        exit_code=row.exit_code,
    )


def complete(task: Task, result: AttemptResult, raw: Json, names: Names) -> AttemptResult:
    """Lay `outputs` over what was written, then ask `until`; either may make a completed attempt a failed one."""
    names = {**names, "result": raw}
    outputs = dict(result.output) if isinstance(result.output, dict) else {}
    for key, template in as_mapping(task.body.get("outputs")).items():
        try:
            outputs[key] = render(template, names)
            dump(outputs[key])
        except (TemplateError, Invalid) as error:
            return _failed(result, f"outputs: {key}", str(error))
    result = replace(result, output=outputs or None)
    retry = task.retry
    if retry is None or retry.until is None:
        return result
    return _until(retry.until, result, {**names, "outputs": outputs})


def _failed(result: AttemptResult, reason: str, error: str) -> AttemptResult:
    return replace(result, status=T.FAILED, reason=reason, error=error)


def complete_or_fail(task: Task, result: AttemptResult, raw: Json, names: Names, mask: Mask) -> AttemptResult:
    """As `complete`; whatever goes wrong there fails the attempt, and what interrupts it cancels it."""
    try:  # in a tuple: by itself it would look like the failure that the guard may answer with
        completed = run_guarded(lambda: (complete(task, result, raw, names),), "outputs", mask)
    except EvaluationInterrupted as interrupted:
        return replace(result, status=T.CANCELLED, reason=interrupted.reason, error=None)
    if isinstance(completed, tuple):
        return completed[0]
    return replace(result, status=completed.status, reason=completed.reason, error=completed.error)


def _until(until: str | bool, result: AttemptResult, names: Names) -> AttemptResult:
    try:
        if not truth(until, names):
            return _failed(result, "until", "It is not yet what `until` waits for.")
    except TemplateError as error:
        return _failed(result, "template: until", str(error))
    return result


def may_retry(task: Task, result: AttemptResult, retries: int) -> bool:
    """Whether the retry policy covers this result; `retries` are those used already."""
    retry = task.retry
    if retry is None or retries >= retry.max or result.status not in (T.FAILED, T.TIMEOUT):
        return False
    code = (result.reason or "").partition(":")[0]
    if code in _NEVER_RETRIED:
        return False
    return code == "until" or any(_covers(word, result) for word in retry.when)


def _covers(word: str, result: AttemptResult) -> bool:
    """Whether a word of `retry.when` says this failure: failed, timeout, exit N, http N, http 5xx."""
    if word in ("failed", "timeout"):
        return result.status.value == word
    reason = result.reason or ""
    return reason.startswith(word.removesuffix("xx")) if word.endswith("xx") else reason == word


def of_task_run(task_run: TaskRun) -> TaskEnd:
    """What a task came to, from the results of its item runs."""
    results = [task_run.results[item_run.index] for item_run in task_run.item_runs]
    if not task_run.task.has_items:
        only = results[0]
        return TaskEnd(only.status, only.reason, only.output, only.result, only.error, only.exit_code)
    status, reason = status_of_items([result.status for result in results])
    outputs = [item_output(result.status, result.output) for result in results]
    error = next((result.error for result in results if result.error), None)
    codes = [result.exit_code for result in results]
    return TaskEnd(status, reason, outputs, [result.result for result in results], error, codes)


def item_output(status: TaskStatus, output: Json) -> Json:
    """null for an item that never ran."""
    return None if status is T.SKIPPED else {} if output is None else output
