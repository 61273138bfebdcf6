"""How a block of code ended, as the ledger has it."""

from __future__ import annotations

import sys
import traceback

from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult


def outcome(error: BaseException | None) -> AttemptResult:
    """An exception is a failure; what ends a block from outside cancels it."""
    if error is None or isinstance(error, GeneratorExit):  # its consumer had enough of it
        return AttemptResult(status=TaskStatus.COMPLETED)
    if isinstance(error, KeyboardInterrupt) or _is_cancelled(error):
        return AttemptResult(status=TaskStatus.CANCELLED, reason="user")
    if isinstance(error, SystemExit) and error.code in (None, 0):
        return AttemptResult(status=TaskStatus.COMPLETED)
    told = "".join(traceback.format_exception(error)).rstrip()
    return AttemptResult(status=TaskStatus.FAILED, reason=f"exception {type(error).__name__}", error=told)


def _is_cancelled(error: BaseException) -> bool:
    """Whether an asyncio task was cancelled; where nobody imported asyncio there is none."""
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and isinstance(error, asyncio.CancelledError)
