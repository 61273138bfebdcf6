"""What a runner that is gone left behind: whoever looks notes it at once; its processes are ended by a runner."""

import logging
import threading
from collections.abc import Sequence
from functools import partial

from smartspec.commands import environment, process_identity, runners
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.runner import Runner
from smartspec.messages import _
from smartspec.runner.process import termination, tokens

GRACE_SECONDS = 1.0  # they have been told to end, or are left by a crash
Left = tuple[Execution, Sequence[TaskExecution]]  # an execution and its interrupted attempts
logger = logging.getLogger(__name__)


def mark_interrupted() -> tuple[Execution, ...]:
    """Note that what gone runners ran is interrupted, once, whoever looks; the answer is those executions.

    Nothing is waited for: it is a few rows.
    """
    found = runners.interrupt_ownerless()
    for runner in _gone():
        if runners.has_in_hand(runner.pk):
            found += runners.interrupt(runner.pk, partial(process_identity.is_gone, runner))
        elif not runners.left_by(runner.pk):
            runners.forget_runner(runner.pk)
    for execution in found:
        logger.warning(_("{ref} ({id}) was interrupted: its runner is gone", ref=execution.label, id=execution.id))
    return found


def _gone() -> list[Runner]:
    return [runner for runner in runners.list_runners() if process_identity.is_gone(runner)]


def has_orphans() -> bool:
    """Whether there is a gone runner whose processes were not looked for yet."""
    return bool(_gone())


def end_orphans(is_over: threading.Event | None = None) -> None:
    """End what is left of the processes of gone runners, all side by side; `is_over` breaks it off, for later."""
    gone = _gone()
    end_processes([each for runner in gone for each in runners.left_by(runner.pk)], is_over)
    for runner in gone if is_over is None or not is_over.is_set() else ():
        runners.forget_runner(runner.pk)
    environment.sweep()


def end_processes(left: Sequence[Left], is_over: threading.Event | None = None) -> None:
    """Those of interrupted attempts: by the token of the attempt, for the execution may run again by now.

    A noted process is signalled only when it is certainly the one that was noted.
    """
    of_attempts = [
        tokens.token_of(each.id, f"{row.task}.{row.item_index}.{row.attempt}") for each, rows in left for row in rows
    ]
    if not of_attempts:
        return
    termination.end_all(*of_attempts, grace=GRACE_SECONDS, is_over=is_over)
    noted = [(row.pid, row.process_start) for __, rows in left for row in rows]
    own = [
        pid for pid, start in noted if pid is not None and start is not None and process_identity.is_same(pid, start)
    ]
    termination.send(own, termination.KILL)


def recover() -> tuple[Execution, ...]:
    """Both, one after the other."""
    found = mark_interrupted()
    end_orphans()
    return found
