"""What every pane works with, handed to it when it is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from smartspec.gui.core.actions import Actions
from smartspec.gui.core.background import Background, Failed, Worker
from smartspec.gui.core.changes import ChangeListener
from smartspec.gui.core.navigation import Navigator
from smartspec.gui.core.notifications import Notifications
from smartspec.gui.core.ui_state import UiState
from smartspec.value import frozen

if TYPE_CHECKING:
    from smartspec.gui.core.ui_setting import UiSetting
    from smartspec.runner.launch import Launch

T = TypeVar("T")


@frozen
class AppContext:
    """`workspace` is the slug of the one that is shown, `database` the file; `ui_settings` are of all features."""

    background: Background
    change_listener: ChangeListener
    actions: Actions
    navigator: Navigator
    notifications: Notifications
    ui_state: UiState
    database: Path
    workspace: str = "default"
    ui_settings: tuple[UiSetting, ...] = ()

    def run(
        self,
        owner: QObject,
        command: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Failed | None = None,
        *,
        worker: Worker = "commands",
    ) -> None:
        """As Background.run; what nobody takes care of becomes a message."""
        self.background.run(owner, command, then, failed, worker=worker)

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
                self.background.run(owner, partial(_check_launch, launch), None, worker="slow")
            if then is not None:
                then(queued)

        self.background.run(owner, queue, on_queued, failed)


def _check_launch(launch: Launch) -> None:
    """Why the runner did not come up is told as a command that failed."""
    from smartspec.runner import background as runner

    runner.check(launch)
