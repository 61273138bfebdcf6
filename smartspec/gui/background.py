"""Commands run here, off the GUI thread: the window never waits for the disk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Literal, TypeVar, get_args

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from smartspec.errors import SmartSpecError, Stopped
from smartspec.gui.work import Work

T = TypeVar("T")
Lane = Literal["commands", "slow", "logs", "work", "health"]
OTHER_LANES: tuple[Lane, ...] = ("slow", "logs", "work", "health")
Failed = Callable[[SmartSpecError], object]
Ended = Callable[[], object]


class Background(QObject):
    """A thread for each lane: writes and short reads in order, slow reads, the bytes of logs, work that takes minutes,
    and the looks at the database's health, which read every page.

    `refused` is what a command could not do and nobody took care of; `broken` is a bug; `began` carries a Work.
    """

    refused = Signal(object)
    broken = Signal(object)
    began = Signal(object)
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {lane: ThreadPoolExecutor(max_workers=1, thread_name_prefix=lane) for lane in get_args(Lane)}
        self._works: set[Work] = set()
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
        lane: Lane = "commands",
    ) -> None:
        """Run a command, then hand its result to `then` on the GUI thread, or its refusal to `failed`.

        `ended` comes before either, and for a bug as well. Nothing is delivered once owner is gone. Bind arguments
        with functools.partial: a widget is not to be read from another thread.
        """
        if self._is_over:
            return
        self._open += 1
        self._lanes[lane].submit(command).add_done_callback(
            lambda done: self._finished.emit((owner, done, then, failed, ended))
        )

    def work(
        self,
        owner: QObject,
        name: str,
        command: Callable[..., T],
        then: Callable[[T], object] | None = None,
    ) -> None:
        """As `run`, for a command that takes `tell`: a person sees how far it is, and can stop it."""
        work = Work(name, self)
        self._works.add(work)

        def end() -> None:
            self._works.discard(work)
            work.ended.emit()
            work.deleteLater()

        def on_done(result: T) -> None:
            if then is not None and isValid(owner):
                then(result)

        def on_refused(error: SmartSpecError) -> None:
            if not isinstance(error, Stopped):
                self.refused.emit(error)

        self.began.emit(work)
        self.run(self, partial(command, tell=work.tell), on_done, on_refused, ended=end, lane="work")

    def finish(self, leave: Callable[[], object], last: Callable[[], object]) -> None:
        """What waits in the lane of commands is done, then `last`; the other lanes `leave` without what waits in them.

        It returns when all threads are through.
        """
        self._is_over = True
        for work in self._works:
            work.stop()
        for lane, thread in self._lanes.items():
            if lane != "commands":
                thread.submit(leave)
                thread.shutdown(wait=False, cancel_futures=True)
        self._lanes["commands"].submit(last)
        for thread in self._lanes.values():
            thread.shutdown()

    def _deliver(
        self, finished: tuple[QObject, Future[Any], Callable[[Any], object] | None, Failed | None, Ended | None]
    ) -> None:
        owner, future, then, failed, ended = finished
        self._open -= 1
        if future.cancelled() or not isValid(owner):
            return
        if ended is not None:
            ended()
        error = future.exception()
        if error is None:
            if then is not None:
                then(future.result())
        elif isinstance(error, SmartSpecError):
            if failed is not None:
                failed(error)
            else:
                self.refused.emit(error)
        else:
            self.broken.emit(error)
