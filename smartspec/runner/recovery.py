"""What a runner that is gone left behind: its processes are ended, its executions noted as interrupted."""

import logging
from functools import partial

from smartspec.commands import runs
from smartspec.domain.execution import Execution
from smartspec.runner import identity, sweep

logger = logging.getLogger(__name__)


def recover() -> tuple[Execution, ...]:
    """Look for gone runners; what they ran is interrupted now, once, whoever looks. The answer is those executions."""
    found: tuple[Execution, ...] = ()
    for runner in runs.list_runners():
        if not identity.is_gone(runner):
            continue
        _end_processes(runner.pk)
        interrupted = runs.interrupt(runner.pk, partial(identity.is_gone, runner))
        for execution in interrupted:
            logger.warning("%s (%s) was interrupted: its runner is gone", execution.label, execution.id)
        found += interrupted
    return found


def _end_processes(runner: int) -> None:
    """Sweep by token; a noted process is signalled only when it is certainly the one that was noted."""
    executions, tasks = runs.abandoned_tasks(runner)
    for execution in executions:
        sweep.end_all(f"{execution.id}/", grace=1.0)
    own = [
        task.pid
        for task in tasks
        if task.pid is not None and task.process_start is not None and identity.is_same(task.pid, task.process_start)
    ]
    sweep.send(own, sweep.KILL)
