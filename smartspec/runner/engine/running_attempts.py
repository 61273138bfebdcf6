"""The attempts of an execution that run: on threads of a pool, each in a slot."""

from __future__ import annotations

import logging

from smartspec.commands import runs
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult, NoteProcess
from smartspec.domain.ids import TaskExecutionPk
from smartspec.runner import clocks
from smartspec.runner.engine.attempt import Attempt
from smartspec.runner.engine.item_run import ItemRun
from smartspec.runner.engine.messages import AttemptEnded, CheckRequests, Inbox
from smartspec.runner.engine.runner_services import RunnerServices
from smartspec.runner.engine.transition_writer import TransitionWriter
from smartspec.value import mutable

_LONG_SECONDS = 0.1  # an attempt that lasts longer gets its process noted in its row
logger = logging.getLogger(__name__)


@mutable
class RunningAttempt:
    """An attempt that runs. `since` (seconds of uptime) is None once its process is noted, or it has none."""

    item_run: ItemRun
    attempt: Attempt
    since: float | None


class RunningAttempts:
    """By the keys of their rows. There are as many slots as the execution's `concurrency`, and the runner's allow."""

    def __init__(self, run: runs.Run, services: RunnerServices, inbox: Inbox, writer: TransitionWriter) -> None:
        self._execution = run.execution.pk
        self._concurrency = run.definition.concurrency
        self._services = services
        self._inbox = inbox
        self._writer = writer
        self._free = run.definition.concurrency
        self._has_told_limit = False  # fewer run at once than that, and it was said
        self._attempts: dict[TaskExecutionPk, RunningAttempt] = {}

    def __bool__(self) -> bool:
        return bool(self._attempts)

    @property
    def has_free_slot(self) -> bool:
        return self._free > 0 and self._services.slots.has_free(self._execution)

    def take_slot(self) -> None:
        self._free -= 1
        self._services.slots.take(self._execution)

    def wait_for_slot(self) -> None:
        """Where its own limit would allow more: it looks again when an attempt of anybody has ended."""
        if self._free <= 0 or self.has_free_slot:
            return
        self._services.slots.call_when_free(lambda: self._inbox.put(CheckRequests()))
        if not self._has_told_limit:
            self._has_told_limit = True
            self._services.post_notice(self._services.slots.explain_limit(self._concurrency))

    def begin(self, item_run: ItemRun, attempt: Attempt) -> None:
        """Its row is durable. Where the pool takes nothing more, the attempt has failed; it may not begin later."""
        assert item_run.pk is not None
        has_process = item_run.task.kind is not TaskKind.HTTP
        self._attempts[item_run.pk] = RunningAttempt(item_run, attempt, clocks.uptime() if has_process else None)
        try:
            self._services.pool.submit(self._run, item_run, attempt)
        except RuntimeError as error:
            if attempt.take():
                logger.exception("attempt %s", item_run.name)
                sentence = f"It could not be begun: {error}; let fewer things run at once (setting runner.at_once)."
                result = AttemptResult(status=TaskStatus.FAILED, reason="start", error=sentence)
                self._inbox.put(AttemptEnded(item_run, result))

    def _run(self, item_run: ItemRun, attempt: Attempt) -> None:
        """On a thread of the pool."""
        if attempt.take():
            self._inbox.put(AttemptEnded(item_run, attempt.run()))

    def end(self, item_run: ItemRun) -> None:
        """One has ended: its slot is free."""
        if item_run.pk is not None:
            self._attempts.pop(item_run.pk, None)
        self._free += 1
        self._services.slots.release(self._execution)

    def stop(self) -> None:
        """End what they do; also from other threads."""
        for running in list(self._attempts.values()):
            running.attempt.stop()

    def seconds_until_due(self) -> list[float]:
        """Until each process is to be noted."""
        return [each.since + _LONG_SECONDS - clocks.uptime() for each in self._attempts.values() if each.since]

    def note_processes(self) -> None:
        """Write down the identity of processes that have lasted a while; the short ones are not worth a commit."""
        late = clocks.uptime() - _LONG_SECONDS
        for pk, running in self._attempts.items():
            if running.since is not None and running.since <= late:
                running.since = None
                if (process := running.attempt.process) is not None:
                    self._writer.note(NoteProcess(pk, process.pid, process.start_ticks))
