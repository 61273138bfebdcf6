"""Running an execution in this process, and showing it while it runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click

from smartspec.cli.follow import Follower
from smartspec.cli.session import Session
from smartspec.commands import database, executions, steering
from smartspec.commands.database import close_connection
from smartspec.domain.execution import Execution
from smartspec.errors import SmartSpecError
from smartspec.runner.runner import Runner


def run_here(here: Session, start: Callable[[int], Execution]) -> Execution:
    """Run an execution in this process and show it; the answer is how it stands in the end."""
    if warning := database.little_room():
        click.echo(f"smartspec: {warning} What runs may fail, and its output may not be kept.", err=True)
    runner = Runner("foreground")
    interrupts = _Interrupts(runner)
    with interrupts:
        try:
            execution = start(runner.runner)
        except SmartSpecError:
            runner.run_until(lambda: True)  # it goes as it came
            raise
        interrupts.aim_at(execution)
        return _followed(here, runner, execution)


def _followed(here: Session, runner: Runner, execution: Execution) -> Execution:
    """The runner works on a thread, this one shows what it does."""
    over = threading.Event()
    follower = Follower(execution, quiet=here.json)

    def serve() -> None:
        try:
            runner.run_until(lambda: runner.is_idle)
        finally:
            over.set()
            follower.wake()

    runner.want(execution.pk)
    thread = threading.Thread(target=serve, name="runner")
    thread.start()
    ended = follower.until_over(over, runner)
    thread.join()
    return executions.get_execution(ended.id)


class _Interrupts:
    """Ctrl-C and other polite signals cancel the execution; the third one leaves everything as it is."""

    def __init__(self, runner: Runner) -> None:
        self._execution: Execution | None = None
        self._runner = runner
        self._count = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)

    def aim_at(self, execution: Execution) -> None:
        """This is what is to be cancelled; at once, when that was asked for while it was being made."""
        self._execution = execution
        if self._count:
            self._cancel()

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, *_: object) -> None:
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
                steering.cancel_execution(self._execution.id)
