"""What every pane works with, handed to it when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from smartspec.gui.actions import Actions
from smartspec.gui.background import Background, Failed, Lane
from smartspec.gui.memory import Memory
from smartspec.gui.notices import Notices
from smartspec.gui.notifier import Notifier
from smartspec.gui.places import Navigator

if TYPE_CHECKING:
    from smartspec.runner.launch import Launch

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """`workspace` is the slug of the one that is shown, `database` the file."""

    background: Background
    notifier: Notifier
    actions: Actions
    navigator: Navigator
    notices: Notices
    memory: Memory
    database: Path
    workspace: str = "default"

    def run(
        self,
        owner: QObject,
        command: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Failed | None = None,
        *,
        lane: Lane = "commands",
    ) -> None:
        """As Background.run; what nobody takes care of becomes a message."""
        self.background.run(owner, command, then, failed, lane=lane)

    def start(self, owner: QObject, command: Callable[[], T], then: Callable[[T], object] | None = None,
              failed: Failed | None = None) -> None:  # fmt: skip
        """As `run`, for what queues an execution: a runner in the background sees to it."""

        def queue() -> tuple[T, Launch | None]:
            from smartspec.runner import background as runner

            queued = command()
            return queued, runner.ensure(self.database)

        def on_queued(answer: tuple[T, Launch | None]) -> None:
            queued, launch = answer
            if launch is not None:
                self.background.run(owner, partial(_check, launch), None, lane="slow")
            if then is not None:
                then(queued)

        self.background.run(owner, queue, on_queued, failed)


def _check(launch: Launch) -> None:
    """Why the runner did not come up is told as what was refused."""
    from smartspec.runner import background as runner

    runner.check(launch)
