"""A runner: claims executions, gives each a thread, watches for requests, and clears up after itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from smartspec.commands import database, runs, settings
from smartspec.domain.states import ExecutionStatus
from smartspec.errors import SmartSpecError, StorageError
from smartspec.runner import identity, recovery, sweep
from smartspec.runner.execution import ExecutionRun
from smartspec.runner.messages import Abort, ChildEnded, Look
from smartspec.runner.underway import Inbox

POLL_SECONDS = 0.25
RECOVERY_SECONDS = 2.0
_MOST_THREADS = 10_000  # made only as they are needed: one per attempt at once
logger = logging.getLogger(__name__)


class Runner:
    """Runs what it claims until it is stopped; in the foreground only what it is told to, and its sub-workflows."""

    def __init__(self, kind: str) -> None:
        self._me = identity.this_process(kind)
        self.runner = runs.register_runner(self._me)
        self.pool = ThreadPoolExecutor(_MOST_THREADS, thread_name_prefix="attempt")
        self.log_cap: int = settings.get_setting("runner.log_cap_bytes")
        self.python: str = settings.get_setting("runner.python")
        self.waiting_for: str | None = None  # why what is wanted cannot start yet, in words
        self.trouble: str | None = None  # why the record cannot be written at this moment
        self._takes_any = kind == "background"
        self._lock = threading.RLock()
        self._wanted: dict[int, Inbox | None] = {}  # executions to claim by key, and who waits for them
        self._running: dict[int, tuple[ExecutionRun, threading.Thread]] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._has_failed = False  # the last turn
        self._seen = -1
        self._next_recovery = 0.0
        sweep.become_subreaper()

    # What others say to it

    def tell(self, trouble: str | None) -> None:
        """Once when it begins and once when it is over, however often it is tried."""
        if trouble == self.trouble:
            return
        self.trouble = trouble
        if trouble is None:
            logger.warning("The record can be written again.")
        else:
            logger.warning("%s What runs goes on, and is recorded when it can be.", trouble)

    def want(self, execution: int) -> None:
        """Run this execution as soon as the limits allow."""
        with self._lock:
            self._wanted[execution] = None
        self._wake.set()

    def run_child(self, execution: int, parent: Inbox) -> None:
        with self._lock:
            self._wanted[execution] = parent
        self._wake.set()

    def stop(self) -> None:
        """Go away soon: processes are ended, executions left to be resumed."""
        self._stopping = True
        self._wake.set()

    @property
    def is_stopping(self) -> bool:
        return self._stopping

    @property
    def is_idle(self) -> bool:
        with self._lock:
            return not self._running and not self._wanted

    # Its own thread

    def run_until(self, is_over: Callable[[], bool]) -> None:
        """Claim, watch and wait until it is over or stopped. Raises StorageError when the database is gone for good."""
        try:
            while not self._stopping and not is_over():
                self._turn()
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
        finally:
            self._leave()

    def _turn(self) -> None:
        try:
            self._recover()
            if self._has_news():
                self._nudge()
                self._claim_wanted()
                while self._takes_any and self._claim(None):
                    pass
            if self._has_failed:
                self._has_failed = False
                self.tell(None)
        except StorageError as error:
            self._has_failed = True
            self._seen = -1
            self.tell(str(error))

    def _has_news(self) -> bool:
        """Whether anything was committed since the last look, by anyone: the commits of other connections show."""
        version = runs.data_version()
        with self._lock:
            changed = version != self._seen or bool(self._wanted)
        self._seen = version
        return changed

    def _nudge(self) -> None:
        with self._lock:
            running = list(self._running.values())
        for run, _ in running:
            run.inbox.put(Look())

    def _claim_wanted(self) -> None:
        with self._lock:
            wanted = list(self._wanted)
        for execution in wanted:
            self._claim(execution)

    def _claim(self, only: int | None) -> bool:
        claim = runs.claim_execution(self.runner, only)
        if claim.execution is not None:
            self._start(claim.execution)
            return True
        if only is not None:
            self.waiting_for = claim.waiting_for
            self._drop_if_ended(only)
        return False

    def _drop_if_ended(self, execution: int) -> None:
        """What was cancelled before it could start needs no claim any more."""
        status = runs.get_execution(execution).status
        if status in (ExecutionStatus.PENDING, ExecutionStatus.PAUSED, ExecutionStatus.RUNNING):
            return
        with self._lock:
            parent = self._wanted.pop(execution, None)
        if parent is not None:
            parent.put(ChildEnded(execution))

    def _start(self, execution: int) -> None:
        with self._lock:
            parent = self._wanted.pop(execution, None)
        self.waiting_for = None
        try:
            run = ExecutionRun(runs.load_run(execution), self)
        except SmartSpecError as error:
            self._not_started(execution, parent, error)
            return
        thread = threading.Thread(target=self._work, args=(run, parent), name=f"execution-{execution}")
        with self._lock:
            self._running[execution] = (run, thread)
        thread.start()

    def _not_started(self, execution: int, parent: Inbox | None, error: SmartSpecError) -> None:
        runs.break_off(execution, self.runner, str(error))
        if parent is not None:
            parent.put(ChildEnded(execution))

    def _work(self, run: ExecutionRun, parent: Inbox | None) -> None:
        """On a thread of the execution's own."""
        try:
            run.run()
        except Exception as error:  # the edge of a thread: what goes wrong ends one execution, not the runner
            logger.exception("execution %s", run.pk)
            self._give_up(run, error)
        finally:
            with self._lock:
                self._running.pop(run.pk, None)
            database.close_connection()
            if parent is not None:
                parent.put(ChildEnded(run.pk))
            self._wake.set()

    def _give_up(self, run: ExecutionRun, error: Exception) -> None:
        """End what is left running, and say in the record why it could not go on."""
        run.stop_processes()
        why = str(error) if isinstance(error, SmartSpecError) else f"An error in SmartSpec ended it: {error!r}"
        with suppress(SmartSpecError):
            runs.break_off(run.pk, self.runner, run.mask.text(why))

    def _recover(self) -> None:
        if time.monotonic() < self._next_recovery:
            return
        self._next_recovery = time.monotonic() + RECOVERY_SECONDS
        recovery.recover()
        sweep.own_children.reap_orphans()
        if self._takes_any:
            runs.resume_interrupted(runs.interrupted_executions())

    def _leave(self) -> None:
        """Nothing of ours may run on unseen."""
        with self._lock:
            running = list(self._running.values())
        for run, _ in running:
            run.inbox.put(Abort())
        for _, thread in running:
            thread.join()
        self.pool.shutdown(wait=True)
        if running:
            runs.interrupt(self.runner, lambda: True)
        runs.unregister_runner(self.runner)
