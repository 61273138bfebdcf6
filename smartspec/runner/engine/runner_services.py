"""What an execution asks of the runner that it belongs to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from smartspec.domain.ids import ExecutionPk, RunnerPk
from smartspec.runner.engine.attempt_slots import AttemptSlots
from smartspec.runner.engine.messages import Inbox


class RunnerServices(Protocol):
    """What holds for what begins now is asked each time: a person may change it meanwhile."""

    runner: RunnerPk
    pool: ThreadPoolExecutor
    slots: AttemptSlots

    @property
    def log_cap(self) -> int:
        """In bytes, of each log."""

    @property
    def python(self) -> str:
        """As in the settings; empty: what PATH finds."""

    def post_notice(self, text: str) -> None:
        """Something that a person should know, once."""

    @property
    def is_shutting_down(self) -> bool:
        """Everything is to come to rest, as it is."""

    def report_write_error(self, error: str | None) -> None:
        """Why the record cannot be written at this moment; None: it can again."""

    def run_child(self, execution: ExecutionPk, parent: Inbox) -> None:
        """See to it that a sub-workflow is claimed and run; its end comes as a ChildEnded."""
