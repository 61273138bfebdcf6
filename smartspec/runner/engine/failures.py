"""What a task comes to that an error kept from running: whatever it is, it fails that task and not the execution."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.masking import Mask
from smartspec.errors import Invalid, SmartSpecError, Stopped, StorageError
from smartspec.runner.engine.attempt import sentence_of
from smartspec.runner.engine.messages import EvaluationInterrupted
from smartspec.runner.engine.task_environment import TemplateFailure

logger = logging.getLogger(__name__)


T = TypeVar("T")


def run_guarded(work: Callable[[], T], key: str, mask: Mask) -> T | AttemptResult:
    """What came of the work, or what the task comes to that it was for; `key` is what of it was evaluated.

    Raises StorageError: an error of the record is no task's; EvaluationInterrupted and Stopped, which are none.
    """
    try:
        return work()
    except (StorageError, EvaluationInterrupted, Stopped):
        raise
    except Exception as error:  # noqa: BLE001 - the edge of one task: what goes wrong ends it, not the execution
        return _failure_of(error, key, mask)


def _failure_of(error: Exception, key: str, mask: Mask) -> AttemptResult:
    if isinstance(error, SmartSpecError | TemplateError | TemplateFailure):
        sentence = str(error)
    else:
        logger.error("a task failed at its %s", key, exc_info=error)
        sentence = sentence_of(error)
    return AttemptResult(status=TaskStatus.FAILED, reason=_reason(error, key), error=mask.text(sentence))


def _reason(error: Exception, key: str) -> str:
    match error:
        case TemplateFailure():
            return f"template: {error.key}"
        case TemplateError():
            return f"template: {key}"
        case Invalid():
            return "input"
        case SmartSpecError():
            return "start"
    return "internal"
