"""Commands run here, off the GUI thread: the window never waits for the disk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Literal, TypeVar, get_args

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from smartspec.errors import SmartSpecError, Stopped
from smartspec.gui.core.job import BackgroundJob

T = TypeVar("T")
Worker = Literal["commands", "finds", "slow", "logs", "jobs", "health", "texts", "simulation"]
OTHER_WORKERS: tuple[Worker, ...] = ("finds", "slow", "logs", "jobs", "health", "texts", "simulation")
Failed = Callable[[SmartSpecError], object]
Ended = Callable[[], object]


class Background(QObject):
    """A thread for each worker: writes and short reads in order, what the palette finds, slow reads, the bytes of logs,
    jobs that take minutes, the checks of the database's health, which read every page, and of texts while they are
    written, and simulations of schedules.

    `command_failed` is what a command could not do and nobody took care of; `broken` is a bug;
    `began` carries a BackgroundJob.
    """

    command_failed = Signal(object)
    broken = Signal(object)
    began = Signal(object)
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = {
            worker: ThreadPoolExecutor(max_workers=1, thread_name_prefix=worker) for worker in get_args(Worker)
        }
        self._jobs: set[BackgroundJob] = set()
        self._open = 0
        self._is_over = False
        self._finished.connect(self._deliver)

    @property
    def is_idle(self) -> bool:
        """Nothing runs, and every result was delivered."""
        return self._open == 0

    def run(
        self,
        owner: QObject,
        command: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Failed | None = None,
        *,
        ended: Ended | None = None,
        worker: Worker = "commands",
    ) -> None:
        """Run a command, then hand its result to `then` on the GUI thread, or its refusal to `failed`.

        `ended` comes before either, and for a bug as well. Once owner is gone only what went wrong is told, to all.
        Bind arguments with functools.partial: a widget is not to be read from another thread.
        """
        if self._is_over:
            return
        self._open += 1
        self._workers[worker].submit(command).add_done_callback(
            lambda done: self._finished.emit((owner, done, then, failed, ended))
        )

    def start_job(
        self,
        owner: QObject,
        name: str,
        command: Callable[..., T],
        then: Callable[[T], object] | None = None,
    ) -> None:
        """As `run`, for a command that takes `on_progress`: a person sees how far it is, and can stop it."""
        job = BackgroundJob(name, self)
        self._jobs.add(job)

        def end() -> None:
            self._jobs.discard(job)
            job.ended.emit()
            job.deleteLater()

        def on_done(result: T) -> None:
            if then is not None and isValid(owner):
                then(result)

        def on_failed(error: SmartSpecError) -> None:
            if not isinstance(error, Stopped):
                self.command_failed.emit(error)

        self.began.emit(job)
        self.run(self, partial(command, on_progress=job.report_progress), on_done, on_failed, ended=end, worker="jobs")

    def run_job(
        self, owner: QObject, job: BackgroundJob, command: Callable[..., T], then: Callable[[T], object],
        failed: Failed, *, worker: Worker,
    ) -> None:  # fmt: skip
        """As `run`, for a command that takes `on_progress` and is followed where it was asked for: `began` does not
        tell of it. It is stopped when the program ends.
        """
        self._jobs.add(job)

        def end() -> None:
            self._jobs.discard(job)
            job.deleteLater()

        self.run(owner, partial(command, on_progress=job.report_progress), then, failed, ended=end, worker=worker)

    def finish(self, leave: Callable[[], object], last: Callable[[], object]) -> None:
        """What waits for the worker of commands is done, then `last`; the others `leave` without what waits for them.

        It returns when all threads are through.
        """
        self._is_over = True
        for job in self._jobs:
            job.stop()
        for worker, thread in self._workers.items():
            if worker != "commands":
                thread.submit(leave)
                thread.shutdown(wait=False, cancel_futures=True)
        self._workers["commands"].submit(last)
        for thread in self._workers.values():
            thread.shutdown()

    def _deliver(
        self, finished: tuple[QObject, Future[object], Callable[[object], object] | None, Failed | None, Ended | None]
    ) -> None:
        owner, future, then, failed, ended = finished
        self._open -= 1
        if future.cancelled():
            return
        error = future.exception()
        if not isValid(owner):
            if not self._is_over and not isinstance(error, Stopped):
                self._report_error(error, None)
            return
        if ended is not None:
            ended()
        if error is not None:
            self._report_error(error, failed)
        elif then is not None:
            then(future.result())

    def _report_error(self, error: BaseException | None, failed: Failed | None) -> None:
        """What went wrong, whoever asked: where that is gone (its dialog was closed), to all."""
        if error is None:
            return
        if not isinstance(error, SmartSpecError):
            self.broken.emit(error)
        elif failed is not None:
            failed(error)
        else:
            self.command_failed.emit(error)
