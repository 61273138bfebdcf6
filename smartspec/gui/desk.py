"""What every pane works with, handed to it when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from smartspec.gui.actions import Actions
from smartspec.gui.background import Background, Failed, Lane
from smartspec.gui.memory import Memory
from smartspec.gui.notices import Notices
from smartspec.gui.notifier import Notifier
from smartspec.gui.places import Navigator

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

        def queue() -> T:
            from smartspec.runner import background as runner

            queued = command()
            runner.ensure(self.database)
            return queued

        self.background.run(owner, queue, then, failed)
