"""A runner: claims executions, gives each a thread, watches for requests, and clears up after itself."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from smartspec.commands import database, process_identity, runners, runs, settings
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ids import ExecutionPk
from smartspec.errors import Conflict, DatabaseReplaced, NotFound, Stopped, StorageError
from smartspec.messages import _, sentences
from smartspec.runner import ledger_watch, recovery
from smartspec.runner.claim_failures import ClaimFailures
from smartspec.runner.cleanup import Cleanup
from smartspec.runner.engine.attempt_slots import AttemptSlots, most_files
from smartspec.runner.engine.execution import ExecutionEngine
from smartspec.runner.engine.messages import Abort, CheckRequests, ChildEnded, Inbox
from smartspec.runner.pings.pinger import Pinger
from smartspec.runner.process import child_reaper

RECOVERY_SECONDS = 2.0
_NEVER = -1  # no version of the data: look again
E = ExecutionStatus
_MOST_THREADS = 10_000  # made only as they are needed: one per attempt at once
logger = logging.getLogger(__name__)


class Worker:
    """Runs what it claims until it is stopped; in the foreground only what it is told to, and its sub-workflows."""

    def __init__(self, kind: str) -> None:
        self.pool = ThreadPoolExecutor(_MOST_THREADS, thread_name_prefix="attempt")
        self.slots = AttemptSlots(most_files())
        self.pinger = Pinger()  # what is on its way may outlast `run_until`: see `Pinger.wait`
        self.notices: deque[str] = deque(maxlen=20)  # what a person should know of what runs here, in sentences
        self.waiting_for: str | None = None  # why what is wanted cannot start yet, in words
        self.on_news: Callable[[], None] = lambda: None  # anything was written, by whomever
        self.write_error: str | None = None  # why the record cannot be written at this moment
        self._takes_any = kind == "background"
        self._lock = threading.RLock()
        self._submitted: dict[ExecutionPk, Inbox | None] = {}  # executions to claim by key, and who waits for them
        self._running: dict[ExecutionPk, tuple[ExecutionEngine, threading.Thread]] = {}
        self._stopping = False
        self._shutting_down = threading.Event()
        self.unrecorded: str | None = None  # at the end: what could not be written down, in a sentence
        self._has_failed = False  # the last turn
        self._seen = _NEVER
        self._next_recovery = 0.0
        self._cleanup = Cleanup(self._shutting_down, tidies=self._takes_any)
        child_reaper.become_subreaper()
        self._wake = ledger_watch.watch(database.journal_path() if self._takes_any else None)
        self.runner = runners.register_runner(process_identity.this_process(kind))  # last: what is registered serves
        self._claim_failures = ClaimFailures(self.runner, self._ping_end, is_taken_up_again=self._takes_any)

    # What others say to it

    def report_write_error(self, error: str | None) -> None:
        """Once when it begins and once when it is over, however often it is tried. Raises Stopped on leaving."""
        if error is not None and self._shutting_down.is_set():
            raise Stopped(error)
        if error == self.write_error:
            return
        self.write_error = error
        if error is None:
            logger.warning(_("The record can be written again."))
        else:
            logger.warning(sentences([error, _("What runs goes on, and is recorded when it can be.")]))

    def post_notice(self, text: str) -> None:
        """To whoever watches, and the log."""
        self.notices.append(text)
        logger.info("%s", text)

    def submit(self, execution: ExecutionPk) -> None:
        """Run this execution as soon as the limits allow."""
        with self._lock:
            self._submitted[execution] = None
        self._wake.set()

    def run_child(self, execution: ExecutionPk, parent: Inbox) -> None:
        with self._lock:
            self._submitted[execution] = parent
        self._wake.set()

    def stop(self) -> None:
        """Go away soon: processes are ended, executions left to be resumed."""
        self._stopping = True
        self._wake.set()

    @property
    def log_cap(self) -> int:
        cap: int = settings.get_setting("runner.log_cap_bytes")
        return cap

    @property
    def python(self) -> str:
        chosen: str = settings.get_setting("runner.python")
        return chosen

    @property
    def is_stopping(self) -> bool:
        return self._stopping

    @property
    def is_shutting_down(self) -> bool:
        return self._shutting_down.is_set()

    @property
    def is_idle(self) -> bool:
        with self._lock:
            return not self._running and not self._submitted and self._claim_failures.is_empty

    # Its own thread: executions are claimed by no other

    def run_until(self, is_over: Callable[[], bool]) -> None:
        """Claim, watch and wait until it is over or stopped. Raises DatabaseReplaced when another file stands there."""
        try:
            while not self._stopping and not is_over():
                self._poll()
                self._wake.wait()
        finally:
            self._shut_down()

    def _poll(self) -> None:
        try:
            self._claim_failures.write()
            self._recover()
            if self._has_news():
                self.on_news()
                self._notify_executions()
                self._claim_submitted()
                self._claim_any()
            if self._has_failed:
                self._has_failed = False
                self.report_write_error(None)
        except DatabaseReplaced:
            raise
        except (Conflict, NotFound) as error:  # somebody was quicker: look again
            logger.info("%s", error)
            self._seen = _NEVER
        except (StorageError, OSError) as error:
            self._has_failed = True
            self._seen = _NEVER
            self.report_write_error(
                error.sentence
                if isinstance(error, StorageError)
                else _("The system refuses what is needed: {error}.", error=error)
            )

    def _has_news(self) -> bool:
        """Whether anything was committed since the last look: the commits of other connections show, ours are noted."""
        version = runs.data_version()
        with self._lock:
            changed = version != self._seen or bool(self._submitted)
        if version != self._seen != _NEVER:
            self._wake.note_news()
        self._seen = version
        return changed

    def _notify_executions(self) -> None:
        with self._lock:
            running = list(self._running.values())
        for run, _thread in running:
            run.inbox.put(CheckRequests())

    def _claim_any(self) -> None:
        """What was submitted goes on, so that it ends; nothing else begins while somebody wants the ledger alone."""
        if self._takes_any and database.is_wanted(database.database_path()):
            self._seen = _NEVER
            return
        while self._takes_any and self._claim(None):
            pass

    def _claim_submitted(self) -> None:
        with self._lock:
            submitted = list(self._submitted)
        for execution in submitted:
            self._claim(execution)

    def _claim(self, only: ExecutionPk | None) -> bool:
        claim = runners.claim_execution(self.runner, only)
        if claim.execution is not None:
            self._start(claim.execution)
            return True
        if only is not None:
            self.waiting_for = claim.waiting_for
            self._drop_if_ended(only)
        return False

    def _drop_if_ended(self, execution: ExecutionPk) -> None:
        """What was cancelled before it could start needs no claim any more; a paused one only where a parent waits."""
        status = runs.status_of(execution)
        with self._lock:
            parent = self._submitted.get(execution)
            if status in (E.PENDING, E.RUNNING) or (status is E.PAUSED and parent is not None):
                return
            self._submitted.pop(execution, None)
        if status is E.FAILED:  # it never began: see `claims`, what would wait for ever
            self._ping_end(execution)
        if parent is not None:
            parent.put(ChildEnded(execution))

    def _start(self, execution: ExecutionPk) -> None:
        with self._lock:
            parent = self._submitted.pop(execution, None)
        self.waiting_for = None
        logger.debug("execution %s is claimed", execution)
        try:
            self._begin(execution, parent)
        except Exception as error:  # from here on it is this runner's: whatever happens, it goes on, or has an end
            logger.exception("execution %s could not begin", execution)
            self._fail_claim(execution, parent, error)
            with self._lock:
                self._running.pop(execution, None)

    def _begin(self, execution: ExecutionPk, parent: Inbox | None) -> None:
        loaded = runs.load_run(execution)
        run = ExecutionEngine(loaded, self)
        claimed = loaded.execution
        logger.info(
            "execution %s: claimed by runner %s (%s, round %s)", claimed.id, self.runner, claimed.label, claimed.attempt
        )
        thread = threading.Thread(target=self._work, args=(run, parent), name=f"execution-{execution}")
        with self._lock:
            self._running[execution] = (run, thread)
        if loaded.is_beginning:
            self.pinger.began(claimed, loaded.environment)
        thread.start()

    def _work(self, run: ExecutionEngine, parent: Inbox | None) -> None:
        """On a thread of the execution's own."""
        error: Exception | None = None
        try:
            run.run()
        except Stopped:  # the runner leaves, and the record cannot be written
            run.stop_processes()
        except Exception as caught:  # the edge of a thread: what goes wrong ends one execution, not the runner
            logger.exception("execution %s", run.pk)
            run.stop_processes()
            error = caught
        finally:
            if error is not None:
                self._fail_claim(run.pk, parent, error, run.mask.text)
            self.slots.release_all(run.pk)
            with self._lock:
                self._running.pop(run.pk, None)
            if error is None:
                self._ping_end(run.pk, run.environment)
                if parent is not None:
                    parent.put(ChildEnded(run.pk))
            database.close_connection()
            self._wake.set()

    def _fail_claim(
        self, execution: ExecutionPk, parent: Inbox | None, error: Exception, mask: Callable[[str], str] = str
    ) -> None:
        """It is not run any more; its parent is told once that stands in the record."""
        self._claim_failures.add(execution, error, mask, partial(parent.put, ChildEnded(execution)) if parent else None)
        self._seen = _NEVER
        with suppress(StorageError):
            self._claim_failures.write()

    def _ping_end(self, execution: ExecutionPk, environment: Mapping[str, str] = os.environ) -> None:
        """Its end stands in the record, where it has one."""
        with suppress(StorageError, NotFound):
            self.pinger.ended(runs.get_execution(execution), environment)

    def _recover(self) -> None:
        if time.monotonic() < self._next_recovery:
            return
        self._next_recovery = time.monotonic() + RECOVERY_SECONDS
        if recovery.mark_interrupted():
            self._seen = _NEVER
        self._check_claims()
        self._cleanup.start_if_needed()
        child_reaper.own_children.reap_orphans()
        if self._takes_any and runners.resume_interrupted(runners.interrupted_executions()):
            self._seen = _NEVER

    def _check_claims(self) -> None:
        """What the record says that this one runs, it runs."""
        with self._lock:
            known = {*self._running, *self._claim_failures.executions}
        for execution in runners.running_of(self.runner):
            if execution not in known:
                self._fail_claim(execution, None, OSError("it was claimed, and did not begin"))

    def _shut_down(self) -> None:
        """Nothing of ours may run on unseen."""
        self._shutting_down.set()
        with self._lock:
            running = list(self._running.values())
        for run, _thread in running:
            run.inbox.put(Abort())
        for _run, thread in running:
            thread.join()
        self.pool.shutdown(wait=True)
        self._cleanup.join()
        self._unregister()

    def _unregister(self) -> None:
        """What cannot be written down is seen by the next one who looks: this process is gone then."""
        try:
            self._claim_failures.write()
            runners.unregister_runner(self.runner)
        except StorageError as error:
            unseen = _("How far it came is not recorded; it is seen as interrupted by the next command.")
            self.unrecorded = sentences([error.sentence, unseen])
            logger.info("%s", self.unrecorded)  # whoever runs it here says it
