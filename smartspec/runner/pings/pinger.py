"""Pings of what this process runs, each on a thread of its own: nothing waits for them, and they change nothing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from smartspec.commands import database, pings
from smartspec.commands.pings import NoAddress, PingTarget
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.ping import LONGEST_WAIT_SECONDS, SECONDS, PingKind, kind_of_end
from smartspec.errors import SmartSpecError

logger = logging.getLogger(__name__)


class Pinger:
    """Everything may be called from any thread. The pings of one execution go one after another, as they were asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: list[_Sending] = []

    @property
    def is_busy(self) -> bool:
        """Whether a ping is on its way."""
        with self._lock:
            return bool(self._under_way)

    def began(self, execution: Execution, environment: Mapping[str, str]) -> None:
        """Where its workflow sends pings, one goes out; this returns at once."""
        self._send(execution, PingKind.START, environment)

    def ended(self, execution: Execution, environment: Mapping[str, str]) -> None:
        """The same when its end stands in the record; one that was cancelled, or goes on later, sends nothing."""
        if (kind := kind_of_end(execution.status)) is not None:
            self._send(execution, kind, environment)

    def _send(self, execution: Execution, kind: PingKind, environment: Mapping[str, str]) -> None:
        try:
            reference = None if execution.workflow is None else pings.reference_of(execution.workflow)
            if reference is None or execution.workflow is None:
                return
            target = PingTarget(execution.workflow, execution.pk, reference, environment)
            with self._lock:
                sending = _Sending(target, kind, self._newest_of(execution.pk))
                self._under_way.append(sending)
            sending.start(self._on_over)
        except (SmartSpecError, RuntimeError) as error:  # the ledger is busy, no thread can be had
            logger.info("execution %s: no ping of its %s: %s", execution.id, kind, error)

    def _newest_of(self, execution: ExecutionPk) -> _Sending | None:
        found = [each for each in self._under_way if each.target.execution == execution]
        return found[-1] if found else None

    def _on_over(self, sending: _Sending) -> None:
        with self._lock:
            self._under_way.remove(sending)

    def wait(self, seconds: float = LONGEST_WAIT_SECONDS) -> None:
        """Until nothing is on its way, so long at most; what is then, is noted as not answered."""
        until = time.monotonic() + seconds
        with self._lock:
            left = [*self._under_way]
        for each in left:
            each.is_over.wait(max(0.0, until - time.monotonic()))
        for each in left:
            each.note("ended")


class _Sending:
    """One ping, from the moment when it was asked for to its event."""

    def __init__(self, target: PingTarget, kind: PingKind, before: _Sending | None) -> None:
        """`before` is what is to be over first."""
        self.target = target
        self.is_over = threading.Event()
        self._kind, self._before = kind, before
        self._lock = threading.Lock()
        self._is_noted = False

    def start(self, on_over: Callable[[_Sending], None]) -> None:
        """A daemon: a process that must go does not wait for it."""
        threading.Thread(target=self._work, args=(on_over,), name="ping", daemon=True).start()

    def _work(self, on_over: Callable[[_Sending], None]) -> None:
        try:
            if self._before is not None:
                self._before.is_over.wait()
                self._before = None
            self.note(attempt(self.target, self._kind))
        finally:
            self.is_over.set()
            on_over(self)
            database.close_connection()

    def note(self, reason: str | None) -> None:
        """Once: what comes later is too late."""
        with self._lock:
            if self._is_noted:
                return
            self._is_noted = True
        try:
            pings.note_ping(self.target, self._kind, reason)
        except SmartSpecError as error:
            logger.info("a ping is not recorded: %s", error)


def attempt(target: PingTarget, kind: PingKind) -> str | None:
    """Send one now. Why it was not answered, a code of `domain.ping.why_not`; None where it was.

    After `SECONDS` it is given up, whatever it waits for: names are looked up, and keyrings ask, without a limit.
    """
    found: list[str | None] = []
    is_over = threading.Event()

    def send() -> None:
        from smartspec.runner.pings import request  # 15 ms: only for those who send something

        try:
            found.append(request.send(pings.url_of(target), kind, target.environment))
        except NoAddress as error:
            found.append(error.reason)
        except Exception as error:  # noqa: BLE001 - the edge of a thread; not even the log may have its words
            found.append(f"other {type(error).__name__}")
        finally:
            is_over.set()

    threading.Thread(target=send, name="ping request", daemon=True).start()
    return found[0] if is_over.wait(SECONDS) and found else f"timeout {SECONDS}"
