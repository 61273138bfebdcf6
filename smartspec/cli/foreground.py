"""Running an execution in this process, and showing it while it runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from smartspec import sandbox
from smartspec.cli.echo import echo_notice
from smartspec.cli.follow import Follower
from smartspec.cli.session import Session
from smartspec.commands import control, database, executions
from smartspec.commands.database import close_connection
from smartspec.domain.execution import Execution
from smartspec.domain.ids import RunnerPk
from smartspec.errors import SmartSpecError, Stopped
from smartspec.messages import _, sentences
from smartspec.runner import background
from smartspec.runner.worker import Worker


def run_here(here: Session, start: Callable[[RunnerPk], Execution]) -> Execution:
    """Run an execution in this process and show it; the answer is how it stands in the end.

    Whoever looks may go away: the run goes on to its end.
    """
    if warning := database.little_room():
        echo_notice(sentences([warning, _("What runs may fail, and its output may not be kept.")]))
    runner = Worker("foreground")
    interrupts = _Interrupts(runner)
    with interrupts:
        try:
            with sandbox.interruptible(interrupts.stop_starting):
                execution = start(runner.runner)
        except BaseException:
            runner.run_until(lambda: True)  # it goes as it came
            raise
        interrupts.aim_at(execution)
        return _followed(here, runner, execution)


def _followed(here: Session, runner: Worker, execution: Execution) -> Execution:
    """The runner works on a thread, this one shows what it does."""
    here.tells_of_a_run = True
    work = _Work(runner)
    follower = Follower(execution, quiet=here.json)
    runner.submit(execution.pk)
    work.start(follower.wake)
    try:
        follower.until_over(work.is_over, runner)
    except SmartSpecError as error:
        echo_notice(sentences([error.sentence, _("What runs goes on, unseen.")]))
    finally:
        work.join()
        runner.pinger.wait()
    if runner.unrecorded:
        echo_notice(runner.unrecorded)
    else:
        background.ensure_told(here.file)
    return executions.get_execution(execution.id)


class _Work:
    """A runner on a thread of its own, until nothing is left to do."""

    def __init__(self, runner: Worker) -> None:
        self._runner = runner
        self._error: BaseException | None = None
        self.is_over = threading.Event()

    def start(self, then: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=self._serve, args=(then,), name="runner")
        self._thread.start()

    def _serve(self, then: Callable[[], None]) -> None:
        try:
            self._runner.run_until(lambda: self._runner.is_idle)
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error
        finally:
            self.is_over.set()
            then()

    def join(self) -> None:
        """Raises what ended the thread."""
        self._thread.join()
        if self._error is not None:
            raise self._error


class _Interrupts:
    """Ctrl-C and TERM cancel the execution, the third leaves everything as it is; a closed terminal does nothing."""

    def __init__(self, runner: Worker) -> None:
        self._execution: Execution | None = None
        self._runner = runner
        self._count = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        handlers = {"SIGINT": self._on_signal, "SIGTERM": self._on_signal, "SIGHUP": self._on_hangup}
        for name, handler in handlers.items():
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, handler)

    def stop_starting(self) -> None:
        """While the input is worked out. Raises Stopped: there is no execution yet that could be cancelled."""
        if self._count:
            raise Stopped(_("The start was broken off; nothing was queued."))

    def aim_at(self, execution: Execution) -> None:
        """This is what is to be cancelled; at once, when that was asked for while it was being made."""
        self._execution = execution
        if self._count:
            self._cancel()

    def __exit__(self, *__: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_hangup(self, *__: object) -> None:
        """Whoever looked has gone; a handler, for what is ignored would be ignored by the tasks too."""

    def _on_signal(self, *__: object) -> None:
        self._count += 1
        if self._count > 2:
            self._runner.stop()
            return
        if self._execution is None:
            return
        # not here: the main thread may be inside a transaction
        threading.Thread(target=self._cancel_elsewhere, daemon=True).start()

    def _cancel_elsewhere(self) -> None:
        self._cancel()
        close_connection()

    def _cancel(self) -> None:
        if self._execution is not None:
            with suppress(SmartSpecError):
                control.cancel_execution(self._execution.id)
